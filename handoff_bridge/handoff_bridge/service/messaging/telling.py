"""Agents hear what became of their messages on a customer's channel."""

from handoff_bridge.protocol.inbox import DeliveryChanged, DeliveryState, ReachChanged
from handoff_bridge.service.ports import SUPERVISORS, ToAgents, agent_room
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.store.channel_outbox import Delivery


def delivery_state(delivery: Delivery) -> DeliveryState:
    """As it is published."""
    return DeliveryState.model_validate(
        {
            "seq": delivery.seq,
            "state": delivery.state,
            "at": delivery.state_at,
            "reason": delivery.failure,
            "detail": delivery.detail,
        }
    )


def to_agents(delivery: Delivery) -> ToAgents | None:
    """For whoever has the chat; None where nobody has."""
    if delivery.agent_id is None:
        return None
    rooms = (SUPERVISORS, agent_room(delivery.agent_id))
    changed = DeliveryChanged(
        conversation_id=delivery.conversation_id, **dict(delivery_state(delivery))
    )
    return ToAgents(rooms, "delivery_changed", changed)


def tell_delivery(unit: UnitOfWork, delivery: Delivery) -> None:
    """Once the unit is committed."""
    if told := to_agents(delivery):
        unit.tell_agents(told.event, told.payload, told.rooms)


def tell_reach(unit: UnitOfWork) -> None:
    """Agents hear until when they may write, once the customer has written."""
    reach = unit.reach_of(unit.conversation)
    if unit.handoff is not None and reach is not None and reach.window_ends_at:
        conversation_id = unit.conversation.conversation_id
        changed = ReachChanged(conversation_id=conversation_id, reach=reach)
        unit.tell_agents("reach_changed", changed)
