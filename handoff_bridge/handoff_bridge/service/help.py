"""Help articles for customers: found, read, and counted without their names."""

import asyncio
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

import structlog

from handoff_bridge.articles.library import Found, Library, Readable
from handoff_bridge.articles.page import InvalidArticle
from handoff_bridge.articles.search import MAX_QUERY_CHARS
from handoff_bridge.brand import Brand
from handoff_bridge.errors import UnknownArticle
from handoff_bridge.packet.redaction import clean_text, redact
from handoff_bridge.protocol.conversations import Piece
from handoff_bridge.protocol.help import FoundArticle, FoundArticles, Place
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import help as store
from handoff_bridge.store.database import Database

logger = structlog.get_logger()

# What is most read says what most will want to read.
POPULAR = timedelta(days=30)
# What is shorter was not meant yet.
LEAST_MISSED_CHARS = 3
# Mail addresses and phone numbers say who searched, and nothing about articles.
_PERSONAL = re.compile(r"@|(?:\d[ ()/+.-]{0,2}){7}")


class HelpArticles:
    """Use cases of anybody: they need neither a session nor the assistant."""

    def __init__(
        self, database: Database, clock: Clock, brand: Brand, library: Library
    ) -> None:
        """`library` has the articles in the brand's languages."""
        self._database = database
        self._clock = clock
        self._brand = brand
        self.library = library

    def language(self, *wanted: str | None) -> str:
        """The first of the wanted languages that the brand has, else its own first."""
        codes = [tag[:2].lower() for tag in wanted if tag]
        return next(
            (one for one in codes if one in self._brand.languages),
            self._brand.languages[0],
        )

    async def find(self, query: str, language: str, limit: int) -> list[Found]:
        """Those that may answer; without a query all, most read first.

        A search that finds nothing is kept for whoever writes articles.
        """
        query = clean_text(query).strip()
        if not query:
            return (await self._most_read_first(language))[:limit]
        found = self.library.search(query, language)
        if not found:
            await self._missed(query, language)
        return found[:limit]

    def get(self, article_id: str, language: str) -> Readable:
        """Raises UnknownArticle."""
        article = self.library.get(article_id, language)
        if article is None:
            raise UnknownArticle
        return article

    async def read(
        self,
        article_id: str,
        language: str,
        place: Place,
        conversation_id: str | None = None,
        helped: bool | None = None,
    ) -> str:
        """Counts a reading and gives its id. Raises UnknownArticle."""
        self.get(article_id, language)
        read_id = secrets.token_urlsafe(16)
        read = store.Read(
            read_id,
            article_id,
            language,
            place,
            conversation_id,
            self._clock(),
            helped,
        )
        async with self._database.write() as tx:
            await store.add_read(tx, read)
        return read_id

    async def answer(self, read_id: str, helped: bool) -> None:
        """Keeps whether it helped. Raises UnknownArticle where nothing was read."""
        async with self._database.write() as tx:
            if not await store.answer(tx, read_id, helped):
                raise UnknownArticle

    async def refresh(self) -> None:
        """Reads changed articles again; keeps the old ones if one is wrong."""
        try:
            await asyncio.to_thread(self.library.refresh)
        except InvalidArticle as error:
            logger.error("articles_invalid", reason=str(error))

    async def prune(self) -> None:
        """Forgets what is old."""
        async with self._database.write() as tx:
            await store.prune(tx, self._clock())

    async def _most_read_first(self, language: str) -> list[Found]:
        async with self._database.read() as tx:
            reads = await store.most_read(tx, self._clock() - POPULAR)
        found = self.library.all(language)
        return sorted(found, key=lambda one: -reads.get(one.article_id, 0))

    async def _missed(self, query: str, language: str) -> None:
        reference = self._brand.reference_pattern
        if _PERSONAL.search(query) or (reference and reference.search(query)):
            return
        redacted = redact(query, reference=reference).log_text
        text = " ".join(redacted.casefold().split())[:MAX_QUERY_CHARS]
        if len(text) < LEAST_MISSED_CHARS:
            return
        async with self._database.write() as tx:
            await store.add_missed(tx, text, language, self._clock())


def listed(found: Sequence[Found]) -> FoundArticles:
    """Articles in a list as they go over the wire."""
    return FoundArticles(
        articles=[
            FoundArticle(
                id=one.article_id,
                title=one.title,
                language=one.language,
                excerpt=[
                    Piece(text=piece.text, found=piece.found or None)
                    for piece in one.excerpt
                ],
                address=address_of(one.article_id),
            )
            for one in found
        ]
    )


def address_of(article_id: str) -> str:
    """The path of an article's page."""
    return f"/help/{article_id}"
