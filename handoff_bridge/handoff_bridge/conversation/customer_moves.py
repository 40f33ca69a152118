"""What customers do: write, ask for a human, leave the line or the chat."""

from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from handoff_bridge.conversation.commands import (
    CustomerAsks,
    CustomerLeaves,
    CustomerWrites,
    RequestHandoff,
    TakeOver,
    TurnAsks,
    TurnFails,
)
from handoff_bridge.conversation.draft import Draft
from handoff_bridge.conversation.events import (
    CUSTOMER,
    CustomerLeft,
    HandoffRequested,
    HandoffUpdated,
    TriggerLabels,
)
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.outcomes import (
    AnswerLine,
    EndSession,
    HandoffTold,
    QueueMoved,
    Refused,
    Routed,
    SystemLine,
    Transition,
)
from handoff_bridge.conversation.ownership import Ownership, Reader
from handoff_bridge.conversation.states import HandoffState, Owner
from handoff_bridge.errors import (
    ConversationClosed,
    IllegalTransition,
)

Asking = CustomerAsks | RequestHandoff | TurnAsks | TurnFails


def customer_writes(
    state: Ownership, command: CustomerWrites, now: datetime
) -> Transition:
    """A closed conversation reopens with the bot."""
    draft = Draft(state, now)
    if state.owner == Owner.CLOSED:
        draft.give(Owner.BOT, "reopened", message_id=command.message_id)
    draft.tell(Routed(_reader(draft.state, command.is_late_press)))
    return draft.done()


def _reader(state: Ownership, is_late_press: bool) -> Reader:
    if state.owner == Owner.BOT:
        return Reader.NOBODY if is_late_press else Reader.ASSISTANT
    if state.owner == Owner.QUEUE and not is_late_press:
        return Reader.LINE
    # Once a hand-back is under way, the assistant is about to read it.
    is_returning = state.handoff is not None and state.handoff.is_returning
    return Reader.ASSISTANT if is_returning else Reader.PERSON


def customer_leaves(
    state: Ownership, command: CustomerLeaves, now: datetime
) -> Transition:
    """With the bot, or with nobody, there is nothing but the chat to leave."""
    draft = Draft(state, now)
    if command.owner not in (None, state.owner):
        return draft.done()
    ends = command.ends or state.owner in (Owner.BOT, Owner.CLOSED)
    stays_in_line = ends and _is_called_back(state)
    if state.owner == Owner.AGENT or stays_in_line:
        draft.log(CustomerLeft(**draft.stamp(CUSTOMER)))
    elif state.owner == Owner.QUEUE:
        _abandon(draft, answers=not ends)
    if ends and draft.state.owner == Owner.BOT:
        draft.log(CustomerLeft(**draft.stamp(CUSTOMER)))
        draft.give(Owner.CLOSED, "left")
    if ends:
        draft.tell(EndSession())
    return draft.done()


def leave_line(state: Ownership, now: datetime) -> Transition | Refused:
    """Back to the bot, which answers what was written in line."""
    if state.owner != Owner.QUEUE:
        return Refused(IllegalTransition, "There is no line to leave.")
    draft = Draft(state, now)
    if not _is_called_back(state):
        _abandon(draft, answers=True)
    return draft.done()


def _is_called_back(state: Ownership) -> bool:
    """Whether the customer, in line, has left an address and need not stay."""
    handoff = state.handoff
    return (
        state.owner == Owner.QUEUE
        and handoff is not None
        and handoff.contact is not None
    )


def _abandon(draft: Draft, *, answers: bool) -> None:
    """Back to the bot, which answers what was written in line, or does not."""
    handoff = draft.state.handoff
    assert handoff is not None  # whoever waits, waits for one
    draft.end(
        handoff,
        HandoffUpdated(
            **draft.stamp(),
            handoff_id=handoff.handoff_id,
            state=HandoffState.ABANDONED,
        ),
    )
    draft.give(Owner.BOT, "abandoned", handoff=handoff)
    draft.tell(QueueMoved())
    if answers:
        draft.log(SystemLine("left_queue"))
        draft.tell(AnswerLine())


def ask(state: Ownership, command: Asking, now: datetime) -> Transition | Refused:
    """Opens a handoff with the bot, and in line moves forward the one that waits."""
    draft = Draft(state, now)
    if state.owner == Owner.CLOSED:
        if isinstance(command, RequestHandoff):
            return Refused(ConversationClosed)
        if isinstance(command, CustomerAsks):
            draft.give(Owner.BOT, "reopened")
    if draft.state.owner == Owner.BOT:
        _queue(draft, command, now)
    elif state.owner == Owner.QUEUE and _may_raise(command):
        _raise(draft, command)
    return draft.done()


def _may_raise(command: Asking) -> bool:
    """What the bot's own turn reports was known when the customer got into line."""
    if isinstance(command, TurnAsks):
        return command.fence.in_line
    return isinstance(command, RequestHandoff)


# What the customer is told at once; else the assistant says goodbye itself.
_LINES = {
    CustomerAsks: SystemLine("customer_request"),
    TurnFails: SystemLine("bot_failure"),
}


def open_handoff(draft: Draft, command: Asking | TakeOver, now: datetime) -> Handoff:
    """Writes down that a human is needed, and why."""
    handoff = Handoff(
        handoff_id=command.handoff_id,
        conversation_id=draft.state.conversation_id,
        state=HandoffState.QUEUED.value,
        message_id=command.message_id,
        queued_seq=draft.state.last_seq + 1,
        queued_at=now,
        **command.reasons.fields(),
    )
    draft.keep(handoff)
    draft.log(
        HandoffRequested(
            **draft.stamp(message_id=command.message_id),
            **_reasons(handoff),
            evidence=handoff.evidence,
        )
    )
    return handoff


def _queue(draft: Draft, command: Asking, now: datetime) -> None:
    handoff = open_handoff(draft, command, now)
    draft.give(
        Owner.QUEUE, handoff.trigger, handoff=handoff, message_id=command.message_id
    )
    draft.tell(HandoffTold("handoff_queued", handoff), QueueMoved())
    if line := _LINES.get(type(command)):
        draft.log(line)


def _raise(draft: Draft, command: Asking) -> None:
    known = draft.state.handoff
    assert known is not None  # whoever waits, waits for one
    reasons = known.raised_by(command.reasons)
    if reasons is None:
        return
    raised = replace(known, **reasons.fields())
    draft.keep(raised)
    draft.log(
        HandoffUpdated(
            **draft.stamp(message_id=command.message_id),
            **_reasons(raised),
            state=HandoffState(raised.state),
        )
    )
    draft.state = replace(draft.state, raised_by=command.message_id)
    draft.tell(HandoffTold("handoff_updated", raised), QueueMoved())


class _Reasons(TypedDict):
    handoff_id: str
    trigger: str
    triggers: list[str]
    labels: TriggerLabels
    priority: int


def _reasons(handoff: Handoff) -> _Reasons:
    return {
        "handoff_id": handoff.handoff_id,
        "trigger": handoff.trigger,
        "triggers": handoff.triggers,
        "labels": handoff.labels,
        "priority": handoff.priority,
    }


def language_changes(state: Ownership, now: datetime) -> Transition:
    """The row of a handoff that was opened before its language was known."""
    draft = Draft(state, now)
    if state.handoff is not None:
        draft.tell(HandoffTold("handoff_updated", state.handoff))
    if state.owner == Owner.QUEUE:
        draft.tell(QueueMoved())  # rows carry no place: it would be forgotten
    return draft.done()
