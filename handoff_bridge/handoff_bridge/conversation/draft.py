"""A transition in the making."""

from dataclasses import replace
from datetime import datetime, timedelta

from handoff_bridge.conversation.commands import EndOffer
from handoff_bridge.conversation.events import (
    SYSTEM,
    Actor,
    AgentName,
    HandoffUpdated,
    OfferEnding,
    OfferEntry,
    OwnerChanged,
    Stamp,
)
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.outcomes import (
    Event,
    HandoffTold,
    Notification,
    StatusChanged,
    Transition,
)
from handoff_bridge.conversation.ownership import AgentRef, Ownership
from handoff_bridge.conversation.states import HandoffState, Owner, may_move


class Draft:
    """A transition in the making."""

    def __init__(self, state: Ownership, now: datetime) -> None:
        """Starts from `state`; `self.state` is the new one so far."""
        self.state = state
        self._now = now
        self._events: list[Event] = []
        self._notifications: list[Notification] = []
        self._handoff: Handoff | None = None

    def stamp(self, actor: Actor = SYSTEM, message_id: str | None = None) -> Stamp:
        """What the next entry begins with."""
        seq = self.state.last_seq + 1
        return Stamp(seq=seq, at=self._now, actor=actor, message_id=message_id)

    def log(self, event: Event) -> None:
        """One entry of the log."""
        self._events.append(event)
        self.state = replace(self.state, last_seq=self.state.last_seq + 1)

    def tell(self, *notifications: Notification) -> None:
        """To be told once all of it is committed."""
        self._notifications += notifications

    def keep(
        self,
        handoff: Handoff,
        *,
        end_offer: EndOffer | None = None,
    ) -> Handoff:
        """The open handoff's record, or the last one of a handoff that has ended.

        Whatever moves on an offered chat ends the offer. Gives the record as kept.
        """
        old, new = self.state.handoff, HandoffState(handoff.state)
        if old is not None and old.state != new:
            assert may_move(HandoffState(old.state), new)
        if new != HandoffState.OFFERED and handoff.offered_to is not None:
            self._end_offer(handoff, end_offer)
            handoff = handoff.without_offer()
        self._handoff = handoff
        is_open = handoff.ended_at is None
        self.state = replace(self.state, handoff=handoff if is_open else None)
        return handoff

    def _end_offer(self, handoff: Handoff, by: EndOffer | None) -> None:
        agent = by.agent.named if by else AgentName(id=handoff.offered_to)
        self.log(
            OfferEntry(
                **self.stamp(),
                handoff_id=handoff.handoff_id,
                agent=agent,
                state=by.ending if by else _ending(handoff),
                reason=by.reason if by else None,
            )
        )

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
        changed = OwnerChanged(
            **self.stamp(agent.actor if agent else SYSTEM, message_id),
            from_=self.state.owner,
            to=owner,
            epoch=self.state.epoch + 1,
            reason=reason,
            handoff_id=handoff.handoff_id if handoff else None,
            agent=agent.named if agent else None,
        )
        self.log(changed)
        agent_id = agent.agent_id if agent else None
        self.state = replace(
            self.state,
            owner=owner,
            epoch=changed.epoch,
            agent_id=agent_id,
            raised_by=None,
        )
        self.tell(StatusChanged(owner, agent))

    def end(
        self, handoff: Handoff, event: HandoffUpdated, *, wrap_up_secs: int = 0
    ) -> None:
        """Ends the handoff as `event` says; its agent wraps up for so long."""
        wrap_up = timedelta(seconds=wrap_up_secs)
        self.log(event)
        ended = replace(
            handoff.for_anyone(),
            state=event.state.value,
            is_returning=False,
            ended_at=self._now,
            wrap_up_until=self._now + wrap_up if wrap_up else None,
            disposition=event.disposition and event.disposition.value,
            outcome=event.outcome,
        )
        ended = self.keep(ended)
        self.tell(HandoffTold("handoff_updated", ended))

    def done(self) -> Transition:
        """What has come together."""
        return Transition(
            self.state, tuple(self._events), tuple(self._notifications), self._handoff
        )


def _ending(handoff: Handoff) -> OfferEnding:
    """How an offer ended that nobody has ended by itself."""
    if handoff.state == HandoffState.ABANDONED:
        return "customer_left"
    return "accepted" if handoff.agent_id == handoff.offered_to else "withdrawn"
