"""What is left to do after a chat: it holds its agent's place until that is done.

The chat itself has ended by then, for its customer too, who may be back in line while
its agent still wraps up. So this is no owner of the conversation and no open handoff:
it is a time that stands on the handoff that has ended.
"""

from dataclasses import replace
from datetime import datetime

from handoff_bridge.conversation.events import SYSTEM, Actor, Note, WrappedUp
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.outcomes import HandoffTold, LoadChanged
from handoff_bridge.conversation.states import Disposition
from handoff_bridge.errors import IllegalTransition, NotOwner
from handoff_bridge.protocol.inbox import HandoffAck, HandoffWrapUp
from handoff_bridge.service.handoff_return import conversation_of, ref_of
from handoff_bridge.service.handoff_view import acked
from handoff_bridge.service.mentions import note_mentions
from handoff_bridge.service.moving import tell_load
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import handoffs
from handoff_bridge.store.agents import Agent


class WrapUps:
    """Ends wrap-ups: as their agent says, or once their time is over."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` opens conversations."""
        self._held = held

    async def finish(self, agent: Agent, call: HandoffWrapUp) -> HandoffAck:
        """The agent is done, with another disposition or a note where there is one.

        Once the time is over there is no place left to give back, but what the agent
        has written still counts. Raises UnknownHandoff, NotOwner, IllegalTransition.
        """
        conversation_id = await conversation_of(self._held, call.handoff_id)
        async with self._held.transaction(conversation_id) as unit:
            handoff = await _wrapped(unit, call.handoff_id)
            if handoff.agent_id != agent.agent_id:
                raise NotOwner
            actor = ref_of(agent).actor
            if call.note and call.note.strip():
                note = Note(**unit.stamp(actor), text=call.note)
                unit.append(await note_mentions(unit, note))
            await _end(unit, handoff, actor, unit.now, call.disposition)
        return acked(unit.told[call.handoff_id])

    async def look(self) -> None:
        """Gives places back whose time is over, whichever bridge they were taken at."""
        now = self._held.clock()
        async with self._held.database.read() as tx:
            over = await handoffs.wrapping_up(tx, until=now)
        for one in over:
            async with self._held.transaction(one.conversation_id) as unit:
                handoff = await _wrapped(unit, one.handoff_id)
                if handoff.wrap_up_until is not None:
                    await _end(unit, handoff, SYSTEM, handoff.wrap_up_until)


async def _wrapped(unit: UnitOfWork, handoff_id: str) -> Handoff:
    """A handoff as it is by now. Raises IllegalTransition where it has no wrap-up."""
    handoff = await handoffs.load(unit.tx, handoff_id)
    assert handoff is not None  # handoffs stay
    if handoff.wrap_up_until is None and handoff.wrapped_up_at is None:
        raise IllegalTransition
    return handoff


async def _end(
    unit: UnitOfWork,
    handoff: Handoff,
    actor: Actor,
    at: datetime,
    disposition: Disposition | None = None,
) -> None:
    kept = handoff.disposition
    corrected = disposition if disposition and disposition.value != kept else None
    ended = replace(
        handoff,
        wrap_up_until=None,
        wrapped_up_at=handoff.wrapped_up_at or at,
        disposition=corrected.value if corrected else kept,
    )
    await handoffs.save(unit.tx, handoff, ended)
    if handoff.wrap_up_until is not None or corrected:
        unit.append(
            WrappedUp(
                **unit.stamp(actor),
                handoff_id=handoff.handoff_id,
                disposition=corrected,
            )
        )
    unit.tell_handoff(HandoffTold("handoff_updated", ended))
    if handoff.wrap_up_until is not None and handoff.agent_id is not None:
        await tell_load(unit, handoff.agent_id)
        unit.follow_up(LoadChanged(handoff.agent_id))
