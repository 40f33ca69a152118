"""Help articles as pages: /help and /help/<id>, read without any script."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader
from starlette.responses import Response

from handoff_bridge.articles.search import MAX_QUERY_CHARS
from handoff_bridge.edges.help_api import Language, PathId, articles_of, language_of
from handoff_bridge.edges.pages import NOT_BUILT
from handoff_bridge.errors import BadRequest, UnknownArticle
from handoff_bridge.settings import WEB_DIST
from handoff_bridge.texts import Texts

MAX_RESULTS = 10
MAX_FORM_BYTES = 1000
HEADERS = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates" / "help"),
    autoescape=True,
    trim_blocks=True,
)

router = APIRouter(include_in_schema=False)


class HelpPage:
    """One answer: its words in a language, its addresses, its frame."""

    def __init__(self, request: Request, path: str, language: str) -> None:
        """`path` is the page's own, without a language."""
        bridge = request.app.state.bridge
        self._brand = bridge.brand
        self._texts: Texts = bridge.held.texts(language)
        self._all_texts = bridge.held.texts
        self._base = bridge.settings.public
        self._path = path
        self.language = language

    def word(self, key: str, **values: str) -> str:
        """A word of the section `help`, with values as they were typed."""
        return self._texts.page("help")["words"][key].format(**values)

    def render(
        self,
        template: str,
        title: str,
        description: str,
        *,
        status: int = 200,
        canonical: str | None = None,
        languages: Sequence[str] = (),
        **values: Any,
    ) -> Response:
        """The page; without `canonical`, a language, search engines leave it out."""
        path = WEB_DIST / "help.html"
        if not path.exists():
            return HTMLResponse(NOT_BUILT, status_code=503)
        known = {
            "word": self.word,
            "language": self.language,
            "company": self._brand.company,
            "max_query": MAX_QUERY_CHARS,
            "languages": [self._link(code) for code in self._brand.languages],
            **values,
        }
        head = _TEMPLATES.get_template("head.html").render(
            title=title,
            description=description,
            canonical=self._address(canonical) if canonical else None,
            alternates=[
                {"code": code, "address": self._address(code)} for code in languages
            ]
            + [
                {"code": "x-default", "address": self._address()} for _ in languages[:1]
            ],
        )
        filled = {
            '<html lang="en" dir="ltr">': f'<html lang="{escape(self.language)}" '
            f'dir="{self._texts.direction}">',
            'data-language="en"': f'data-language="{escape(self.language)}"',
            "{logo}": escape(self._brand.logo),
            "<!--head-->": head.strip(),
            "<!--page-->": _TEMPLATES.get_template(template).render(**known).strip(),
        }
        return HTMLResponse(_fill(path.read_text("utf-8"), filled), status, HEADERS)

    def _address(self, language: str | None = None) -> str:
        query = f"?language={language}" if language else ""
        return f"{self._base}{self._path}{query}"

    def _link(self, code: str) -> Mapping[str, str]:
        name = self._all_texts(code).page("help")["words"]["language_name"]
        return {"code": code, "name": name, "address": f"{self._path}?language={code}"}


def _fill(shell: str, values: Mapping[str, str]) -> str:
    """Each place once and from the shell alone: what is filled in holds no places."""
    for name in values:
        before, found, after = shell.partition(name)
        shell = f"{before}\0{name}\0{after}" if found else shell
    for name, value in values.items():
        shell = shell.replace(f"\0{name}\0", value.replace("\0", "\ufffd"))
    return shell


@router.get("/help")
async def help_index(
    request: Request, q: str = "", language: Language = None
) -> Response:
    """Search, topics, and all articles."""
    articles = articles_of(request)
    page = HelpPage(request, "/help", language_of(request, language))
    query = q[:MAX_QUERY_CHARS].strip()
    company = request.app.state.bridge.brand.company
    found = await articles.find(query, page.language, MAX_RESULTS) if query else []
    return page.render(
        "index.html",
        f"{page.word('title')} – {company}",
        page.word("description", company=company),
        canonical=None if query else page.language,
        languages=() if query else request.app.state.bridge.brand.languages,
        query=query,
        found=found,
        topics=articles.library.by_topic(page.language),
    )


@router.get("/help/{article_id}")
async def help_article(
    request: Request,
    article_id: PathId,
    language: Language = None,
    answered: str | None = None,
) -> Response:
    """One article, and whether it helped."""
    articles = articles_of(request)
    page = HelpPage(
        request, f"/help/{quote(article_id)}", language_of(request, language)
    )
    company = request.app.state.bridge.brand.company
    try:
        article = articles.get(article_id, page.language)
    except UnknownArticle:
        return page.render(
            "index.html",
            f"{page.word('missing_title')} – {company}",
            page.word("missing_text"),
            status=404,
            missing=True,
            topics=articles.library.by_topic(page.language),
        )
    return page.render(
        "article.html",
        f"{article.title} – {company}",
        article.summary,
        canonical=article.language,
        languages=article.languages,
        article=article,
        answered=answered,
    )


@router.post("/help/{article_id}/answer")
async def help_answer(
    request: Request, article_id: PathId, language: Language = None
) -> Response:
    """The answer of a browser without scripts, which counts as a reading too."""
    articles = articles_of(request)
    chosen = language_of(request, language)
    if (
        int(request.headers.get("content-length") or MAX_FORM_BYTES + 1)
        > MAX_FORM_BYTES
    ):
        raise BadRequest
    async with request.form(max_fields=2, max_files=0) as form:
        helped = form.get("helped")
    if helped not in ("yes", "no"):
        raise BadRequest
    await articles.read(article_id, chosen, "page", helped=helped == "yes")
    query = urlencode({"language": chosen, "answered": helped})
    return RedirectResponse(f"/help/{quote(article_id)}?{query}#answer", 303)
