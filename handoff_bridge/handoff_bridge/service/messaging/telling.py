"""Agents hear what became of their messages on a customer's channel."""

from handoff_bridge.protocol.inbox import DeliveryChanged
from handoff_bridge.service.ports import SUPERVISORS, ToAgents, agent_room
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.store.channel_outbox import Delivery


def delivery_changed(delivery: Delivery) -> DeliveryChanged:
    """As it is published."""
    return DeliveryChanged.model_validate(
        {
            "conversation_id": delivery.conversation_id,
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
    return ToAgents(rooms, "delivery_changed", delivery_changed(delivery))


def tell_delivery(unit: UnitOfWork, delivery: Delivery) -> None:
    """Once the unit is committed."""
    if told := to_agents(delivery):
        unit.tell_agents(told.event, told.payload, told.rooms)
