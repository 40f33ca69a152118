"""Handing a conversation to the humans: asking, the waiting line, leaving the line."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, floor

from handoff_bridge.conversation.commands import (
    CustomerAsks,
    CustomerLeaves,
    RequestHandoff,
    TurnAsks,
    TurnFails,
)
from handoff_bridge.conversation.handoff import Handoff, Reasons
from handoff_bridge.conversation.states import HandoffState, Owner
from handoff_bridge.conversation.status import Estimate
from handoff_bridge.conversation.triggers import DeclaredTrigger, Trigger
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.redaction import redact_object
from handoff_bridge.protocol.customer import HumanAsked, Left
from handoff_bridge.protocol.http import HandoffAsked
from handoff_bridge.service.access import check_not_ended
from handoff_bridge.service.leaving import leave
from handoff_bridge.service.moving import note_line, perform
from handoff_bridge.service.places import place_of
from handoff_bridge.service.ports import CardsDue, PromisePending
from handoff_bridge.service.routing import is_line_full
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import agents, handoffs, jobs
from handoff_bridge.store.conversations import Session

# Which of the commands that ask for a human: made of handoff id, reasons, message id.
Asking = Callable[
    [str, Reasons, str | None], CustomerAsks | RequestHandoff | TurnAsks | TurnFails
]


@dataclass(frozen=True)
class NewHandoff:
    """A human is needed: why, and which customer message led there."""

    triggers: list[DeclaredTrigger]
    message_id: str | None = None
    evidence: JsonObject = field(default_factory=dict)


async def open_handoff(
    unit: UnitOfWork, command: Asking, ask: NewHandoff
) -> Handoff | None:
    """Opens a handoff, or gives the one already there for this message or chat.

    None where there is none and the command opens none. Raises ConversationClosed.
    """
    known = await _answered(unit, ask)
    if known is not None:
        return known
    reasons = Reasons.of(ask.triggers, _redacted(unit, ask))
    handoff_id = secrets.token_hex(12)
    moved = await perform(unit, command(handoff_id, reasons, ask.message_id))
    unit.follow_up(CardsDue())
    return moved.state.handoff


async def _answered(unit: UnitOfWork, ask: NewHandoff) -> Handoff | None:
    """The handoff that this very message led to, which has ended since."""
    if unit.handoff is not None or ask.message_id is None:
        return None
    conversation_id = unit.conversation.conversation_id
    return await handoffs.of_message(unit.tx, conversation_id, ask.message_id)


def _redacted(unit: UnitOfWork, ask: NewHandoff) -> JsonObject:
    """The evidence; what the assistant quotes may still have a one-time code in it."""
    expects_code = unit.conversation.expects_code
    return redact_object(
        ask.evidence,
        expects_code=expects_code,
        reference=unit.brand.reference_pattern,
    )


async def write_waiting_line(unit: UnitOfWork) -> None:
    """Tells a customer in line their place, or by when they hear: once a handoff."""
    handoff = unit.handoff
    if handoff is None or not handoff.is_waiting or handoff.waiting_seq is not None:
        return
    if not await agents.is_anyone_there(unit.tx):
        unit.follow_up(PromisePending(handoff))
        return
    rules = (await unit.routing()).rules
    place = await place_of(unit.tx, handoff, unit.now, rules)
    if await is_line_full(unit, place.position or 1):
        unit.follow_up(PromisePending(handoff))
        return
    ordinal = unit.texts.ordinal(place.position or 1)
    if place.wait is None:
        line = unit.say("waiting", place=ordinal)
    else:
        minutes = _minutes(unit, place.wait)
        line = unit.say("waiting_eta", place=ordinal, minutes=minutes)
    await note_line(unit, line.seq)


def _minutes(unit: UnitOfWork, wait: Estimate) -> str:
    """The range in whole minutes, rounded away from its middle."""
    low, high = max(1, floor(wait.low / 60)), max(1, ceil(wait.high / 60))
    if low < high:
        return unit.texts.say("minutes_range", low=low, high=high)
    return (
        unit.texts.say("minutes", count=high) if high > 1 else unit.texts.say("minute")
    )


async def ask_for_human(unit: UnitOfWork, source: str) -> None:
    """The customer's own wish, which needs no NLU. `source` is how they said it."""
    triggers = [DeclaredTrigger(Trigger.CUSTOMER_REQUEST)]
    ask = NewHandoff(triggers, evidence={"source": source})
    # One that the assistant asked for may have its goodbye to come.
    is_first = unit.handoff is None
    await open_handoff(unit, CustomerAsks, ask)
    if is_first:
        await write_waiting_line(unit)


class HandoffRequests:
    """Use cases of the way to a human, and of leaving the line."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` opens conversations."""
        self._held = held

    async def request(self, conversation_id: str, ask: NewHandoff) -> HandoffAsked:
        """`POST /handoffs`: idempotent; raises UnknownConversation.

        While the turn that asks is still running, its goodbye comes first, and the
        turn's end writes the waiting line.
        """
        async with self._held.transaction(conversation_id) as unit:
            handoff = await open_handoff(unit, RequestHandoff, ask)
            assert handoff is not None  # else it was refused
            running = ask.message_id is not None and await jobs.is_pending(
                unit.tx, conversation_id, ask.message_id
            )
            if not running:
                await write_waiting_line(unit)
            status = await unit.status()
            return HandoffAsked(
                handoff_id=handoff.handoff_id,
                state=HandoffState(handoff.state),
                position=status.position,
                eta_seconds=status.eta_seconds,
                eta_range=status.eta_range,
                open=await agents.is_anyone_there(unit.tx),
            )

    async def customer_asks(self, session: Session) -> HumanAsked:
        """The button, which works without NLU and without the assistant.

        Raises UnknownSession, TokenExpired.
        """
        async with self._held.transaction_for(session) as unit:
            await ask_for_human(unit, "button")
            status = await unit.status()
            return HumanAsked(**dict(status))

    async def leave(
        self, session: Session, end: bool, owner: Owner | None = None
    ) -> Left:
        """The customer leaves: the line, the agent, or the chat itself.

        From the line they are back with the bot. An agent is told, and ends the
        handoff as they see fit. With the bot, or wanting the `end`, the chat is over.
        Where it is not `owner`'s any more, nothing changes.
        Works as well when the identity has run out. Raises UnknownSession.
        """
        async with self._held.transaction(session.conversation_id) as unit:
            check_not_ended(unit.conversation, session, unit.now)
            await leave(unit, CustomerLeaves(end, owner))
            return Left(owner=Owner(unit.conversation.owner))
