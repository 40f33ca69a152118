"""What the assistant is doing right now, in all its conversations."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.conversation.states import Owner
from handoff_bridge.models import JsonObject
from handoff_bridge.store.conversations import DRILL
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import conversations, events

_data = events.c.data
_PARTS: dict[str, sa.ColumnElement[Any]] = {
    "epoch": _data["epoch"].as_integer(),
    "active_loop": _data["active_loop"].as_string(),
    "failed_action": _data["failed_action"].as_string(),
    "intent": _data["intent"],
    "sentiment": _data["sentiment"],
    "actions": _data["actions"],
}
_TURNS = (
    sa.select(
        *(events.c.conversation_id, events.c.seq, events.c.type),
        *(part.label(name) for name, part in _PARTS.items()),
        conversations.c.epoch.label("epoch_now"),
    )
    .join_from(events, conversations)
    .where(
        events.c.type.in_(("turn", "turn_failed")),
        events.c.at >= sa.bindparam("since"),
        conversations.c.owner == Owner.BOT.value,
        conversations.c.channel != DRILL,
    )
    .order_by(events.c.at.desc())
    .limit(sa.bindparam("limit"))
)


async def turns_since(
    tx: Connection, since: datetime, limit: int
) -> dict[str, list[JsonObject]]:
    """The latest turns of those that the assistant has, by conversation, in order.

    `limit` bounds them all. Turns of before it had the conversation back are left out.
    """
    found: defaultdict[str, list[JsonObject]] = defaultdict(list)
    for row in await tx.execute(_TURNS, {"since": since, "limit": limit}):
        if row.epoch in (None, row.epoch_now):
            turn = {name: getattr(row, name) for name in _PARTS}
            found[row.conversation_id].append({"type": row.type, **turn})
    return {key: turns[::-1] for key, turns in found.items()}
