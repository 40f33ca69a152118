"""What agents look up: handoffs and logs."""

from collections.abc import Collection

from handoff_bridge.conversation.handoff import Handoff
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
from handoff_bridge.store.database import Connection


class Directory:
    """Reads only."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` gives the database, which is never written here, and the rules."""
        self._held = held

    async def handoffs(
        self, states: Collection[HandoffState], before: str | None, limit: int
    ) -> list[Row]:
        """Rows, newest first, with places for those in line. Raises UnknownHandoff."""
        async with self._held.database.read() as tx:
            oldest = await _known(tx, before)
            found = await handoffs.in_states(
                tx, states, before=oldest.queued_at if oldest else None, limit=limit
            )
            context = await self._held.row_context(tx)
            places = positions(await handoffs.in_line(tx), context.rules.head_start)
            return await rows_of(tx, found, context, places)

    async def handoff(self, handoff_id: str) -> Row:
        """One of them, as a list has it. Raises UnknownHandoff."""
        async with self._held.database.read() as tx:
            found = await handoffs.load(tx, handoff_id)
            if found is None:
                raise UnknownHandoff
            context = await self._held.row_context(tx)
            places = positions(await handoffs.in_line(tx), context.rules.head_start)
            [row] = await rows_of(tx, [found], context, places)
            return row

    async def ended(self, before: str | None, limit: int) -> list[Row]:
        """Rows of those that are over, the latest first. Raises UnknownHandoff."""
        async with self._held.database.read() as tx:
            found = await handoffs.ended(tx, await _known(tx, before), limit)
            return await rows_of(tx, found, await self._held.row_context(tx))

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


async def _known(tx: Connection, handoff_id: str | None) -> Handoff | None:
    """The handoff before which a list goes on, where one is named."""
    found = await handoffs.load(tx, handoff_id) if handoff_id else None
    if handoff_id and found is None:
        raise UnknownHandoff
    return found
