"""HTTP under /api/v1/articles: for anybody, also while the assistant is down."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from handoff_bridge.articles.search import MAX_QUERY_CHARS
from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import bearer
from handoff_bridge.edges.bodies import read_json
from handoff_bridge.edges.limits import network_of
from handoff_bridge.errors import (
    RateLimited,
    TokenExpired,
    UnknownArticle,
    UnknownSession,
)
from handoff_bridge.models import MAX_ID
from handoff_bridge.protocol import help
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.help import HelpArticles, address_of, listed

router = APIRouter(prefix="/articles", tags=["help"])
# PostgreSQL cannot even compare with NUL.
PathId = Annotated[str, Path(max_length=MAX_ID, pattern=r"^[^\x00]+$")]
Language = Annotated[str | None, Query(max_length=40)]
Words = Annotated[str, Query(max_length=MAX_QUERY_CHARS)]


def articles_of(request: Request) -> HelpArticles:
    """The use cases, once the address has not asked too often. Raises RateLimited."""
    bridge: Any = request.app.state.bridge
    host = request.client.host if request.client else ""
    bridge.help_limits.check(network_of(host))
    found: HelpArticles = bridge.help
    return found


def language_of(request: Request, language: str | None) -> str:
    """What was asked for, else what the browser prefers, else the brand's first."""
    header = request.headers.get("accept-language", "")[:200]
    preferred = [part.partition(";")[0].strip() for part in header.split(",")]
    chosen: str = request.app.state.bridge.help.language(language, *preferred)
    return chosen


async def _conversation(request: Request) -> str | None:
    """The reader's chat, if they have one; nobody needs one to read."""
    token = bearer(request)
    if token is None:
        return None
    try:
        session = await request.app.state.bridge.sessions.find(token)
    except (UnknownSession, TokenExpired):
        return None
    conversation_id: str = session.conversation_id
    return conversation_id


@router.get("", **answers(help.FoundArticles, RateLimited))
async def find_articles(
    request: Request,
    q: Words = "",
    language: Language = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> JsonAnswer:
    """Articles that may answer `q`, best first; without it all, most read first."""
    articles = articles_of(request)
    found = await articles.find(q, language_of(request, language), limit)
    return sent(listed(found))


@router.get("/{article_id}", **answers(help.HelpArticle, UnknownArticle, RateLimited))
async def get_article(
    request: Request, article_id: PathId, language: Language = None
) -> JsonAnswer:
    """One article; in the first language where it has not been translated."""
    articles = articles_of(request)
    found = articles.get(article_id, language_of(request, language))
    return sent(
        help.HelpArticle(
            id=found.article_id,
            title=found.title,
            language=found.language,
            languages=[*found.languages],
            html=found.html,
            address=address_of(found.article_id),
        )
    )


@router.post(
    "/{article_id}/reads",
    **answers(help.ReadCounted, UnknownArticle, RateLimited, takes=help.ArticleRead),
)
async def count_read(request: Request, article_id: PathId) -> JsonAnswer:
    """Counts a reading: with the chat of the session's token, or without any."""
    articles = articles_of(request)
    call = parse(help.ArticleRead, await read_json(request))
    language = language_of(request, call.language)
    chat = await _conversation(request)
    read_id = await articles.read(article_id, language, call.place, chat)
    return sent(help.ReadCounted(ok=True, read_id=read_id))


@router.post(
    "/reads/{read_id}/answer",
    **answers(Done, UnknownArticle, RateLimited, takes=help.ArticleHelped),
)
async def answer_read(request: Request, read_id: PathId) -> JsonAnswer:
    """Whether it answered the question; the last answer counts."""
    articles = articles_of(request)
    call = parse(help.ArticleHelped, await read_json(request))
    await articles.answer(read_id, call.helped)
    return sent(Done())
