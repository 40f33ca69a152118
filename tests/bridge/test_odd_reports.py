"""An assistant of somebody else's may report oddly: the log holds what fits."""

from typing import Any

from tests.bridge.support import House
from tests.bridge.support.assistant import says

ODD = {
    "intent": "greet",
    "entities": "none",
    "sentiment": 5,
    "actions": [{"policy": "RulePolicy"}],
    "slots": {"order_number": 100234},
    "references": 100234,
    "a_field_of_theirs": {"kept": True},
}


async def test_what_does_not_fit_a_report_is_left_out(house: House) -> None:
    async def script(_body: dict[str, Any]) -> Any:
        answer = says("Here you are.", **ODD)
        answer["replies"][0]["attachment"] = {"type": 5, "payload": "x"}
        answer["replies"].append({})
        return answer

    house.assistant.script = script
    customer, maria = await house.customer(), await house.agent()
    await customer.say("hello")
    await customer.hears("Here you are.")
    await customer.ask_for_human()
    row = await maria.queued()
    assert "order_number" not in row
    events = await house.events(maria, row["conversation_id"])
    [turn] = [event for event in events if event["type"] == "turn"]
    assert turn["slots"] == ODD["slots"]
    assert turn["a_field_of_theirs"] == {"kept": True}
    odd = {"intent", "entities", "sentiment", "actions", "references"}
    assert not odd & set(turn)
    packet = await house.get(f"/handoffs/{row['handoff_id']}", maria.token)
    assert packet.status_code == 200
    [_, said] = [m for m in await customer.history() if m["sender"] == "bot"]
    assert "attachment" not in said


async def test_id_of_65_characters_is_refused_and_not_cut(house: House) -> None:
    customer, maria, row = await house.claimed()
    for name, call in (
        ("handoff_id", "handoff_claim"),
        ("conversation_id", "message_send"),
    ):
        longer = row[name] + "x" * (65 - len(row[name]))
        more = {"text": "hello"} if call == "message_send" else {}
        ack = await maria.act(call, **{name: longer}, **more)
        assert (ack["error"], ack["message"][: len(name)]) == ("bad_request", name)
    numbers: list[tuple[str, Any]] = [("active", 1), ("active", "true")]
    for name, value in numbers:
        call = {"session_id": customer.session_id, name: value}
        assert (await customer.call("typing", call))["error"] == "bad_request"
    ack = await customer.call("session_request", {"protocol": "1"})
    assert ack["error"] == "bad_request"
