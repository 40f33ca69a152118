"""A handoff as one row of the inbox."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import compact, iso
from handoff_bridge.conversation.triggers import label_of
from handoff_bridge.packet.reason import reason_sentence
from handoff_bridge.store import agents, conversations, log
from handoff_bridge.store.conversations import Conversation


async def row_of(
    tx: AsyncConnection, handoff: Handoff, known: Conversation | None = None
) -> dict[str, Any]:
    """What the queue shows of a handoff; see docs/protocol.md for its keys.

    `known` is its conversation, where that is at hand.
    """
    conversation = known or await conversations.load(tx, handoff.conversation_id)
    assert conversation is not None  # the foreign key sees to it
    customer = await conversations.load_customer(tx, conversation.customer_id) or {}
    agent = await agents.load(tx, handoff.agent_id) if handoff.agent_id else None
    message = await log.last_of(tx, handoff.conversation_id, "message")
    turn = await log.last_of(tx, handoff.conversation_id, "turn")
    slots = (turn.data.get("slots") or {}) if turn else {}
    return compact(
        {
            "handoff_id": handoff.handoff_id,
            "conversation_id": handoff.conversation_id,
            "state": handoff.state,
            "trigger": handoff.trigger,
            "triggers": handoff.triggers,
            "label": label_of(handoff.trigger, handoff.labels.get(handoff.trigger)),
            "labels": handoff.labels or None,
            "skill": handoff.skill,
            "reason": reason_sentence(
                handoff.triggers, handoff.evidence, labels=handoff.labels
            ),
            "priority": handoff.priority,
            "agent": agent and {"agent_id": agent.agent_id, "name": agent.name},
            "customer": compact(
                {
                    "name": customer.get("name"),
                    "tier": customer.get("tier"),
                    "language": conversation.language or customer.get("language"),
                }
            ),
            "channel": conversation.channel,
            "order_number": slots.get("order_number"),
            "queued_at": iso(handoff.queued_at),
            "claimed_at": handoff.claimed_at and iso(handoff.claimed_at),
            "ended_at": handoff.ended_at and iso(handoff.ended_at),
            "disposition": handoff.disposition,
            "outcome": handoff.outcome,
            "last_seq": conversation.last_seq,
            "last_message": message
            and compact(
                {
                    "text": message.data.get("text"),
                    "sender": message.actor.type,
                    "at": iso(message.at),
                }
            ),
        }
    )


def about(row: dict[str, Any]) -> dict[str, Any]:
    """What events and acks carry of a handoff: its ids, its state, and the row."""
    ids = ("handoff_id", "conversation_id", "state")
    return {**{name: row[name] for name in ids}, "handoff": row}


async def rows_of(tx: AsyncConnection, found: list[Handoff]) -> list[dict[str, Any]]:
    """Rows of several handoffs, in the order given."""
    return [await row_of(tx, handoff) for handoff in found]
