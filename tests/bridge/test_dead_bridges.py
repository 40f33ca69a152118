"""Two bridges as processes: what one that dies has begun, the other one ends."""

import asyncio
import signal
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.bridge.conftest import free_port
from tests.bridge.support import House, ScriptedAssistant, serving
from tests.bridge.support.assistant import says
from tests.bridge.support.bridges import BridgeProcess, Bridges
from tests.bridge.support.redis_server import RedisServer


class KnowingAssistant:
    """Answers a message that it knows as the connector does: with the stored turn.

    It hears of a message, then waits at the door before the answer leaves.
    """

    def __init__(self, scripted: ScriptedAssistant) -> None:
        self.heard: list[str] = []
        self.known: dict[str, Any] = {}
        self.entered = asyncio.Event()
        self.door = asyncio.Event()
        scripted.script = self.answer

    async def answer(self, body: dict[str, Any]) -> Any:
        message_id = body["message_id"]
        if message_id not in self.known:
            if body.get("only_known"):
                return says(recorded=False)
            self.heard.append(body["message"])
            self.known[message_id] = says(
                f"Done: {body['message']}",
                message_ids=[message_id],
                actions=[{"name": "action_cancel_order"}],
            )
        self.entered.set()
        await self.door.wait()
        return self.known[message_id]


@pytest.fixture
def knowing(assistant: ScriptedAssistant) -> KnowingAssistant:
    return KnowingAssistant(assistant)


class TicketDesk:
    """A back office that answers once its door is open."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.door = asyncio.Event()
        self.port = free_port()
        self.app = FastAPI()
        self.app.post("/tickets")(self._open)

    async def _open(self) -> Any:
        self.asked.set()
        await self.door.wait()
        return {"ticket_number": "TK-1", "answer_by": "2030-05-06T09:00:00+00:00"}


@pytest.fixture
async def desk() -> AsyncIterator[TicketDesk]:
    opened = TicketDesk()
    async with serving(opened.app, opened.port):
        yield opened
        opened.door.set()


def statuses(snapshot: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["status"] for one in snapshot["agents"]}


async def handoff_of(house: House, token: str, handoff_id: str) -> dict[str, Any]:
    found = await house.get("/handoffs", token, limit=50)
    rows = {row["handoff_id"]: row for row in found.json()["handoffs"]}
    row: dict[str, Any] = rows[handoff_id]
    return row


async def test_starting_and_restarting_a_bridge_leaves_the_others_agents_alone(
    bridges: Bridges,
) -> None:
    one = await bridges.start()
    maria = await one.house.agent()
    two = await bridges.start()
    dana = await two.house.agent("dana")
    assert statuses(dana.all("snapshot")[0])["Maria"] == "available"
    await two.kill()
    await two.start()
    sam = await two.house.agent("sam")
    assert statuses(sam.all("snapshot")[0])["Maria"] == "available"
    customer = await two.house.customer()
    await customer.ask_for_human()
    await customer.hears("first in line")
    changes = maria.all("presence_changed")
    assert "offline" not in [
        change["status"] for change in changes if change["agent_id"] == maria.agent_id
    ]


async def test_chats_of_a_killed_bridges_agent_go_to_the_next(
    bridges: Bridges,
) -> None:
    one, two = await bridges.two()
    maria, dana = await one.house.agent(), await two.house.agent("dana")
    first, customer = await two.house.customer(), await two.house.customer()
    await customer.say("hello")
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await customer.status("agent")
    await first.ask_for_human()
    await one.kill()
    await dana.next("presence_changed", agent_id=maria.agent_id, status="offline")
    await customer.hears("Maria can't be reached any more")
    await customer.hears("first in line")
    await customer.status("queue")
    back = await dana.until(
        lambda: [
            told["handoff"]
            for told in dana.all("handoff_queued")
            if "requeued" in told["handoff"]
        ]
    )
    gone = {"agent_id": maria.agent_id, "name": "Maria"}
    assert back[0]["requeued"]["agent"] == gone
    assert back[0]["requeued"]["reason"] == "agent_gone"
    assert back[0]["handoff_id"] == row["handoff_id"]
    places = await dana.until(
        lambda: [
            told["positions"]
            for told in dana.all("queue_changed")
            if told["waiting"] == 2
        ]
    )
    assert places[-1][row["handoff_id"]] == 1
    await dana.claim(back[0])
    await customer.hears("Dana has joined")


async def test_turn_of_a_killed_bridge_is_answered_once(
    bridges: Bridges, knowing: KnowingAssistant
) -> None:
    one, two = await bridges.two()
    customer = await one.house.customer()
    await customer.say("cancel my order")
    await knowing.entered.wait()
    await one.kill()
    knowing.door.set()
    again = await two.house.customer(session_id=customer.session_id)
    await again.hears("Done: cancel my order")
    texts = [message.get("text") for message in await again.history()]
    assert texts.count("Done: cancel my order") == 1
    assert knowing.heard == ["cancel my order"]


async def test_agent_sees_what_the_turn_of_a_killed_bridge_did(
    bridges: Bridges, knowing: KnowingAssistant, assistant: ScriptedAssistant
) -> None:
    one, two = await bridges.two()
    maria = await two.house.agent()
    customer = await one.house.customer()
    await customer.say("cancel my order", message_id="m-1")
    await knowing.entered.wait()
    tab = await two.house.customer(session_id=customer.session_id)
    await tab.ask_for_human()
    row = await maria.claim(await maria.queued())
    await one.kill()
    knowing.door.set()
    turn = await maria.until(lambda: _events(maria, "turn"))
    assert turn[0]["actions"][0]["name"] == "action_cancel_order"
    suppressed = await maria.until(lambda: _events(maria, "reply_suppressed"))
    assert suppressed[0]["replies"][0]["text"] == "Done: cancel my order"
    assert knowing.heard == ["cancel my order"]
    assert "Done: cancel my order" not in tab.texts()
    back = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_return", **back))["ok"]
    assert assistant.handbacks[-1]["messages"] == []


async def test_message_that_the_assistant_never_heard_is_left_to_the_agent(
    bridges: Bridges, knowing: KnowingAssistant, assistant: ScriptedAssistant
) -> None:
    one, two = await bridges.two()
    maria = await two.house.agent()
    lost = asyncio.Event()
    asked: list[dict[str, Any]] = []

    async def is_lost(body: dict[str, Any]) -> Any:
        asked.append(body)
        if body.get("only_known"):
            return says(recorded=False)
        lost.set()
        return await asyncio.Event().wait()

    assistant.script = is_lost
    customer = await one.house.customer()
    await customer.say("where is it?", message_id="m-1")
    await lost.wait()
    tab = await two.house.customer(session_id=customer.session_id)
    await tab.ask_for_human()
    row = await maria.claim(await maria.queued())
    await one.kill()
    back = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_return", **back))["ok"]
    heard = [one["text"] for one in assistant.handbacks[-1]["messages"]]
    assert heard == ["where is it?"]
    assert [body.get("only_known") for body in asked] == [None, True]


def _events(agent: Any, kind: str) -> list[dict[str, Any]]:
    every = [added["event"] for added in agent.all("event_added")]
    return [event for event in every if event["type"] == kind]


async def test_hand_back_of_a_killed_bridge_is_done_by_the_other(
    bridges: Bridges, assistant: ScriptedAssistant
) -> None:
    one, two = await bridges.two()
    asked, door = asyncio.Event(), asyncio.Event()

    async def take_back(body: dict[str, Any]) -> Any:
        asked.set()
        await door.wait()
        return says("I'm back.")

    assistant.handback_script = take_back
    maria, customer = await one.house.agent(), await two.house.customer()
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    call = {
        "handoff_id": row["handoff_id"],
        "disposition": "resolved",
        "client_id": "return-1",
    }
    returning = asyncio.create_task(maria.call("handoff_return", call))
    await asked.wait()
    await one.kill()
    returning.cancel()
    there = await two.house.agent()
    door.set()
    await customer.hears("I'm back.")
    await customer.status("bot")
    again = await there.call("handoff_return", call)
    assert (again["ok"], again["state"]) == (True, "returned")
    assert customer.texts().count("I'm back.") == 1


async def test_promise_of_a_killed_bridge_is_made_by_the_other(
    bridges: Bridges, desk: TicketDesk
) -> None:
    one, two = await bridges.two(backoffice_port=desk.port)
    customer = await one.house.customer()
    await customer.ask_for_human()
    await desk.asked.wait()
    await one.kill()
    desk.door.set()
    again = await two.house.customer(session_id=customer.session_id)
    await again.until(
        lambda: [
            status
            for status in again.all("conversation_status")
            if "promise" in status and "eta_seconds" not in status
        ]
    )


async def test_bridge_that_is_told_to_end_gives_back_what_it_has_begun(
    bridges: Bridges, knowing: KnowingAssistant
) -> None:
    # So long a lease that nobody could wait for it to lapse.
    one, two = await bridges.two(lease_secs=600.0)
    maria, dana = await one.house.agent(), await two.house.agent("dana")
    customer = await one.house.customer()
    await customer.say("cancel my order")
    await knowing.entered.wait()
    await one.ends(signal.SIGTERM)
    knowing.door.set()
    again = await two.house.customer(session_id=customer.session_id)
    await again.hears("Done: cancel my order")
    assert knowing.heard == ["cancel my order"]
    await dana.next("presence_changed", agent_id=maria.agent_id, status="offline")


async def test_readiness_turns_before_a_bridge_ends(bridges: Bridges) -> None:
    # So long a drain that only the second signal ends it.
    one = await bridges.start(drain_secs=600.0)
    customer = await one.house.customer()
    assert await _stopping(one) is None
    one.signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        while not await _stopping(one):
            pass
    await customer.say("still served")
    await customer.hears("You said: still served")
    gone = asyncio.Event()
    customer.io.on("disconnect", lambda *_: gone.set(), namespace="/")
    await one.ends(signal.SIGTERM)
    await asyncio.wait_for(gone.wait(), 10)


async def _stopping(bridge: BridgeProcess) -> bool | None:
    async with httpx.AsyncClient(base_url=bridge.house.url, trust_env=False) as http:
        body = (await http.get("/readyz")).json()
    assert not (body["ok"] and body.get("stopping"))
    stopping: bool | None = body.get("stopping")
    return stopping


async def test_what_a_killed_bridge_told_nobody_is_told_by_the_other(
    bridges: Bridges, redis: RedisServer
) -> None:
    one, two = await bridges.two(redis_url=redis.url)
    maria = await two.house.agent()
    talking, asking = await one.house.customer(), await one.house.customer()
    await talking.ask_for_human()
    row = await maria.claim(await maria.queued())
    tab = await two.house.customer(session_id=asking.session_id)
    redis.freeze()
    said = [
        asyncio.create_task(talking.say("somebody there?")),
        asyncio.create_task(asking.ask_for_human()),
    ]
    # Committed; no more than the first words are on their way.
    await _is_waiting(two, maria.token)
    await _is_written(two, maria.token, row["conversation_id"], "somebody there?")
    await one.kill()
    redis.thaw()
    for task in said:
        task.cancel()
    waiting = await maria.until(
        lambda: [
            told["handoff"]
            for told in maria.all("handoff_queued")
            if told["conversation_id"] != row["conversation_id"]
        ]
    )
    assert waiting[0]["state"] == "queued"
    await maria.sees("somebody there?")
    await tab.hears("first in line")


async def _is_waiting(bridge: BridgeProcess, token: str) -> None:
    async with asyncio.timeout(10):
        while not (await bridge.house.get("/handoffs", token, state="queued")).json()[
            "handoffs"
        ]:
            pass


async def _is_written(
    bridge: BridgeProcess, token: str, conversation_id: str, text: str
) -> None:
    path = f"/conversations/{conversation_id}/events"
    async with asyncio.timeout(10):
        while text not in (await bridge.house.get(path, token)).text:
            pass
