"""A waiting chat is offered to one agent, who accepts by claiming it."""

from dataclasses import replace
from datetime import datetime

from handoff_bridge.conversation.commands import EndOffer, Offer
from handoff_bridge.conversation.draft import Draft
from handoff_bridge.conversation.events import OfferEntry
from handoff_bridge.conversation.handoff import is_reserved
from handoff_bridge.conversation.outcomes import (
    HandoffTold,
    QueueMoved,
    Refused,
    Transition,
)
from handoff_bridge.conversation.ownership import Ownership
from handoff_bridge.conversation.states import HandoffState
from handoff_bridge.errors import AtCapacity, IllegalTransition, OfferOver


def offer(state: Ownership, command: Offer, now: datetime) -> Transition | Refused:
    """Only of what waits, is offered to nobody, and fits in."""
    handoff, agent = state.handoff, command.agent
    if handoff is None or handoff.handoff_id != command.handoff_id:
        return Refused(IllegalTransition)
    if handoff.state != HandoffState.QUEUED:
        return Refused(IllegalTransition)
    if command.load + command.weight > command.capacity:
        return Refused(AtCapacity)
    draft = Draft(state, now)
    offered = replace(
        handoff,
        state=HandoffState.OFFERED.value,
        offered_to=agent.agent_id,
        offered_at=now,
        offer_expires_at=command.expires_at,
    )
    draft.keep(offered)
    draft.log(
        OfferEntry(
            **draft.stamp(),
            handoff_id=handoff.handoff_id,
            agent=agent.named,
            state="made",
            expires_at=command.expires_at,
        )
    )
    draft.tell(
        HandoffTold("handoff_updated", offered),
        HandoffTold("handoff_offered", offered, to_agent=agent.agent_id),
        QueueMoved(),
    )
    return draft.done()


def end_offer(
    state: Ownership, command: EndOffer, now: datetime
) -> Transition | Refused:
    """Back to the line, where it keeps its place. An offer ends once."""
    handoff = state.handoff
    if (
        handoff is None
        or handoff.handoff_id != command.handoff_id
        or handoff.state != HandoffState.OFFERED
        or handoff.offered_to != command.agent.agent_id
    ):
        return Refused(OfferOver)
    if command.ending == "timed_out" and is_reserved(handoff.offer_expires_at, now):
        return Refused(IllegalTransition)
    draft = Draft(state, now)
    if handoff.for_agent == command.agent.agent_id:
        # It was kept for them alone, who did not take it.
        handoff = handoff.for_anyone()
    waits = draft.keep(
        replace(handoff, state=HandoffState.QUEUED.value), end_offer=command
    )
    draft.tell(HandoffTold("handoff_updated", waits), QueueMoved())
    return draft.done()
