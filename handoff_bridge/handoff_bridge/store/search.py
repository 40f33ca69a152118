"""Finding conversations: by their words, and by who has them when."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.store.conversations import (
    CUSTOMER_SAID,
    DRILL,
    Conversation,
    Customer,
    text_of,
)
from handoff_bridge.store.database import Connection
from handoff_bridge.store.log import event_of
from handoff_bridge.store.tables import (
    conversations,
    customers,
    events,
    handoffs,
    search_entries,
)

# Entries of one conversation that are looked at for the best one: the newest.
MAX_HITS = 20


@dataclass(frozen=True)
class Place:
    """Where a list of conversations goes on: the last one shown."""

    last_at: datetime
    conversation_id: str


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Each of `terms` begins a word somewhere in a conversation.

    Between `since` and `until` it was going on. `handed_off` is for those alone that
    were ever handed to humans.
    """

    terms: Sequence[str]
    owner: str | None
    since: datetime | None
    until: datetime | None
    before: Place | None
    limit: int
    handed_off: bool


@dataclass(frozen=True)
class Listed:
    """A conversation in a list; `said` is what the customer wrote last."""

    conversation: Conversation
    customer: Customer | None
    said: str | None
    last_at: datetime

    @property
    def place(self) -> Place:
        """Where a list goes on after this one."""
        return Place(self.last_at, self.conversation.conversation_id)


_last = events.alias("last")
_COLUMNS = [conversations.c[field.name] for field in fields(Conversation)]
_CUSTOMER = [customers.c[field.name] for field in fields(Customer)]
_LISTED = (
    sa.select(_last.c.at.label("last_at"), CUSTOMER_SAID, *_COLUMNS, *_CUSTOMER)
    .join_from(
        conversations,
        _last,
        sa.and_(
            _last.c.conversation_id == conversations.c.conversation_id,
            _last.c.seq == conversations.c.last_seq,
        ),
    )
    .outerjoin(customers)
)


def _listed(row: Any) -> Listed:
    width = 2 + len(_COLUMNS)
    customer = Customer(*row[width:])
    return Listed(
        Conversation(*row[2:width]),
        customer if customer.customer_id is not None else None,
        text_of(row[1]),
        row[0],
    )


async def of_ids(tx: Connection, ids: Collection[str]) -> dict[str, Listed]:
    """Conversations by their ids."""
    query = _LISTED.where(conversations.c.conversation_id.in_(ids))
    found = [_listed(row) for row in await tx.execute(query)]
    return {one.conversation.conversation_id: one for one in found}


async def find(tx: Connection, wanted: Wanted) -> list[Listed]:
    """What is wanted, latest first; chats that agents train with are left out."""
    key = conversations.c.conversation_id
    query = _LISTED.where(conversations.c.channel != DRILL)
    for term in wanted.terms:
        query = query.where(key.in_(_with(tx, term)))
    if wanted.owner is not None:
        query = query.where(conversations.c.owner == wanted.owner)
    if wanted.since is not None:
        query = query.where(_last.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(conversations.c.created_at < wanted.until)
    if wanted.before is not None:
        at, conversation_id = wanted.before.last_at, wanted.before.conversation_id
        same = sa.and_(_last.c.at == at, key < conversation_id)
        query = query.where(sa.or_(_last.c.at < at, same))
    if wanted.handed_off:
        handed = sa.select(handoffs.c.handoff_id)
        query = query.where(handed.where(handoffs.c.conversation_id == key).exists())
    query = query.order_by(_last.c.at.desc(), key.desc()).limit(wanted.limit)
    return [_listed(row) for row in await tx.execute(query)]


async def hits(
    tx: Connection, terms: Sequence[str], ids: Collection[str]
) -> dict[str, list[LogEvent]]:
    """The newest entries of these conversations in which a term is, newest first."""
    place = sa.func.row_number().over(
        partition_by=search_entries.c.conversation_id,
        order_by=search_entries.c.seq.desc(),
    )
    newest = (
        sa.select(
            search_entries.c.conversation_id, search_entries.c.seq, place.label("place")
        )
        .where(
            search_entries.c.conversation_id.in_(ids),
            search_entries.c.seq.is_not(None),
            _says(tx, *terms),
        )
        .subquery()
    )
    query = (
        sa.select(events)
        .join(
            newest,
            sa.and_(
                newest.c.conversation_id == events.c.conversation_id,
                newest.c.seq == events.c.seq,
            ),
        )
        .where(newest.c.place <= MAX_HITS)
        .order_by(events.c.seq.desc())
    )
    found: defaultdict[str, list[LogEvent]] = defaultdict(list)
    for row in await tx.execute(query):
        found[row.conversation_id].append(event_of(row))
    return found


def _with(tx: Connection, term: str) -> sa.CompoundSelect[Any]:
    """The ids of conversations whose log, handoffs or customer say it."""
    said = _says(tx, term)
    its_own = sa.select(search_entries.c.conversation_id).where(
        said, search_entries.c.conversation_id.is_not(None)
    )
    customers_own = (
        sa.select(conversations.c.conversation_id)
        .join(
            search_entries, search_entries.c.customer_id == conversations.c.customer_id
        )
        .where(said)
    )
    return its_own.union(customers_own)


def _says(tx: Connection, *terms: str) -> sa.ColumnElement[bool]:
    """Whether an entry has a word that begins with any of the terms.

    Terms are letters and digits alone: quoted, neither language has a meaning for them.
    """
    if tx.dialect.name != "sqlite":
        query = " | ".join(f"'{term}':*" for term in terms)
        wanted = sa.func.to_tsquery(sa.literal_column("'simple'"), query)
        return search_entries.c.words.op("@@")(wanted)
    query = " OR ".join(f'"{term}"*' for term in terms)
    index = sa.table("search_index", sa.column("rowid"), sa.column("search_index"))
    matching = sa.select(index.c.rowid).where(index.c.search_index.op("MATCH")(query))
    return search_entries.c.entry_id.in_(matching)
