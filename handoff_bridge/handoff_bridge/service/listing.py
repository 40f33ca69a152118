"""Conversations as lists show them."""

from collections.abc import Sequence
from typing import Any

from handoff_bridge.conversation.states import Owner
from handoff_bridge.protocol.inbox import Row
from handoff_bridge.service.handoff_view import (
    MAX_SAID,
    RowContext,
    customer_of,
    rows_of,
)
from handoff_bridge.store import handoffs
from handoff_bridge.store.database import Connection
from handoff_bridge.store.search import Listed


async def newest_rows(
    tx: Connection, ids: Sequence[str], context: RowContext
) -> dict[str, Row]:
    """The newest handoff of each of these conversations that had one."""
    newest = list((await handoffs.newest_of(tx, ids)).values())
    return {row.conversation_id: row for row in await rows_of(tx, newest, context)}


def fields_of(one: Listed, handoff: Row | None) -> dict[str, Any]:
    """What every `ListedConversation` has."""
    row = one.conversation
    return {
        "conversation_id": row.conversation_id,
        "owner": Owner(row.owner),
        "customer": customer_of(row, one.customer),
        "verified": row.is_verified,
        "channel": row.channel,
        "topic": row.topic,
        "customer_said": one.said and one.said[:MAX_SAID],
        "started_at": row.created_at,
        "last_at": one.last_at,
        "last_seq": row.last_seq,
        "handoff": handoff,
    }
