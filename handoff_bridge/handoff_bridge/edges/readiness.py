"""Whether the system can serve: who answers, who does not."""

import asyncio

import httpx

from handoff_bridge.edges.rasa import RasaAssistant
from handoff_bridge.edges.shop import BackOffice
from handoff_bridge.protocol.http import Part, Ready
from handoff_bridge.store.database import Database

PARTS: tuple[Part, ...] = ("database", "assistant", "action_server", "back_office")


class Readiness:
    """Asks everyone. Once all have answered, only the database can say no."""

    def __init__(
        self,
        database: Database,
        assistant: RasaAssistant,
        shop: BackOffice,
        actions_url: str,
    ) -> None:
        """`actions_url` is the action server's address."""
        self._database = database
        self._assistant = assistant
        self._shop = shop
        self._client = httpx.AsyncClient(
            base_url=actions_url, timeout=2, trust_env=False
        )
        self._was_complete = False

    async def check(self) -> Ready:
        """Ready or not, and what is degraded."""
        answers = await asyncio.gather(
            self._database.alive(),
            self._assistant.is_up(),
            self._actions_up(),
            self._shop.is_up(),
        )
        up = dict(zip(PARTS, answers, strict=True))
        self._was_complete = self._was_complete or all(answers)
        ready = up["database"] and self._was_complete
        return Ready(ok=ready, degraded=[name for name in PARTS if not up[name]])

    async def close(self) -> None:
        """Gives the connections back."""
        await self._client.aclose()

    async def _actions_up(self) -> bool:
        try:
            return (await self._client.get("/health")).is_success
        except httpx.HTTPError:
            return False
