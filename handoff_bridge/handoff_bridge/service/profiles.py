"""Who customers are: what the shop knows of those who have proved it.

An order number that somebody typed proves nothing: a customer is known once the
shop's own site signs for them or a one-time code has come back.
"""

import asyncio
from typing import Any

from handoff_bridge.service.ports import Shop
from handoff_bridge.service.unit import Unit
from handoff_bridge.store import conversations
from handoff_bridge.store.database import Database

KNOWN = ("name", "email", "tier", "language")


class Profiles:
    """Binds conversations to customers and learns their profiles in the background."""

    def __init__(self, database: Database, shop: Shop) -> None:
        """`shop` may be down: then a profile stays as it was."""
        self._database = database
        self._shop = shop
        self._tasks: set[asyncio.Task[None]] = set()

    async def meet(self, unit: Unit, turn: dict[str, Any]) -> None:
        """After a turn: who is verified by now is this chat's customer, if anybody.

        Whom the shop's own site has signed for stays.
        """
        row, customer_id = unit.conversation, verified_customer(turn)
        if row.signed_until is not None or customer_id == row.customer_id:
            return
        if customer_id is not None:
            await conversations.put_customer(unit.tx, customer_id)
            self.learn(customer_id)
        row.customer_id = customer_id

    def learn(self, customer_id: str) -> None:
        """Asks the shop for a profile; nobody waits for it."""
        task = asyncio.create_task(self._learn(customer_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _learn(self, customer_id: str) -> None:
        profile = await self._shop.profile(customer_id)
        if profile is None:
            return
        told = {name: profile.get(name) for name in KNOWN}
        known = {name: value for name, value in told.items() if isinstance(value, str)}
        async with self._database.write() as tx:
            await conversations.put_customer(tx, customer_id, **known)


def verified_customer(turn: dict[str, Any]) -> str | None:
    """The customer whom the assistant has verified, as its slots say."""
    authentication = (turn.get("slots") or {}).get("authentication")
    if not isinstance(authentication, dict):
        return None
    customer_id = authentication.get("customer_id")
    return customer_id if isinstance(customer_id, str) and customer_id else None
