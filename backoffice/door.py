"""The outermost middleware: who may come in, and one log line for each request.

The line names the route, not the path: paths hold order numbers and addresses.
"""

import hmac
import logging
from time import perf_counter
from urllib.parse import urlsplit

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backoffice.errors import error_answer

# Health for the launcher; the outbox for people, who have no service token. This
# server listens on loopback only.
OPEN_PATHS = frozenset({"/healthz", "/outbox", "/outbox.css"})
# A page from elsewhere whose name suddenly stands for this machine has another one.
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

logger = logging.getLogger(__name__)


class DoorMiddleware:
    """Asks everybody else for the service token."""

    def __init__(self, app: ASGIApp, service_token: str) -> None:
        """Wraps `app`."""
        self._app = app
        self._expected = f"Bearer {service_token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets in or answers 401, and logs."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            app = self._app if self._may_enter(scope) else _refuse
            await app(scope, receive, noting)
        finally:
            _log(scope, status, perf_counter() - started)

    def _may_enter(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if scope["path"] in OPEN_PATHS and scope["method"] in ("GET", "HEAD"):
            return _host_name(headers.get("host", "")) in OWN_NAMES
        given = headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), self._expected)


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # of brackets that do not close
        return None


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    answer = JSONResponse(
        error_answer("unauthorized", "The service token is missing or wrong."),
        401,
        {"WWW-Authenticate": "Bearer"},
    )
    await answer(scope, receive, send)


def _log(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "-")
    logger.info("%s %s %s %.0f ms", scope["method"], route, status, seconds * 1000)
