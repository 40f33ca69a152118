"""Buttons that customers were offered: what each says, and what it does if pressed.

A client gets an opaque payload for each, so that two buttons of the same words or the
same intent are still two, and none can be made up.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import offers

# Long enough to tell what a late press was on; nothing else needs an old button.
KEPT = timedelta(days=30)
_PAYLOAD = re.compile(r"button:([0-9a-f]{24}):([0-9]{1,4})")

_INSERT = sa.insert(offers)
_FORGET = sa.delete(offers).where(
    offers.c.conversation_id == sa.bindparam("asked"),
    offers.c.created_at < sa.bindparam("before"),
)


@dataclass(frozen=True)
class Offer:
    """A button under a question; `command` is what the assistant gets."""

    question: str
    position: int
    conversation_id: str
    title: str
    command: str

    @property
    def payload(self) -> str:
        """What the customer's client gets, and sends back unchanged."""
        return f"button:{self.question}:{self.position}"


def new_question() -> str:
    """The id of a question with buttons; nobody can guess one."""
    return secrets.token_hex(12)


def is_payload(text: str) -> bool:
    """Whether a text is the payload of a button, known or not."""
    return _PAYLOAD.fullmatch(text) is not None


def position_of(payload: str) -> int:
    """The place of a payload's button among those of its question, from 0."""
    return int(payload.rpartition(":")[2])


async def add(tx: Connection, buttons: Sequence[Offer], now: datetime) -> None:
    """Remembers a question's buttons and forgets the conversation's oldest ones."""
    old = {"asked": buttons[0].conversation_id, "before": now - KEPT}
    await tx.execute(_FORGET, old)
    rows = [{**vars(button), "created_at": now} for button in buttons]
    await tx.execute(_INSERT, rows)


async def find(tx: Connection, payload: str) -> Offer | None:
    """The button of that payload, whichever conversation was offered it."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        return None
    question, position = match.groups()
    found = await _read(tx, question, offers.c.position == int(position))
    return found[0] if found else None


async def of_question(tx: Connection, question: str) -> list[Offer]:
    """A question's buttons in the order in which they were shown."""
    return await _read(tx, question)


async def prune(tx: Connection, now: datetime) -> None:
    """Forgets the oldest buttons of all conversations."""
    old = offers.c.created_at < now - KEPT
    await tx.execute(sa.delete(offers).where(old))


async def _read(
    tx: Connection, question: str, *conditions: sa.ColumnElement[bool]
) -> list[Offer]:
    query = (
        sa.select(
            offers.c.question,
            offers.c.position,
            offers.c.conversation_id,
            offers.c.title,
            offers.c.command,
        )
        .where(offers.c.question == question, *conditions)
        .order_by(offers.c.position)
    )
    return [Offer(**row._mapping) for row in await tx.execute(query)]
