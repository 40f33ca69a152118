"""What holds of every move of ownership, whatever led there."""

from dataclasses import replace

from handoff_bridge.conversation.events import (
    Entry,
    HandoffRequested,
    HandoffUpdated,
    OfferEntry,
    OwnerChanged,
)
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.outcomes import (
    HandoffTold,
    LoadChanged,
    QueueMoved,
    Speak,
    StatusChanged,
    Transition,
)
from handoff_bridge.conversation.ownership import Ownership
from handoff_bridge.conversation.states import (
    WAITING_STATES,
    HandoffState,
    Owner,
    may_move,
)


def check_state(state: Ownership) -> None:
    """Owner, agent and open handoff say the same."""
    handoff = state.handoff
    assert (state.owner == Owner.AGENT) == (state.agent_id is not None)
    if state.owner in (Owner.BOT, Owner.CLOSED):
        assert handoff is None
        return
    assert handoff is not None
    assert handoff.is_waiting == (state.owner == Owner.QUEUE)
    assert handoff.agent_id == state.agent_id
    assert not (handoff.is_waiting and handoff.is_returning)


def check_move(state: Ownership, result: Transition) -> None:
    """One move against the invariants of ownership, log and telling."""
    new = result.state
    check_state(new)
    assert new.last_seq == state.last_seq + len(result.events)
    for seq, event in enumerate(result.events, state.last_seq + 1):
        assert not isinstance(event, Entry) or event.seq == seq
    _check_owner(state, result)
    _check_handoff(state, result)
    _check_told(state, result)


def _check_owner(state: Ownership, result: Transition) -> None:
    """The owner and the epoch follow from the log alone."""
    owner, epoch = state.owner, state.epoch
    for event in result.events:
        if isinstance(event, OwnerChanged):
            assert (event.from_, event.epoch) == (owner, epoch + 1)
            # From one agent to another it is taken over.
            assert event.to != owner or event.reason == "taken_over"
            owner, epoch = event.to, event.epoch
    assert (owner, epoch) == (result.state.owner, result.state.epoch)


def _check_handoff(state: Ownership, result: Transition) -> None:
    """Its record makes legal moves only, and each of them is in the log."""
    old, new = state.handoff, result.handoff
    if new is None:
        assert result.state.handoff == old
        return
    if old is None:
        # A chat that is taken over from the bot is nobody's in between.
        assert new.state == (HandoffState.CLAIMED if new.agent_id else "queued")
        assert any(isinstance(event, HandoffRequested) for event in result.events)
    else:
        assert new.handoff_id == old.handoff_id
        if new.state != old.state:
            assert may_move(HandoffState(old.state), HandoffState(new.state))
    told = [e.state for e in result.events if isinstance(e, HandoffUpdated)]
    if old is None:
        is_told = new.agent_id is not None
    else:
        is_told = new != replace(old, is_returning=new.is_returning)
    if _check_offer(old, new, result) and new.state in WAITING_STATES and not told:
        return
    assert told == ([new.state] if is_told else [])


def _check_offer(old: Handoff | None, new: Handoff, result: Transition) -> bool:
    """An offer begins and ends in the log, once each; says whether it did."""
    told = [event for event in result.events if isinstance(event, OfferEntry)]
    was = old.offered_to if old else None
    assert (new.offered_to is not None) == (new.state == HandoffState.OFFERED)
    if new.offered_to == was:
        assert not told
        return False
    assert [event.agent.id for event in told] == [new.offered_to or was]
    assert (told[0].state == "made") == (new.offered_to is not None)
    assert was is None or new.last_offered_to == was
    return True


def _check_told(state: Ownership, result: Transition) -> None:
    """Customers hear of every owner, agents of every handoff; the bot keeps still."""
    told = result.notifications
    loads = [one.agent_id for one in told if isinstance(one, LoadChanged)]
    changed = {state.agent_id, result.state.agent_id} - {None}
    assert set(loads) == (changed if state.agent_id != result.state.agent_id else set())
    owners = [one.owner for one in told if isinstance(one, StatusChanged)]
    moves = [e.to for e in result.events if isinstance(e, OwnerChanged)]
    assert owners == moves
    if result.handoff and result.handoff.state != (
        state.handoff and state.handoff.state
    ):
        rows = [one.handoff for one in told if isinstance(one, HandoffTold)]
        assert result.handoff in rows
    in_line = Owner.QUEUE in (state.owner, result.state.owner)
    if in_line and state.owner != result.state.owner:
        assert QueueMoved() in told
    if Speak() in told:
        assert result.state.owner in (Owner.BOT, Owner.QUEUE)
