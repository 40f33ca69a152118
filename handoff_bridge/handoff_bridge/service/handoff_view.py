"""A handoff as one row of the inbox."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handoff_bridge.conversation.cards import CardHeading
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import LogEvent, words_of
from handoff_bridge.conversation.states import Disposition, HandoffState
from handoff_bridge.conversation.triggers import label_of
from handoff_bridge.packet.backoffice import references_of
from handoff_bridge.packet.reason import reason_sentence
from handoff_bridge.protocol.inbox import (
    Assigned,
    HandoffAck,
    HandoffChange,
    LastMessage,
    OfferMade,
    Reach,
    Requeued,
    Row,
    RowCustomer,
)
from handoff_bridge.routing.assignment import team_of
from handoff_bridge.routing.rules import Rules
from handoff_bridge.service.places import promise_in
from handoff_bridge.service.routing_view import chat_of
from handoff_bridge.store import conversations, log
from handoff_bridge.store.conversations import AroundHandoff, Conversation, Customer
from handoff_bridge.store.database import Connection

# Of what the customer said last: a row has no room for more.
MAX_SAID = 200
# What the channel of a conversation allows now; nothing of our own web chat.
type ReachOf = Callable[[Conversation], Reach | None]


@dataclass(frozen=True)
class RowContext:
    """What rows are made with, beside what is in the database."""

    rules: Rules
    reach_of: ReachOf


async def rows_of(
    tx: Connection,
    found: Sequence[Handoff],
    context: RowContext,
    places: Mapping[str, int] | None = None,
) -> list[Row]:
    """What the queue shows of handoffs, in the order given; see docs/protocol.md.

    `places` are those in line, from 1, by handoff id. Two statements, however many.
    """
    if not found:
        return []
    ids = {handoff.conversation_id for handoff in found}
    known = await conversations.around_handoffs(
        tx, [handoff.handoff_id for handoff in found]
    )
    entries = await log.newest(tx, ids, ("message", "turn", "ticket_opened"))
    return [
        _row(
            handoff,
            known[handoff.handoff_id],
            {
                kind: entry
                for (conversation_id, kind), entry in entries.items()
                if conversation_id == handoff.conversation_id
            },
            context,
            (places or {}).get(handoff.handoff_id),
        )
        for handoff in found
    ]


def _row(
    handoff: Handoff,
    around: AroundHandoff,
    newest: Mapping[str, LogEvent],
    context: RowContext,
    position: int | None,
) -> Row:
    conversation, customer = around.conversation, around.customer
    message, turn = newest.get("message"), newest.get("turn")
    turn_of, turn_since = _turn_of(handoff, around)
    ticket = newest.get("ticket_opened") if handoff.is_promised else None
    ended, contact = handoff.disposition, handoff.contact
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
        promise=promise_in(ticket.data, handoff.handoff_id) if ticket else None,
        answer_by=handoff.answer_by,
        answered_at=handoff.answered_at,
        contact=contact.hidden() if contact else None,
        priority=handoff.priority,
        agent=_named(handoff.agent_id, around.agent),
        requeued=_requeued(handoff, around.gone),
        for_agent=_named(handoff.for_agent, around.meant),
        for_team=handoff.for_team,
        waits_until=handoff.waits_until,
        team=team_of(chat_of(handoff, around), context.rules),
        offer=_offer(handoff, around.offered),
        customer=customer_of(conversation, customer),
        verified=conversation.is_verified,
        turn_of=turn_of,
        turn_since=turn_since,
        customer_said=around.said and around.said[:MAX_SAID],
        topic=conversation.topic,
        connected=around.connected,
        unread=around.unread if handoff.agent_id else None,
        channel=conversation.channel,
        reach=context.reach_of(conversation),
        cards=[CardHeading.model_validate(card) for card in handoff.cards or []]
        or None,
        order_number=_reference(handoff, turn),
        queued_at=handoff.queued_at,
        claimed_at=handoff.claimed_at,
        ended_at=handoff.ended_at,
        wrap_up_until=handoff.wrap_up_until,
        disposition=Disposition(ended) if ended else None,
        outcome=handoff.outcome,
        last_seq=conversation.last_seq,
        last_message=_last(message) if message else None,
        position=position,
    )


def customer_of(conversation: Conversation, customer: Customer | None) -> RowCustomer:
    """Whose conversation it is, as far as known; they write in its language."""
    name = customer.name if customer else None
    return RowCustomer(
        name=name or conversation.profile_name,
        name_from=None if name or not conversation.profile_name else "channel",
        tier=customer.tier if customer else None,
        language=conversation.language or (customer.language if customer else None),
    )


def _named(agent_id: str | None, name: str | None) -> Assigned | None:
    return Assigned(agent_id=agent_id, name=name) if agent_id and name else None


def _offer(handoff: Handoff, name: str | None) -> OfferMade | None:
    agent = _named(handoff.offered_to, name)
    if handoff.state != HandoffState.OFFERED or agent is None:
        return None
    return OfferMade.model_validate(
        {"agent": agent, "expires_at": handoff.offer_expires_at}
    )


def _requeued(handoff: Handoff, name: str | None) -> Requeued | None:
    agent = _named(handoff.requeued_from, name)
    if agent is None or handoff.requeued_at is None:
        return None
    # A bridge of the version before, beside this one, writes down no reason.
    reason = handoff.requeued_reason or "agent_gone"
    return Requeued.model_validate(
        {"at": handoff.requeued_at, "agent": agent, "reason": reason}
    )


def _reference(handoff: Handoff, turn: LogEvent | None) -> str | None:
    """That of the first card; until the back office answers, as it was reported."""
    known = [str(card["id"]) for card in handoff.cards or []]
    return next(iter(known or references_of(turn.data if turn else {})), None)


def _turn_of(
    handoff: Handoff, around: AroundHandoff
) -> tuple[Literal["customer", "agent"] | None, datetime | None]:
    """Who is to write next, and since when: the customer, once an agent has answered.

    An agent's turn begins with the first message that has no answer yet.
    """
    if handoff.ended_at is not None:
        return None, None
    if around.answered_at is None:
        return "agent", handoff.queued_at
    if around.asked_at is not None:
        return "agent", around.asked_at
    return "customer", around.answered_at


def _last(message: LogEvent) -> LastMessage:
    return LastMessage(
        text=words_of(message),
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
