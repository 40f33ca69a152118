"""Trains the tests' assistant and runs it as the launcher does."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from benchmarks.ports import free_ports

ROOT = Path(__file__).parents[3]
ASSISTANT = Path(__file__).parent / "assistant"
SERVICE_TOKEN = "token-of-the-tests"
START_SECS = 120
REQUEST_SECS = 30


def train(folder: Path, wording: tuple[str, str] | None = None) -> Path:
    """Trains in a copy, so that neither cache nor model lands in the project.

    `wording` is one text of the domain and what to say instead.
    """
    project = folder / "project"
    shutil.copytree(ASSISTANT, project)
    if wording is not None:
        domain = (project / "domain.yml").read_text()
        assert wording[0] in domain
        (project / "domain.yml").write_text(domain.replace(*wording))
    command = ["train", "--fixed-model-name", "assistant", "--skip-validation"]
    done = subprocess.run(
        [_rasa(), *command], cwd=project, env=_env(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "models" / "assistant.tar.gz"


class RasaProcess:
    """A running Rasa and its connector's routes."""

    def __init__(self, url: str, tracker_db: Path, pid: int = 0) -> None:
        self.url = url
        self.tracker_db = tracker_db
        self.pid = pid

    def post(
        self, route: str, body: Any, timeout: float = REQUEST_SECS, **kwargs: Any
    ) -> requests.Response:
        kwargs.setdefault("headers", {"Authorization": f"Bearer {SERVICE_TOKEN}"})
        return requests.post(
            f"{self.url}/webhooks/bridge/{route}", json=body, timeout=timeout, **kwargs
        )

    def get_health(self) -> dict[str, Any]:
        return _ok(requests.get(f"{self.url}/webhooks/bridge/", timeout=REQUEST_SECS))

    def say(self, sender: str, message: str, **fields: Any) -> dict[str, Any]:
        """Sends a message that has to be answered."""
        body = {"sender": sender, "message": message, "message_id": new_id(), **fields}
        return _ok(self.post("webhook", body))

    def hand_back(self, sender: str, **fields: Any) -> dict[str, Any]:
        body = {"sender": sender, "handoff_id": new_id(), **fields}
        return _ok(self.post("handback", body))

    def metadata_of(self, sender: str) -> list[dict[str, Any]]:
        """What the tracker keeps of each message beside its words, oldest first."""
        with sqlite3.connect(self.tracker_db) as database:
            query = (
                "SELECT data FROM events WHERE sender_id = ? AND type_name = 'user' "
                "ORDER BY id"
            )
            rows = database.execute(query, (sender,)).fetchall()
        return [json.loads(data)["metadata"] for (data,) in rows]

    def count_of(self, sender: str, kind: str, text: str) -> int:
        """How often the tracker has these words as an event of that kind."""
        with sqlite3.connect(self.tracker_db) as database:
            query = "SELECT data FROM events WHERE sender_id = ? AND type_name = ?"
            rows = database.execute(query, (sender, kind)).fetchall()
        return [json.loads(data)["text"] for (data,) in rows].count(text)

    def stored_events(self, sender: str) -> int:
        with sqlite3.connect(self.tracker_db) as database:
            query = "SELECT count(*) FROM events WHERE sender_id = ?"
            return int(database.execute(query, (sender,)).fetchone()[0])

    @contextmanager
    def broken_tracker_store(self) -> Iterator[None]:
        self._rename("events", "events_gone")
        try:
            yield
        finally:
            self._rename("events_gone", "events")

    def _rename(self, old: str, new: str) -> None:
        with sqlite3.connect(self.tracker_db) as database:
            database.execute(f"ALTER TABLE {old} RENAME TO {new}")


@contextmanager
def running_rasa(
    model: Path, folder: Path, actions_port: int, bridge_url: str
) -> Iterator[RasaProcess]:
    """Starts the assistant with the project's own endpoints and credentials."""
    port, tracker_db = next(free_ports()), folder / "tracker.db"
    variables = {
        "SERVICE_TOKEN": SERVICE_TOKEN,
        "BRIDGE_URL": bridge_url,
        "ACTIONS_PORT": str(actions_port),
        "TRACKER_DB": str(tracker_db),
    }
    arguments = ["-m", "serving", "--port", str(port), "--model", str(model)]
    log = (folder / "rasa.log").open("w")
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=_env() | variables,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        rasa = RasaProcess(f"http://127.0.0.1:{port}", tracker_db, process.pid)
        _wait_until_ready(rasa, process, folder / "rasa.log")
        yield rasa
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def new_id() -> str:
    return uuid.uuid4().hex


def texts(answer: dict[str, Any]) -> list[str]:
    return [reply["text"] for reply in answer["replies"]]


def _ok(response: requests.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    return response.json()


def _wait_until_ready(
    rasa: RasaProcess, process: subprocess.Popen[bytes], log: Path
) -> None:
    deadline = time.monotonic() + START_SECS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{rasa.url}/webhooks/bridge/", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError(f"Rasa did not start:\n{log.read_text()[-4000:]}")


def _rasa() -> str:
    return str(Path(sys.executable).with_name("rasa"))


def _env() -> dict[str, str]:
    return os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
