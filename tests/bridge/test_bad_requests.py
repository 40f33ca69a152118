"""Bad input from agents and over HTTP."""

from typing import Any

import pytest

from tests.bridge.support import House
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.refusals import http_refused, refused

# One more than an id may have: not cut, refused.
LONG_ID = "x" * 65
JSON = {"Content-Type": "application/json"}


async def test_every_malformed_call_of_an_agent_is_refused(each_house: House) -> None:
    house = each_house
    _, maria, row = await house.claimed()
    place = {"conversation_id": row["conversation_id"]}
    wanted = {"handoff_id": row["handoff_id"]}
    ending = wanted | {"disposition": "resolved"}
    cases: list[tuple[str, dict[str, Any], str]] = [
        *[
            ("handoff_claim", {"handoff_id": value}, "bad_request")
            for value in (None, "", 5, True, [], {}, LONG_ID)
        ],
        ("handoff_claim", {"handoff_id": "\x00"}, "unknown_handoff"),
        *[
            ("message_send", place | {"text": value}, "bad_request")
            for value in (None, "", 5, True, ["hi"], {"text": "hi"}, b"\x00\xff")
        ],
        ("message_send", place | {"text": "x" * 1_000_000}, "message_too_long"),
        ("message_send", place | {"text": "x", "client_id": ""}, "bad_request"),
        ("message_send", place | {"text": "x", "client_id": 5}, "bad_request"),
        ("message_send", {"text": "hi"}, "bad_request"),
        (
            "message_send",
            {"conversation_id": "\x00", "text": "hi"},
            "unknown_conversation",
        ),
        ("note_add", place | {"text": "x" * 5_001}, "message_too_long"),
        (
            "note_add",
            {"conversation_id": "nothing", "text": "hi"},
            "unknown_conversation",
        ),
        *[
            ("handoff_return", ending | more, "bad_request")
            for more in (
                {"slots": []},
                {"slots": {"n": float("nan")}},
                {"slots": {"n": 10**30}},
                {"seen_seq": -1},
                {"seen_seq": "5"},
                {"seen_seq": 10**12},
                {"outcome": 5},
                {"outcome": "x" * 2_001},
                {"note": "x" * 5_001},
                {"disposition": None},
                {"disposition": "whatever"},
            )
        ],
        ("handoff_return", ending | {"handoff_id": "nothing"}, "unknown_handoff"),
        ("handoff_close", ending | {"handoff_id": "nothing"}, "unknown_handoff"),
        *[
            ("presence_set", {"status": "away", "capacity": value}, "bad_request")
            for value in (-1, 51, True, "5", 2.5, 10**30)
        ],
        *[
            ("sync", {"cursors": value}, "bad_request")
            for value in ([], 5, {"c": -1}, {"c": "1"}, {"c": True}, {"c": 10**12})
        ],
        ("sync", {"cursors": {LONG_ID: 0}}, "bad_request"),
        ("sync", {"cursors": {"": 0}}, "bad_request"),
        ("typing", {"conversation_id": LONG_ID}, "bad_request"),
        ("message_send", {"conversation_id": LONG_ID, "text": "hi"}, "bad_request"),
        ("note_add", {"conversation_id": LONG_ID, "text": "hi"}, "bad_request"),
        ("handoff_return", ending | {"handoff_id": LONG_ID}, "bad_request"),
        ("handoff_close", ending | {"handoff_id": LONG_ID}, "bad_request"),
        ("sync", {"cursors": {"nothing": 0, "\x00": 0}}, "unknown_conversation"),
        ("typing", {"conversation_id": 5}, "bad_request"),
    ]
    for event, data, code in cases:
        refused(await maria.act(event, **data), code)
    for payload in ("text", ["list"], 5):
        refused(await maria.call("handoff_claim", payload), "bad_request")
    sent = await maria.act("message_send", **place, text="still here")
    assert sent["ok"]


async def test_body_that_is_not_the_json_wanted_is_refused(each_house: House) -> None:
    house = each_house
    service = {"Authorization": f"Bearer {house.settings.service_token}"}
    bodies: list[dict[str, Any]] = [
        {},
        {"content": b"{", "headers": JSON},
        {"content": b"\xff\xfe\x00", "headers": JSON},
        {"content": b"[" * 200_000, "headers": JSON},
        {"content": b'{"email":' + b"[" * 900 + b"]" * 900 + b"}", "headers": JSON},
        {"content": b'{"email":"' + b"x" * 1_100_000 + b'"}', "headers": JSON},
        {"content": b'{"n":' + b"9" * 5_000 + b"}", "headers": JSON},
        {"content": b'{"n":NaN}', "headers": JSON},
        {"json": None},
        {"json": []},
        {"json": "text"},
        {"json": {}},
        {"json": {"email": 5, "conversation_id": [], "trigger": 5}},
        {"data": {"email": "maria@example.com", "password": "x"}},
        {"files": {"email": b"maria@example.com"}},
    ]
    for path in ("/auth/login", "/handoffs", "/bot/messages"):
        for body in bodies:
            headers = {**body.get("headers", {}), **service}
            answer = await house.http.post(path, **{**body, "headers": headers})
            http_refused(answer, 400, "bad_request")
    # Everything is right with it but its size.
    login = {"email": "maria@example.com", "password": PASSWORD}
    answer = await house.http.post("/auth/login", json=login | {"x": "x" * 2**20})
    http_refused(answer, 400, "bad_request")
    whole = {"conversation_id": "\x00", "trigger": "customer_request"}
    http_refused(await house.ask(**whole | {"evidence": []}), 400, "bad_request")
    http_refused(await house.ask(**whole), 404, "unknown_conversation")
    longer = whole | {"conversation_id": LONG_ID}
    http_refused(await house.ask(**longer), 400, "bad_request")


async def test_malformed_reply_is_refused_and_not_written(each_house: House) -> None:
    house = each_house
    customer, maria = await house.customer(), await house.agent()
    await customer.say("hello")
    await customer.hears("You said: hello")
    conversation_id = house.assistant.turns[0]["sender"]
    token = house.settings.service_token
    replies: list[Any] = [
        *(None, "hi", [], {}, {"text": 5}, {"text": ""}, {"custom": None}),
        *({"buttons": value} for value in (7, [7], [{"title": "Yes"}])),
        {"text": "hi", "buttons": [{"title": "Yes", "payload": "x" * 501}]},
        *({"attachment": value} for value in (5, {"type": 5, "payload": "x"})),
        {"image": {"src": "cat.png"}},
    ]
    for n, reply in enumerate(replies):
        answer = await house.http.post(
            "/bot/messages",
            json={
                "conversation_id": conversation_id,
                "message_id": f"r-{n}",
                "reply": reply,
            },
            headers={"Authorization": f"Bearer {token}"},
        )
        http_refused(answer, 400, "bad_request")
    assert len(await customer.history()) == 3
    await customer.ask_for_human()
    row = await maria.queued()
    events = await house.events(maria, row["conversation_id"])
    assert not [event for event in events if event["type"] == "reply_suppressed"]


async def test_address_that_names_nothing_is_refused(each_house: House) -> None:
    house = each_house
    dana = (await house.login("dana"))["token"]
    huge = str(10**30)
    cases: list[tuple[str, dict[str, str], int, str]] = [
        ("/handoffs/nothing", {}, 404, "unknown_handoff"),
        ("/handoffs/%00", {}, 400, "bad_request"),
        ("/handoffs", {"state": "nonsense"}, 400, "bad_request"),
        ("/handoffs", {"limit": "0"}, 400, "bad_request"),
        ("/handoffs", {"limit": huge}, 400, "bad_request"),
        ("/handoffs", {"before": "nothing"}, 404, "unknown_handoff"),
        ("/handoffs", {"before": "\x00"}, 400, "bad_request"),
        ("/handoffs", {"before": LONG_ID}, 400, "bad_request"),
        (f"/handoffs/{LONG_ID}", {}, 400, "bad_request"),
        (f"/conversations/{LONG_ID}/events", {}, 400, "bad_request"),
        (f"/conversations/{LONG_ID}/suggestions", {}, 400, "bad_request"),
        (f"/uploads/{LONG_ID}", {}, 400, "bad_request"),
        ("/texts/english", {}, 400, "bad_request"),
        ("/conversations/nothing/events", {}, 404, "unknown_conversation"),
        ("/conversations/%00/events", {}, 400, "bad_request"),
        ("/conversations/nothing/events", {"after": "-1"}, 400, "bad_request"),
        ("/conversations/nothing/events", {"after": "x"}, 400, "bad_request"),
        ("/conversations/nothing/events", {"after": huge}, 400, "bad_request"),
        ("/conversations/nothing/events", {"before": huge}, 400, "bad_request"),
        ("/conversations/nothing/events", {"limit": huge}, 400, "bad_request"),
        ("/uploads/%00", {}, 400, "bad_request"),
        ("/uploads/..%2f..%2fbridge.db", {}, 404, "not_found"),
        ("/uploads/nothing", {}, 404, "unknown_attachment"),
        ("/texts/..%2f..%2fsecrets", {}, 404, "not_found"),
        ("/no/such/address", {}, 404, "not_found"),
        ("/auth/login", {}, 405, "bad_request"),
    ]
    for path, params, status, code in cases:
        http_refused(await house.get(path, dana, **params), status, code)
    for path in ("/assets/nothing.js", "/docs/assets/../../etc/passwd", "/nothing"):
        answer = await house.http.get(f"{house.url}{path}")
        http_refused(answer, 404, "not_found")


async def test_failure_inside_has_the_one_shape_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_args: object) -> None:
        raise OSError("the disk is full")

    dana = (await house.login("dana"))["token"]
    monkeypatch.setattr("handoff_bridge.service.reports.log.between", broken)
    http_refused(await house.get("/reports/today", dana), 500, "internal")
