"""A waiting handoff as routing sees it."""

from collections.abc import Mapping
from typing import Any

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.routing.assignment import Chat
from handoff_bridge.store.conversations import AroundHandoff, Customer


def chat_of(
    handoff: Handoff,
    around: AroundHandoff,
    turn: LogEvent | None,
    last_agent: str | None = None,
) -> Chat:
    """`turn` is the assistant's newest, which tells what the chat is about."""
    customer = around.customer or Customer("")
    return Chat(
        handoff.handoff_id,
        handoff.conversation_id,
        handoff.queued_at,
        handoff.requeued_at,
        handoff.priority,
        tuple(handoff.triggers),
        topic_of(turn.data if turn else {}),
        around.conversation.language or customer.language,
        customer.tier,
        around.conversation.channel,
        last_agent,
        handoff.for_agent,
        handoff.for_team,
        handoff.waits_until,
        handoff.offered_to,
        handoff.offer_expires_at,
        handoff.last_offered_to,
    )


def topic_of(turn: Mapping[str, Any]) -> str | None:
    """What a turn says that the chat is about."""
    intent = turn.get("intent")
    topic = intent.get("topic") if isinstance(intent, dict) else None
    return topic if isinstance(topic, str) else None
