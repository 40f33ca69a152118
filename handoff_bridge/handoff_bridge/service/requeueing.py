"""Chats of agents who are gone too long or disabled go back to the line's head."""

from contextlib import suppress
from typing import Any

from handoff_bridge.conversation.commands import Requeue
from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.errors import IllegalTransition
from handoff_bridge.service.handoff_requests import write_waiting_line
from handoff_bridge.service.handoff_return import ref_of
from handoff_bridge.service.moving import perform
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import agents, log, presence


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
            left += await presence.chats_of_the_disabled(tx)
        for conversation_id in left:
            await self._requeue(conversation_id)

    async def requeue_of(self, agent_id: str) -> None:
        """Moves those of an agent who was disabled or deleted just now."""
        async with self._held.database.read() as tx:
            left = await presence.chats_of_the_disabled(tx, agent_id)
        for conversation_id in left:
            await self._requeue(conversation_id)

    async def _requeue(self, conversation_id: str) -> None:
        async with self._held.transaction(conversation_id) as unit:
            command = await self._command(unit)
            if command is None:
                return
            # Whoever has begun a hand-back meanwhile has ended it themselves.
            with suppress(IllegalTransition):
                await perform(unit, command)
                await write_waiting_line(unit)

    async def _command(self, unit: UnitOfWork) -> Requeue | None:
        """None where it is another one's by now, or they have come back."""
        handoff = unit.handoff
        if handoff is None or handoff.agent_id is None:
            return None
        agent = await agents.load(unit.tx, handoff.agent_id, lock=True)
        if agent is None:
            ref = await _unknown(unit, handoff.agent_id)
            return Requeue(handoff.handoff_id, ref, "agent_disabled")
        if agent.disabled_at is not None:
            return Requeue(handoff.handoff_id, ref_of(agent), "agent_disabled")
        if await presence.is_gone(unit.tx, agent.agent_id, self._return_secs):
            return Requeue(handoff.handoff_id, ref_of(agent))
        return None


async def _unknown(unit: UnitOfWork, agent_id: str) -> AgentRef:
    """Somebody who has no account, as the log names them."""
    conversation_id = unit.conversation.conversation_id
    entry = await log.last_of(unit.tx, conversation_id, "owner_changed")
    named: Any = entry.data.get("agent") if entry else None
    return AgentRef(agent_id, named["name"] if named else agent_id)
