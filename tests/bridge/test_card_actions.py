"""What an agent has done about a card: by whom, once, and what the log says of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.settings import Settings
from tests.bridge.conftest import settings_for
from tests.bridge.support import (
    AgentClient,
    Customer,
    House,
    ScriptedAssistant,
    serving,
)
from tests.bridge.support.assistant import says
from tests.bridge.support.back_office import ScriptedBackOffice
from tests.bridge.support.refusals import refused

MOVE: dict[str, Any] = {
    "id": "move",
    "label": "Move it",
    "fields": [
        {
            "name": "fee",
            "label": "Fee",
            "type": "money",
            "currency": "EUR",
            "minimum": "0.01",
            "maximum": "20.00",
            "required": True,
        },
        {
            "name": "room",
            "label": "Room",
            "type": "choice",
            "options": [{"value": "r1", "label": "Room 1"}],
        },
        {"name": "why", "label": "Why", "type": "text", "max_length": 40},
    ],
    "confirm": "Moves it for {fee}.",
}
VISIT: dict[str, Any] = {
    "kind": "appointment",
    "id": "A-7",
    "title": "Dr. Lee, check-up",
    "status": "Confirmed",
    "rows": [],
    "actions": [MOVE],
}
PROOF = {"level": "verified", "method": "one_time_code", "customer_id": "c-1"}


@pytest.fixture
async def back_office() -> ScriptedBackOffice:
    """A clinic's: one appointment, which can be moved."""
    clinic = ScriptedBackOffice()
    clinic.customers["c-1"] = {"customer_id": "c-1", "name": "Ada Byron"}
    clinic.cards["c-1"] = [VISIT]
    clinic.named["A-7"] = VISIT
    return clinic


@pytest.fixture
async def settings(
    database_url: str,
    assistant: ScriptedAssistant,
    back_office: ScriptedBackOffice,
    tmp_path: Path,
) -> AsyncIterator[Settings]:
    """Of a bridge beside the clinic, on SQLite, then on PostgreSQL."""
    async with serving(back_office.app) as port:
        yield settings_for(database_url, assistant.port, tmp_path, backoffice_port=port)


@pytest.fixture
async def house(
    settings: Settings, assistant: ScriptedAssistant
) -> AsyncIterator[House]:
    async with House.open(settings, assistant) as opened:
        yield opened


async def in_line(house: House, **slots: Any) -> Customer:
    async def script(_body: dict[str, Any]) -> Any:
        return says("Noted.", references=["A-7"], slots=slots)

    house.assistant.script = script
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("Noted.")
    await customer.ask_for_human()
    return customer


async def claimed(
    house: House, proof: dict[str, Any] | None = PROOF
) -> tuple[AgentClient, dict[str, Any]]:
    """Maria, and what she calls about the visit of her chat."""
    maria = await house.agent()
    await in_line(house, **({"authentication": proof} if proof else {}))
    row = await maria.claim(await maria.queued())
    await house.line_is_told()
    call = {
        "conversation_id": row["conversation_id"],
        "kind": "appointment",
        "id": "A-7",
        "action": "move",
        "fields": {"fee": "12.50", "room": "r1", "why": "dentist"},
        "client_id": "act-1",
    }
    return maria, call


async def acted(house: House, maria: AgentClient, call: Any) -> list[dict[str, Any]]:
    """What the log says of it."""
    events = await house.events(maria, call["conversation_id"])
    return [event for event in events if event["type"] == "card_action"]


async def test_it_is_done_and_in_the_log_and_told_to_everybody_who_sees_it(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house)
    sam, dana = await house.agent("sam"), await house.agent("dana")
    ack = await maria.call("card_action", call)
    assert ack["ok"]
    assert ack["card"]["status"] == "Moved"
    assert ack["result"] == "Done as asked."
    [(_, asked)] = back_office.acts
    assert asked == {
        "what": "appointment A-7 move",
        "customer_id": "c-1",
        "fields": {"fee": "12.50", "room": "r1", "why": "dentist"},
        "agent": "Maria",
        "conversation_id": call["conversation_id"],
    }
    begun, done = await acted(house, maria, call)
    assert [begun["state"], done["state"]] == ["begun", "done"]
    assert done["seq"] == ack["seq"]
    assert done["actor"]["name"] == "Maria"
    assert (done["label"], done["title"], done["result"]) == (
        "Move it",
        "Dr. Lee, check-up",
        "Done as asked.",
    )
    assert [field["shown"] for field in done["fields"]] == [
        "EUR 12.50",
        "Room 1",
        "dentist",
    ]
    for agent in (sam, dana):
        await agent.until(lambda agent=agent: _moved(agent), "a row whose card moved")
    await dana.until(
        lambda: [
            told
            for told in dana.all("event_added")
            if told["event"].get("state") == "done"
        ]
    )


def _moved(agent: AgentClient) -> list[Any]:
    told = [change["handoff"] for change in agent.all("handoff_updated")]
    return [
        row for row in told if (row.get("cards") or [{}])[0].get("status") == "Moved"
    ]


async def test_a_repeated_call_is_answered_alike_and_done_once(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house)
    first = await maria.call("card_action", call)
    assert await maria.call("card_action", call) == first
    assert len(back_office.acts) == 1
    other = await maria.call("card_action", {**call, "fields": {"fee": "1"}})
    refused(other, "client_id_reused")


async def test_a_lost_answer_is_asked_for_again_under_the_same_key(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house)
    back_office.lost_answers = 1
    refused(await maria.call("card_action", call), "back_office_unavailable")
    assert [one["state"] for one in await acted(house, maria, call)] == ["begun"]
    assert (await maria.call("card_action", call))["ok"]
    assert len(back_office.acted) == 1
    assert len(back_office.acts) == 2
    assert len(await acted(house, maria, call)) == 2


async def test_an_earlier_try_that_came_through_is_not_done_beside_a_new_one(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house)
    back_office.lost_answers = 1
    refused(await maria.call("card_action", call), "back_office_unavailable")
    again = {**call, "client_id": "act-2"}
    refused(await maria.call("card_action", again), "action_done_before")
    assert len(back_office.acted) == 1
    # Looked at, it may be wanted once more.
    assert (await maria.call("card_action", {**call, "client_id": "act-3"}))["ok"]
    assert len(back_office.acted) == 2


async def test_two_at_once_are_one(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house)
    back_office.gate = asyncio.Event()
    first = asyncio.create_task(maria.call("card_action", call))
    async with asyncio.timeout(10):
        while not back_office.acts:
            await asyncio.sleep(0.01)
    second = asyncio.create_task(
        maria.call("card_action", {**call, "client_id": "act-2"})
    )
    async with asyncio.timeout(10):
        while len(back_office.acts) < 2:
            await asyncio.sleep(0.01)
    back_office.gate.set()
    assert (await first)["ok"]
    refused(await second, "action_done_before")
    assert len(back_office.acted) == 1


async def test_messages_do_not_wait_for_the_back_office(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house)
    back_office.gate = asyncio.Event()
    acting = asyncio.create_task(maria.call("card_action", call))
    async with asyncio.timeout(10):
        while not back_office.acts:
            await asyncio.sleep(0.01)
    said = {"conversation_id": call["conversation_id"], "text": "One moment."}
    assert (await maria.act("message_send", **said))["ok"]
    back_office.gate.set()
    assert (await acting)["ok"]


@pytest.mark.parametrize("status", [404, 409, 422])
async def test_what_the_back_office_refuses_is_told_in_its_words(
    house: House, back_office: ScriptedBackOffice, status: int
) -> None:
    maria, call = await claimed(house)
    back_office.refusal = (status, "It was moved already.")
    answer = await maria.call("card_action", call)
    refused(answer, "action_refused")
    assert answer["message"] == "It was moved already."
    assert [one["state"] for one in await acted(house, maria, call)] == [
        "begun",
        "refused",
    ]
    back_office.refusal = None
    assert await maria.call("card_action", call) == answer
    assert (await maria.call("card_action", {**call, "client_id": "act-2"}))["ok"]


async def test_a_back_office_that_is_away_loses_nothing(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house)
    back_office.is_broken = True
    refused(await maria.call("card_action", call), "back_office_unavailable")
    assert await acted(house, maria, call) == []
    back_office.is_broken = False
    assert (await maria.call("card_action", call))["ok"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"fee": ""},
        {"fee": "-1"},
        {"fee": "20.01"},
        {"fee": "a lot"},
        {"fee": "1e1"},
        {"fee": "١٢"},
        {"fee": "Infinity"},
        {"fee": True},
        {"fee": ["1"]},
        {"fee": "1\x00"},
        {"fee": "1", "room": "r2"},
        {"fee": "1", "why": "x" * 41},
        {"fee": "1", "more": "x"},
    ],
)
async def test_fields_that_are_not_right_begin_nothing(
    house: House, back_office: ScriptedBackOffice, fields: dict[str, Any]
) -> None:
    maria, call = await claimed(house)
    answer = await maria.call("card_action", {**call, "fields": fields})
    refused(answer, "invalid_fields")
    assert back_office.acts == []
    assert await acted(house, maria, call) == []


async def test_only_what_a_card_of_this_customer_offers_is_done(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house)
    for number, (wrong, code) in enumerate(
        [
            ({"id": "A-8"}, "unknown_card"),
            ({"kind": "order"}, "unknown_card"),
            ({"action": "erase"}, "unknown_action"),
            ({"conversation_id": "nowhere"}, "unknown_conversation"),
            ({"fields": "fee"}, "bad_request"),
        ]
    ):
        answer = await maria.call(
            "card_action", {**call, **wrong, "client_id": f"w-{number}"}
        )
        refused(answer, code)
    assert back_office.acts == []


async def test_nothing_is_done_for_somebody_who_has_proved_nothing(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house, proof=None)
    row = maria.all("handoff_claimed")[-1]["handoff"]
    answer = await house.get(f"/handoffs/{row['handoff_id']}", maria.token)
    [card] = answer.json()["cards"]
    assert "actions" not in card
    assert card["actions_locked"]
    refused(await maria.call("card_action", call), "customer_not_verified")
    assert back_office.acts == []


async def test_only_who_has_the_chat_acts(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria, call = await claimed(house)
    for name in ("sam", "dana"):
        other = await house.agent(name)
        refused(await other.call("card_action", call), "not_owner")
    row = maria.all("handoff_claimed")[-1]["handoff"]
    end = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **end))["ok"]
    refused(await maria.call("card_action", call), "conversation_closed")
    assert back_office.acts == []


async def test_a_bridge_that_died_in_between_does_it_once(
    settings: Settings, assistant: ScriptedAssistant, back_office: ScriptedBackOffice
) -> None:
    async with House.open(settings, assistant) as house:
        maria, call = await claimed(house)
        back_office.gate = asyncio.Event()
        acting = asyncio.create_task(maria.call("card_action", call))
        async with asyncio.timeout(10):
            while not back_office.acts:
                await asyncio.sleep(0.01)
        acting.cancel()
    back_office.gate.set()
    async with House.open(settings, assistant) as house:
        maria = await house.agent()
        ack = await maria.call("card_action", call)
        assert ack["ok"], ack
        begun, done = await acted(house, maria, call)
        assert (begun["state"], done["state"]) == ("begun", "done")
    assert len(back_office.acted) == 1
    assert len(back_office.acts) == 2
