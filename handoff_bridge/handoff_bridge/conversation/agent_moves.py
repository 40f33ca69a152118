"""What agents do: claim, write, close, give back to the assistant."""

from dataclasses import replace
from datetime import datetime

from handoff_bridge.conversation.commands import (
    AbortReturn,
    AgentWrites,
    BeginReturn,
    Claim,
    Close,
    FinishReturn,
    Release,
    Requeue,
    Transfer,
)
from handoff_bridge.conversation.draft import Draft
from handoff_bridge.conversation.events import HandoffUpdated, Note
from handoff_bridge.conversation.handoff import Handoff, is_reserved
from handoff_bridge.conversation.outcomes import (
    HandoffTold,
    LoadChanged,
    QueueMoved,
    Refused,
    Speak,
    SystemLine,
    Transition,
    TurnPending,
)
from handoff_bridge.conversation.ownership import AgentRef, Ownership
from handoff_bridge.conversation.states import HandoffState, Owner
from handoff_bridge.errors import (
    AlreadyClaimed,
    AtCapacity,
    ConversationClosed,
    IllegalTransition,
    NewMessages,
    NotOwner,
    OfferedToAnother,
    OfferOver,
)


def claim(state: Ownership, command: Claim, now: datetime) -> Transition | Refused:
    """Of those who want it the first one gets it, within capacity."""
    handoff, agent = state.handoff, command.agent
    if handoff is None or handoff.handoff_id != command.handoff_id:
        return Refused(IllegalTransition, "This handoff has ended.")
    draft = Draft(state, now)
    if not handoff.is_waiting:
        if handoff.agent_id != agent.agent_id:
            return Refused(AlreadyClaimed)
        draft.tell(HandoffTold("handoff_claimed", handoff))
        return draft.done()
    if not command.is_supervisor and not _may_claim(handoff, command, now):
        # Theirs was over before they answered.
        is_late = handoff.last_offered_to == agent.agent_id
        return Refused(OfferOver if is_late else OfferedToAnother)
    if command.load + command.weight > command.capacity:
        return Refused(AtCapacity)
    # A slow look at the line is part of the time that a chat costs.
    free_at = max(handoff.waiting_since, command.free_since or handoff.waiting_since)
    handoff = replace(handoff, slot_free_at=min(now, free_at))
    claimed = take(draft, handoff, agent, now, "claimed")
    draft.log(joined(agent))
    draft.tell(HandoffTold("handoff_claimed", claimed), LoadChanged(agent.agent_id))
    draft.tell(QueueMoved())
    return draft.done()


def _may_claim(handoff: Handoff, command: Claim, now: datetime) -> bool:
    """Whether it is offered to this agent, or else waits for nobody but them."""
    agent = command.agent
    if handoff.offered_to is not None:
        return handoff.offered_to == agent.agent_id
    if is_reserved(handoff.waits_until, now):
        return handoff.is_meant_for(agent.agent_id, agent.team)
    return command.may_take


def take(
    draft: Draft, handoff: Handoff, agent: AgentRef, now: datetime, reason: str
) -> Handoff:
    """The chat is this agent's; gives the handoff as it stands now."""
    claimed = replace(
        handoff.for_anyone(),
        state=HandoffState.CLAIMED.value,
        agent_id=agent.agent_id,
        # From another agent: its customer has waited before.
        claimed_at=handoff.claimed_at or now,
    )
    claimed = draft.keep(claimed)
    draft.log(
        HandoffUpdated(
            **draft.stamp(agent.actor),
            handoff_id=handoff.handoff_id,
            state=HandoffState.CLAIMED,
            agent=agent.named,
        )
    )
    draft.give(Owner.AGENT, reason, handoff=handoff, agent=agent)
    return claimed


def joined(agent: AgentRef) -> SystemLine:
    """What the customer reads of somebody who has come."""
    if agent.team:
        return SystemLine("joined_team", {"name": agent.name, "team": agent.team})
    return SystemLine("joined", {"name": agent.name})


def agent_writes(state: Ownership, command: AgentWrites) -> Transition | Refused:
    """Allowed to the owner alone."""
    if state.owner == Owner.CLOSED:
        return Refused(ConversationClosed)
    if state.agent_id != command.agent.agent_id:
        return Refused(NotOwner)
    return Transition(state)


Leaving = Close | Release | Transfer | Requeue


def _own(
    state: Ownership, command: Leaving | BeginReturn | FinishReturn
) -> Handoff | Refused:
    """The handoff, if it is this agent's to end."""
    handoff = state.handoff
    if handoff is None or handoff.handoff_id != command.handoff_id:
        return Refused(IllegalTransition)
    if handoff.state != HandoffState.CLAIMED:
        return Refused(IllegalTransition)
    if handoff.agent_id != command.agent.agent_id:
        return Refused(NotOwner)
    return handoff


def to_leave(
    state: Ownership, command: Leaving, seen_seq: int | None = None
) -> Handoff | Refused:
    """The handoff, if it is this agent's to leave, who has seen all up to `seen_seq`.

    Not once a hand-back is under way: that needs no agent any more.
    """
    handoff = _own(state, command)
    if isinstance(handoff, Refused):
        return handoff
    if handoff.is_returning:
        return Refused(IllegalTransition)
    if _has_news(state, seen_seq):
        return Refused(NewMessages)
    return handoff


def _has_news(state: Ownership, seen_seq: int | None) -> bool:
    """Whether the customer has written what the agent has not seen."""
    return seen_seq is not None and state.last_customer_seq > seen_seq


def close(state: Ownership, command: Close, now: datetime) -> Transition | Refused:
    """Ends the chat for both."""
    handoff = to_leave(state, command, command.seen_seq)
    if isinstance(handoff, Refused):
        return handoff
    draft = Draft(state, now)
    write_note(draft, command)
    draft.end(
        handoff,
        HandoffUpdated(
            **draft.stamp(command.agent.actor),
            handoff_id=handoff.handoff_id,
            state=HandoffState.CLOSED,
            disposition=command.disposition,
        ),
        wrap_up_secs=command.wrap_up_secs,
    )
    name = command.agent.name
    asked = _asked_about(command.agent, handoff)
    draft.log(SystemLine("closed", {"name": name}, asked))
    draft.give(Owner.CLOSED, "closed", handoff=handoff)
    draft.tell(LoadChanged(command.agent.agent_id))
    return draft.done()


def _asked_about(agent: AgentRef, handoff: Handoff) -> str | None:
    """Whether they settled it is asked of a customer whom somebody answered."""
    return agent.name if handoff.answered_at is not None else None


def write_note(
    draft: Draft, command: Close | FinishReturn | Release | Transfer
) -> None:
    """What the agent leaves for colleagues, if anything."""
    if command.note and command.note.strip():
        draft.log(Note(**draft.stamp(command.agent.actor), text=command.note))


def begin_return(
    state: Ownership, command: BeginReturn, now: datetime
) -> Transition | Refused:
    """From here on customers write to the assistant. Asked twice it is one."""
    handoff = _own(state, command)
    if isinstance(handoff, Refused):
        return handoff
    draft = Draft(state, now)
    if not handoff.is_returning:
        if _has_news(state, command.seen_seq):
            return Refused(NewMessages)
        draft.keep(replace(handoff, is_returning=True))
        draft.tell(TurnPending())
    return draft.done()


def finish_return(
    state: Ownership, command: FinishReturn, now: datetime
) -> Transition | Refused:
    """The bot has the chat again, and greets."""
    handoff = _own(state, command)
    if isinstance(handoff, Refused):
        return handoff
    if not handoff.is_returning:
        return Refused(IllegalTransition)
    draft = Draft(state, now)
    write_note(draft, command)
    draft.end(
        handoff,
        HandoffUpdated(
            **draft.stamp(command.agent.actor),
            handoff_id=handoff.handoff_id,
            state=HandoffState.RETURNED,
            disposition=command.disposition,
            outcome=command.outcome,
            slots=command.slots or None,
        ),
        wrap_up_secs=command.wrap_up_secs,
    )
    draft.give(Owner.BOT, "returned", handoff=handoff)
    name = command.agent.name
    asked = _asked_about(command.agent, handoff)
    draft.log(SystemLine("returned", {"name": name}, asked))
    draft.tell(Speak(), LoadChanged(command.agent.agent_id), TurnPending())
    return draft.done()


def abort_return(
    state: Ownership, command: AbortReturn, now: datetime
) -> Transition | Refused:
    """The agent keeps the chat."""
    handoff = state.handoff
    if (
        handoff is None
        or handoff.handoff_id != command.handoff_id
        or not handoff.is_returning
    ):
        return Refused(IllegalTransition)
    draft = Draft(state, now)
    draft.keep(replace(handoff, is_returning=False))
    return draft.done()
