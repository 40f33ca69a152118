"""What customers settled by reading: help articles, and whether somebody was asked."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import sqrt

from handoff_bridge.articles.library import Library
from handoff_bridge.protocol.help import ArticleFigures, MissedSearch, SelfService
from handoff_bridge.protocol.http import Figure, Share
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import help as store
from handoff_bridge.store.database import Database
from handoff_bridge.store.help import Read

PERIOD = timedelta(days=30)
# Whoever asks within this time was not helped by what they had read.
ASKED_WITHIN = timedelta(hours=24)
# Of fewer a percentage says more than is known.
LEAST_OF_A_SHARE = 30
# Of the normal distribution, for 95 %.
Z = 1.96
MAX_LISTED = 50

type Contacts = Mapping[str, Sequence[datetime]]


class SelfServiceReport:
    """Use case of supervisors."""

    def __init__(self, database: Database, clock: Clock, library: Library) -> None:
        """Reads only; `library` has the titles."""
        self._database = database
        self._clock = clock
        self._library = library

    async def last_days(self, language: str) -> SelfService:
        """The figures of the last 30 days; titles in a language."""
        now = self._clock()
        since = now - PERIOD
        async with self._database.read(long=True) as tx:
            reads = await store.reads_since(tx, since)
            contacted = await store.contacts_of_readers(tx, since)
            searches = await store.missed(tx, MAX_LISTED)
        contacts: dict[str, list[datetime]] = defaultdict(list)
        for conversation_id, at in contacted:
            contacts[conversation_id].append(at)
        return SelfService(
            since=since,
            generated_at=now,
            figures=figures_of(reads, contacts, now),
            articles=self._by_article(reads, language),
            searches=[MissedSearch(**one.__dict__) for one in searches],
        )

    def _by_article(self, reads: Sequence[Read], language: str) -> list[ArticleFigures]:
        """The most read first; those that are gone by their id."""
        counts = Counter(one.article_id for one in reads)
        said = Counter((one.article_id, one.helped) for one in reads)
        titles = {one.article_id: one.title for one in self._library.all(language)}
        return [
            ArticleFigures(
                id=article_id,
                title=titles.get(article_id, article_id),
                reads=count,
                helped=said[article_id, True],
                not_yet=said[article_id, False],
            )
            for article_id, count in counts.most_common(MAX_LISTED)
        ]


def figures_of(
    reads: Sequence[Read], contacts: Contacts, now: datetime
) -> list[Figure]:
    """Readings, answers, and readers who asked nobody afterwards. Pure."""
    answered = [one for one in reads if one.helped is not None]
    helped = [one for one in answered if one.helped]
    # Only where the day after is over; by the newest reading of each chat.
    last = {one.conversation_id: one for one in reads if one.conversation_id}
    over = [one for one in last.values() if one.read_at + ASKED_WITHIN <= now]
    alone = [one for one in over if not _asked_after(one, contacts)]
    chats = [str(one.conversation_id) for one in alone]
    return [
        Figure(
            key="articles_read",
            title="Articles read",
            definition="Times that a help article was opened in the chat panel or on "
            "its page in the last 30 days.",
            value=len(reads),
            unit="count",
            conversations=[],
        ),
        _share(
            "articles_helped",
            "Said to have helped",
            "Of the readings whose reader answered “Did this answer it?”, those with "
            "“Yes”.",
            (len(helped), len(answered)),
        ),
        _share(
            "read_and_asked_nobody",
            "Read, then asked nobody",
            "Of the chats whose customer read an article more than 24 hours ago, those "
            "in which nothing was written and no person asked for within 24 hours "
            "after the last reading. Readers without a chat are not counted.",
            (len(alone), len(over)),
            chats,
        ),
    ]


def _asked_after(read: Read, contacts: Contacts) -> bool:
    times = sorted(contacts.get(read.conversation_id or "", ()))
    first = bisect_right(times, read.read_at)
    return first < len(times) and times[first] <= read.read_at + ASKED_WITHIN


def _share(
    key: str,
    title: str,
    definition: str,
    of: tuple[int, int],
    conversations: Sequence[str] = (),
) -> Figure:
    part, whole = of
    known = whole >= LEAST_OF_A_SHARE
    low, high = interval(part, whole) if known else (None, None)
    return Figure(
        key=key,
        title=title,
        definition=definition,
        value=round(100 * part / whole) if known else None,
        unit="percent",
        share=Share(part=part, whole=whole, low=low, high=high),
        conversations=[*conversations],
    )


def interval(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share in percent (Wilson)."""
    share, square = part / whole, Z * Z / whole
    middle = share + square / 2
    margin = Z * sqrt(share * (1 - share) / whole + square / (4 * whole))
    low, high = ((middle + side * margin) / (1 + square) for side in (-1, 1))
    return round(100 * max(0.0, low), 1), round(100 * min(1.0, high), 1)
