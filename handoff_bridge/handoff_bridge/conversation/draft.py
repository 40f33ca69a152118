"""A transition in the making."""

from dataclasses import replace
from datetime import datetime

from handoff_bridge.conversation.entries import (
    Event,
    HandoffEnded,
    OwnerChanged,
)
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.outcomes import (
    HandoffTold,
    Notification,
    StatusChanged,
    Transition,
)
from handoff_bridge.conversation.ownership import AgentRef, Ownership
from handoff_bridge.conversation.states import HandoffState, Owner, may_move


class Draft:
    """A transition in the making."""

    def __init__(self, state: Ownership) -> None:
        """Starts from `state`; `self.state` is the new one so far."""
        self.state = state
        self._events: list[Event] = []
        self._notifications: list[Notification] = []
        self._handoff: Handoff | None = None

    def log(self, *events: Event) -> None:
        """Each is one entry of the log."""
        self._events += events
        self.state = replace(self.state, last_seq=self.state.last_seq + len(events))

    def tell(self, *notifications: Notification) -> None:
        """To be told once all of it is committed."""
        self._notifications += notifications

    def keep(self, handoff: Handoff) -> None:
        """The open handoff's record, or the last one of a handoff that has ended."""
        old, new = self.state.handoff, HandoffState(handoff.state)
        if old is not None and old.state != new:
            assert may_move(HandoffState(old.state), new)
        self._handoff = handoff
        is_open = handoff.ended_at is None
        self.state = replace(self.state, handoff=handoff if is_open else None)

    def give(
        self,
        owner: Owner,
        reason: str,
        *,
        handoff: Handoff | None = None,
        agent: AgentRef | None = None,
        message_id: str | None = None,
    ) -> None:
        """Changes the owner and raises the epoch."""
        before, epoch = self.state.owner, self.state.epoch + 1
        handoff_id = handoff.handoff_id if handoff else None
        self.log(
            OwnerChanged(before, owner, epoch, reason, handoff_id, agent, message_id)
        )
        agent_id = agent.agent_id if agent else None
        self.state = replace(
            self.state, owner=owner, epoch=epoch, agent_id=agent_id, raised_by=None
        )
        self.tell(StatusChanged(owner, agent))

    def end(self, handoff: Handoff, event: HandoffEnded, now: datetime) -> Handoff:
        """Ends the handoff as `event` says; gives its last record."""
        self.log(event)
        ended = replace(
            handoff,
            state=event.state.value,
            is_returning=False,
            ended_at=now,
            disposition=event.disposition and event.disposition.value,
            outcome=event.outcome,
        )
        self.keep(ended)
        self.tell(HandoffTold("handoff_updated", ended))
        return ended

    def done(self) -> Transition:
        """What has come together."""
        return Transition(
            self.state, tuple(self._events), tuple(self._notifications), self._handoff
        )
