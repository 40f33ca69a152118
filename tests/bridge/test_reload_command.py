"""`make reload` against a stand-in for the running copy's assistant."""

import http.server
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.launch import LaunchError, reload
from handoff_bridge.launch.processes import MARK


class Running:
    """What the assistant answers, and was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, dict[str, Any]] = (
            200,
            {"ok": True, "model_id": "b", "replaced": "a", "seconds": 1.25},
        )
        self.asked: list[tuple[str, str | None]] = []


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.endswith(("_PORT", "_URL")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@contextmanager
def process(name: str, data_dir: Path, **environment: str) -> Iterator[None]:
    """One of the copy's processes, with what the launcher had given it."""
    environment |= {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), MARK: name}
    running = subprocess.Popen(
        ["cat"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    assert running.stdin and running.stdout
    # `Popen` returns a moment before the kernel shows a program's environment.
    running.stdin.write(b"up\n")
    assert running.stdout.readline() == b"up\n"
    try:
        yield
    finally:
        running.communicate()


@pytest.fixture
def running(data_dir: Path) -> Iterator[Running]:
    copy = Running()

    class Assistant(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            copy.asked.append((self.path, self.headers["Authorization"]))
            status, body = copy.answer
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Assistant)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # As `make run` was told, and nobody after it.
    url = f"http://127.0.0.1:{server.server_port}"
    with process("assistant", data_dir, RASA_URL=url, SERVICE_TOKEN="the-token"):
        yield copy
    server.shutdown()
    server.server_close()


def test_reload_finds_port_and_token_of_the_running_copy(
    running: Running, tmp_path: Path
) -> None:
    told = reload.reload(tmp_path)

    assert running.asked == [("/webhooks/bridge/reload", "Bearer the-token")]
    assert "new model after 1.2 s" in told


def test_nothing_runs_is_said_and_nothing_is_left(
    data_dir: Path, tmp_path: Path
) -> None:
    with pytest.raises(LaunchError, match="make run"):
        reload.reload(tmp_path)
    assert not (data_dir / "secrets.env").exists()


def test_process_of_another_copy_is_left_alone(
    running: Running, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "other"))
    with pytest.raises(LaunchError, match="make run"):
        reload.reload(tmp_path)
    assert running.asked == []


def test_refused_model_is_told_in_the_assistants_words(
    running: Running, tmp_path: Path
) -> None:
    running.answer = (
        422,
        {"ok": False, "error": "bad_model", "message": "No archive."},
    )
    with pytest.raises(LaunchError, match="keeps its old model. No archive."):
        reload.reload(tmp_path)


def test_assistant_that_does_not_answer_is_told(data_dir: Path, tmp_path: Path) -> None:
    nobody = {"RASA_URL": "http://127.0.0.1:9", "SERVICE_TOKEN": "x"}
    with (
        process("assistant", data_dir, **nobody),
        pytest.raises(LaunchError, match="does not answer"),
    ):
        reload.reload(tmp_path)


def test_same_model_is_told(running: Running, tmp_path: Path) -> None:
    running.answer[1]["replaced"] = "b"
    assert "has this model already" in reload.reload(tmp_path)


def test_changed_code_asks_for_a_restart(
    running: Running, data_dir: Path, tmp_path: Path
) -> None:
    for name, at in (
        ("components/old.py", 500),
        ("actions/new.py", time.time() + 60),
    ):
        file = tmp_path / name
        file.parent.mkdir()
        file.touch()
        os.utime(file, (at, at))

    with process("actions", data_dir):
        told = reload.reload(tmp_path)
    assert "actions/new.py" in told
    assert "old.py" not in told
