"""Bad input from customers: a stable code and a sentence each time, nothing lost."""

from collections.abc import Iterator
from typing import Any

import pytest

from handoff_bridge.protocol.parsing import MAX_DEPTH, MAX_MESSAGE_CHARS, MAX_WIRE_BYTES
from handoff_bridge.store import log as log_store
from tests.bridge.support import House
from tests.bridge.support.refusals import refused
from tests.bridge.support.silence import PRIVATE, silent_about
from tests.bridge.support.wire import connected


@pytest.fixture(autouse=True)
def nothing_private_is_logged(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    with silent_about(PRIVATE, capfd, caplog):
        yield


def nested(depth: int) -> Any:
    value: Any = PRIVATE
    for _ in range(depth):
        value = [value]
    return value


async def test_every_malformed_message_is_refused(house: House) -> None:
    customer = await house.customer()
    known = {"session_id": customer.session_id}
    said = known | {"message": PRIVATE}
    cases: list[tuple[Any, str]] = [
        (None, "bad_request"),
        (PRIVATE, "bad_request"),
        ([PRIVATE], "bad_request"),
        (5, "bad_request"),
        ({}, "bad_request"),
        ({"message": PRIVATE}, "bad_request"),
        (said | {"session_id": PRIVATE}, "unknown_session"),
        (said | {"session_id": "x" * 201}, "bad_request"),
        *[
            (said | {"session_id": value}, "bad_request")
            for value in (None, "", 5, True, [], {}, 10**30)
        ],
        *[
            (known | {"message": value}, "bad_request")
            for value in (5, True, 1.5, [PRIVATE], {"text": PRIVATE}, 10**30)
        ],
        (known | {"message": b"\x00\xff" + PRIVATE.encode()}, "bad_request"),
        (known, "empty_message"),
        (known | {"message": None}, "empty_message"),
        (known | {"message": " \n\t "}, "empty_message"),
        (known | {"message": PRIVATE * 1_000}, "message_too_long"),
        (known | {"message": PRIVATE * 125_000}, "message_too_long"),
        *[
            (said | {"message_id": value}, "bad_request")
            for value in ("", "x" * 129, 5, True, [], {}, "bot:1", "agent:maria:1")
        ],
        *[
            (said | {"attachments": value}, "bad_request")
            for value in (
                *(PRIVATE, 5, True, {"0": "a"}, [5], [None], ["a"] * 6),
                *(0, False, "", {}, [""], ["x" * 65]),
            )
        ],
        *[
            (said | {"metadata": value}, "bad_request")
            for value in (5, 0, True, False, PRIVATE, "", [], [PRIVATE])
        ],
        (said | {"attachments": ["nothing"]}, "unknown_attachment"),
        *[
            (said | {"metadata": {"of": value}}, "bad_request")
            for value in (
                float("nan"),
                float("-inf"),
                10**30,
                b"\xff",
                nested(MAX_DEPTH),
                nested(300),
            )
        ],
    ]
    for data, code in cases:
        refused(await customer.call("user_uttered", data), code)
    assert (await customer.say("still here"))["ok"]
    await customer.hears("You said: still here")
    assert house.assistant.heard == ["still here"]


async def test_every_other_malformed_call_is_refused(house: House) -> None:
    customer = await house.customer()
    known = {"session_id": customer.session_id}
    cases: list[tuple[str, Any, str]] = [
        *[
            ("session_request", {"last_seq": value}, "bad_request")
            for value in (-1, "1", True, 1.5, 10**12, 10**30, [])
        ],
        *[
            ("session_request", {name: value}, "bad_request")
            for name in ("session_id", "identity", "locale", "timezone")
            for value in (5, ["en"], {"of": PRIVATE})
        ],
        ("session_request", PRIVATE, "bad_request"),
        ("session_request", {"timezone": "x" * 61}, "bad_request"),
        *[
            ("survey", known | {"score": value}, "bad_request")
            for value in (None, 0, 6, True, "5", 4.5, 10**30)
        ],
        ("survey", known | {"score": 5, "comment": PRIVATE * 300}, "bad_request"),
        ("survey", {"score": 5}, "bad_request"),
        ("survey", {"session_id": "nobody's", "score": 5}, "unknown_session"),
        ("typing", known | {"active": PRIVATE}, "bad_request"),
        ("typing", {"session_id": "nobody's"}, "unknown_session"),
        ("request_human", {}, "bad_request"),
        ("request_human", {"session_id": "nobody's"}, "unknown_session"),
        ("leave", {"session_id": "nobody's"}, "unknown_session"),
        *[("leave", known | {"end": value}, "bad_request") for value in (1, "yes", {})],
        ("no_such_event", {"text": PRIVATE}, "not_available"),
        ("connect", {"REMOTE_ADDR": PRIVATE}, "not_available"),
        ("disconnect", PRIVATE, "not_available"),
        ("trigger_event", PRIVATE, "not_available"),
    ]
    for event, data, code in cases:
        refused(await customer.call(event, data), code)
    assert (await customer.say("still here"))["ok"]


async def test_null_counts_as_absent(house: House) -> None:
    customer = await house.customer(
        session_id=None, last_seq=None, identity=None, locale=None, timezone=None
    )
    ack = await customer.say(
        "hello", message_id=None, attachments=None, metadata=None, anything=None
    )
    assert ack["ok"]
    await customer.hears("You said: hello")
    refused(await customer.say(""), "empty_message")


async def test_message_of_exactly_the_limit_is_taken(house: House) -> None:
    customer = await house.customer()
    text = "x" * MAX_MESSAGE_CHARS
    assert (await customer.say(text))["ok"]
    refused(await customer.say(text + "x"), "message_too_long")
    said = [m["text"] for m in await customer.history() if m["sender"] == "customer"]
    assert said == [text]


async def test_what_no_database_can_hold_is_replaced(each_house: House) -> None:
    house = each_house
    broken, mended = "a\x00b\ud800c\udfff", "a\ufffdb\ufffdc\ufffd"
    maria = await house.agent()
    customer = await house.customer(locale=broken, timezone=broken)
    ack = await customer.say(
        broken, message_id=broken, metadata={broken: [broken, {"of": broken}]}
    )
    assert (ack["ok"], ack["message_id"]) == (True, mended)
    await customer.hears(f"You said: {mended}")
    turn = house.assistant.turns[0]
    assert turn["message"] == mended
    assert turn["metadata"] == {mended: [mended, {"of": mended}]}
    survey = {"session_id": customer.session_id, "score": 1, "comment": broken}
    assert (await customer.call("survey", survey))["ok"]
    refused(await customer.say("x", attachments=[broken]), "unknown_attachment")
    refused(await customer.call("leave", {"session_id": broken}), "unknown_session")
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    place = {"conversation_id": row["conversation_id"]}
    assert (await maria.act("message_send", **place, text=broken))["ok"]
    assert (await maria.act("note_add", **place, text=broken))["ok"]
    ending = {"disposition": "resolved", "outcome": broken, "note": broken}
    slots = {"slots": {broken: broken}, "client_id": broken}
    back = await maria.act(
        "handoff_return", handoff_id=row["handoff_id"], **ending, **slots
    )
    assert back["ok"], back
    assert back["handoff"]["outcome"] == mended
    texts = [event.get("text") for event in await house.events(maria, **place)]
    assert texts.count(mended) == 4


async def test_html_and_script_stay_text(house: House) -> None:
    customer, maria, row = await house.claimed()
    text = "<script>alert(1)</script> <img src=x onerror=alert(2)> &amp; {{7*7}} %s"
    await customer.say(text)
    assert (await maria.sees("<script>"))["text"] == text
    assert (await customer.history())[-1]["text"] == text
    packet = await house.get(f"/handoffs/{row['handoff_id']}", maria.token)
    assert packet.headers["content-type"] == "application/json"
    assert packet.headers["x-content-type-options"] == "nosniff"
    refused(await customer.say(""), "empty_message")


async def test_frames_that_are_no_packets_are_refused(house: House) -> None:
    frames = [
        f'42["user_uttered",{{"message":"{PRIVATE}"',
        f'42["user_uttered","{PRIVATE}\\u00"]',
        "42[]",
        '42{"message":"' + PRIVATE + '"}',
        f"42{PRIVATE}",
        f"4{PRIVATE}",
        '42["user_uttered",{"n":' + "9" * 5_000 + "}]",
        "42" + "[" * 200_000,
    ]
    async with connected(house.url) as wire:
        await wire.frame("40")
        for frame in frames:
            await wire.send(frame)
            refusal = await wire.event("message_refused")
            assert refusal["error"] == "bad_request", frame[:60]
            assert refusal["message"].endswith(".")
        for number, event in enumerate(("5", "null", "[1]", '{"a":1}')):
            await wire.send(f"42{number}[{event},{{}}]")
            refused(await wire.ack(number), "not_available")
        deep = "[" * 900 + "]" * 900
        await wire.emit("user_uttered", f'{{"metadata":{{"of":{deep}}}}}', ack=8)
        refused(await wire.ack(8), "bad_request")
        await wire.emit("session_request", '{"protocol":1}, "more", 5', ack=9)
        assert (await wire.ack(9))["ok"]


async def test_binary_frames_are_refused_and_others_served(house: House) -> None:
    customer = await house.customer()
    async with connected(house.url) as wire:
        await wire.frame("40")
        await wire.send(PRIVATE.encode() + b"\x00\xff")
        assert (await wire.event("message_refused"))["error"] == "bad_request"
        await wire.emit("session_request", '{"protocol":1}', ack=1)
        assert (await wire.ack(1))["ok"]
    assert (await customer.say("hello"))["ok"]


async def test_too_much_on_the_wire_closes_the_connection_and_loses_nothing(
    house: House,
) -> None:
    customer = await house.customer()
    assert (await customer.say("before"))["ok"]
    async with connected(house.url) as wire:
        await wire.frame("40")
        session = f'"session_id":"{customer.session_id}"'
        await wire.emit("user_uttered", f'{{{session},"message":"within"}}', ack=1)
        assert (await wire.ack(1))["ok"]
        text = PRIVATE * (MAX_WIRE_BYTES // len(PRIVATE) + 1)
        await wire.emit("user_uttered", f'{{{session},"message":"{text}"}}', ack=2)
        await wire.closes()
    assert (await customer.say("after"))["ok"]
    said = [m["text"] for m in await customer.history() if m["sender"] == "customer"]
    assert said == ["before", "within", "after"]
    refused(await customer.say(""), "empty_message")


async def test_failure_inside_is_told_and_logged_without_the_text(
    each_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await each_house.customer()
    write = log_store.write

    async def twice(tx: Any, entries: Any) -> None:
        await write(tx, [*entries, *entries])  # the database refuses it

    with monkeypatch.context() as patched:
        patched.setattr(log_store, "write", twice)
        refused(await customer.say(PRIVATE, message_id="m-1"), "internal")
    assert await customer.history() == []
    assert (await customer.say("hello", message_id="m-1"))["ok"]


async def test_answer_that_cannot_be_written_down_hands_off(house: House) -> None:
    answers: list[Any] = [
        {"replies": [{"buttons": [{"title": PRIVATE}]}], "turn": {}},
        {"replies": [PRIVATE], "turn": {}},
        {"replies": [{"text": 5}], "turn": {}},
        {"replies": [], "turn": {"trigger": ["boredom"]}},
        {"replies": [{"text": "hi"}], "turn": {"turns": PRIVATE}},
        {"replies": {"text": "hi"}, "turn": {}},
        {"replies": [{"text": "hi"}], "turn": None},
    ]
    for answer in answers:

        async def script(_body: dict[str, Any], given: Any = answer) -> Any:
            return given

        house.assistant.script = script
        customer = await house.customer()
        await customer.say(PRIVATE)
        await customer.status("queue")
        assert customer.texts("bot") == []


async def test_message_to_a_closed_chat_reopens_it_with_the_bot(
    each_house: House,
) -> None:
    customer, maria, row = await each_house.claimed()
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **ending))["ok"]
    await customer.status("closed")
    place = {"conversation_id": row["conversation_id"]}
    refused(await maria.act("message_send", **place, text="hi"), "conversation_closed")
    assert (await customer.say("one more thing"))["ok"]
    await customer.hears("You said: one more thing")
    moves = [
        (event["from"], event["to"], event["reason"])
        for event in await each_house.events(maria, row["conversation_id"])
        if event["type"] == "owner_changed"
    ]
    assert moves[-1] == ("closed", "bot", "reopened")
    refused(await maria.act("message_send", **place, text="hi"), "not_owner")
    refused(await maria.act("handoff_close", **ending), "illegal_transition")
