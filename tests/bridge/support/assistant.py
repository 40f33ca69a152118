"""A scripted assistant at the bridge's edge: speaks the connector's routes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

Answer = dict[str, Any]
Script = Callable[[dict[str, Any]], Awaitable[Any]]


def says(*texts: str, **turn: Any) -> Answer:
    """An answer of these texts; keywords go into the turn."""
    return {
        "replies": [{"text": text} for text in texts],
        "turn": {
            "intent": {"name": "greet", "confidence": 0.9},
            "slots": {},
            "turns": 1,
            "failed_action": None,
            "trigger": None,
            "active_loop": None,
            "requested_slot": None,
            **turn,
        },
    }


class ScriptedAssistant:
    """Answers every message with an echo, until a test gives it another script."""

    def __init__(self, token: str) -> None:
        self.port = 0
        self.token = token
        self.turns: list[dict[str, Any]] = []
        self.handbacks: list[dict[str, Any]] = []
        # Hand-backs that an agent only looks at.
        self.previews: list[dict[str, Any]] = []
        self.script: Script = self._echo
        self.handback_script: Script = self._greet
        # What was written in line, and what is said to it: nothing, by itself.
        self.waiting: list[dict[str, Any]] = []
        self.waiting_script: Script = self._silent
        self.suggested: list[dict[str, Any]] = []
        self.suggest_script: Script = self._nothing
        # Cleared by a test, turns wait until it is set: the door is held.
        self.door = asyncio.Event()
        self.door.set()
        self.entered = asyncio.Event()
        self.app = FastAPI()
        self.app.get("/webhooks/bridge/")(self._health)
        self.app.post("/webhooks/bridge/webhook")(self._turn)
        self.app.post("/webhooks/bridge/waiting")(self._waiting)
        self.app.post("/webhooks/bridge/handback")(self._handback)
        self.app.post("/webhooks/bridge/suggest")(self._suggest)

    @property
    def heard(self) -> list[str]:
        """The texts of all turns."""
        return [turn["message"] for turn in self.turns]

    async def _health(self) -> Answer:
        return {"status": "ok"}

    async def _turn(self, request: Request) -> Any:
        body = await request.json()
        assert request.headers["authorization"] == f"Bearer {self.token}"
        self.turns.append(body)
        self.entered.set()
        await self.door.wait()
        return _response(await self.script(body))

    async def _waiting(self, request: Request) -> Any:
        body = await request.json()
        self.waiting.append(body)
        return _response(await self.waiting_script(body))

    async def _handback(self, request: Request) -> Any:
        body = await request.json()
        (self.previews if body.get("preview") else self.handbacks).append(body)
        return _response(await self.handback_script(body))

    async def _suggest(self, request: Request) -> Any:
        body = await request.json()
        assert request.headers["authorization"] == f"Bearer {self.token}"
        self.suggested.append(body)
        return _response(await self.suggest_script(body))

    async def _nothing(self, body: dict[str, Any]) -> Answer:
        return {"articles": [], "intent": None}

    async def _silent(self, body: dict[str, Any]) -> Answer:
        return says(recorded=False)

    async def _echo(self, body: dict[str, Any]) -> Answer:
        return says(f"You said: {body['message']}")

    async def _greet(self, body: dict[str, Any]) -> Answer:
        if not body["greet"]:
            return says()
        return says(f"I'm back. {body.get('outcome', '')}".strip())


def _response(answer: Any) -> Any:
    if isinstance(answer, tuple):
        status, body = answer
        return JSONResponse(body, status_code=status)
    return answer
