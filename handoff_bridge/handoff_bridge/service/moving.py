"""Performs what `transition` decides: stores it, logs it, sees to the telling."""

from dataclasses import replace

from handoff_bridge.conversation.commands import Command
from handoff_bridge.conversation.entries import (
    CustomerLeft,
    Event,
    OwnerChanged,
    SystemLine,
)
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.outcomes import (
    HandoffTold,
    LoadChanged,
    Notification,
    QueueMoved,
    Refusal,
    SessionEnded,
    StatusChanged,
    Transition,
    TurnOwed,
)
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.transition import transition
from handoff_bridge.errors import IllegalTransition
from handoff_bridge.models import JsonObject
from handoff_bridge.protocol.customer import SessionEnded as Ended
from handoff_bridge.service.places import place_of, status_with
from handoff_bridge.service.presence import presence_of
from handoff_bridge.service.unit import Unit
from handoff_bridge.store import agents, handoffs
from handoff_bridge.store.conversations import Conversation


async def perform(unit: Unit, command: Command) -> Transition:
    """Moves the conversation as the command says; raises its refusal.

    Whoever gives the command sees to `AnswerLine`, `Heard`, `RunTurn` and `Speak`.
    """
    result = transition(unit.state, command, unit.now)
    if isinstance(result, Refusal):
        raise result.error(result.sentence)
    await _store_handoff(unit, result)
    for event in result.events:
        _write(unit, event)
    unit.watch()
    for notification in result.notifications:
        await _tell(unit, notification)
    return result


async def amend(unit: Unit, **values: int | bool | list[JsonObject]) -> None:
    """Notes on the open handoff what is no move: what was told, what is known."""
    assert unit.handoff is not None  # callers have just looked
    amended = replace(unit.handoff, **values)  # type: ignore[arg-type]
    await _save(unit, unit.handoff, amended)
    unit.handoff = amended


async def _store_handoff(unit: Unit, result: Transition) -> None:
    new = result.handoff
    if new is not None and unit.handoff is None:
        await handoffs.create(unit.tx, new)
    elif new is not None and unit.handoff is not None:
        await _save(unit, unit.handoff, new)
    unit.handoff = result.state.handoff
    unit.raised_by = result.state.raised_by


async def _save(unit: Unit, old: Handoff, new: Handoff) -> None:
    if not await handoffs.save(unit.tx, old, new):
        raise IllegalTransition


def _write(unit: Unit, event: Event) -> None:
    if isinstance(event, SystemLine):
        unit.say(event.key, **event.values)
        return
    unit.append(event.type, event.actor, event.data(), message_id=event.message_id)
    row = unit.conversation
    if isinstance(event, CustomerLeft):
        row.forget_due = True
    if isinstance(event, OwnerChanged):
        _change_owner(row, event)


def _change_owner(row: Conversation, event: OwnerChanged) -> None:
    row.owner = event.after.value
    row.agent_id = event.agent.agent_id if event.agent else None
    row.epoch = event.epoch
    # Whoever has the chat next has not asked it.
    row.open_question = None
    if event.after == Owner.QUEUE:
        row.needs_catch_up = True
        row.expects_code = False
    if event.before == Owner.AGENT and event.after == Owner.BOT:
        # The hand-back has told the assistant all of it, in a session of its own.
        row.needs_catch_up = False
        row.new_session_due = False


async def _tell(unit: Unit, notification: Notification) -> None:
    match notification:
        case StatusChanged():
            await _tell_status(unit, notification)
        case SessionEnded():
            _end_session(unit, notification)
        case HandoffTold():
            unit.tell_handoff(notification)
        case LoadChanged():
            await _tell_load(unit, notification.agent_id)
        case QueueMoved() | TurnOwed():
            unit.follow_up(notification)


async def _tell_status(unit: Unit, told: StatusChanged) -> None:
    place = None
    if told.owner == Owner.QUEUE and unit.handoff is not None:
        place = await place_of(unit.tx, unit.handoff.handoff_id, unit.now)
    status = status_with(Owner(told.owner), told.agent, place)
    unit.tell_customer("conversation_status", status)


def _end_session(unit: Unit, told: SessionEnded) -> None:
    """Nobody reads or writes it from here on; what was proved in it is forgotten."""
    row = unit.conversation
    row.session_generation += 1
    row.signed_until = None
    row.forget_due = True
    row.expects_code = False
    unit.tell_customer("session_ended", Ended(reason=told.reason))


async def _tell_load(unit: Unit, agent_id: str) -> None:
    """Colleagues learn that this agent has a chat less."""
    agent = await agents.load(unit.tx, agent_id)
    if agent is not None:
        presence = presence_of(agent, await agents.loads(unit.tx))
        unit.tell_agents("presence_changed", presence)
