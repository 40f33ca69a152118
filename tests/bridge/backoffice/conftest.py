"""A real back office for each test: uvicorn in a thread, SQLite in a folder."""

import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from backoffice.app import build_app
from backoffice.database import open_engine
from backoffice.seed import prepare
from backoffice.settings import Settings

TOKEN = "token-of-the-tests"
# a Tuesday, within opening hours
NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class Server(uvicorn.Server):
    """Tells when it listens, or that it will not."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.is_up.set()


@dataclass
class Shop:
    """The back office as a caller sees it."""

    client: httpx.Client
    clock: Clock
    settings: Settings

    def get(self, path: str, **params: str) -> httpx.Response:
        return self.client.get(path, params=params)

    def post(
        self, path: str, body: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        return self.send("POST", path, body, key=key)

    def send(
        self, method: str, path: str, body: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.request(method, path, json=body, headers=headers)

    def mails(self, **params: str) -> list[dict[str, Any]]:
        return self.get("/outbox.json", **params).json()["mails"]


@contextmanager
def serving(settings: Settings, clock: Clock) -> Iterator[Shop]:
    config = uvicorn.Config(
        build_app(settings, clock),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,  # a test may leave a slow answer behind
    )
    server = Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        assert server.is_up.wait(20), "the back office did not start"
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        try:
            with httpx.Client(base_url=address, headers=headers, timeout=20) as client:
                yield Shop(client, clock, settings)
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive(), "the back office did not stop"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as it is after the first start, seeded at NOW."""
    path = tmp_path_factory.mktemp("seeded") / "backoffice.db"
    engine = open_engine(path)
    prepare(engine, NOW)
    engine.dispose()
    return path


@pytest.fixture
def settings(tmp_path: Path, seeded: Path) -> Settings:
    settings = Settings(service_token=TOKEN, data_dir=tmp_path, kb_dir=tmp_path / "kb")
    shutil.copy(seeded, settings.database)
    return settings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(settings: Settings, clock: Clock) -> Iterator[Shop]:
    with serving(settings, clock) as shop:
        yield shop


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code; the shape of the whole answer is checked on the way."""
    answer = response.json()
    assert set(answer) == {"ok", "error", "message"}, answer
    assert answer["ok"] is False
    assert answer["message"]
    return response.status_code, answer["error"]


@pytest.fixture(name="refusal")
def refusal_() -> Any:
    return refusal


@pytest.fixture(name="serving")
def serving_() -> Any:
    return serving
