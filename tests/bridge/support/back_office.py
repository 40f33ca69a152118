"""A back office of any trade: what a test puts into it is what it knows."""

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
        self.app = FastAPI()
        self.app.get("/cards")(self._cards)
        self.app.post("/tickets")(self._ticket)

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
