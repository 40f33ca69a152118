"""Pages in the brand, and health."""

import json
import os
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

from handoff_bridge.brand import Brand
from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.errors import NotFound
from handoff_bridge.protocol.http import Alive, PublicBrand, Ready
from handoff_bridge.texts import launcher_words

PAGES = {
    "/": "shop.html",
    "/inbox": "inbox.html",
    "/reports": "reports.html",
    "/admin": "admin.html",
    "/docs": "docs.html",
}
# As the build names what it makes: shop-NhWkE4zc.js
_HASHED = re.compile(r"([\w-]+)-[\w-]{8}(\.\w+)")
# The chat's module is for any shop's page, one that may not connect among them: the
# chat tells it so.
FOR_ANY_PAGE = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
NOT_BUILT = "The pages are not built yet: run `make setup`."


def add_pages(
    app: FastAPI,
    dist: Path,
    brand: Brand,
    *,
    max_upload_bytes: int,
    answers_by_mail: bool = False,
    help_articles: bool = False,
) -> None:
    """Adds the pages of `dist`, the widget's script and the assets.

    The pages' `{company}`, `{tagline}`, `{description}` and `{logo}` are filled in;
    their scripts find the brand on `window.TandemBrand`, which the widget brings along.
    """
    router = APIRouter(include_in_schema=False)
    filled = _filled(brand)
    for address, name in PAGES.items():
        router.add_api_route(address, _page(dist / name, filled), methods=["GET"])
    told = PublicBrand.of(
        brand, max_upload_bytes, answers_by_mail, help_articles
    ).as_json()
    # No script needs the rest, and the widget is to be small.
    for name in ("shop_page", "languages", "time_zone"):
        told.pop(name, None)
    router.add_api_route("/brand.js", _script(_told(told)), methods=["GET"])
    router.add_api_route("/brand.css", _stylesheet(brand_css(brand)), methods=["GET"])
    told["launcher"] = launcher_words(brand)
    widget = _script(_told(told), dist / "widget.js")
    router.add_api_route("/widget.js", widget, methods=["GET"])
    app.include_router(router)
    app.mount("/assets", _Assets(directory=dist / "assets", check_dir=False))
    app.add_middleware(GZipMiddleware, minimum_size=1000)


def _told(brand: Mapping[str, Any]) -> str:
    return f"window.TandemBrand={json.dumps(brand, separators=(',', ':'))};\n"


class _Assets(StaticFiles):
    """Files of the pages; those with a hash in their name never change.

    A page that was loaded before an update asks for a file of then, a chat that is
    opened only now among them, and gets the one of now.
    """

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The file of this name, or the only one that has but another hash."""
        found = super().lookup_path(path)
        named = _HASHED.fullmatch(path)
        if found[1] is not None or named is None or self.directory is None:
            return found
        pattern = re.compile(rf"{re.escape(named[1])}-[\w-]{{8}}{re.escape(named[2])}")
        later = [name for name in os.listdir(self.directory) if pattern.fullmatch(name)]
        return super().lookup_path(later[0]) if len(later) == 1 else found

    def file_response(
        self, full_path: Any, stat_result: Any, scope: Any, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(FOR_ANY_PAGE)
        name = Path(full_path).name
        if not _HASHED.fullmatch(name):
            return response
        is_it = scope["path"].endswith(f"/{name}")
        kept = "public, max-age=31536000, immutable" if is_it else "no-cache"
        response.headers["Cache-Control"] = kept
        return response


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


def brand_css(brand: Brand) -> str:
    """The brand's colours and logo, for pages without scripts; as `brand.ts` has it."""
    light, dark = (
        theme.model_dump(exclude_none=True)
        for theme in (brand.colours.light, brand.colours.dark)
    )
    names = {"bubble": "own", "on_bubble": "on-own"} | {
        "hover": "accent-hover",
        "soft": "accent-soft",
        "line": "accent-line",
    }
    tokens = "".join(
        f"--{names.get(key, key).replace('_', '-')}:"
        f"light-dark({light[key]},{dark[key]});"
        for key in light.keys() & dark.keys()
    )
    picture = f'url("{brand.symbol or brand.logo}") center/contain no-repeat'
    drawn = (
        f"background:currentColor;mask:{picture}"
        if brand.symbol
        else f"background:{picture}"
    )
    return f":root{{{tokens}}}.logo{{{drawn}}}\n"


def _stylesheet(content: str) -> Any:
    async def stylesheet() -> Response:
        headers = {"Cache-Control": "no-cache"}
        return Response(content, media_type="text/css", headers=headers)

    return stylesheet


def _script(brand: str, path: Path | None = None) -> Any:
    async def script() -> Response:
        if path and not path.exists():
            raise NotFound(NOT_BUILT)
        content = brand + (path.read_text("utf-8") if path else "")
        headers = {"Cache-Control": "no-cache", **FOR_ANY_PAGE}
        return Response(content, media_type="text/javascript", headers=headers)

    return script


def add_health(app: FastAPI) -> None:
    """Adds /healthz and /readyz."""

    @app.get("/healthz", tags=["health"], **answers(Alive))
    async def healthz() -> JsonAnswer:
        """Alive."""
        return sent(Alive())

    @app.get("/readyz", tags=["health"], **answers(Ready))
    async def readyz(request: Request) -> JsonAnswer:
        """Ready (200) once all four have answered; then database and disk decide.

        A bridge that is about to end is not ready either.

        Not ready: the same body with 503.
        """
        found = await request.app.state.bridge.readiness.check()
        return sent(found, status=200 if found.ok else 503)
