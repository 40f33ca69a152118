"""Customers of a shop's own app, through a running bridge."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from time import time
from typing import Any

import httpx
import pytest

from tests.bridge.channels.fake_app import SECRET, FakeApp, environment, signed
from tests.bridge.channels.test_messaging import asks
from tests.bridge.conftest import settings_for
from tests.bridge.support import AgentClient, House, ScriptedAssistant
from tests.bridge.support.photos import photo

JO = "c-1042"


@pytest.fixture
async def app() -> AsyncIterator[FakeApp]:
    async with FakeApp.running() as fake:
        yield fake


@pytest.fixture
async def house(
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    app: FakeApp,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    """A bridge that the app is connected to, and that tries again at once."""
    for name, value in environment(app.address).items():
        monkeypatch.setenv(name, value)
    local = {"webhook_allow_http": True, "webhook_private_networks": "127.0.0.0/8"}
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **local)
    async with House.open(settings, assistant) as opened:
        app.bridge = f"{opened.url}/channels/app/events"
        assert opened.bridge is not None
        opened.bridge.channel_outbox._pause_secs = 0.01
        opened.bridge.channel_inbox._pause_secs = 0.01
        yield opened


async def claimed(house: House, app: FakeApp) -> tuple[AgentClient, dict[str, Any]]:
    maria = await house.agent()
    await app.says(JO, "human", customer={"id": JO, "name": "Jo", "language": "en"})
    row = await maria.claim(await maria.queued())
    await app.sees(JO, "Maria from the returns team has joined")
    return maria, row


def echoes(app: FakeApp, address: str = JO) -> list[str]:
    return [
        text.removeprefix("You said: ")
        for text in app.texts(address)
        if text.startswith("You said: ")
    ]


async def test_from_the_bot_to_a_human_and_back(house: House, app: FakeApp) -> None:
    await app.says(JO, "where is my parcel?")
    await app.sees(JO, "You said: where is my parcel?")
    assert "automated" in app.texts(JO)[0]
    maria, row = await claimed(house, app)
    assert row["channel"] == "app"
    chat = {"conversation_id": row["conversation_id"]}
    await maria.act("typing", **chat, active=True)
    await maria.act("message_send", **chat, text="Hi, I'm Maria.")
    await app.sees(JO, "Maria: Hi, I'm Maria.")
    assert set(app.typing) <= {JO}
    await app.says(JO, "my kettle is broken")
    await maria.sees("my kettle is broken")
    back = await maria.act(
        "handoff_return",
        handoff_id=row["handoff_id"],
        disposition="resolved",
        outcome="A new one is on its way.",
    )
    assert back["ok"], back
    await app.sees(JO, "I'm back. A new one is on its way.")
    await app.presses(JO, "4")
    await app.sees(JO, "Thank you for your answer.")
    log = await house.events(maria, row["conversation_id"])
    assert [one["score"] for one in log if one["type"] == "survey"] == [4]
    await app.says(JO, "thanks")
    await app.sees(JO, "You said: thanks")
    ids = [shown.message_id for shown in app.shown]
    assert len(ids) == len(set(ids))


async def test_buttons_come_back_as_what_they_mean(house: House, app: FakeApp) -> None:
    house.assistant.script = asks
    await app.says(JO, "which?")
    shown = await app.sees(JO, "Which one?")
    assert [button["title"] for button in shown.buttons] == ["Red", "Blue"]
    house.assistant.script = house.assistant._echo
    await app.presses(JO, "Blue")
    await app.sees(JO, "You said: Blue")


async def test_nobody_there_is_a_promise(house: House, app: FakeApp) -> None:
    await app.says(JO, "human")
    await app.sees(JO, "Nobody from the team is here")


async def test_photos_go_both_ways(house: House, app: FakeApp) -> None:
    maria, row = await claimed(house, app)
    kept = app.keep("box.png", "image/png", photo("PNG"))
    await app.says(JO, "it came like this", files=[kept])
    seen = await maria.sees("it came like this")
    assert len(seen["attachments"]) == 1

    bearer = {"Authorization": f"Bearer {maria.token}"}
    chat = {"conversation_id": row["conversation_id"]}
    uploaded = await house.http.post(
        "/uploads",
        params=chat,
        files={"file": ("label.jpg", photo("JPEG"), "image/jpeg")},
        headers=bearer,
    )
    assert uploaded.status_code == 200, uploaded.text
    attachment = uploaded.json()["attachment_id"]
    sent = await maria.act(
        "message_send", **chat, text="Your label", attachments=[attachment]
    )
    assert sent["ok"], sent
    shown = await app.sees(JO, "Your label")
    file = shown.more["file"]
    assert (file["content_type"], file["name"]) == ("image/jpeg", "label.jpg")
    async with httpx.AsyncClient(trust_env=False) as http:
        fetched = await http.get(file["url"])
    assert fetched.status_code == 200
    assert fetched.content.startswith(b"\xff\xd8\xff")


async def test_agent_sees_what_became_of_a_message(house: House, app: FakeApp) -> None:
    maria, row = await claimed(house, app)
    chat = {"conversation_id": row["conversation_id"]}
    sent = await maria.act("message_send", **chat, text="Hi!")
    shown = await app.sees(JO, "Maria: Hi!")
    await maria.next("delivery_changed", seq=sent["seq"], state="sent")
    for state in ("delivered", "read"):
        await app.hands_over(app.state(JO, shown.message_id, state))
        await maria.next("delivery_changed", seq=sent["seq"], state=state)

    app.blocked.add(JO)
    sent = await maria.act("message_send", **chat, text="Are you there?")
    failed = await maria.next("delivery_changed", seq=sent["seq"], state="failed")
    assert failed["reason"] == "blocked"
    app.blocked.clear()
    sent = await maria.act("message_send", **chat, text="Hello?")
    shown = await app.sees(JO, "Hello?")
    lost = app.state(JO, shown.message_id, "failed", reason="unknown_address")
    await app.hands_over(lost)
    failed = await maria.next("delivery_changed", seq=sent["seq"], state="failed")
    assert failed["reason"] == "unknown_address"


async def test_sample_goes_the_whole_way(house: House, app: FakeApp) -> None:
    assert house.bridge is not None
    channel = house.bridge.channel_inbox._channels["app"]
    sample = channel.sample(JO, "Is anybody there?", "evt-of-the-sample")
    url = f"{house.url}/channels/app/{sample.path}"
    taken = await app.post(url, content=sample.body, headers=dict(sample.headers))
    assert taken.status_code == 200
    await app.sees(JO, "You said: Is anybody there?")


# What is not a good request.


async def answered(app: FakeApp, body: bytes, **headers: str) -> tuple[int, str]:
    given = {**signed(body), **headers}
    response = await app.post(app.bridge, content=body, headers=given)
    return response.status_code, response.json().get("error", "")


async def test_what_is_not_signed_now_is_refused(house: House, app: FakeApp) -> None:
    body = json.dumps(app.event(JO, text="let me in")).encode()
    for header in (
        "",
        signed(body, "another secret")["Tandem-Signature"],
        signed(body + b" ")["Tandem-Signature"],
        signed(body, at=time() - 301)["Tandem-Signature"],
        signed(body, at=time() + 310)["Tandem-Signature"],
    ):
        refused = await answered(app, body, **{"Tandem-Signature": header})
        assert refused == (401, "invalid_signature")
    assert (await app.post(app.bridge, content=body)).status_code == 401
    await app.says("c-2", "hello")
    await app.sees("c-2", "You said: hello")
    assert house.assistant.heard == ["hello"]


async def test_what_is_played_again_changes_nothing(house: House, app: FakeApp) -> None:
    body = json.dumps(app.event(JO, text="once")).encode()
    headers = signed(body)
    for _ in range(3):
        again = await app.post(app.bridge, content=body, headers=headers)
        assert again.status_code == 200
    await app.says(JO, "and on")
    await app.sees(JO, "You said: and on")
    assert house.assistant.heard == ["once", "and on"]


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON",
        b'{"events": []}',
        b'{"id": "e1", "type": "message", "customer": {}, "text": "hello"}',
        json.dumps({"text": "x" * 1024 * 1024}).encode(),
    ],
)
async def test_what_is_malformed_or_too_large_is_told(
    house: House, app: FakeApp, body: bytes
) -> None:
    assert await answered(app, body) == (400, "bad_request")


async def test_one_bad_event_takes_none_of_its_batch(
    house: House, app: FakeApp
) -> None:
    good = app.event(JO, text="good")
    assert (await app.gives(good, {**good, "id": ""})).status_code == 400
    assert (await app.gives(good)).status_code == 200
    await app.sees(JO, "You said: good")
    assert house.assistant.heard == ["good"]


async def test_kinds_that_nobody_sees_are_told(house: House, app: FakeApp) -> None:
    for kind, says in (("sticker", "sticker"), ("hologram", "can't")):
        await app.hands_over(app.event(JO, type=kind))
        await app.sees(JO, says)
    await app.hands_over({**app.event(JO, type="typing"), "sequence": None})
    assert house.assistant.heard == []


# Order, and everything once.


async def test_batch_is_in_its_order(house: House, app: FakeApp) -> None:
    await app.hands_over(*(app.event(JO, text=f"n{n}") for n in range(20)))
    await app.sees(JO, "You said: n19")
    assert echoes(app) == house.assistant.heard == [f"n{n}" for n in range(20)]


async def test_sequence_orders_what_overtook_and_repeats(
    house: House, app: FakeApp
) -> None:
    events = [app.event(JO, text=f"n{n}") for n in range(6)]
    for n in (1, 0, 3, 5, 5, 1, 4, 2):
        await app.hands_over(events[n])
    await app.sees(JO, "You said: n5")
    assert echoes(app) == house.assistant.heard == [f"n{n}" for n in range(6)]


async def test_app_that_was_down_gets_all_in_order(house: House, app: FakeApp) -> None:
    await app.says(JO, "first")
    await app.sees(JO, "You said: first")
    app.is_down = True
    for n in range(10):
        await app.says(JO, f"n{n}")
        await app.says("c-2", f"n{n}")
    async with asyncio.timeout(10):
        while len(house.assistant.heard) < 21:
            await asyncio.sleep(0.02)
    assert app.texts("c-2") == []
    app.is_down = False
    for address in (JO, "c-2"):
        await app.sees(address, "You said: n9")
        assert echoes(app, address)[-10:] == [f"n{n}" for n in range(10)]


async def test_app_that_throttles_is_waited_for(house: House, app: FakeApp) -> None:
    app.throttled, app.retry_after_secs = 2, 1
    await app.says(JO, "hello")
    await app.says(JO, "hello again")
    await app.sees(JO, "You said: hello again")
    assert echoes(app) == ["hello", "hello again"]
    assert app.throttled == 0


async def test_lost_answers_double_nothing(house: House, app: FakeApp) -> None:
    app.mute = 3
    for n in range(3):
        await app.says(JO, f"n{n}")
    await app.sees(JO, "You said: n2")
    assert echoes(app) == ["n0", "n1", "n2"]
    ids = [message["id"] for message in app.received]
    assert len(ids) > len(set(ids))  # some of what was lost told of typing


async def test_customer_who_is_gone_holds_up_nobody(house: House, app: FakeApp) -> None:
    app.unknown.add(JO)
    await app.says(JO, "hello")
    await app.says("c-2", "hello")
    await app.sees("c-2", "You said: hello")
    async with asyncio.timeout(10):
        while not house.assistant.heard.count("hello") == 2:
            await asyncio.sleep(0.02)
    app.unknown.clear()
    await app.says(JO, "back again")
    await app.sees(JO, "You said: back again")


def test_fake_signs_by_itself() -> None:
    """The bridge's own signature is held against another implementation."""
    assert signed(b"{}", SECRET, at=1)["Tandem-Signature"] == (
        "t=1,v1=4b2f62e976e388f9f6518350b77ee4e72a062bda0cd8fcf4e41ce9f11c200685"
    )
