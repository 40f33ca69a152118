"""The action server opens to our own processes alone, as Rasa calls it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from benchmarks.ports import free_ports

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "a-token-of-the-tests"
UNKNOWN = {"next_action": "action_of_nobody", "tracker": {}}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    port = next(free_ports())
    command = [sys.executable, "-m", "serving.action_server", "--actions", "actions"]
    env = os.environ | {
        "SERVICE_TOKEN": TOKEN,
        "SANIC_HOST": "127.0.0.1",
        "BACKOFFICE_URL": "http://127.0.0.1:9",
        "BRIDGE_URL": "http://127.0.0.1:9",
    }
    process = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while not is_up(address):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def is_up(address: str) -> bool:
    try:
        return requests.get(f"{address}/health", timeout=2).ok
    except requests.ConnectionError:
        return False


def test_an_idle_connection_is_not_closed_under_its_caller(server: str) -> None:
    """Sanic's own limit is five seconds; a request that met it cost a turn."""
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=7) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        with pytest.raises(TimeoutError):
            connection.recv(1)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN]
)
def test_nothing_but_health_opens_without_the_token(
    server: str, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    calls = [("POST", "/webhook"), ("GET", "/actions"), ("GET", "/nowhere")]
    for method, path in calls:
        url = f"{server}{path}"
        answer = requests.request(method, url, json=UNKNOWN, headers=headers, timeout=5)
        assert answer.status_code == 401, (method, path)


async def test_assistant_shows_the_token_of_its_endpoints_file(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICE_TOKEN", TOKEN)
    monkeypatch.setenv("ACTIONS_PORT", server.rpartition(":")[2])
    monkeypatch.setenv("TRACKER_DB", "tracker.db")
    found = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml")).action
    assert isinstance(found, EndpointConfig)
    # It is let in: the server looks for the action.
    with pytest.raises(ClientResponseError) as refused:
        await found.request(json=UNKNOWN, method="post")
    assert refused.value.status == 404
    assert "action_of_nobody" in str(refused.value)


def test_action_server_without_a_token_does_not_start() -> None:
    env = {name: value for name, value in os.environ.items() if name != "SERVICE_TOKEN"}
    command = [sys.executable, "-m", "serving.action_server", "--actions", "actions"]
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.strip().endswith("SERVICE_TOKEN is missing.")
