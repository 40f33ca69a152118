"""Webhooks as a supervisor sets them up, over HTTP."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.bridge.support.house import House
from tests.bridge.support.people import Manager

# What lets a bridge send to a receiver on this machine.
LOCAL = {"webhook_allow_http": True, "webhook_private_networks": "127.0.0.0/8"}


class Hooks:
    """A supervisor, and the webhook that they have added."""

    def __init__(self, manager: Manager, added: dict[str, Any]) -> None:
        self.manager = manager
        self.added = added
        self.secret: str = added["secret"]
        self.path = f"/webhooks/{added['webhook_id']}"

    @classmethod
    async def to(cls, house: House, url: str, *events: str) -> "Hooks":
        """Adds one for these events, or for all."""
        manager = await Manager.of(house, "dana")
        known = (await manager.done("GET", "/webhooks"))["event_types"]
        body = {"url": url, "events": [*events] or known}
        return cls(manager, await manager.done("POST", "/webhooks", body))

    async def standing(self) -> dict[str, Any]:
        """As the list has it now."""
        listed = (await self.manager.done("GET", "/webhooks"))["webhooks"]
        return next(
            one for one in listed if one["webhook_id"] == self.added["webhook_id"]
        )

    async def deliveries(self, rest: str = "") -> list[dict[str, Any]]:
        """Newest first."""
        found = await self.manager.done("GET", f"{self.path}/deliveries{rest}")
        listed: list[dict[str, Any]] = found["deliveries"]
        return listed

    async def until(self, enough: Callable[[list[dict[str, Any]]], bool]) -> Any:
        """The deliveries, once they are as they should be; bridges keep looking."""
        bridge = self.manager.house.bridge
        async with asyncio.timeout(15):
            while not enough(found := await self.deliveries()):
                if bridge is not None:
                    await bridge.webhook_dispatcher.look()
                await asyncio.sleep(0.05)
        return found
