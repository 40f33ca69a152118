"""`make talk`: the shell against a stand-in, and once with real processes."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from handoff_bridge.launch import Console, talk

ROOT = Path(__file__).resolve().parents[2]


class Assistant:
    """Answers as the connector does and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.mails: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/outbox.json":
            return httpx.Response(200, json={"mails": self.mails})
        body = httpx.Response(200, content=request.content).json()
        self.asked.append(body)
        if body["message"] == "break":
            return httpx.Response(500, json={"message": "broken"})
        if body["message"] == "code":
            self.mails.insert(
                0, {"mail_id": 7, "to": "jo@example.com", "body": "It is 123456."}
            )
        buttons = [
            {"title": "Track", "payload": "/track"},
            {"title": "B", "payload": "/b"},
        ]
        return httpx.Response(200, json=answer(buttons))


def answer(buttons: list[dict[str, str]]) -> dict[str, Any]:
    turn = {
        "intent_ranking": [{"name": "greet", "confidence": 0.97}],
        "sentiment": {"label": "neutral", "score": 0.1},
        "actions": [{"name": "utter_greet"}],
        "slots": {"order_number": "HP-1 [red]"},
        "active_loop": None,
    }
    return {"replies": [{"text": "Hello [you].", "buttons": buttons}], "turn": turn}


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> Assistant:
    stand_in = Assistant()
    real = httpx.Client

    def client(**options: Any) -> httpx.Client:
        options.pop("trust_env", None)
        return real(transport=httpx.MockTransport(stand_in), **options)

    monkeypatch.setattr(talk.httpx, "Client", client)
    return stand_in


def shell(monkeypatch: pytest.MonkeyPatch, *lines: str) -> str:
    """What the terminal shows for these lines."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{x}\n" for x in lines)))
    out = io.StringIO()
    environment = {
        "SERVICE_TOKEN": "x",
        "RASA_URL": "http://assistant",
        "BACKOFFICE_URL": "http://shop",
    }
    talk.Shell(environment, Console(file=out)).run()
    return out.getvalue()


def test_number_taps_the_button(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = shell(monkeypatch, "hello", "1", "9")
    assert "Hello [you]." in shown and re.search(r"1\s+Track", shown)
    sent = [(body["message"], body.get("payload")) for body in assistant.asked]
    assert sent == [("hello", None), ("Track", "/track"), ("9", None)]
    assert len({body["sender"] for body in assistant.asked}) == 1
    assert len({body["message_id"] for body in assistant.asked}) == 3


def test_explanations_come_when_asked_for(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "greet 0.97" not in shell(monkeypatch, "hello")
    shown = shell(monkeypatch, "/why", "hello", "/why", "hello")
    assert shown.count("greet 0.97") == 1
    for part in ("neutral +0.10", "utter_greet", "order_number: HP-1 [red]"):
        assert part in shown


def test_new_begins_another_conversation_and_quit_ends(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell(monkeypatch, "hello", "/new", "1", "/greet", "/quit", "never said")
    assert [body["message"] for body in assistant.asked] == ["hello", "1", "/greet"]
    assert assistant.asked[2]["payload"] == "/greet"
    assert len({body["sender"] for body in assistant.asked}) == 2


def test_one_time_codes_are_shown(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant.mails.append({"mail_id": 6, "to": "a@example.com", "body": "654321"})
    shown = shell(monkeypatch, "code", "hello")
    assert shown.count("a mail to jo@example.com says: 123456") == 1
    assert "654321" not in shown


def test_failed_turn_is_told_and_the_talk_goes_on(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = shell(monkeypatch, "break", "hello")
    assert "No answer" in shown and "Hello [you]." in shown


def test_talk_through_a_pipe_leaves_nothing_behind(tmp_path: Path) -> None:
    """The real assistant, its actions and the sandbox, started by the command."""
    if not (ROOT / "models" / "assistant.tar.gz").exists():
        pytest.skip("no trained model: make train")
    said = "/why\nhello\nwhere is my order?\nHP-10428\n/quit\n"
    done = subprocess.run(
        [sys.executable, "-m", "handoff_bridge.launch.talk"],
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": "handoff_bridge", "DATA_DIR": str(tmp_path)}
        | {"DATA_DIR_OF_TEST": str(tmp_path)},
        input=said,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "intent    greet" in done.stdout
    assert "HP-10428" in done.stdout
    assert "action_check_order_status" in done.stdout
    mine = [p for p in psutil.process_iter(["environ"]) if _is_of(p, tmp_path)]
    assert mine == []


def _is_of(process: psutil.Process, folder: Path) -> bool:
    environment = process.info["environ"] or {}
    return environment.get("DATA_DIR_OF_TEST") == str(folder)
