"""Which customers have their chat open, for the agents whom that concerns."""

import asyncio

import structlog

from handoff_bridge.protocol.inbox import CustomerPresence
from handoff_bridge.service.ports import EVERYONE, ToAgents
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import customer_connections

logger = structlog.get_logger()

# What comes and goes meanwhile is written at once: a page that is loaded anew was
# there all the time, and a flood of arrivals costs a transaction a second.
WRITTEN_AFTER_SECS = 1.0


class CustomerPresenceService:
    """The connections of this bridge, kept where every bridge can see them."""

    def __init__(self, held: ConversationRepository, bridge_id: str) -> None:
        """`held` gives the database and the telling."""
        self._held = held
        self._bridge_id = bridge_id
        # Conversations by connection: as it is here, and as it is written down.
        self._here: dict[str, str] = {}
        self._written: dict[str, str] = {}
        self._writing: asyncio.Task[None] | None = None
        self._is_over = False

    def arrive(self, connection_id: str, conversation_id: str) -> None:
        """A customer's page has the chat open."""
        self._here[connection_id] = conversation_id
        self._write_soon()

    def leave(self, connection_id: str) -> None:
        """It has not any more."""
        if self._here.pop(connection_id, None) is not None:
            self._write_soon()

    async def write_anew(self) -> None:
        """A bridge was taken for dead, perhaps this one: tells how everybody is."""
        self._written.clear()
        await self._write(everybody=True)

    async def stop(self) -> None:
        """Ends what is under way; the rows go with the bridge's."""
        self._is_over = True
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    def _write_soon(self) -> None:
        if self._is_over:
            return
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(
                self._write_later(), name="periodic:customer_presence"
            )

    async def _write_later(self) -> None:
        while self._here != self._written:
            await asyncio.sleep(WRITTEN_AFTER_SECS)
            try:
                await self._write()
            except Exception:
                logger.exception("customer_presence_not_written")

    async def _write(self, everybody: bool = False) -> None:
        here, written = dict(self._here), self._written
        opened = {one: chat for one, chat in here.items() if written.get(one) != chat}
        ended = [one for one, chat in written.items() if here.get(one) != chat]
        concerned = {*opened.values(), *(written[one] for one in ended)}
        async with self._held.database.write() as tx:
            if ended:
                await customer_connections.remove(tx, ended)
            if opened:
                await customer_connections.add(tx, self._bridge_id, opened)
            told = await customer_connections.with_agents(
                tx, None if everybody else concerned
            )
        self._written = here
        for conversation_id, connected in told.items():
            presence = CustomerPresence(
                conversation_id=conversation_id, connected=connected
            )
            await self._held.tell(ToAgents((EVERYONE,), "customer_presence", presence))
