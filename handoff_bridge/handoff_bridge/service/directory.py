"""What agents look up: handoffs and logs."""

from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.conversation.states import HandoffState
from handoff_bridge.errors import UnknownHandoff
from handoff_bridge.protocol.inbox import Row
from handoff_bridge.routing.queue import positions
from handoff_bridge.service.access import access_conversation
from handoff_bridge.service.handoff_view import rows_of
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import handoffs, log
from handoff_bridge.store.agents import Agent


class Directory:
    """Reads only."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` gives the database, which is never written here, and the rules."""
        self._held = held

    async def handoffs(
        self, agent: Agent, state: HandoffState | None, before: str | None, limit: int
    ) -> list[Row]:
        """Rows, newest first, with places for those in line."""
        states = [state] if state else list(HandoffState)
        async with self._held.database.read() as tx:
            oldest = await handoffs.load(tx, before) if before else None
            if before and oldest is None:
                raise UnknownHandoff
            found = await handoffs.in_states(
                tx, states, before=oldest.queued_at if oldest else None, limit=limit
            )
            rules = (await self._held.routing(tx)).rules
            places = positions(await handoffs.in_line(tx), rules.head_start)
            return await rows_of(tx, found, rules, places)

    async def events(
        self,
        agent: Agent,
        conversation_id: str,
        after: int,
        before: int | None,
        limit: int | None,
    ) -> list[LogEvent]:
        """A conversation's log. Raises UnknownConversation, Forbidden."""
        async with self._held.database.read() as tx:
            await access_conversation(tx, agent, conversation_id)
            return await log.read(
                tx, conversation_id, after=after, before=before, limit=limit
            )
