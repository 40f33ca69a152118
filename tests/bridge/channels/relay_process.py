"""Rasa with wrapped connectors, in its own environment, as a process of its own."""

import asyncio
import os
import subprocess
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".venv" / "bin" / "python"
SERVER = ROOT / "tests" / "assistant" / "channels" / "relay_server.py"
START_SECS = 120


class RelayProcess:
    """Started and ended as often as a test wants, on the same port."""

    def __init__(self, folder: Path, port: int, token: str, credentials: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._folder = folder
        self._port = port
        self._bearer = {"Authorization": f"Bearer {token}"}
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "credentials.yml").write_text(credentials)

    async def start(self) -> None:
        """Returns once it answers."""
        log = self._folder / "relay.log"
        path = os.pathsep.join([str(ROOT), str(SERVER.parent)])
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [PYTHON, SERVER, "credentials.yml", str(self._port)],
                cwd=self._folder,
                env={**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        async with asyncio.timeout(START_SECS):
            while not await self._answers():
                assert self._process.poll() is None, log.read_text()[-4000:]
                await asyncio.sleep(0.2)

    async def stop(self) -> None:
        """At once, with all that it knew."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait, 20)
            self._process = None

    async def _answers(self) -> bool:
        async with httpx.AsyncClient(trust_env=False) as http:
            try:
                url = f"{self.url}/webhooks/relay/"
                return (await http.get(url, headers=self._bearer)).is_success
            except httpx.HTTPError:
                return False
