"""A stand-in for the assistant, as a process that may be killed at any point.

It keeps the connector's contract: a turn is written down whole at its end, a known
`message_id` or `handoff_id` gets the stored answer, a hand-back leaves out what was
heard before. What it was told stands in a file, a line for each turn.
`python -m benchmarks.faults.assistant PORT FILE SEED BRIDGE_PORT...`
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

Json = dict[str, Any]

# What customers write where the assistant is to do something else than answer.
BY_TURN = "I want a person"
BY_ACTION = "I want a colleague"
UNFINISHED = "and then"
# A turn, and from when it is written down until its answer leaves.
THINKING_SECS = (0.02, 0.25)
LEAVING_SECS = (0.0, 0.1)


@dataclass
class Tracker:
    """One conversation."""

    answers: dict[str, Json] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Assistant:
    """The connector's routes."""

    def __init__(self, path: Path, chance: random.Random, bridges: list[str]) -> None:
        """Takes up what an earlier process has written to `path`."""
        self._trackers: defaultdict[str, Tracker] = defaultdict(Tracker)
        self._chance = chance
        self._bridges = bridges
        self._token = os.environ["SERVICE_TOKEN"]
        for told in read(path):
            self._take_in(told)
        self._file = path.open("a", encoding="utf-8")
        self.app = web.Application()
        self.app.add_routes(
            [
                web.get("/webhooks/bridge/", self._health),
                web.post("/webhooks/bridge/webhook", self._message),
                web.post("/webhooks/bridge/waiting", self._waiting),
                web.post("/webhooks/bridge/handback", self._handback),
                web.post("/webhooks/bridge/suggest", self._suggest),
            ]
        )

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _suggest(self, _request: web.Request) -> web.Response:
        return web.json_response({"articles": []})

    async def _waiting(self, _request: web.Request) -> web.Response:
        """In line nothing needs a word."""
        return web.json_response(_answer(recorded=False))

    async def _message(self, request: web.Request) -> web.Response:
        body = await request.json()
        message_id = body["message_id"]
        tracker = self._trackers[body["sender"]]
        async with tracker.lock:
            if message_id in tracker.answers:
                return web.json_response(tracker.answers[message_id])
            if body.get("only_known"):
                return web.json_response(_answer(recorded=False))
            is_fragment = UNFINISHED in _last(body)["message"]
            if is_fragment and body.get("may_wait"):
                return web.json_response(_answer(recorded=False))
            parts = [body, *body.get("joined", [])]
            heard = [
                _heard("customer", one["message_id"], one["message"]) for one in parts
            ]
            answer = await self._think(body, [one["message_id"] for one in parts])
            await self._write(body["sender"], message_id, heard, answer)
            return web.json_response(answer)

    async def _handback(self, request: web.Request) -> web.Response:
        body = await request.json()
        handoff_id = body["handoff_id"]
        tracker = self._trackers[body["sender"]]
        async with tracker.lock:
            if handoff_id in tracker.answers:
                return web.json_response(tracker.answers[handoff_id])
            await asyncio.sleep(self._chance.uniform(*THINKING_SECS))
            heard = [
                _heard(one["sender"], one["message_id"], one["text"])
                for one in body["messages"]
                if one["message_id"] not in tracker.heard
            ]
            texts = [f"I am back after {handoff_id}."] if body["greet"] else []
            answer = _answer(*texts, message_ids=[handoff_id])
            await self._write(body["sender"], handoff_id, heard, answer)
            return web.json_response(answer)

    async def _think(self, body: Json, message_ids: list[str]) -> Json:
        await asyncio.sleep(self._chance.uniform(*THINKING_SECS))
        text, trigger = body["message"], None
        if BY_TURN in text or (BY_ACTION in text and not await self._ask_bridge(body)):
            trigger = {"triggers": ["customer_request"], "evidence": {}}
        return _answer(f"You wrote: {text}", message_ids=message_ids, trigger=trigger)

    async def _ask_bridge(self, body: Json) -> bool:
        """What an action does in the middle of a turn; False where none answers."""
        asked = {
            "conversation_id": body["sender"],
            "trigger": "customer_request",
            "message_id": body["message_id"],
        }
        headers = {"Authorization": f"Bearer {self._token}"}
        timeout = aiohttp.ClientTimeout(total=1)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as http:
            for port in self._bridges:
                url = f"http://127.0.0.1:{port}/api/v1/handoffs"
                try:
                    async with http.post(url, json=asked) as response:
                        if response.ok:
                            return True
                except (aiohttp.ClientError, TimeoutError):
                    continue
        return False

    async def _write(
        self, sender: str, key: str, heard: list[Json], answer: Json
    ) -> None:
        told = {"sender": sender, "key": key, "heard": heard, "answer": answer}
        self._file.write(json.dumps(told) + "\n")
        self._file.flush()  # a killed process loses nothing that the kernel has
        self._take_in(told)
        await asyncio.sleep(self._chance.uniform(*LEAVING_SECS))

    def _take_in(self, told: Json) -> None:
        tracker = self._trackers[told["sender"]]
        tracker.answers[told["key"]] = told["answer"]
        tracker.heard |= {one["message_id"] for one in told["heard"]}


def read(path: Path) -> list[Json]:
    """What it was told: `{sender, key, heard: [{by, message_id, text}], answer}`."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    # A line that a kill has cut was never answered.
    whole = [line for line in lines if line.endswith("\n")]
    if len(whole) < len(lines):
        path.write_text("".join(whole), encoding="utf-8")
    return [json.loads(line) for line in whole]


def _last(body: Json) -> Json:
    last: Json = [body, *body.get("joined", [])][-1]
    return last


def _heard(by: str, message_id: str, text: str) -> Json:
    return {"by": by, "message_id": message_id, "text": text}


def _answer(*texts: str, **turn: Any) -> Json:
    replies = [{"text": text} for text in texts]
    intent = {"name": "inform", "confidence": 0.9}
    return {"replies": replies, "turn": {"intent": intent, "turns": 1, **turn}}


def main() -> None:
    """Serves until it is killed."""
    port, path, seed, *bridges = sys.argv[1:]
    assistant = Assistant(Path(path), random.Random(int(seed)), bridges)
    web.run_app(assistant.app, host="127.0.0.1", port=int(port), print=None)


if __name__ == "__main__":
    main()
