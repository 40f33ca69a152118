"""Help articles over HTTP: what anybody may read, and what is counted of it."""

from typing import Annotated, Literal

from pydantic import Field

from handoff_bridge.models import Flag, Payload, Sent, Time
from handoff_bridge.protocol.conversations import Piece
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.http import WithFigures

Place = Literal["panel", "page"]


class FoundArticle(Sent):
    """An article in a list; `language` is what it is in, `address` its page's path."""

    id: str
    title: str
    language: str
    excerpt: list[Piece]
    address: str


class FoundArticles(Sent):
    """Those that may answer the query, best first; without one all, most read first."""

    articles: list[FoundArticle]


class HelpArticle(Sent):
    """An article; `html` is safe to show, `languages` are those it is written in."""

    id: str
    title: str
    language: str
    languages: list[str]
    html: str
    address: str


class ArticleRead(Payload):
    """Somebody has opened an article."""

    place: Place
    language: Annotated[str, Field(max_length=40)] = ""


class ReadCounted(Done):
    """The reading, for the answer whether it helped."""

    read_id: str


class ArticleHelped(Payload):
    """Did this answer it?"""

    helped: Flag


class ArticleFigures(Sent):
    """How often an article was read, and what readers said."""

    id: str
    title: str
    reads: int
    helped: int
    not_yet: int


class MissedSearch(Sent):
    """What was searched for and not found, secrets taken out."""

    text: str
    language: str
    count: int
    last_at: Time


class SelfService(WithFigures):
    """What customers did without anybody, from `since` on."""

    since: Time
    generated_at: Time
    articles: list[ArticleFigures]
    searches: list[MissedSearch]
