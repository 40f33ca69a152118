"""Coming back at any moment: nothing twice, nothing stale, nothing left behind."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.edges.customer import CustomerNamespace
from handoff_bridge.edges.sockets import Server
from handoff_bridge.service.sessions import Sessions
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.clients import BareClient, Client
from tests.bridge.support.refusals import refused


async def test_message_sent_while_a_bare_client_arrives_comes_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, maria, row = await house.claimed()
    sent: list[asyncio.Task[Any]] = []
    read = Sessions.history

    async def while_she_writes(self: Sessions, *args: Any) -> Any:
        message = {"conversation_id": row["conversation_id"], "text": "Hi there."}
        sent.append(asyncio.create_task(maria.act("message_send", **message)))
        await asyncio.wait(sent, timeout=0.5)
        return await read(self, *args)

    monkeypatch.setattr(Sessions, "history", while_she_writes)
    bare = BareClient(house.url)
    await bare.open(customer.session_id)
    assert (await sent[0])["ok"]
    monkeypatch.undo()
    message = {"conversation_id": row["conversation_id"], "text": "The end."}
    assert (await maria.act("message_send", **message))["ok"]
    texts = []
    while not texts or texts[-1] != "Maria: The end.":
        texts.append((await bare.next_message()).get("text"))
    assert texts.count("Maria: Hi there.") == 1
    await bare.close()


async def test_place_in_line_is_not_told_after_an_agent_has_joined(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria, sam = await house.agent("maria"), await house.agent("sam")
    first, second = await house.customer(), await house.customer()
    rows = []
    for n, customer in enumerate((first, second), start=1):
        await customer.ask_for_human()
        await maria.until(lambda n=n: len(maria.all("handoff_queued")) == n)
        rows.append(await maria.queued())
    claims: list[asyncio.Task[Any]] = []
    emit = Server.emit

    async def meanwhile(self: Server, event: str, *args: Any, **more: Any) -> None:
        await emit(self, event, *args, **more)
        if event == "queue_changed" and not claims:
            claims.append(asyncio.create_task(sam.claim(rows[1])))
            await second.status("agent")

    monkeypatch.setattr(Server, "emit", meanwhile)
    await maria.claim(rows[0])
    await claims[0]
    assert second.all("conversation_status")[-1]["owner"] == "agent"


async def test_connection_that_is_gone_before_its_session_leaves_nothing(
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    namespaces: list[CustomerNamespace] = []
    gone, done = asyncio.Event(), asyncio.Event()
    made, find = CustomerNamespace.on_connect, Sessions.open
    left = CustomerNamespace.on_disconnect
    answer = CustomerNamespace.on_session_request

    async def connected(self: CustomerNamespace, *args: Any) -> None:
        namespaces.append(self)
        await made(self, *args)

    async def disconnected(self: CustomerNamespace, *args: Any) -> None:
        await left(self, *args)
        gone.set()

    async def slowly(self: Sessions, *args: Any) -> Any:
        await gone.wait()
        return await find(self, *args)

    async def asked(self: CustomerNamespace, *args: Any) -> Any:
        try:
            return await answer(self, *args)
        finally:
            done.set()

    monkeypatch.setattr(CustomerNamespace, "on_connect", connected)
    monkeypatch.setattr(CustomerNamespace, "on_disconnect", disconnected)
    monkeypatch.setattr(CustomerNamespace, "on_session_request", asked)
    monkeypatch.setattr(Sessions, "open", slowly)
    settings = settings_for(sqlite_url, assistant.port, tmp_path)
    async with House.open(settings, assistant) as house:
        client = Client("/", house.url)
        await client.connect()
        await client.io.emit("session_request", {})
        await client.close()
        await asyncio.wait_for(done.wait(), 10)
        assert namespaces[0]._clients == {}
        assert namespaces[0]._here == {}


async def test_opening_and_typing_in_a_burst_is_limited(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(
        sqlite_url, assistant.port, tmp_path, message_limits="10/minute"
    )
    async with House.open(settings, assistant) as house:
        customer = await house.customer()
        session = {"session_id": customer.session_id, "protocol": 1}
        for event in ("session_request", "typing"):
            acks = [await customer.call(event, session) for _ in range(11)]
            refused(acks[-1], "rate_limited")
        assert (await customer.say("hello"))["ok"]
