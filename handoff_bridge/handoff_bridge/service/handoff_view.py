"""A handoff as one row of the inbox."""

from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.conversation.states import Disposition, HandoffState
from handoff_bridge.conversation.triggers import label_of
from handoff_bridge.packet.backoffice import references_of
from handoff_bridge.packet.reason import reason_sentence
from handoff_bridge.packet.schema import CardHeading
from handoff_bridge.protocol.inbox import (
    Assigned,
    HandoffAck,
    HandoffChange,
    LastMessage,
    Row,
    RowCustomer,
)
from handoff_bridge.service.places import promise_of
from handoff_bridge.store import agents, conversations, log
from handoff_bridge.store.conversations import Conversation


async def row_of(
    tx: AsyncConnection,
    handoff: Handoff,
    known: Conversation | None = None,
    position: int | None = None,
) -> Row:
    """What the queue shows of a handoff; see docs/protocol.md for its keys.

    `known` is its conversation, where that is at hand.
    """
    conversation = known or await conversations.load(tx, handoff.conversation_id)
    assert conversation is not None  # the foreign key sees to it
    customer = await conversations.load_customer(tx, conversation.customer_id)
    agent = await agents.load(tx, handoff.agent_id) if handoff.agent_id else None
    message = await log.last_of(tx, handoff.conversation_id, "message")
    turn = await log.last_of(tx, handoff.conversation_id, "turn")
    ended = handoff.disposition
    return Row(
        handoff_id=handoff.handoff_id,
        conversation_id=handoff.conversation_id,
        state=HandoffState(handoff.state),
        trigger=handoff.trigger,
        triggers=handoff.triggers,
        label=label_of(handoff.trigger, handoff.labels.get(handoff.trigger)),
        labels=handoff.labels or None,
        skill=handoff.skill,
        reason=reason_sentence(
            handoff.triggers,
            handoff.evidence,
            labels=handoff.labels,
            reasons=handoff.reasons,
        ),
        promise=await promise_of(tx, handoff),
        priority=handoff.priority,
        agent=Assigned(agent_id=agent.agent_id, name=agent.name) if agent else None,
        customer=RowCustomer(
            name=customer.name if customer else None,
            tier=customer.tier if customer else None,
            language=conversation.language or (customer.language if customer else None),
        ),
        verified=conversation.customer_id is not None and not conversation.forget_due,
        turn_of=_turn_of(handoff, message),
        channel=conversation.channel,
        cards=[CardHeading.model_validate(card) for card in handoff.cards or []]
        or None,
        order_number=_reference(handoff, turn),
        queued_at=handoff.queued_at,
        claimed_at=handoff.claimed_at,
        ended_at=handoff.ended_at,
        disposition=Disposition(ended) if ended else None,
        outcome=handoff.outcome,
        last_seq=conversation.last_seq,
        last_message=_last(message) if message else None,
        position=position,
    )


def _reference(handoff: Handoff, turn: LogEvent | None) -> str | None:
    """That of the first card; until the back office answers, as it was reported."""
    known = [str(card["id"]) for card in handoff.cards or []]
    return next(iter(known or references_of(turn.data if turn else {})), None)


def _turn_of(
    handoff: Handoff, newest: LogEvent | None
) -> Literal["customer", "agent"] | None:
    """The customer's once an agent has written last."""
    if handoff.ended_at is not None:
        return None
    is_answered = newest is not None and newest.actor.type == "agent"
    return "customer" if is_answered else "agent"


def _last(message: LogEvent) -> LastMessage:
    text = message.data.get("text")
    return LastMessage(
        text=text if isinstance(text, str) else None,
        sender=message.actor.type,
        at=message.at,
    )


def about(row: Row) -> HandoffChange:
    """What events carry of a handoff: its ids, its state, and the row."""
    return HandoffChange(
        handoff_id=row.handoff_id,
        conversation_id=row.conversation_id,
        state=row.state,
        handoff=row,
    )


def acked(told: HandoffChange) -> HandoffAck:
    """What acks carry of a handoff."""
    return HandoffAck(**dict(told))


async def rows_of(tx: AsyncConnection, found: list[Handoff]) -> list[Row]:
    """Rows of several handoffs, in the order given."""
    return [await row_of(tx, handoff) for handoff in found]
