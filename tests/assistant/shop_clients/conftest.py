"""The clients' other side: the real back office as a process, and a broken one.

This folder must not be called `shop`: a `shop` that can be imported from a path of
pytest's makes the action server's search for actions walk the wrong package.
"""

import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from actions.shop import Shop  # noqa: E402
from actions.shop.settings import Settings  # noqa: E402

TOKEN = "token-of-the-tests"


@dataclass(frozen=True)
class Backoffice:
    """The sandbox, reached past the clients."""

    url: str

    def fail(self, **failure: object) -> None:
        self._ask("POST", "/sandbox/failure", json=failure)

    def mails(self, order_number: str) -> list[dict[str, str]]:
        params = {"order_number": order_number}
        return self._ask("GET", "/outbox.json", params=params)["mails"]

    def _ask(self, method: str, path: str, **request: object) -> dict:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.request(
            method, self.url + path, headers=headers, timeout=10, **request
        )
        answer.raise_for_status()
        return answer.json()


@pytest.fixture
def backoffice(sandbox: str) -> Iterator[Backoffice]:
    backoffice = Backoffice(sandbox)
    yield backoffice
    backoffice.fail(mode="none")


@pytest.fixture
def shop(backoffice: Backoffice) -> Iterator[Shop]:
    shop = Shop(Settings(backoffice.url, TOKEN))
    yield shop
    shop.close()


class Scripted:
    """A server that answers every connection with the same bytes."""

    def __init__(self) -> None:
        self.answer = b""
        self.requests: list[bytes] = []
        self.trickle = threading.Event()
        self.trickle.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.trickle.set()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            self.requests.append(connection.recv(65536))
            try:
                connection.sendall(self.answer)
                # one byte at a time, until told to stop or hung up on
                while not self.trickle.wait(0.3):
                    connection.sendall(b" ")
            except OSError:
                return


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.close()


@pytest.fixture
def broken_shop(scripted: Scripted) -> Iterator[Shop]:
    """A shop whose back office is `scripted`."""
    shop = Shop(Settings(scripted.url, TOKEN))
    yield shop
    shop.close()
