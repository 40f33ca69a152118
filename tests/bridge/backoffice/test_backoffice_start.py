"""The command `python -m backoffice`."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "backoffice"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_to_its_end(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        COMMAND,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def running(data_dir: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    env = {
        "PATH": os.environ["PATH"],
        "SERVICE_TOKEN": "token",
        "BACKOFFICE_PORT": str(port),
        "DATA_DIR": str(data_dir),
    }
    process = subprocess.Popen(
        COMMAND, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """Everything that is logged until `word`; the process ending ends it too."""
    assert process.stderr
    logged = ""
    for line in process.stderr:
        logged += line
        if word in line:
            return logged
    pytest.fail(f"{word!r} was never logged:\n{logged}")


def test_it_serves_on_loopback_and_keeps_its_data(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    headers = {"Authorization": "Bearer token"}
    with running(tmp_path, port) as process:
        read_until(process, "running on http://127.0.0.1")
        assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
        answer = httpx.post(f"{address}/orders/HP-10434/cancel", headers=headers)
        assert answer.status_code == 200
        logged = read_until(process, "/cancel")
    with running(tmp_path, port) as process:
        read_until(process, "running on")
        answer = httpx.get(f"{address}/orders/HP-10434", headers=headers)

    assert (tmp_path / "backoffice.db").exists()
    assert "POST /orders/{number}/cancel 200" in logged
    assert "HP-10434" not in logged
    assert answer.json()["status"] == "cancelled"


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({}, "SERVICE_TOKEN"),
        ({"SERVICE_TOKEN": ""}, "SERVICE_TOKEN"),
        ({"SERVICE_TOKEN": "t", "BACKOFFICE_PORT": "soon"}, "BACKOFFICE_PORT"),
        ({"SERVICE_TOKEN": "t", "BACKOFFICE_PORT": "70000"}, "BACKOFFICE_PORT"),
    ],
)
def test_a_bad_setting_stops_the_start_and_is_named(
    env: dict[str, str], named: str
) -> None:
    ended = run_to_its_end(**env)

    assert ended.returncode == 1
    assert named in ended.stderr
    assert "Traceback" not in ended.stderr
