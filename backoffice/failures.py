"""Failures on demand, for tests and demonstrations of a bad day.

* slow: answers after `seconds`
* error: answers 500 without doing anything
* lost: does the work, then answers 500, as when the answer is lost on its way
* down: answers 503 and closes the connection, the health check too

`paths` limits it to paths that begin so; `times` ends it after so many requests.
"""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backoffice.errors import error_answer

# never failing, or there would be no way back
SWITCH = "/sandbox/"
HEALTH = "/healthz"

router = APIRouter(prefix="/sandbox")


class Failure(BaseModel):
    """What goes wrong from now on."""

    mode: Literal["none", "slow", "error", "lost", "down"] = "none"
    seconds: Annotated[float, Field(ge=0, le=120)] = 5.0
    paths: list[str] | None = None
    times: Annotated[int, Field(ge=1)] | None = None

    def hits(self, path: str) -> bool:
        """Whether this request fails; counts it if so."""
        if self.mode == "none" or path.startswith(SWITCH):
            return False
        if path == HEALTH and self.mode != "down":
            return False
        if self.paths is not None and not path.startswith(tuple(self.paths)):
            return False
        return self._counted()

    def _counted(self) -> bool:
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


@router.post("/failure")
async def set_failure(failure: Failure, request: Request) -> dict[str, Any]:
    """Replaces the failure before."""
    request.app.state.failure = failure
    return failure.model_dump(exclude_none=True)


@router.get("/failure")
async def get_failure(request: Request) -> dict[str, Any]:
    """What goes wrong now."""
    failure: Failure = request.app.state.failure
    return failure.model_dump(exclude_none=True)


class FailureMiddleware:
    """Stands before all routes."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Fails, or passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        failure: Failure = scope["app"].state.failure
        mode = failure.mode if failure.hits(scope["path"]) else "none"
        if mode in ("error", "down"):
            await _fail(mode, scope, receive, send)
        elif mode == "lost":
            await self._app(scope, receive, _nowhere)
            await _fail(mode, scope, receive, send)
        else:
            if mode == "slow":
                await asyncio.sleep(failure.seconds)
            await self._app(scope, receive, send)


async def _fail(mode: str, scope: Scope, receive: Receive, send: Send) -> None:
    down = mode == "down"
    answer = JSONResponse(
        error_answer(
            "unavailable" if down else "internal_error", "The back office failed."
        ),
        503 if down else 500,
        {"Connection": "close"} if down else None,
    )
    await answer(scope, receive, send)


async def _nowhere(_message: Message) -> None:
    pass
