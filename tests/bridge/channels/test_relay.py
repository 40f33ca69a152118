"""The relay's part in the bridge, beside a Rasa that a test tells what to answer."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import ValidationError

from handoff_bridge.channels.relay.channel import Relay, load
from handoff_bridge.channels.relay.settings import RelaySettings
from handoff_bridge.service.messaging.channel import (
    Button,
    CustomerMessage,
    Forwarded,
    Malformed,
    Part,
    PlatformError,
    Pressed,
    Request,
    Unverified,
)
from handoff_bridge.settings import Settings
from tests.bridge.channels.fake_platform import FakePlatform
from tests.bridge.conftest import SERVICE_TOKEN, settings_for

KEY = "k-0123456789_abcdefghi"
NAME = "shop_kiosk"


class FakeRasa(FakePlatform):
    """A relay whose connector answers as a test says, seen or not."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 200
        self.has_seen = True
        self.content_type = "text/plain"
        self.body: Any = {"ok": True}
        self.connectors: Any = {NAME: {"buttons": None}}
        self.forwarded: list[tuple[str, dict[str, str], bytes]] = []
        self.sent: list[dict[str, Any]] = []
        self.app.router.add_get("/webhooks/relay/", self._health)
        self.app.router.add_post("/webhooks/relay/send", self._send)
        self.app.router.add_route(
            "*", f"/webhooks/relay/{NAME}/{{rest:.*}}", self._take
        )

    async def _health(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {SERVICE_TOKEN}"
        return web.json_response({"ok": True, "connectors": self.connectors})

    async def _send(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {SERVICE_TOKEN}"
        self.sent.append(await request.json())
        return web.json_response(self.body, status=self.status)

    async def _take(self, request: web.Request) -> web.Response:
        assert request.headers["X-Relay-Token"] == SERVICE_TOKEN
        event_id = request.headers["X-Relay-Event"]
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.forwarded.append((request.path_qs, headers, await request.read()))
        return web.Response(
            status=self.status,
            text="<b>4711</b>",
            content_type=self.content_type,
            headers={"X-Relay-Event": event_id} if self.has_seen else {},
        )


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    async with FakeRasa.running() as fake:
        yield fake


@pytest.fixture
async def relay(rasa: FakeRasa, tmp_path: Path) -> AsyncIterator[Relay]:
    channel = relay_of(tmp_path, rasa.port, id_fields=f"{NAME}=press.id|post_id")
    yield channel
    await channel.close()


def bridge_settings(folder: Path, port: int = 5005) -> Settings:
    return settings_for("", port, folder)


def relay_of(folder: Path, port: int, **more: str) -> Relay:
    own = RelaySettings(channels=f"{NAME}={KEY}", **more)  # type: ignore[arg-type]
    return Relay(NAME, own, bridge_settings(folder, port))


def request(
    rest: str = "say",
    body: Any = None,
    key: str = KEY,
    method: str = "POST",
    query: str = "",
    **headers: str,
) -> Request:
    path = f"{key}/{rest}"
    url = f"https://help.shop.example/channels/{NAME}/{path}{query}"
    content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    return Request(method, url, path, headers, content)


async def forwarded(relay: Relay, request: Request) -> None:
    (arrived,) = relay.unpack(request)
    assert isinstance(relay.read(arrived.payload), Forwarded)
    await relay.forward(arrived.payload, arrived.event_id)


# ---- settings


def test_each_connector_is_a_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load(bridge_settings(tmp_path)) == []
    monkeypatch.setenv("RELAY_CHANNELS", f"mattermost={KEY}, {NAME}={KEY}x")
    monkeypatch.setenv("RELAY_BUTTONS", "mattermost")
    monkeypatch.setenv("RELAY_ID_FIELDS", "mattermost=trigger_id|post_id")
    found = load(bridge_settings(tmp_path))
    assert [(one.name, one.title) for one in found] == [
        ("mattermost", "Mattermost"),
        (NAME, "Shop kiosk"),
    ]
    assert [one.limits.buttons for one in found] == [5, 0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channels", f"{NAME}"),
        ("channels", f"{NAME}=short"),
        ("channels", f"{NAME}={KEY}/x"),
        ("channels", f"a b={KEY}"),
        ("channels", f"{NAME}={KEY},{NAME}={KEY}"),
        ("id_fields", NAME),
        ("id_fields", f"{NAME}=a||b"),
        ("buttons", "a b"),
        ("url", "rasa:5005"),
    ],
)
def test_a_setting_that_cannot_work_is_named(field: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        RelaySettings(**{field: value})
    assert [one["loc"] for one in refused.value.errors()] == [(field,)]
    assert KEY not in str(refused.value)


@pytest.mark.parametrize("name", ["RELAY_BUTTONS", "RELAY_ID_FIELDS"])
def test_a_setting_for_no_channel_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("RELAY_CHANNELS", f"{NAME}={KEY}")
    monkeypatch.setenv(name, "mattermost=post_id")
    with pytest.raises(ValueError, match="mattermost"):
        load(bridge_settings(tmp_path))


# ---- what comes in


def test_only_the_key_opens(relay: Relay) -> None:
    relay.verify(request())
    for forged in ("", "another-key-of-20-letters", KEY + "x", KEY[:-1], "\xe9"):
        with pytest.raises(Unverified):
            relay.verify(request(key=forged))


async def test_a_request_goes_on_as_it_came(relay: Relay, rasa: FakeRasa) -> None:
    came = request(
        "a b/say",
        b'{"text": "\xc3\xa9"}',
        query="?token=1%202",
        **{
            "content-type": "application/json",
            "authorization": "Bearer of-the-platform",
            "x-signature": "abc",
            "x-name": "Ren\xe9",
            "x-forwarded-for": "10.0.0.1",
            "x-relay-token": "forged",
            "cookie": "session=1",
            "host": "help.shop.example",
            "content-length": "999",
        },
    )
    await forwarded(relay, came)
    ((path, headers, body),) = rasa.forwarded
    assert path == f"/webhooks/relay/{NAME}/a%20b/say?token=1%202"
    assert body == b'{"text": "\xc3\xa9"}'
    assert headers["authorization"] == "Bearer of-the-platform"
    assert headers["x-signature"] == "abc"
    assert headers["content-length"] == str(len(body))
    assert not {"cookie", "x-forwarded-for"} & set(headers)


@pytest.mark.parametrize("rest", ["../send", "a/../../bridge/webhook", "./say", ".."])
def test_a_path_that_leads_elsewhere_is_refused(relay: Relay, rest: str) -> None:
    with pytest.raises(Malformed):
        relay.unpack(request(rest))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"press": {"id": 7}, "post_id": "p"}, {}),
        ({"press": {"id": 7}}, {}),
        ({"post_id": "p-1"}, {}),
        (
            b"post_id=p-1&text=hello",
            {"content-type": "application/x-www-form-urlencoded; charset=utf-8"},
        ),
        ({"post_id": "ключ" * 50}, {}),
    ],
)
def test_the_platforms_own_id_makes_it_the_same(
    relay: Relay, body: Any, headers: dict[str, str]
) -> None:
    (first,) = relay.unpack(request(body=body, **headers))
    (again,) = relay.unpack(request(body=body, **headers))
    assert first.event_id == again.event_id
    assert first.event_id.isascii()
    assert len(first.event_id) <= 180


def test_what_has_another_id_is_another(relay: Relay) -> None:
    found = {
        relay.unpack(request(body=body))[0].event_id
        for body in (
            {"press": {"id": 7}, "post_id": "p"},
            {"press": {"id": 8}, "post_id": "p"},
            {"post_id": "p"},
            {"post_id": "q"},
        )
    }
    assert len(found) == 4


@pytest.mark.parametrize(
    "body",
    [{"text": "yes"}, {"post_id": ""}, {"post_id": True}, {"post_id": [1]}, b"\xff"],
)
def test_without_an_id_the_same_again_was_said_again(relay: Relay, body: Any) -> None:
    (first,) = relay.unpack(request(body=body))
    (again,) = relay.unpack(request(body=body))
    assert first.event_id != again.event_id


@pytest.mark.parametrize(
    ("status", "has_seen", "failure", "is_final"),
    [
        # The connector has seen it: it says no, or it crashes.
        (403, True, "refused", True),
        (422, True, "refused", True),
        (500, True, "refused", False),
        # It has not, or the bridge did not take what it read.
        (401, False, "unreachable", False),
        (500, False, "unreachable", False),
        (503, False, "unreachable", False),
        (404, False, "refused", True),
    ],
)
async def test_a_request_that_is_not_taken_is_told_apart(
    relay: Relay,
    rasa: FakeRasa,
    status: int,
    has_seen: bool,
    failure: str,
    is_final: bool,
) -> None:
    rasa.status, rasa.has_seen = status, has_seen
    with pytest.raises(PlatformError) as error:
        await forwarded(relay, request())
    assert (error.value.failure, error.value.is_final) == (failure, is_final)


@pytest.mark.parametrize("connectors", [{}, None, "a page of something else"])
async def test_a_request_for_a_connector_that_is_not_set_up_waits(
    relay: Relay, rasa: FakeRasa, connectors: Any
) -> None:
    rasa.status, rasa.has_seen, rasa.connectors = 404, False, connectors
    with pytest.raises(PlatformError) as error:
        await forwarded(relay, request())
    assert (error.value.failure, error.value.is_final) == ("unreachable", False)


async def test_a_question_of_the_platforms_is_answered_at_once(
    relay: Relay, rasa: FakeRasa
) -> None:
    assert await relay.ask(request()) is None
    rasa.content_type = "text/html"
    answer = await relay.ask(request("verify", method="GET", query="?challenge=4711"))
    assert answer is not None
    assert rasa.forwarded[0][0] == f"/webhooks/relay/{NAME}/verify?challenge=4711"
    # Never a page of our own address.
    assert answer.body == b"<b>4711</b>"
    assert answer.content_type.startswith("text/plain")
    rasa.has_seen = False
    with pytest.raises(PlatformError):
        await relay.ask(request(method="GET"))


# ---- what the connector has read


def read(**more: Any) -> dict[str, Any]:
    return {"event_id": "request:1", "n": 0, "sender_id": "t-1", "text": "hi", **more}


def test_what_was_read_is_what_the_customer_did(relay: Relay) -> None:
    reply_to = {"class": "kiosk.Output"}
    arrived = relay.hand_in(read(metadata={"a": 1}, reply_to=reply_to))
    assert arrived.address == "t-1"
    assert relay.read(arrived.payload) == CustomerMessage(
        "hi", metadata={"a": 1}, reply_to=reply_to
    )
    pressed = relay.hand_in(read(text="button:offer-1"))
    assert relay.read(pressed.payload) == Pressed("offer-1")
    silent = relay.hand_in(read(text="  "))
    assert relay.read(silent.payload) == CustomerMessage(unreadable="other")
    said = relay.hand_in(read(text="button: what is that?"))
    assert relay.read(said.payload) == CustomerMessage("button: what is that?")


def test_each_message_of_a_request_is_another(relay: Relay) -> None:
    (raw,) = relay.unpack(request(body={"post_id": "1"}))
    found = [relay.hand_in(read(n=n)).event_id for n in (0, 1)]
    assert len({raw.event_id, *found}) == 3
    assert relay.hand_in(read()).event_id == found[0]


# ---- what goes out


async def test_a_message_goes_through_the_connector(
    relay: Relay, rasa: FakeRasa
) -> None:
    part = Part(
        "c-1:2:0",
        "t-1",
        "Cancel it?",
        [Button("Yes", "offer-1")],
        reply_to={"class": "kiosk.Output"},
    )
    assert await relay.send(part) == "c-1:2:0"
    assert rasa.sent == [
        {
            "connector": NAME,
            "recipient": "t-1",
            "message_id": "c-1:2:0",
            "text": "Cancel it?",
            "buttons": [{"title": "Yes", "payload": "button:offer-1"}],
            "image": None,
            "reply_to": {"class": "kiosk.Output"},
        }
    ]


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (502, {"platform_status": 500}, ("unreachable", False, True, None)),
        (502, {"platform_status": 503}, ("unreachable", False, False, None)),
        (
            502,
            {"platform_status": 429, "retry_after": "7"},
            ("unreachable", False, False, 7.0),
        ),
        (
            502,
            {"platform_status": 429, "retry_after": "Sat, 28 Nov"},
            ("unreachable", False, False, None),
        ),
        (502, {"platform_status": 401}, ("credentials", False, False, None)),
        (502, {"platform_status": 400}, ("refused", True, False, None)),
        (502, {}, ("unreachable", False, True, None)),
        (504, {"error": "timeout"}, ("unreachable", False, True, None)),
        (422, {"error": "unknown_recipient"}, ("unknown_address", True, False, None)),
        (400, {"error": "bad_request"}, ("refused", True, False, None)),
        (401, {"error": "unauthorized"}, ("unreachable", False, False, None)),
        (404, {"error": "unknown_connector"}, ("unreachable", False, False, None)),
        (500, {"error": None}, ("unreachable", False, False, None)),
        (404, [], ("unreachable", False, False, None)),
    ],
)
async def test_a_message_that_is_not_sent_says_why(
    relay: Relay, rasa: FakeRasa, status: int, body: Any, told: tuple[Any, ...]
) -> None:
    rasa.status, rasa.body = status, body
    if isinstance(body, dict):
        rasa.body = {"error": "platform_failed", "message": "no", **body}
    with pytest.raises(PlatformError) as error:
        await relay.send(Part("p-1", "t-1", "Hello"))
    found = error.value
    assert (
        found.failure,
        found.is_final,
        found.is_uncertain,
        found.retry_after_secs,
    ) == told


# ---- whether it is set up


async def test_the_operator_is_told_what_is_missing(
    relay: Relay, rasa: FakeRasa, tmp_path: Path
) -> None:
    async def told() -> dict[str, tuple[bool, str]]:
        return {one.name: (one.is_ok, one.advice) for one in await relay.check()}

    assert await told() == {"connector": (True, ""), "buttons": (True, "")}
    rasa.connectors = {NAME: {"buttons": True}}
    assert (await told())["buttons"] == (False, "Add it to RELAY_BUTTONS.")
    rasa.connectors = {"mattermost": {}}
    is_ok, advice = (await told())["connector"]
    assert not is_ok
    assert "mattermost" in advice
    rasa.is_down = True
    is_ok, advice = (await told())["relay"]
    assert not is_ok
    assert "RelayInput" in advice


async def test_the_way_in_can_be_tried(relay: Relay, rasa: FakeRasa) -> None:
    sample = relay.sample("t-1", "hello", "e-1")
    relay.verify(sample)
    answer = await relay.ask(sample)
    assert answer is not None
    assert answer.status == 200
