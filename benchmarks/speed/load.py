"""Talks to an assistant: many customers at once, or one for a long time.

Our answers have to hold a reply: an assistant that fails quickly measures nothing.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import aiohttp

from benchmarks.speed.servers import TOKEN, CannotMeasure, Server

CLIENTS = 16
# As the bridge does: `handoff_bridge/handoff_bridge/service/answers.py`.
TURNS_A_SESSION = 40

Script = tuple[str, ...]

# What needs no custom action, in conversations as they are; no sentence stands in a
# conversation twice.
BASELINE_SCRIPTS: tuple[Script, ...] = (
    ("hello there", "I am feeling very good", "thanks, bye bye"),
    ("hey", "so sad", "yes", "see you later"),
    ("good morning", "are you a bot?", "wonderful", "goodbye"),
    ("hi", "I'm so saad", "no", "have a nice day"),
)
OUR_SCRIPTS: tuple[Script, ...] = (
    ("hello there", "what are your opening hours?", "thanks, bye bye"),
    ("hey", "which ways to pay do you take?", "thank you", "see you later"),
    ("good morning", "are you a bot?", "can I send things back?", "goodbye"),
    ("hi", "how do refunds work with you?", "thanks a lot", "have a nice day"),
)


@dataclass(frozen=True)
class Door:
    """One way into an assistant, and what is said there."""

    name: str
    assistant: Server
    scripts: tuple[Script, ...]
    through_connector: bool = False
    # Stock Rasa sometimes decides to say nothing; that takes its time as well.
    may_be_silent: bool = False

    async def say(
        self,
        session: aiohttp.ClientSession,
        sender: str,
        text: str,
        new_session: bool = False,
    ) -> dict[str, Any]:
        """One message; returns what the connector tells about the turn.

        Raises:
            CannotMeasure: there was no reply.
        """
        body: dict[str, Any] = {"sender": sender, "message": text}
        path, headers = "/webhooks/rest/webhook", {}
        if self.through_connector:
            path = "/webhooks/bridge/webhook"
            headers = {"Authorization": f"Bearer {TOKEN}"}
            body |= {"message_id": uuid.uuid4().hex, "new_session": new_session}
        url = self.assistant.url + path
        async with session.post(url, json=body, headers=headers) as response:
            answer = await response.json() if response.status == 200 else None
        replies = answer["replies"] if isinstance(answer, dict) else answer
        if replies is None or not (replies or self.may_be_silent):
            raise CannotMeasure(
                f"{self.name}: no reply to {text!r} ({response.status})."
            )
        return answer["turn"] if isinstance(answer, dict) else {}


async def throughput(door: Door, conversations: int) -> tuple[float, float]:
    """16 customers, each in one fresh conversation at a time.

    Returns messages a second, and the server's processor milliseconds for each.
    """
    waiting = iter([script for _, script in zip(range(conversations), _turns(door))])  # noqa: B905
    said = 0

    async def customer(session: aiohttp.ClientSession) -> None:
        nonlocal said
        for script in waiting:
            sender = uuid.uuid4().hex
            for text in script:
                await door.say(session, sender, text)
                said += 1

    async with _session() as session:
        began, busy = time.perf_counter(), door.assistant.processor_secs()
        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(customer(session))
        seconds = time.perf_counter() - began
        busy = door.assistant.processor_secs() - busy
        return said / seconds, busy / said * 1000


async def latencies(door: Door, conversations: int) -> list[float]:
    """Milliseconds of each turn of fresh conversations, one customer alone."""
    taken = []
    async with _session() as session:
        for _, script in zip(range(conversations), _turns(door)):  # noqa: B905
            sender = uuid.uuid4().hex
            for text in script:
                began = time.perf_counter()
                await door.say(session, sender, text)
                taken.append((time.perf_counter() - began) * 1000)
    return taken


async def long_conversation(
    door: Door, turns: int, told: Callable[[], None] = lambda: None
) -> list[float]:
    """Milliseconds of each turn of one conversation, driven as the bridge does."""
    taken: list[float] = []
    texts = cycle(text for script in door.scripts for text in script)
    turn: dict[str, Any] = {}
    sender = uuid.uuid4().hex
    async with _session() as session:
        for _ in range(turns):
            is_due = (turn.get("turns") or 0) >= TURNS_A_SESSION
            new_session = is_due and not turn.get("active_loop")
            began = time.perf_counter()
            turn = await door.say(session, sender, next(texts), new_session)
            taken.append((time.perf_counter() - began) * 1000)
            told()
    return taken


def _turns(door: Door) -> Iterator[Script]:
    return cycle(door.scripts)


def _session() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=CLIENTS)
    timeout = aiohttp.ClientTimeout(total=120)
    return aiohttp.ClientSession(connector=connector, timeout=timeout)
