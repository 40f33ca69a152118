"""The line of waiting customers: telling of changes."""

import asyncio

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.ownership import EVERYONE
from handoff_bridge.conversation.states import WAITING_STATES, Owner
from handoff_bridge.conversation.status import Place, customer_status
from handoff_bridge.protocol.inbox import QueueChanged
from handoff_bridge.routing.queue import positions
from handoff_bridge.service.places import place, recent_waits
from handoff_bridge.service.ports import ToAgents, ToCustomer
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import handoffs


class QueueWatch:
    """Tells agents the new order, and each waiting customer their place."""

    def __init__(self, held: ConversationRepository) -> None:
        """Remembers nothing: another bridge may have told other places since."""
        self._held = held
        # What was read last has to be told last.
        self._lock = asyncio.Lock()

    async def refresh(self) -> None:
        """Reads the line and tells it."""
        async with self._lock:
            async with self._held.database.read() as tx:
                waiting = await handoffs.in_states(tx, WAITING_STATES)
                waits = await recent_waits(tx, self._held.clock())
                places = positions(waiting)
                found = [
                    await place(tx, item, places[item.handoff_id], waits)
                    for item in waiting
                ]
            order = QueueChanged(waiting=len(places), positions=places)
            await self._held.tell(ToAgents((EVERYONE,), "queue_changed", order))
            for item, its_place in zip(waiting, found, strict=True):
                await self._tell_place(item, its_place)

    async def _tell_place(self, handoff: Handoff, found: Place) -> None:
        """Unless the customer has been told meanwhile that somebody is there."""
        conversation_id = handoff.conversation_id
        async with self._held.lock(conversation_id):
            async with self._held.database.read() as tx:
                now = await handoffs.load(tx, handoff.handoff_id)
            if now is not None and now.state in WAITING_STATES:
                status = customer_status(Owner.QUEUE, place=found)
                await self._held.tell(
                    ToCustomer(conversation_id, "conversation_status", status)
                )
