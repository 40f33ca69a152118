"""The bridge's API as an agent's program calls it; looks behind the pages."""

import asyncio
import secrets
import threading
from typing import Any

import httpx
import socketio

from tests.bridge.support.published import check_ack, check_response
from tests.journeys.support.running import PASSWORD, Tandem

EMAILS = {name: f"{name.lower()}@example.com" for name in ("Maria", "Sam", "Dana")}


class Desk:
    """Somebody's login to the API."""

    def __init__(self, tandem: Tandem, name: str = "Dana") -> None:
        self.url = tandem.url()
        self.http = httpx.Client(
            base_url=f"{self.url}/api/v1",
            trust_env=False,
            event_hooks={"response": [check_response]},
        )
        login = {"email": EMAILS[name], "password": PASSWORD}
        self.token: str = self.http.post("/auth/login", json=login).json()["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def handoffs(self, state: str) -> list[dict[str, Any]]:
        answer = self.http.get("/handoffs", params={"state": state})
        rows: list[dict[str, Any]] = answer.raise_for_status().json()["handoffs"]
        return rows

    def only_handoff(self, state: str = "claimed") -> dict[str, Any]:
        [row] = self.handoffs(state)
        return row

    def packet(self, handoff_id: str) -> dict[str, Any]:
        answer = self.http.get(f"/handoffs/{handoff_id}").raise_for_status()
        packet: dict[str, Any] = answer.json()
        return packet

    def events(self, conversation_id: str, kind: str = "") -> list[dict[str, Any]]:
        """A conversation's log, or the events of one type in it."""
        path = f"/conversations/{conversation_id}/events"
        events = self.http.get(path).raise_for_status().json()["events"]
        return [event for event in events if not kind or event["type"] == kind]


def close_all_chats(tandem: Tandem) -> None:
    """Leaves no handoff open, so that the next test finds an empty inbox."""
    desk = Desk(tandem)
    queued, claimed = desk.handoffs("queued"), desk.handoffs("claimed")
    if queued or claimed:
        # Playwright's loop runs in this thread, and a thread has room for one.
        work = threading.Thread(
            target=lambda: asyncio.run(_close_all(tandem, queued, claimed))
        )
        work.start()
        work.join(30)


async def _close_all(
    tandem: Tandem, queued: list[dict[str, Any]], claimed: list[dict[str, Any]]
) -> None:
    for row in claimed:
        await _close(Desk(tandem, row["agent"]["name"]), row["handoff_id"])
    for row in queued:
        await _close(Desk(tandem, "Sam"), row["handoff_id"], claim=True)


async def _close(desk: Desk, handoff_id: str, *, claim: bool = False) -> None:
    async with socketio.AsyncSimpleClient() as client:
        await client.connect(
            desk.url,
            namespace="/inbox",
            auth={"token": desk.token},
            transports=["websocket"],
        )
        call = {"handoff_id": handoff_id}
        if claim:
            claimed = await client.call("handoff_claim", {**call, "client_id": _id()})
            check_ack("/inbox", "handoff_claim", claimed)
        ending = {**call, "disposition": "resolved", "client_id": _id()}
        closed = await client.call("handoff_close", ending)
        check_ack("/inbox", "handoff_close", closed)


def _id() -> str:
    return secrets.token_hex(8)
