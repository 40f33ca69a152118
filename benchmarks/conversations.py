"""Conversations with the trained assistant, its action server and the sandbox shop.

The assistant runs in this process; the other two are started on free ports of this
machine and end with the block.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from benchmarks.assistant import MODEL
from benchmarks.examples import ROOT
from benchmarks.ports import free_ports
from channels.bridge_output import BridgeOutput
from channels.bridge_requests import (
    CaughtUpMessage,
    HandbackRequest,
    Identity,
    JoinedMessage,
    MessageRequest,
)
from channels.turn_report import Answer
from channels.turns import run_handback, run_message
from channels.waiting import run_waiting

BRIDGE_PYTHON = ROOT / "handoff_bridge" / ".venv" / "bin" / "python"
NOBODY = "http://127.0.0.1:9"  # no bridge: a handoff is only asked for
START_SECS = 60


class Conversations:
    """Talks to the assistant; each conversation has an id of its own."""

    def __init__(self, agent: Agent, shop: str, token: str) -> None:
        """Takes the loaded assistant, and where the sandbox shop is."""
        self._agent = agent
        self._shop = shop
        self._headers = {"Authorization": f"Bearer {token}"}
        self._loop = asyncio.new_event_loop()

    def say(
        self,
        sender: str,
        text: str,
        payload: str | None = None,
        customer_id: str | None = None,
        language: str | None = None,
        saw_last_question: bool = True,
        joined: Sequence[JoinedMessage] = (),
        may_wait: bool = False,
        photos: Sequence[str] = (),
    ) -> Answer:
        """Returns the answer to a typed message or a press on a button."""
        request = MessageRequest(
            sender=sender,
            message_id=uuid.uuid4().hex,
            message=text,
            payload=payload,
            identity=Identity(customer_id) if customer_id else None,
            language=language,
            saw_last_question=saw_last_question,
            joined=tuple(joined),
            may_wait=may_wait,
            photos=tuple(photos),
        )
        return self._run(run_message, request)

    def write_in_line(
        self,
        sender: str,
        text: str,
        waiting: dict[str, Any],
        payload: str | None = None,
        timezone: str | None = None,
    ) -> Answer:
        """Returns the answer to what is written while waiting for a person."""
        request = MessageRequest(
            sender=sender,
            message_id=uuid.uuid4().hex,
            message=text,
            payload=payload,
            timezone=timezone,
            waiting=waiting,
        )
        return self._run(run_waiting, request)

    def closed_by(self, sender: str, agent: str, said: list[str]) -> None:
        """A person has had the conversation, and has closed it."""
        request = HandbackRequest(
            sender=sender,
            handoff_id=uuid.uuid4().hex,
            messages=tuple(CaughtUpMessage("agent", text) for text in said),
            agent=agent,
            greet=False,
            new_session=True,
        )
        self._run(run_handback, request)

    def _run(
        self, run: Callable[..., Coroutine[Any, Any, Answer]], asked: Any
    ) -> Answer:
        output = BridgeOutput(NOBODY, "")
        return self._loop.run_until_complete(run(self._agent, asked, output))

    def of_the_shop(self, path: str, **params: str) -> dict[str, Any]:
        """Returns what the sandbox shop answers."""
        answer = requests.get(
            self._shop + path, params=params, headers=self._headers, timeout=10
        )
        answer.raise_for_status()
        return dict(answer.json())


@contextmanager
def conversations() -> Iterator[Conversations]:
    """Starts what is needed.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    if not MODEL.exists():
        raise FileNotFoundError(f"{MODEL} is missing: run `make train` first")
    with TemporaryDirectory() as folder:
        shop, actions = islice(free_ports(), 2)
        token, address = secrets.token_urlsafe(16), f"http://127.0.0.1:{shop}"
        env = os.environ | {
            "SERVICE_TOKEN": token,
            "BACKOFFICE_PORT": str(shop),
            "BACKOFFICE_URL": address,
            "BRIDGE_URL": NOBODY,
            "DATA_DIR": folder,
            "SANIC_HOST": "127.0.0.1",
            "PYTHONWARNINGS": "ignore",
        }
        server = [sys.executable, "-m", "serving.action_server"]
        command = [*server, "--actions", "actions"]
        with (
            _process([str(BRIDGE_PYTHON), "-m", "backoffice"], env, folder),
            _process([*command, "--port", str(actions)], env, folder),
        ):
            _wait_until_up(f"{address}/healthz")
            _wait_until_up(f"http://127.0.0.1:{actions}/health")
            endpoint = EndpointConfig(
                f"http://127.0.0.1:{actions}/webhook",
                headers={"Authorization": f"Bearer {token}"},
            )
            answers = EndpointConfig(type="channels.article_answers.ArticleAnswers")
            agent = Agent.load(str(MODEL), generator=answers, action_endpoint=endpoint)
            yield Conversations(agent, address, token)


@contextmanager
def _process(command: list[str], env: dict[str, str], folder: str) -> Iterator[None]:
    with (Path(folder) / f"{command[2]}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)


def _wait_until_up(url: str) -> None:
    deadline = time.monotonic() + START_SECS
    while time.monotonic() < deadline:
        with suppress(requests.RequestException):
            requests.get(url, timeout=2)
            return
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer within {START_SECS} s")
