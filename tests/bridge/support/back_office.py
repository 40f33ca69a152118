"""A back office of any trade: what a test puts into it is what it knows."""

import asyncio
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class ScriptedBackOffice:
    """Answers `/cards` by customer and by reference, and remembers what was asked."""

    def __init__(self) -> None:
        self.cards: dict[str, list[Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        # By reference, whoever it belongs to.
        self.named: dict[str, Any] = {}
        # What a ticket is answered with; None while that desk is closed.
        self.ticket: dict[str, str] | None = None
        self.asked: list[dict[str, str]] = []
        self.tokens: set[str | None] = set()
        self.is_broken = False
        # What was done about cards, once for each key; a test says how it goes.
        self.acted: dict[str, dict[str, Any]] = {}
        self.acts: list[tuple[str, dict[str, Any]]] = []
        self.refusal: tuple[int, str] | None = None
        self.lost_answers = 0
        self.gate: asyncio.Event | None = None
        self.app = FastAPI()
        self.app.get("/cards")(self._cards)
        self.app.post("/tickets")(self._ticket)
        self.app.post("/cards/{kind}/{number}/actions/{action}")(self._act)

    async def _cards(self, request: Request) -> Any:
        self.asked.append(dict(request.query_params))
        self.tokens.add(request.headers.get("authorization"))
        if self.is_broken:
            return JSONResponse({"ok": False}, 500)
        customer_id = request.query_params.get("customer_id")
        if customer_id is None:
            card = self.named.get(request.query_params["reference"])
            return {"cards": [card] if card else []}
        answer: dict[str, Any] = {"cards": self.cards.get(customer_id, [])}
        if customer_id in self.customers:
            answer["customer"] = self.customers[customer_id]
        return answer

    async def _ticket(self) -> Any:
        return self.ticket or JSONResponse({"ok": False}, 503)

    async def _act(self, kind: str, number: str, action: str, request: Request) -> Any:
        key = request.headers["idempotency-key"]
        asked = {**await request.json(), "what": f"{kind} {number} {action}"}
        self.acts.append((key, asked))
        if self.gate is not None:
            await self.gate.wait()
        if self.is_broken:
            return JSONResponse({"ok": False}, 500)
        if self.refusal is not None:
            status, sentence = self.refusal
            return JSONResponse({"ok": False, "message": sentence}, status)
        first = self.acted.setdefault(key, asked)
        assert first == asked, "one key, two requests"
        if self.lost_answers:
            self.lost_answers -= 1
            return JSONResponse({"ok": False}, 500)
        card = {**self.cards[asked["customer_id"]][0], "status": "Moved"}
        return {"card": card, "result": "Done as asked."}
