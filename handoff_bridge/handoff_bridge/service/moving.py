"""Performs what `transition` decides: stores it, logs it, sees to the telling."""

from dataclasses import replace
from datetime import datetime

from handoff_bridge.conversation.commands import Command
from handoff_bridge.conversation.contact import Contact
from handoff_bridge.conversation.events import CustomerLeft, Note, OwnerChanged
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.outcomes import (
    EndSession,
    Event,
    HandoffTold,
    LoadChanged,
    Notification,
    QueueMoved,
    Refused,
    StatusChanged,
    SystemLine,
    Transition,
    TurnPending,
)
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.status import Estimate, customer_status
from handoff_bridge.conversation.transition import transition
from handoff_bridge.errors import IllegalTransition
from handoff_bridge.models import JsonObject
from handoff_bridge.protocol.customer import SessionEnded
from handoff_bridge.service.mentions import note_mentions
from handoff_bridge.service.places import place_of
from handoff_bridge.service.presence import presence_of
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.store import agents, handoffs
from handoff_bridge.store.conversations import Conversation


async def perform(unit: UnitOfWork, command: Command) -> Transition:
    """Moves the conversation as the command says; raises its refusal.

    Whoever gives the command sees to `AnswerLine`, `Routed`, `RunTurn` and `Speak`.
    """
    result = transition(unit.state, command, unit.now)
    if isinstance(result, Refused):
        raise result.error(result.sentence)
    await _store_handoff(unit, result)
    for event in result.events:
        _write(
            unit, await note_mentions(unit, event) if isinstance(event, Note) else event
        )
    unit.watch()
    for notification in result.notifications:
        await _tell(unit, notification)
    return result


async def note_line(
    unit: UnitOfWork, waiting_seq: int, *, is_promise: bool = False
) -> None:
    """Notes on the open handoff the line that tells its customer what to wait for.

    `waiting_seq` is that line's number. It is no move.
    """
    assert unit.handoff is not None  # callers have just looked
    is_promised = is_promise or unit.handoff.is_promised
    await _amend(
        unit, replace(unit.handoff, waiting_seq=waiting_seq, is_promised=is_promised)
    )


async def note_promise(unit: UnitOfWork, answer_by: datetime) -> None:
    """Notes on the open handoff by when its customer was promised to hear."""
    assert unit.handoff is not None  # callers have just looked
    await _amend(unit, replace(unit.handoff, answer_by=answer_by))


async def note_answer(unit: UnitOfWork) -> None:
    """Notes on the open handoff that an agent has written, if none had before."""
    if unit.handoff is not None and unit.handoff.answered_at is None:
        await _amend(unit, replace(unit.handoff, answered_at=unit.now))


async def note_overdue(unit: UnitOfWork, seq: int) -> None:
    """Notes on the open handoff that its customer was told that it takes longer."""
    assert unit.handoff is not None  # callers have just looked
    await _amend(unit, replace(unit.handoff, overdue_seq=seq))


async def note_contact(unit: UnitOfWork, contact: Contact) -> None:
    """Notes on the open handoff how its customer wants to hear, and tells agents."""
    assert unit.handoff is not None  # callers have just looked
    await _amend(
        unit,
        replace(
            unit.handoff,
            contact_want=contact.want,
            contact_email=contact.email,
            contact_phone=contact.phone,
        ),
    )
    unit.tell_handoff(HandoffTold("handoff_updated", unit.handoff))


async def note_cards(unit: UnitOfWork, headings: list[JsonObject]) -> None:
    """Notes on the open handoff what the back office knows it to be about."""
    assert unit.handoff is not None  # callers have just looked
    await _amend(unit, replace(unit.handoff, cards=headings))


async def _note_wait(unit: UnitOfWork, wait: Estimate | None) -> None:
    """Notes what is told of a wait that begins, to be held against what comes of it."""
    assert unit.handoff is not None
    await _amend(
        unit,
        replace(
            unit.handoff,
            predicted_secs=wait.secs if wait else None,
            eta_low=wait.low if wait else None,
            eta_high=wait.high if wait else None,
            slots_awaited=wait.awaited if wait else None,
        ),
    )


async def _amend(unit: UnitOfWork, amended: Handoff) -> None:
    assert unit.handoff is not None
    await _save(unit, unit.handoff, amended)
    unit.handoff = amended


async def _store_handoff(unit: UnitOfWork, result: Transition) -> None:
    new = result.handoff
    if new is not None and unit.handoff is None:
        await handoffs.create(unit.tx, new)
    elif new is not None and unit.handoff is not None:
        await _save(unit, unit.handoff, new)
    unit.handoff = result.state.handoff
    unit.raised_by = result.state.raised_by


async def _save(unit: UnitOfWork, old: Handoff, new: Handoff) -> None:
    if not await handoffs.save(unit.tx, old, new):
        raise IllegalTransition


def _write(unit: UnitOfWork, event: Event) -> None:
    if isinstance(event, SystemLine):
        unit.say(event.key, asks_about=event.asks_about, **event.values)
        return
    unit.append(event)
    row = unit.conversation
    if isinstance(event, CustomerLeft):
        row.forget_due = True
    if isinstance(event, OwnerChanged):
        _change_owner(row, event)


def _change_owner(row: Conversation, event: OwnerChanged) -> None:
    row.owner = event.to.value
    row.agent_id = event.agent.id if event.agent else None
    row.epoch = event.epoch
    # Whoever has the chat next has not asked it.
    row.open_question = None
    if event.to in (Owner.QUEUE, Owner.AGENT):
        row.needs_catch_up = True
        row.expects_code = False
    if event.from_ == Owner.AGENT and event.to in (Owner.BOT, Owner.CLOSED):
        row.topic = None
    if event.from_ == Owner.AGENT and event.to == Owner.BOT:
        # The hand-back has told the assistant all of it, in a session of its own.
        row.needs_catch_up = False
        row.new_session_due = False


async def _tell(unit: UnitOfWork, notification: Notification) -> None:
    match notification:
        case StatusChanged():
            await _tell_status(unit, notification)
        case EndSession():
            end_session(unit, notification)
        case HandoffTold():
            unit.tell_handoff(notification)
        case LoadChanged():
            await tell_load(unit, notification.agent_id)
            unit.follow_up(notification)
        case QueueMoved() | TurnPending():
            unit.follow_up(notification)


async def _tell_status(unit: UnitOfWork, told: StatusChanged) -> None:
    place = None
    if told.owner == Owner.QUEUE and unit.handoff is not None:
        rules = (await unit.routing()).rules
        place = await place_of(unit.tx, unit.handoff, unit.now, rules)
        await _note_wait(unit, place.wait)
    language = unit.conversation.language
    status = customer_status(told.owner, told.agent, place, language)
    unit.tell_customer("conversation_status", status)


def end_session(unit: UnitOfWork, told: EndSession) -> None:
    """Nobody reads or writes it from here on; what was proved in it is forgotten."""
    row = unit.conversation
    row.session_generation += 1
    row.signed_until = None
    row.forget_due = True
    row.expects_code = False
    unit.tell_customer("session_ended", SessionEnded(reason=told.reason))


async def tell_load(unit: UnitOfWork, agent_id: str) -> None:
    """Colleagues learn how many chats this agent has."""
    found = await agents.load_with_chats(unit.tx, agent_id)
    if found is not None:
        unit.tell_agents("presence_changed", presence_of(*found))
