"""Pages in the brand, health, and the headers that keep pages to themselves."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import Response

from handoff_bridge.brand import Brand
from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.errors import NotFound
from handoff_bridge.protocol.http import Alive, PublicBrand, Ready

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


def add_pages(app: FastAPI, dist: Path, brand: Brand) -> None:
    """Adds the pages of `dist`, the widget's script and the assets.

    The pages' `{company}`, `{tagline}`, `{description}` and `{logo}` are filled in;
    their scripts find the brand on `window.TandemBrand`, which the widget brings along.
    """
    router = APIRouter(include_in_schema=False)
    filled = _filled(brand)
    for address, name in PAGES.items():
        router.add_api_route(address, _page(dist / name, filled), methods=["GET"])
    told = PublicBrand.of(brand).as_json()
    # No script but the shop's own page needs its words.
    told.pop("shop_page", None)
    script = f"window.TandemBrand={json.dumps(told)};\n"
    router.add_api_route("/brand.js", _script(script), methods=["GET"])
    widget = _script(script, dist / "widget.js")
    router.add_api_route("/widget.js", widget, methods=["GET"])
    app.include_router(router)
    assets = StaticFiles(directory=dist / "assets", check_dir=False)
    app.mount("/assets", assets)
    app.middleware("http")(_headers)


def _filled(brand: Brand) -> Mapping[str, str]:
    page = brand.shop_page
    values = {
        "{company}": brand.company,
        "{tagline}": f"{brand.company}: {page.tagline}" if page else brand.company,
        "{description}": page.description if page else "",
        "{logo}": brand.logo,
    }
    return {name: escape(value) for name, value in values.items()}


def _page(path: Path, filled: Mapping[str, str]) -> Any:
    async def page() -> Response:
        if not path.exists():
            return HTMLResponse(NOT_BUILT, status_code=503)
        html = path.read_text("utf-8")
        for name, value in filled.items():
            html = html.replace(name, value)
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    return page


def _script(brand: str, path: Path | None = None) -> Any:
    async def script() -> Response:
        if path and not path.exists():
            raise NotFound(NOT_BUILT)
        content = brand + (path.read_text("utf-8") if path else "")
        headers = {
            "Cache-Control": "no-cache",
            # The widget is for any shop's page.
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return Response(content, media_type="text/javascript", headers=headers)

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
