"""Pages, health, and the headers that keep pages to themselves."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import Response

from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.errors import NotFound
from handoff_bridge.protocol.http import Alive, Ready

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws: wss:; "
    "style-src 'self'; script-src 'self'; frame-ancestors 'self'; "
    "base-uri 'self'; form-action 'self'; object-src 'none'"
)
PAGES = {
    "/": "shop.html",
    "/inbox": "inbox.html",
    "/reports": "reports.html",
    "/docs": "docs.html",
}
NOT_BUILT = "The pages are not built yet: run `make setup`."


def add_pages(app: FastAPI, dist: Path) -> None:
    """Adds the pages of `dist`, the widget's script and the assets."""
    router = APIRouter(include_in_schema=False)
    for address, name in PAGES.items():
        router.add_api_route(address, _page(dist / name), methods=["GET"])
    router.add_api_route("/widget.js", _script(dist / "widget.js"), methods=["GET"])
    app.include_router(router)
    assets = StaticFiles(directory=dist / "assets", check_dir=False)
    app.mount("/assets", assets)
    app.middleware("http")(_headers)


def _page(path: Path) -> Any:
    async def page() -> Response:
        if not path.exists():
            return HTMLResponse(NOT_BUILT, status_code=503)
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    return page


def _script(path: Path) -> Any:
    async def script() -> Response:
        if not path.exists():
            raise NotFound(NOT_BUILT)
        headers = {
            "Cache-Control": "no-cache",
            # The widget is for any shop's page.
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return FileResponse(path, media_type="text/javascript", headers=headers)

    return script


async def _headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def add_health(app: FastAPI) -> None:
    """Adds /healthz and /readyz."""

    @app.get("/healthz", tags=["health"], **answers(Alive))
    async def healthz() -> JsonAnswer:
        """Alive."""
        return sent(Alive())

    @app.get("/readyz", tags=["health"], **answers(Ready))
    async def readyz(request: Request) -> JsonAnswer:
        """Ready (200) once all four have answered; then only the database decides.

        Not ready: the same body with 503.
        """
        found = await request.app.state.bridge.readiness.check()
        return sent(found, status=200 if found.ok else 503)
