"""Supervisors see the assistant's running chats, those that go badly first."""

from datetime import timedelta
from typing import Any

import pytest

from handoff_bridge.packet.concerns import standing
from handoff_bridge.service import live
from tests.bridge.support import AgentClient, Customer, House
from tests.bridge.support.assistant import says
from tests.bridge.support.refusals import http_refused
from tests.bridge.test_statements import counting, one_a_line

REQUEST = {"name": "check_order", "confidence": 0.9, "topic": "order_status"}
UNKNOWN = {"name": "nlu_fallback", "confidence": 0.3}
ANSWERED = [{"name": "action_check", "outcome": {"kind": "answered"}}]
REFUSED = [{"name": "action_return", "outcome": {"kind": "refused"}}]


def turn(score: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"intent": REQUEST, "sentiment": {"score": score}, "actions": [], **more}


def concerns(*turns: dict[str, Any]) -> tuple[str, ...]:
    return standing([{"type": "turn", **one} for one in turns]).concerns


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([turn(0.3, actions=ANSWERED)] * 5, ()),
        ([turn(-0.6, actions=ANSWERED)], ("mood",)),
        ([turn(-0.4, actions=ANSWERED)], ()),
        ([turn(0.5, actions=ANSWERED), turn(-0.2, actions=ANSWERED)], ("mood",)),
        ([turn(0.9, actions=ANSWERED), turn(0.1, actions=ANSWERED)], ()),
        ([turn(actions=REFUSED), turn(intent=UNKNOWN)], ("failures",)),
        ([turn(intent=UNKNOWN)], ()),
        ([turn(intent=UNKNOWN, active_loop="return_form")] * 4, ()),
        ([{"type": "turn_failed"}] * 2, ("failures",)),
        # Long ago.
        ([turn(intent=UNKNOWN)] * 2 + [turn(actions=ANSWERED)] * 6, ()),
        ([turn()] * 4, ()),
        ([turn()] * 5, ("no_progress",)),
        ([turn()] * 4 + [turn(actions=ANSWERED), turn()], ()),
        ([turn(intent={"name": "thank", "small_talk": True})] * 9, ()),
        ([], ()),
        ([{"sentiment": None, "actions": None, "intent": None}], ()),
    ],
)
def test_what_is_of_concern(
    turns: list[dict[str, Any]], expected: tuple[str, ...]
) -> None:
    assert concerns(*turns) == expected


async def look(house: House, agent: AgentClient) -> list[dict[str, Any]]:
    answer = await house.get("/conversations/live", agent.token)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["conversations"]
    return found


async def talk(house: House, *texts: str) -> Customer:
    """A customer who says it to the bot; what is angry sounds so, and is in vain."""

    async def script(body: Any) -> Any:
        text = body["message"]
        is_angry = "angry" in text
        return says(f"Heard: {text}", **turn(-0.8 if is_angry else 0.2))

    house.assistant.script = script
    customer = await house.customer()
    for text in texts:
        await customer.say(text)
        await customer.hears(f"Heard: {text}")
    return customer


async def test_chats_that_go_badly_rise_first(each_house: House) -> None:
    house = each_house
    dana = await house.agent("dana")
    await talk(house, "angry one")
    await talk(house, "calm one")
    await talk(house, "calm two")
    found = await look(house, dana)
    assert [one["customer_said"] for one in found] == [
        "angry one",
        "calm two",
        "calm one",
    ]
    assert [one["concerns"] for one in found] == [["mood"], [], []]
    assert (found[0]["score"], found[0]["trend"]) == (-0.8, "flat")


async def test_agents_who_are_no_supervisors_are_refused(house: House) -> None:
    maria = await house.agent()
    answer = await house.get("/conversations/live", maria.token)
    http_refused(answer, 403, "forbidden")


async def test_only_what_the_bot_has_and_answered_lately_runs(
    each_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = each_house
    dana = await house.agent("dana")
    customer = await talk(house, "angry one")
    [one] = await look(house, dana)
    taken = await dana.act(
        "conversation_takeover", conversation_id=one["conversation_id"]
    )
    assert taken["ok"], taken
    assert await look(house, dana) == []
    end = {"handoff_id": taken["handoff_id"], "disposition": "resolved"}
    assert (await dana.act("handoff_return", **end))["ok"]
    await customer.status("bot")
    # What was wrong before is settled.
    await customer.say("calm again")
    await customer.hears("Heard: calm again")
    [again] = await look(house, dana)
    assert again["concerns"] == []
    assert again["handoff"]["state"] == "returned"
    monkeypatch.setattr(live, "WINDOW", timedelta(0))
    assert await look(house, dana) == []


@pytest.mark.parametrize("chats", [1, 6])
async def test_looking_costs_the_same_however_many_run(
    each_house: House, chats: int
) -> None:
    house = each_house
    dana = await house.agent("dana")
    for number in range(chats):
        await talk(house, f"calm {number}")
    with counting() as seen:
        assert len(await look(house, dana)) == chats
    # Who asks; the turns, the chats, their handoffs.
    assert len(seen) <= 8, one_a_line(seen)
