"""A waiting handoff as routing sees it."""

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.routing.assignment import Chat
from handoff_bridge.store.conversations import AroundHandoff, Customer


def chat_of(
    handoff: Handoff, around: AroundHandoff, last_agent: str | None = None
) -> Chat:
    """`last_agent` is whom its customer had last, where that matters."""
    customer = around.customer or Customer("")
    return Chat(
        handoff.handoff_id,
        handoff.conversation_id,
        handoff.queued_at,
        handoff.requeued_at,
        handoff.priority,
        tuple(handoff.triggers),
        around.conversation.topic,
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
