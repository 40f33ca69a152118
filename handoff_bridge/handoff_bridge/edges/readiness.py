"""Whether the system can serve: who answers, who does not."""

import asyncio
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import httpx

from handoff_bridge.edges.backoffice import BackOffice
from handoff_bridge.edges.rasa import RasaAssistant
from handoff_bridge.edges.redis_link import RedisLink
from handoff_bridge.protocol.http import Part, Ready
from handoff_bridge.store.database import Database

PARTS: tuple[Part, ...] = (
    *("database", "disk"),
    *("assistant", "action_server", "back_office"),
    "redis",
)
DECISIVE: tuple[Part, ...] = ("database", "disk")
PROBE_BYTES = 4096


@dataclass(frozen=True)
class Disk:
    """Where messages and photos are written to."""

    folders: frozenset[Path]
    min_free_bytes: int

    def takes_more(self) -> bool:
        """Whether there is space left, and really can be written."""
        try:
            return all(self._takes_more(folder) for folder in self.folders)
        except OSError:
            return False

    def _takes_more(self, folder: Path) -> bool:
        if shutil.disk_usage(folder).free < self.min_free_bytes:
            return False
        with TemporaryFile(dir=folder) as probe:
            probe.write(bytes(PROBE_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
        return True


class Readiness:
    """Asks everyone.

    Once all have answered, only database and disk can say no, or that the bridge is
    ending.
    """

    def __init__(
        self,
        database: Database,
        assistant: RasaAssistant,
        back_office: BackOffice,
        actions_url: str,
        redis: RedisLink | None,
        disk: Disk,
    ) -> None:
        """`actions_url` is the action server's address."""
        self._redis = redis
        self._database = database
        self._assistant = assistant
        self._back_office = back_office
        self._disk = disk
        self._client = httpx.AsyncClient(
            base_url=actions_url, timeout=2, trust_env=False
        )
        self._was_complete = False
        # Set by the server as soon as it is told to end.
        self.is_stopping = False

    async def check(self) -> Ready:
        """Ready or not, and what is degraded."""
        answers = await asyncio.gather(
            self._database.alive(),
            asyncio.to_thread(self._disk.takes_more),
            self._assistant.is_up(),
            self._actions_up(),
            self._back_office.is_up(),
        )
        hears_others = self._redis is None or self._redis.is_up
        up = dict(zip(PARTS, (*answers, hears_others), strict=True))
        self._was_complete = self._was_complete or all(answers)
        is_able = all(up[part] for part in DECISIVE) and self._was_complete
        return Ready(
            ok=is_able and not self.is_stopping,
            degraded=[name for name in PARTS if not up[name]],
            stopping=self.is_stopping or None,
        )

    async def close(self) -> None:
        """Gives the connections back."""
        await self._client.aclose()

    async def _actions_up(self) -> bool:
        try:
            return (await self._client.get("/health")).is_success
        except httpx.HTTPError:
            return False
