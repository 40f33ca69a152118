"""Chats of agents who have been gone too long go back to the head of the line."""

from contextlib import suppress

from handoff_bridge.conversation.commands import Requeue
from handoff_bridge.errors import IllegalTransition
from handoff_bridge.service.handoff_requests import write_waiting_line
from handoff_bridge.service.handoff_return import ref_of
from handoff_bridge.service.moving import perform
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import agents, presence


class Requeueing:
    """Looks for such chats; several bridges may, and one of them moves each."""

    def __init__(self, held: ConversationRepository, return_secs: float) -> None:
        """An agent's chats stay theirs for `return_secs` after the last connection."""
        self._held = held
        self._return_secs = return_secs

    async def requeue_all(self) -> None:
        """Moves each such chat."""
        async with self._held.database.read() as tx:
            left = await presence.chats_of_the_gone(tx, self._return_secs)
        for conversation_id in left:
            await self._requeue(conversation_id)

    async def _requeue(self, conversation_id: str) -> None:
        async with self._held.transaction(conversation_id) as unit:
            handoff = unit.handoff
            if handoff is None or handoff.agent_id is None:
                return
            # They may have come back since it was looked for.
            if not await presence.is_gone(unit.tx, handoff.agent_id, self._return_secs):
                return
            agent = await agents.load(unit.tx, handoff.agent_id)
            assert agent is not None  # accounts stay
            # Whoever has begun a hand-back meanwhile has ended it themselves.
            with suppress(IllegalTransition):
                await perform(unit, Requeue(handoff.handoff_id, ref_of(agent)))
                await write_waiting_line(unit)
