"""The line of waiting customers: telling of changes."""

import asyncio

import structlog

from handoff_bridge.conversation.ownership import EVERYONE
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.status import customer_status
from handoff_bridge.protocol.inbox import QueueChanged
from handoff_bridge.service.places import InLine, places_in_line, status_of
from handoff_bridge.service.ports import ToAgents, ToCustomer
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import conversations, handoffs

logger = structlog.get_logger()


class QueueWatch:
    """Tells agents the new order, and each waiting customer their place.

    One task does, which nobody waits for; what changes meanwhile is told next.
    """

    def __init__(self, held: ConversationRepository, *, is_alone: bool = True) -> None:
        """Remembers no places: unless it `is_alone`, another bridge tells some too."""
        self._held = held
        self._is_alone = is_alone
        # Conversations that have come into the line or left it since it was read.
        self._moved: set[str] = set()
        self._is_due = False
        self._task: asyncio.Task[None] | None = None

    def moved(self, conversation_id: str) -> None:
        """Sees to it that the line is told. Call while the conversation is locked."""
        self._moved.add(conversation_id)
        self.tell_again()

    def tell_again(self) -> None:
        """Tells the line though nobody has moved: what is said of the wait may have."""
        self._is_due = True
        if self._task is None:
            self._task = asyncio.create_task(self._tell())

    async def refresh(self) -> None:
        """Tells the line again if there is one: what may be said changes with time."""
        async with self._held.database.read() as tx:
            is_due = await handoffs.is_anyone_in_line(tx)
        if is_due:
            self.tell_again()

    async def stop(self) -> None:
        """Ends what is under way; at the next connection customers ask anyway."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _tell(self) -> None:
        try:
            while self._is_due:
                self._is_due = False
                self._moved.clear()
                await self._tell_line()
        except Exception:
            logger.exception("queue_not_told")
        finally:
            self._task = None

    async def _tell_line(self) -> None:
        line = await self._line()
        places = {
            handoff_id: item.place.position or 0 for handoff_id, item in line.items()
        }
        order = QueueChanged(waiting=len(places), positions=places)
        await self._held.tell(ToAgents((EVERYONE,), "queue_changed", order))
        for item in line.values():
            await self._tell_place(item)
        if not self._is_alone:
            await self._correct(line)

    async def _correct(self, told: dict[str, InLine]) -> None:
        """Another bridge may have moved somebody after the line was read."""
        line = await self._line()
        left = [told[handoff_id].conversation_id for handoff_id in told.keys() - line]
        for conversation_id in left:
            if conversation_id not in self._moved:
                await self._tell_as_it_is(conversation_id)

    async def _line(self) -> dict[str, InLine]:
        async with self._held.database.read() as tx:
            rules = (await self._held.routing(tx)).rules
            return await places_in_line(tx, self._held.clock(), rules)

    async def _tell_place(self, item: InLine) -> None:
        """Unless the customer has been told meanwhile that somebody is there."""
        async with self._held.lock(item.conversation_id):
            if item.conversation_id not in self._moved:
                status = customer_status(Owner.QUEUE, place=item.place)
                await self._held.tell(
                    ToCustomer(item.conversation_id, "conversation_status", status)
                )

    async def _tell_as_it_is(self, conversation_id: str) -> None:
        async with self._held.lock(conversation_id):
            async with self._held.database.read() as tx:
                row = await conversations.load(tx, conversation_id)
                assert row is not None  # conversations stay
                handoff, _ = await handoffs.open_of(tx, conversation_id)
                rules = (await self._held.routing(tx)).rules
                now = self._held.clock()
                status = await status_of(tx, row, handoff, now, rules)
            await self._held.tell(
                ToCustomer(conversation_id, "conversation_status", status)
            )
