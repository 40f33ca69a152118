"""How a chat leaves its agent: gone, disabled, put back, passed on, taken over."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from handoff_bridge.conversation.agent_moves import (
    joined,
    take,
    to_leave,
    write_note,
)
from handoff_bridge.conversation.commands import (
    Recipient,
    Release,
    Requeue,
    TakeOver,
    Transfer,
)
from handoff_bridge.conversation.customer_moves import open_handoff
from handoff_bridge.conversation.draft import Draft
from handoff_bridge.conversation.events import SYSTEM, Actor, HandoffUpdated
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.outcomes import (
    HandoffTold,
    LoadChanged,
    QueueMoved,
    Refused,
    SystemLine,
    Transition,
)
from handoff_bridge.conversation.ownership import AgentRef, Ownership
from handoff_bridge.conversation.states import HandoffState, Owner
from handoff_bridge.errors import (
    AtCapacity,
    ConversationClosed,
    IllegalTransition,
)

# Whoever sits at the desk has seen the row within it, and taken a look at the packet;
# a customer in a chat waits no longer for an answer without wondering.
WAIT_FOR_THE_PRESENT = timedelta(seconds=60)
# A break, a meeting or a call ends within it; a customer who is still there by then
# has waited long enough for somebody in particular.
WAIT_FOR_THE_ABSENT = timedelta(minutes=30)

Reason = Literal["agent_gone", "agent_disabled", "released", "transferred"]


def requeue(state: Ownership, command: Requeue, now: datetime) -> Transition | Refused:
    """Back to the head of the line, where any agent may take it."""
    handoff = to_leave(state, command)
    if isinstance(handoff, Refused):
        return handoff
    draft = Draft(state, now)
    _line_up(draft, _back(handoff, command.agent, command.reason, now), command.agent)
    if command.reason == "agent_disabled":
        draft.log(SystemLine("agent_disabled", {"name": command.agent.name}))
    else:
        draft.log(SystemLine("agent_gone", {"name": command.agent.name}))
    return draft.done()


def release(state: Ownership, command: Release, now: datetime) -> Transition | Refused:
    """The same, by the agent's own wish."""
    handoff = to_leave(state, command, command.seen_seq)
    if isinstance(handoff, Refused):
        return handoff
    draft = Draft(state, now)
    write_note(draft, command)
    back = _back(handoff, command.agent, "released", now)
    _line_up(draft, back, command.agent, actor=command.agent.actor)
    draft.log(SystemLine("released", {"name": command.agent.name}))
    return draft.done()


def transfer(
    state: Ownership, command: Transfer, now: datetime
) -> Transition | Refused:
    """To the head of the line, where for a while it waits for the one who is meant."""
    handoff, to = _to_pass_on(state, command), command.to
    if isinstance(handoff, Refused):
        return handoff
    draft = Draft(state, now)
    write_note(draft, command)
    reserved = replace(
        _back(handoff, command.agent, "transferred", now),
        for_agent=to.agent.agent_id if to.agent else None,
        for_team=to.team,
        waits_until=now
        + (WAIT_FOR_THE_PRESENT if to.is_there else WAIT_FOR_THE_ABSENT),
    )
    _line_up(draft, reserved, command.agent, actor=command.agent.actor, to=to)
    draft.log(_passed_on(command.agent, to))
    return draft.done()


def _to_pass_on(state: Ownership, command: Transfer) -> Handoff | Refused:
    """One's own chat; a supervisor's are also those in line."""
    handoff = state.handoff
    if handoff is not None and handoff.handoff_id == command.handoff_id:
        if handoff.is_waiting and command.is_supervisor:
            return handoff
    return to_leave(state, command)


def _passed_on(agent: AgentRef, to: Recipient) -> SystemLine:
    if to.agent is not None:
        return SystemLine(
            "transferred", {"name": agent.name, "recipient": to.agent.name}
        )
    return SystemLine("transferred_team", {"name": agent.name, "team": to.team or ""})


def _back(handoff: Handoff, agent: AgentRef, reason: Reason, now: datetime) -> Handoff:
    """At the head of the line; one that was there already has waited all along."""
    back = replace(
        handoff,
        state=HandoffState.QUEUED.value,
        requeued_at=handoff.waiting_since,
        requeued_from=agent.agent_id,
        requeued_reason=reason,
    )
    if handoff.is_waiting:
        return back
    return replace(
        back,
        agent_id=None,
        claimed_at=None,
        slot_free_at=None,
        # The customer is told anew what to wait for.
        waiting_seq=None,
        is_promised=False,
        requeued_at=now,
    )


def _line_up(
    draft: Draft,
    waits: Handoff,
    agent: AgentRef,
    *,
    actor: Actor = SYSTEM,
    to: Recipient | None = None,
) -> None:
    """Writes down that it waits so, and tells agents of it."""
    had_it = draft.state.owner == Owner.AGENT
    waits = draft.keep(waits)
    draft.log(
        HandoffUpdated(
            **draft.stamp(actor),
            handoff_id=waits.handoff_id,
            state=HandoffState.QUEUED,
            requeued_from=agent.named if had_it else None,
            for_agent=to.agent.named if to and to.agent else None,
            for_team=to.team if to else None,
            waits_until=waits.waits_until,
        )
    )
    # Of a turn that moved it forward before, nobody waits for the goodbye.
    draft.state = replace(draft.state, raised_by=None)
    if had_it:
        draft.give(Owner.QUEUE, waits.requeued_reason or "", handoff=waits)
    draft.tell(HandoffTold("handoff_queued", waits))
    if had_it:
        draft.tell(LoadChanged(agent.agent_id))
    draft.tell(QueueMoved())


def take_over(
    state: Ownership, command: TakeOver, now: datetime
) -> Transition | Refused:
    """Whoever has the chat loses it at once. One's own already: nothing changes."""
    handoff, agent = state.handoff, command.agent
    if state.owner == Owner.CLOSED:
        return Refused(ConversationClosed)
    if handoff is not None and handoff.is_returning:
        return Refused(IllegalTransition)
    draft = Draft(state, now)
    if handoff is not None and handoff.agent_id == agent.agent_id:
        draft.tell(HandoffTold("handoff_claimed", handoff))
        return draft.done()
    if command.load + command.weight > command.capacity:
        return Refused(AtCapacity)
    if handoff is None:
        handoff = open_handoff(draft, command, now)
    taken = take(draft, handoff, agent, now, "taken_over")
    draft.log(_came(command))
    event = "handoff_updated" if state.owner == Owner.AGENT else "handoff_claimed"
    draft.tell(HandoffTold(event, taken), LoadChanged(agent.agent_id))
    if state.agent_id is not None:
        draft.tell(LoadChanged(state.agent_id))
    if state.owner == Owner.QUEUE:
        draft.tell(QueueMoved())
    return draft.done()


def _came(command: TakeOver) -> SystemLine:
    if command.previous is None:
        return joined(command.agent)
    return SystemLine(
        "taken_over",
        {"name": command.agent.name, "previous": command.previous.name},
    )
