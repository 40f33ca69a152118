"""What is stored about a customer who writes from a platform, and how it is erased.

One list for the documents, for erasing, and for the test that fails where a column is
neither in it nor in `NOT_PERSONAL`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import sqlalchemy as sa

from handoff_bridge.models import JsonObject
from handoff_bridge.store import (
    calls,
    channel_inbox,
    channel_outbox,
    help,
    offers,
    tables,
    webhook_deliveries,
)
from handoff_bridge.store.database import Connection

type How = Literal["deleted", "blanked", "kept_in_part", "by_trigger"]


@dataclass(frozen=True)
class Stored:
    """Columns of a table, and why they are there.

    `kept` is how long at most without erasing; None: as long as the chat is, which is
    until it is erased.
    """

    table: str
    columns: Sequence[str]
    what: str
    why: str
    how: How
    kept: timedelta | None = None


REGISTRY: Sequence[Stored] = (
    Stored(
        "channel_inbox",
        ("address", "line", "sequence", "payload"),
        "what the platform sent, until it is worked on, and from whom it came",
        "nothing is lost, and nothing is taken twice",
        "blanked",
        channel_inbox.KEPT,
    ),
    Stored(
        "channel_outbox",
        ("content",),
        "what was sent, so that it can be sent again",
        "messages that failed",
        "blanked",
        channel_outbox.CONTENT_KEPT,
    ),
    Stored(
        "channel_outbox",
        ("platform_id", "detail"),
        "the platform's id of each message, and its own words on failures",
        "what was delivered and read",
        "blanked",
        channel_outbox.KEPT,
    ),
    Stored(
        "conversations",
        ("address", "profile_name", "reply_to", "customer_id", "timezone", "locale"),
        "the address, the name there, what it takes to answer, who they are",
        "the chat",
        "blanked",
    ),
    Stored(
        "events",
        ("data", "actor_id", "actor_name", "message_id"),
        "every message, and what the assistant found in it",
        "agents read it; reports count it",
        "kept_in_part",
    ),
    Stored(
        "handoffs",
        (
            *("evidence", "outcome", "cards", "message_id"),
            *("contact_email", "contact_phone"),
        ),
        "what led to an agent, what came of it, and an address to answer at",
        "the agent's view",
        "blanked",
    ),
    Stored(
        "search_entries",
        ("words",),
        "the words by which agents find chats",
        "search",
        "by_trigger",
    ),
    Stored(
        "attachments",
        ("attachment_id", "name"),
        "photos and PDFs, each with a file under DATA_DIR/uploads",
        "the chat",
        "deleted",
    ),
    Stored(
        "offers",
        ("title", "command"),
        "buttons that were shown",
        "presses",
        "deleted",
        offers.KEPT,
    ),
    Stored(
        "turns",
        ("message_id", "payload"),
        "messages that the assistant has not answered yet",
        "each is answered once",
        "deleted",
    ),
    Stored(
        "mails",
        ("recipient", "subject", "text"),
        "mails that are not sent yet",
        "answers by mail",
        "deleted",
    ),
    Stored(
        "calls",
        ("ack",),
        "what agents' calls were answered, which may name the customer",
        "a call that is repeated is done once",
        "blanked",
        calls.KEPT,
    ),
    Stored("reminders", ("text",), "agents' reminders", "follow-ups", "deleted"),
    Stored(
        "webhook_deliveries",
        ("body", "attempts"),
        "events that were sent to the shop's own programs",
        "deliveries can be repeated",
        "deleted",
        webhook_deliveries.KEPT,
    ),
    Stored(
        "help_reads",
        ("conversation_id",),
        "which chat read a help article",
        "what readers still ask",
        "blanked",
        help.KEPT,
    ),
    Stored(
        "customers",
        ("customer_id", "name", "email", "tier", "language"),
        "who somebody proved to be; deleted where no other chat is theirs",
        "signed-in customers",
        "deleted",
    ),
)
# Whole tables of the team, of settings, of figures.
OF_NO_CUSTOMER = {
    *("agents", "agent_connections", "bridges", "channel_counts"),
    *("customer_connections", "documents", "help_searches", "invitations", "logins"),
    *("mentions", "sessions", "webhooks"),
}
# Numbers, times, ids of our own, and words of ours or the shop's designers.
NOT_PERSONAL: Mapping[str, Sequence[str]] = {
    "attachments": (
        *("conversation_id", "agent_id", "content_type", "size", "width", "height"),
        *("is_attached", "created_at"),
    ),
    # Arguments are hashes.
    "calls": ("agent_id", "client_id", "call", "arguments", "created_at"),
    "channel_inbox": (
        *("number", "channel", "event_id", "received_at", "due_at", "attempts"),
        *("leased_by", "leased_until"),
    ),
    "channel_outbox": (
        *("number", "part_id", "conversation_id", "seq", "channel", "state"),
        *("state_at", "failure", "created_at", "due_at", "attempts", "is_uncertain"),
        *("leased_by", "leased_until"),
    ),
    "conversations": (
        *("conversation_id", "channel", "signed_until", "session_generation", "owner"),
        *("agent_id", "epoch", "last_seq", "last_visible_seq", "last_customer_seq"),
        *("last_bot_seq", "last_bot_at", "synced_seq", "introduced", "expects_code"),
        *("needs_catch_up", "new_session_due", "open_question", "forget_due"),
        *("language", "topic", "heard_at", "created_at"),
    ),
    "events": ("conversation_id", "seq", "type", "at", "actor_type", "prev"),
    "handoffs": (
        *("handoff_id", "conversation_id", "state", "trigger", "triggers", "declared"),
        *("priority", "agent_id", "is_returning", "waiting_seq", "is_promised"),
        *("queued_seq", "queued_at", "requeued_at", "requeued_from"),
        *("requeued_reason", "for_agent", "for_team", "waits_until", "offered_to"),
        *("offered_at", "offer_expires_at", "last_offered_to", "claimed_at"),
        *("ended_at", "wrap_up_until", "wrapped_up_at", "disposition"),
        *("predicted_secs", "eta_low", "eta_high", "slots_awaited", "slot_free_at"),
        *("overdue_seq", "answer_by", "answered_at", "contact_want", "seen_seq"),
    ),
    "help_reads": ("read_id", "article_id", "language", "place", "read_at", "helped"),
    "mails": (
        *("mail_id", "conversation_id", "handoff_id", "seq", "attempts", "due_at"),
        *("leased_by", "leased_until"),
    ),
    "offers": ("question", "position", "conversation_id", "created_at"),
    "reminders": (
        *("reminder_id", "conversation_id", "agent_id", "due_at", "told_at"),
    ),
    "search_entries": (
        *("entry_id", "conversation_id", "seq", "handoff_id", "customer_id"),
    ),
    "turns": (
        *("turn_id", "conversation_id", "kind", "leased_by", "leased_until"),
        *("asked_epoch", "created_at"),
    ),
    "webhook_deliveries": (
        *("number", "delivery_id", "webhook_id", "event", "conversation_id"),
        *("created_at", "state", "due_at", "tries"),
    ),
}
# What stays of an entry's data, so that reports still count it: words that are ours.
KEPT_OF_ENTRIES = {
    *("from", "to", "epoch", "reason", "handoff_id", "trigger", "triggers", "labels"),
    *("priority", "state", "disposition", "of_seq", "channel", "score", "kind", "of"),
    *("want", "expires_at", "duration_ms", "key", "survey", "promise", "agent"),
    *("requeued_from", "for_agent", "for_team", "waits_until", "answer_by"),
    *("failed_action", "redacted", "action", "label"),
}
# What those that are read again have to have.
EMPTY: Mapping[str, JsonObject] = {
    "note": {"text": ""},
    "reply_suppressed": {"replies": [], "turn": {}},
    "handoff_requested": {"evidence": {}},
    "card_action": {"id": "", "title": "", "customer_id": "", "fields": []},
}
OF_INTENTS = ("name", "confidence", "label", "topic", "small_talk")
DELETED = (
    *(tables.attachments, tables.offers, tables.turns, tables.mails),
    *(tables.mentions, tables.reminders, tables.webhook_deliveries, tables.sessions),
    tables.customer_connections,
)


def erased_entry(kind: str, data: JsonObject) -> JsonObject:
    """What stays of an entry's data."""
    kept = {key: value for key, value in data.items() if key in KEPT_OF_ENTRIES}
    intent = data.get("intent")
    if isinstance(intent, dict):
        kept["intent"] = {key: intent[key] for key in OF_INTENTS if key in intent}
    return kept | EMPTY.get(kind, {})


async def conversations_at(tx: Connection, channel: str, address: str) -> list[str]:
    """The chats of a customer of a channel."""
    chats = tables.conversations
    query = sa.select(chats.c.conversation_id).where(
        chats.c.channel == channel, chats.c.address == address
    )
    return [*(await tx.execute(query)).scalars()]


async def count(
    tx: Connection, channel: str, address: str, ids: Sequence[str]
) -> dict[str, int]:
    """How many rows of each table there are about them."""
    found = {"channel_inbox": len(await _inbox_numbers(tx, channel, address))}
    for table in (tables.events, tables.handoffs, tables.channel_outbox, *DELETED):
        query = sa.select(sa.func.count()).where(table.c.conversation_id.in_(ids))
        found[table.name] = int((await tx.execute(query)).scalar_one())
    return {name: n for name, n in found.items() if n}


async def _inbox_numbers(tx: Connection, channel: str, address: str) -> list[int]:
    """Its events, and those whose payload names the address: reports, late files."""
    inbox = tables.channel_inbox
    payload = sa.cast(inbox.c.payload, sa.Text)
    query = sa.select(inbox.c.number).where(
        inbox.c.channel == channel,
        sa.or_(
            inbox.c.address == address,
            inbox.c.line == address,
            payload.contains(address, autoescape=True),
        ),
    )
    return [*(await tx.execute(query)).scalars()]


async def erase_inbox(tx: Connection, channel: str, address: str) -> None:
    """What the platform sent; that an event has come stays, so that it comes once."""
    inbox = tables.channel_inbox
    for number in await _inbox_numbers(tx, channel, address):
        await tx.execute(
            sa.update(inbox)
            .where(inbox.c.number == number)
            .values(
                address="",
                line=None,
                sequence=None,
                payload=None,
                due_at=None,
                leased_by=None,
                leased_until=None,
            )
        )


async def erase_conversation(
    tx: Connection, conversation_id: str, address: str
) -> list[str]:
    """All that a chat says of its customer; gives the names of its files.

    It gets another `address`, so that whoever writes again begins a new one.
    """
    this = {"conversation_id": conversation_id}
    chats = tables.conversations
    files = sa.select(tables.attachments.c.attachment_id).filter_by(**this)
    names = [*(await tx.execute(files)).scalars()]
    whose = sa.select(chats.c.customer_id).filter_by(**this)
    customer_id = (await tx.execute(whose)).scalar()
    await _erase_events(tx, conversation_id)
    await _erase_answers(tx, conversation_id)
    await tx.execute(
        sa.update(tables.handoffs)
        .filter_by(**this)
        .values(
            evidence={},
            outcome=None,
            cards=None,
            message_id=None,
            contact_email=None,
            contact_phone=None,
        )
    )
    outbox = tables.channel_outbox
    await tx.execute(
        sa.update(outbox)
        .filter_by(**this)
        .values(
            content=None,
            platform_id=None,
            detail=None,
            due_at=None,
            leased_by=None,
            leased_until=None,
            state=sa.case(
                (outbox.c.state == "pending", "failed"), else_=outbox.c.state
            ),
        )
    )
    for table in DELETED:
        await tx.execute(sa.delete(table).filter_by(**this))
    reads = tables.help_reads
    await tx.execute(sa.update(reads).filter_by(**this).values(conversation_id=None))
    await tx.execute(
        sa.update(chats)
        .filter_by(**this)
        .values(
            address=address,
            profile_name=None,
            reply_to=None,
            customer_id=None,
            signed_until=None,
            timezone=None,
            locale=None,
            open_question=None,
            expects_code=False,
            # Links to its files open nothing any more.
            session_generation=chats.c.session_generation + 1,
        )
    )
    if customer_id is not None:
        await _erase_customer(tx, customer_id)
    return names


async def _erase_events(tx: Connection, conversation_id: str) -> None:
    events = tables.events
    query = sa.select(events.c.seq, events.c.type, events.c.actor_type, events.c.data)
    rows = await tx.execute(query.where(events.c.conversation_id == conversation_id))
    for row in rows.all():
        values = {"data": erased_entry(row.type, row.data), "message_id": None}
        if row.actor_type == "customer":
            values |= {"actor_id": None, "actor_name": None}
        await tx.execute(
            sa.update(events)
            .where(events.c.conversation_id == conversation_id, events.c.seq == row.seq)
            .values(**values)
        )


async def _erase_answers(tx: Connection, conversation_id: str) -> None:
    """What agents' calls about a chat were answered; that they were done stays."""
    handoffs, kept = tables.handoffs, tables.calls
    query = sa.select(handoffs.c.handoff_id).where(
        handoffs.c.conversation_id == conversation_id
    )
    ids = [conversation_id, *(await tx.execute(query)).scalars()]
    ack = sa.cast(kept.c.ack, sa.Text)
    await tx.execute(
        sa.update(kept)
        .where(sa.or_(*(ack.contains(one) for one in ids)))
        .values(ack={"ok": True})
    )


async def _erase_customer(tx: Connection, customer_id: str) -> None:
    """Unless another chat is theirs."""
    chats, customers = tables.conversations, tables.customers
    others = sa.exists().where(chats.c.customer_id == customer_id)
    await tx.execute(
        sa.delete(customers).where(customers.c.customer_id == customer_id, ~others)
    )


async def empty_index(tx: Connection) -> None:
    """Takes words that are deleted out of the search index's own pages."""
    if tx.dialect.name == "sqlite":
        await tx.execute(
            sa.text("INSERT INTO search_index (search_index) VALUES ('optimize')")
        )
