"""Bridges as processes of their own, on one PostgreSQL and one Redis, to be killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from handoff_bridge.launch.processes import spawn
from handoff_bridge.settings import Settings
from tests.bridge.support.assistant import ScriptedAssistant
from tests.bridge.support.house import House

ROOT = Path(__file__).resolve().parents[3]
START_SECS = 60
STOP_SECS = 30


class BridgeProcess:
    """One bridge, started as the launcher starts it; `house` talks to it."""

    def __init__(self, settings: Settings, assistant: ScriptedAssistant) -> None:
        self.settings = settings
        self.house = House(settings, assistant, settings.bridge_port)
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Starts it, again where it has ended, and waits until it answers."""
        log = self.settings.data_dir / f"bridge-{self.settings.bridge_port}.log"
        command = [sys.executable, "-m", "handoff_bridge.cli", "serve"]
        self._process = spawn(command, _environment(self.settings), log, ROOT)
        async with asyncio.timeout(START_SECS):
            while not await self._answers():
                assert self._process.poll() is None, log.read_text()
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """With SIGKILL: nothing is tidied up."""
        await self.ends(signal.SIGKILL)

    async def ends(self, sent: signal.Signals = signal.SIGTERM) -> None:
        """Tells it to end, and waits until it has."""
        self.signal(sent)
        assert self._process is not None
        await asyncio.to_thread(self._process.wait, STOP_SECS)

    def signal(self, sent: signal.Signals) -> None:
        """Sends it a signal."""
        assert self._process is not None
        self._process.send_signal(sent)

    async def close(self) -> None:
        """Kills it if it still runs, and disconnects everyone."""
        if self._process is not None and self._process.poll() is None:
            await self.kill()
        await self.house.close()

    async def _answers(self) -> bool:
        async with httpx.AsyncClient(base_url=self.house.url, trust_env=False) as http:
            try:
                return (await http.get("/healthz")).is_success
            except httpx.HTTPError:
                return False


def _environment(settings: Settings) -> dict[str, str]:
    own = settings.model_dump(exclude_unset=True)
    path = f"{ROOT}{os.pathsep}{ROOT / 'handoff_bridge'}"
    return {
        **os.environ,
        "PYTHONPATH": path,
        **{name.upper(): _written(value) for name, value in own.items()},
    }


def _written(value: Any) -> str:
    """As in a .env file, where lists have commas."""
    return ",".join(value) if isinstance(value, list) else str(value)


class Bridges:
    """Bridges that share a database and a Redis."""

    def __init__(
        self, settings: Callable[..., Settings], assistant: ScriptedAssistant
    ) -> None:
        """`settings` gives those of one more bridge, with what is to differ."""
        self._settings = settings
        self._assistant = assistant
        self._started: list[BridgeProcess] = []

    async def start(self, **more: Any) -> BridgeProcess:
        """One more bridge."""
        bridge = BridgeProcess(self._settings(**more), self._assistant)
        self._started.append(bridge)
        await bridge.start()
        return bridge

    async def two(self, **more: Any) -> tuple[BridgeProcess, BridgeProcess]:
        """Two that differ in nothing but name and port."""
        return await self.start(**more), await self.start(**more)

    async def close(self) -> None:
        """Ends them all."""
        for bridge in self._started:
            await bridge.close()
