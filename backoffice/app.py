"""Wires the back office together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy import text
from starlette.exceptions import HTTPException

from backoffice import (
    accounts,
    articles,
    card_actions,
    cards,
    codes,
    customers,
    failures,
    invoices,
    items,
    links,
    newsletter,
    orders,
    outbox,
    payments,
    products,
    returns,
    reviews,
    tickets,
)
from backoffice.database import open_engine
from backoffice.door import DoorMiddleware
from backoffice.errors import BadRequest, Refusal, error_answer
from backoffice.failures import Failure, FailureMiddleware
from backoffice.seed import prepare
from backoffice.settings import Settings
from backoffice.views import View

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


def build_app(settings: Settings, clock: Clock = utc_now) -> FastAPI:
    """Makes the application; the database is opened and filled when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = open_engine(settings.database)
        prepare(app.state.engine, clock())
        yield
        app.state.engine.dispose()

    # no pages about itself: they would need assets from elsewhere
    app = FastAPI(lifespan=lifespan, openapi_url=None)
    app.state.clock = clock
    app.state.kb_dir = settings.kb_dir
    app.state.failure = Failure()
    app.add_middleware(FailureMiddleware)
    app.add_middleware(DoorMiddleware, service_token=settings.service_token)
    _add_error_answers(app)
    for room in (
        cards,
        card_actions,
        orders,
        items,
        invoices,
        payments,
        products,
        reviews,
        returns,
        codes,
        customers,
        accounts,
        links,
        newsletter,
        tickets,
        articles,
        outbox,
        failures,
    ):
        app.include_router(room.router)
    app.add_api_route("/healthz", healthz)
    return app


def healthz(view: View) -> dict[str, str]:
    """Alive, and the database answers."""
    view.session.execute(text("SELECT 1"))
    return {"status": "ok"}


def _add_error_answers(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _no_such_route)
    app.add_exception_handler(Exception, _broken)


async def _refused(_request: Request, error: Any) -> JSONResponse:
    return JSONResponse(error.answer(), error.status)


async def _not_understood(request: Request, error: Any) -> JSONResponse:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return await _refused(request, BadRequest(f"{where}: {first['msg']}"))


async def _no_such_route(_request: Request, error: Any) -> JSONResponse:
    code = {404: "not_found", 405: "method_not_allowed"}.get(
        error.status_code, "bad_request"
    )
    return JSONResponse(error_answer(code, str(error.detail)), error.status_code)


async def _broken(_request: Request, _error: Any) -> JSONResponse:
    return JSONResponse(error_answer("internal_error", "Something broke."), 500)
