"""Nobody there: every handoff becomes a dated promise."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from handoff_bridge.service.places import InLine
from tests.bridge.conftest import free_port, settings_for
from tests.bridge.support import House, ScriptedAssistant, serving


class TicketDesk:
    """A back office of which only the ticket desk is open, if that."""

    def __init__(self) -> None:
        self.is_open = True
        self.tickets: dict[str, Any] = {}
        self.app = FastAPI()
        self.app.post("/tickets")(self._open)

    async def _open(self, request: Request) -> Any:
        if not self.is_open:
            return JSONResponse({"ok": False}, status_code=500)
        self.tickets[request.headers["idempotency-key"]] = await request.json()
        return {"ticket_number": "TK-1", "answer_by": "2030-05-06T09:00:00+00:00"}


@pytest.fixture
async def desk() -> AsyncIterator[TicketDesk]:
    opened = TicketDesk()
    async with serving(opened.app, free_port()) as port:
        opened.port = port  # type: ignore[attr-defined]
        yield opened


@pytest.fixture
async def empty_house(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path, desk: TicketDesk
) -> AsyncIterator[House]:
    port = desk.port  # type: ignore[attr-defined]
    settings = settings_for(
        sqlite_url,
        assistant.port,
        tmp_path,
        backoffice_port=port,
        promise_retry_secs=0.1,
    )
    async with House.open(settings, assistant) as opened:
        yield opened


async def test_with_nobody_there_the_customer_is_told_by_when(
    empty_house: House, desk: TicketDesk
) -> None:
    customer = await empty_house.customer(timezone="Europe/Berlin")
    await customer.ask_for_human()
    line = await customer.hears("Nobody from the team is here")
    assert "by Monday at 11:00" in line
    assert len(desk.tickets) == 1
    promise = {"answer_by": "2030-05-06T09:00:00.000Z", "ticket": "TK-1"}
    await customer.next("conversation_status", promise=promise, position=1)
    again = await empty_house.customer(session_id=customer.session_id)
    assert again.all("conversation_status")[-1]["promise"] == promise
    assert not [text for text in customer.texts() if "in line" in text]
    maria = await empty_house.agent()
    row = maria.all("snapshot")[0]["queue"][0]
    by = "2030-05-06T09:00:00.000Z"
    assert row["promise"] == {"answer_by": by, "ticket": "TK-1"}
    assert (row["answer_by"], row.get("answered_at")) == (by, None)
    path = f"/handoffs/{row['handoff_id']}"
    [promise] = (await empty_house.get(path, maria.token)).json()["promises"]
    assert (promise["text"], promise["ticket"]) == (line, "TK-1")
    assert promise["answer_by"] == by
    assert (await empty_house.get(path, maria.token)).json()["answer_by"] == by
    listed = (await empty_house.get("/handoffs", maria.token)).json()["handoffs"]
    assert [one["answer_by"] for one in listed] == [by]
    await maria.claim(row)
    said = {"conversation_id": row["conversation_id"], "text": "Here I am."}
    assert (await maria.act("message_send", **said))["ok"]
    listed = (await empty_house.get("/handoffs", maria.token)).json()["handoffs"]
    assert listed[0]["answered_at"] < by
    events = await empty_house.events(maria, row["conversation_id"])
    ticket = next(event for event in events if event["type"] == "ticket_opened")
    assert ticket["answer_by"] == "2030-05-06T09:00:00.000Z"
    await customer.hears("Maria from the returns team has joined")


async def test_what_was_read_of_the_line_before_does_not_take_the_date_back(
    empty_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, may_tell = empty_house.queue, asyncio.Event()
    assert queue is not None
    read = queue._line

    async def reads_early() -> dict[str, InLine]:
        line = await read()
        await may_tell.wait()
        return line

    monkeypatch.setattr(queue, "_line", reads_early)
    customer = await empty_house.customer()
    await customer.ask_for_human()
    await customer.hears("you'll have an answer by Monday")
    may_tell.set()
    await empty_house.line_is_told()
    promise = {"answer_by": "2030-05-06T09:00:00.000Z", "ticket": "TK-1"}
    await customer.say("ok")
    assert customer.all("conversation_status")[-1]["promise"] == promise


async def test_without_tickets_no_date_is_invented(
    empty_house: House, desk: TicketDesk
) -> None:
    desk.is_open = False
    customer = await empty_house.customer()
    await customer.ask_for_human()
    line = await customer.hears("Nobody from the team is here")
    assert "Your place in line is kept" in line


async def test_date_follows_once_the_back_office_is_back(
    empty_house: House, desk: TicketDesk
) -> None:
    desk.is_open = False
    customer = await empty_house.customer()
    await customer.ask_for_human()
    await customer.hears("Your place in line is kept")
    desk.is_open = True
    await customer.hears("you'll have an answer by Monday")
    assert len(desk.tickets) == 1


async def test_customers_in_line_get_a_date_when_the_last_agent_leaves(
    empty_house: House, desk: TicketDesk
) -> None:
    maria, sam = await empty_house.agent(), await empty_house.agent("sam")
    customer = await empty_house.customer()
    await customer.ask_for_human()
    await customer.hears("first in line")
    await maria.close()
    await sam.next("presence_changed", agent_id=maria.agent_id, status="offline")
    assert desk.tickets == {}
    await sam.close()
    await customer.hears("you'll have an answer by Monday")
    assert len(desk.tickets) == 1


async def test_with_somebody_there_no_ticket_is_opened(
    empty_house: House, desk: TicketDesk
) -> None:
    await empty_house.agent()
    customer = await empty_house.customer()
    await customer.ask_for_human()
    await customer.hears("first in line")
    assert desk.tickets == {}
