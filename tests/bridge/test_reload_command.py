"""`make reload` against a stand-in for the running copy's assistant."""

import fcntl
import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.launch import reload
from handoff_bridge.launch.environment import LOCK, keep_addresses, read, read_running


class Running:
    """A launcher's lock and files in DATA_DIR, and an assistant that answers."""

    def __init__(self, url: str, run_dir: Path) -> None:
        self.url = url
        self.run_dir = run_dir
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
    (tmp_path / "data" / "run").mkdir(parents=True)
    return tmp_path / "data"


@pytest.fixture
def running(data_dir: Path, tmp_path: Path) -> Iterator[Running]:
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
    environment = read(tmp_path)
    environment["RASA_PORT"] = str(server.server_port)
    environment["RASA_URL"] = f"http://127.0.0.1:{server.server_port}"
    keep_addresses(environment)
    (data_dir / "secrets.env").write_text(
        "SERVICE_TOKEN=the-token\nSECRET_KEY=x\nIDENTITY_SECRET=y\n"
    )
    copy = Running(environment["RASA_URL"], data_dir / "run")
    with (data_dir / "run" / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
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
    with pytest.raises(reload.CannotReload, match="make run"):
        reload.reload(tmp_path)
    assert not (data_dir / "secrets.env").exists()
    assert read_running(tmp_path) is None


def test_refused_model_is_told_in_the_assistants_words(
    running: Running, tmp_path: Path
) -> None:
    running.answer = (
        422,
        {"ok": False, "error": "bad_model", "message": "No archive."},
    )
    with pytest.raises(reload.CannotReload, match="keeps its old model. No archive."):
        reload.reload(tmp_path)


def test_assistant_that_is_gone_is_told(running: Running, tmp_path: Path) -> None:
    environment = read(tmp_path) | {"RASA_URL": "http://127.0.0.1:9"}
    keep_addresses(environment)
    with pytest.raises(reload.CannotReload, match="does not answer"):
        reload.reload(tmp_path)


def test_same_model_is_told(running: Running, tmp_path: Path) -> None:
    running.answer[1]["replaced"] = "b"
    assert "has this model already" in reload.reload(tmp_path)


def test_changed_code_asks_for_a_restart(running: Running, tmp_path: Path) -> None:
    for process in ("assistant", "actions"):
        (running.run_dir / f"{process}.pid").write_text("1")
        os.utime(running.run_dir / f"{process}.pid", (1_000, 1_000))
    for name, at in (("components/old.py", 500), ("actions/new.py", 2_000)):
        file = tmp_path / name
        file.parent.mkdir()
        file.touch()
        os.utime(file, (at, at))

    told = reload.reload(tmp_path)
    assert "actions/new.py" in told
    assert "old.py" not in told
