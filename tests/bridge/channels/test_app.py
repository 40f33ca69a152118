"""The channel of a shop's own app, by itself and through a running bridge."""

import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from time import time
from typing import Any

import pytest
from aiohttp import web

from handoff_bridge.channels import load_channels
from handoff_bridge.channels.app import AppChannel
from handoff_bridge.service.messaging.channel import (
    Button,
    Channel,
    CustomerMessage,
    FileReference,
    Ignored,
    Malformed,
    OutgoingFile,
    Part,
    PlatformError,
    Pressed,
    Reported,
    Request,
    Unreadable,
    Unverified,
)
from tests.bridge.channels.fake_app import SECRET, FakeApp, environment, signed
from tests.bridge.conftest import settings_for
from tests.bridge.support.photos import photo

MESSAGE = {"id": "e1", "type": "message", "customer": {"id": "c-1"}, "text": "hello"}


@pytest.fixture
async def app() -> AsyncIterator[FakeApp]:
    async with FakeApp.running() as fake:
        yield fake


def loaded(
    monkeypatch: pytest.MonkeyPatch, folder: Path, url: str, **more: str
) -> Channel:
    """The channel, as the bridge finds it by these settings."""
    for name, value in environment(url, **more).items():
        monkeypatch.setenv(name, value)
    channels = load_channels(settings_for("", 1, folder))
    return channels[more.get("APP_CHANNEL_NAME", "app")]


@pytest.fixture
async def channel(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Channel]:
    found = loaded(monkeypatch, tmp_path, app.address)
    yield found
    await found.close()


def request(body: bytes | dict[str, Any], **headers: str) -> Request:
    """A request of the app's, signed unless headers are given."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lower = {name.lower(): value for name, value in (headers or signed(raw)).items()}
    return Request("POST", "", "", lower, raw)


# Settings.


def test_without_settings_there_is_no_such_channel(tmp_path: Path) -> None:
    assert "app" not in load_channels(settings_for("", 1, tmp_path))


def test_name_and_title_are_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    more = {"APP_CHANNEL_NAME": "shopapp", "APP_CHANNEL_TITLE": "Our app"}
    found = loaded(monkeypatch, tmp_path, "https://app.example/tandem", **more)
    assert (found.name, found.title) == ("shopapp", "Our app")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_CHANNEL_SECRET", "too-few-characters"),
        ("APP_CHANNEL_SECRET", ""),
        ("APP_CHANNEL_OLD_SECRET", "too-few-characters"),
        ("APP_CHANNEL_URL", ""),
        ("APP_CHANNEL_URL", "ftp://app.example/"),
        ("APP_CHANNEL_URL", "https://10.0.0.1/tandem"),
        ("APP_CHANNEL_URL", "https://me:secret@app.example/tandem"),
        ("APP_CHANNEL_NAME", "Our app"),
        ("APP_CHANNEL_NAME", "web"),
    ],
)
def test_setting_that_makes_no_sense_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    named = f"(?i){name.removeprefix('APP_CHANNEL_')}"
    with pytest.raises(ValueError, match=named) as refused:
        loaded(monkeypatch, tmp_path, "https://app.example/tandem", **{name: value})
    for secret in (SECRET, "too-few-characters"):
        assert secret not in str(refused.value)


def test_plain_http_has_to_be_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="https://"):
        loaded(monkeypatch, tmp_path, "http://127.0.0.1/", WEBHOOK_ALLOW_HTTP="")


# Signatures.


def test_what_the_app_signed_is_let_in(channel: Channel) -> None:
    channel.verify(request(MESSAGE))


def test_one_good_signature_of_several_is_enough(channel: Channel) -> None:
    raw = json.dumps(MESSAGE).encode()
    channel.verify(request(raw, **signed(raw, "the next secret", SECRET)))
    with pytest.raises(Unverified, match="another signature"):
        channel.verify(request(raw, **signed(raw, "the next secret", "or another")))


async def test_old_secret_holds_while_both_sides_are_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, app: FakeApp
) -> None:
    old = {"APP_CHANNEL_SECRET": SECRET[::-1], "APP_CHANNEL_OLD_SECRET": SECRET}
    channel = loaded(monkeypatch, tmp_path, app.address, **old)
    channel.verify(request(MESSAGE))
    await channel.send(Part("m1", "c-1", "hello"))
    app.secret = SECRET[::-1]
    await channel.send(Part("m2", "c-1", "hello again"))
    assert app.texts("c-1") == ["hello", "hello again"]
    await channel.close()


@pytest.mark.parametrize("secs", [-310, 310])
def test_request_of_another_time_is_old(channel: Channel, secs: int) -> None:
    raw = json.dumps(MESSAGE).encode()
    with pytest.raises(Unverified, match="old"):
        channel.verify(request(raw, **signed(raw, at=time() + secs)))
    channel.verify(request(raw, **signed(raw, at=time() + secs * 0.9)))


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("", "no signature"),
        ("t=,v1=", "no signature"),
        ("v1=aa", "no signature"),
        ("t=²,v1=aa", "no signature"),
        ("t=-1,v1=aa", "no signature"),
        ("t=99999999999999999999,v1=aa", "no signature"),
        ("t={now}", "another signature"),
        ("t={now},v1=", "another signature"),
        ("t={now},v1=ä", "another signature"),
        ("t={now},v0={right}", "another signature"),
        ("t={later},v1={right}", "another signature"),
        ("t={now},v1={right}0", "another signature"),
    ],
)
def test_header_that_shows_nothing_is_refused(
    channel: Channel, header: str, why: str
) -> None:
    raw = json.dumps(MESSAGE).encode()
    now = int(time())
    right = signed(raw, at=now)["Tandem-Signature"].partition("v1=")[2]
    given = header.format(now=now, later=now + 1, right=right)
    with pytest.raises(Unverified, match=why):
        channel.verify(request(raw, **{"Tandem-Signature": given}))
    with pytest.raises(Unverified, match="no signature"):
        channel.verify(Request("POST", "", "", {}, raw))


def test_other_words_under_a_signature_are_refused(channel: Channel) -> None:
    headers = signed(json.dumps(MESSAGE).encode())
    with pytest.raises(Unverified, match="another signature"):
        channel.verify(request({**MESSAGE, "text": "other"}, **headers))


# Events.


def test_events_come_in_their_order_with_their_numbers(channel: Channel) -> None:
    one = {**MESSAGE, "sequence": 7}
    other = {**MESSAGE, "id": "e2", "customer": {"id": "c-2"}}
    first, second = channel.unpack(request({"events": [one, other]}))
    assert (first.event_id, first.address, first.sequence) == ("e1", "c-1", 7)
    assert first.counts_by_address
    assert (second.event_id, second.address, second.sequence) == ("e2", "c-2", None)
    [single] = channel.unpack(request(MESSAGE))
    assert single.event_id == "e1"


FILE = {"url": "https://app.example/f", "name": "f.png", "content_type": "image/png"}


@pytest.mark.parametrize(
    ("event", "means"),
    [
        ({"text": "hello"}, CustomerMessage("hello")),
        (
            {"text": "", "files": [FILE], "customer": {"id": "c-1", "name": "Jo"}},
            CustomerMessage(
                files=(FileReference(FILE["url"], "f.png", "image/png"),), name="Jo"
            ),
        ),
        (
            {"text": "hallo", "customer": {"id": "c-1", "language": "de"}},
            CustomerMessage("hallo", language="de"),
        ),
        ({"type": "button", "payload": "b1"}, Pressed("b1")),
        (
            {"type": "delivered", "message_id": "m1"},
            Reported("m1", "delivered", part_id="m1"),
        ),
        ({"type": "read", "message_id": "m1"}, Reported("m1", "read", part_id="m1")),
        (
            {"type": "failed", "message_id": "m1"},
            Reported("m1", "failed", "refused", part_id="m1"),
        ),
        (
            {"type": "failed", "message_id": "m1", "reason": "blocked", "detail": "x"},
            Reported("m1", "failed", "blocked", "x", "m1"),
        ),
        ({"type": "typing"}, Ignored()),
        ({"type": "sticker"}, Unreadable("sticker")),
        ({"type": "location"}, Unreadable("location")),
        ({"type": "contact"}, Unreadable("contact")),
        ({"type": "audio"}, Unreadable("audio")),
        ({"type": "video"}, Unreadable("video")),
        ({"type": "edited"}, Unreadable("edited")),
        ({"type": "deleted"}, Unreadable("deleted")),
        ({"type": "hologram"}, Unreadable("other")),
    ],
)
def test_event_means(channel: Channel, event: dict[str, Any], means: object) -> None:
    [arrived] = channel.unpack(request({**MESSAGE, **event}))
    assert channel.read(arrived.payload) == means


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"", "JSON"),
        (b"\xff", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "object"),
        (json.dumps({**MESSAGE, "more": float("nan")}).encode(), "finite"),
        (json.dumps({**MESSAGE, "more": 2**64}).encode(), "64 bits"),
        (b"7", "object"),
        ({"events": []}, "events"),
        ({"events": {}}, "events"),
        ({"events": [MESSAGE] * 101}, "events"),
        ({}, "id"),
        ({**MESSAGE, "id": ""}, "id"),
        ({**MESSAGE, "id": 7}, "id"),
        ({**MESSAGE, "id": "x" * 129}, "id"),
        ({**MESSAGE, "type": None}, "type"),
        ({**MESSAGE, "customer": "c-1"}, "customer"),
        ({**MESSAGE, "customer": {}}, "customer.id"),
        ({**MESSAGE, "sequence": 0}, "sequence"),
        ({**MESSAGE, "sequence": "1"}, "sequence"),
        ({**MESSAGE, "text": " "}, "text or files"),
        ({**MESSAGE, "text": ["hello"]}, "text"),
        ({**MESSAGE, "files": [{"name": "f"}]}, "files.0.url"),
        ({**MESSAGE, "files": [FILE] * 11}, "files"),
        ({**MESSAGE, "type": "button"}, "payload"),
        ({**MESSAGE, "type": "read"}, "message_id"),
        ({**MESSAGE, "type": "failed", "message_id": "m", "reason": "?"}, "reason"),
    ],
)
def test_what_is_not_of_the_form_is_named(
    channel: Channel, body: bytes | dict[str, Any], names: str
) -> None:
    with pytest.raises(Malformed, match=names):
        channel.unpack(request(body))


def test_what_a_database_cannot_hold_is_replaced(channel: Channel) -> None:
    [arrived] = channel.unpack(request({**MESSAGE, "text": "a\0b\ud800"}))
    assert channel.read(arrived.payload) == CustomerMessage("a\ufffdb\ufffd")


def test_sample_is_as_the_app_would_send_it(channel: Channel) -> None:
    sample = channel.sample("c-1", "Is anybody there?", "e-1")
    channel.verify(sample)
    [arrived] = channel.unpack(sample)
    assert (arrived.event_id, arrived.address) == ("e-1", "c-1")
    assert channel.read(arrived.payload) == CustomerMessage("Is anybody there?")


# Messages to customers.


async def test_message_has_all_that_there_is(channel: Channel, app: FakeApp) -> None:
    buttons = [Button("Yes", "b1"), Button("No", "b2")]
    assert await channel.send(Part("m1", "c-1", "Well?", buttons)) == "m1"
    link = "https://desk.example/files/1"
    file = OutgoingFile(Path("unused"), link, "application/pdf", "bill.pdf")
    await channel.send(Part("m2", "c-1", "Your bill", file=file))
    await channel.send(Part("m3", "c-1", picture_url="https://shop.example/p.png"))
    to = {"type": "message", "customer": {"id": "c-1"}}
    assert app.received == [
        {
            **to,
            "id": "m1",
            "text": "Well?",
            "buttons": [
                {"title": "Yes", "payload": "b1"},
                {"title": "No", "payload": "b2"},
            ],
        },
        {
            **to,
            "id": "m2",
            "text": "Your bill",
            "file": {
                "url": link,
                "content_type": "application/pdf",
                "name": "bill.pdf",
            },
        },
        {**to, "id": "m3", "picture_url": "https://shop.example/p.png"},
    ]


async def test_message_is_the_same_again(channel: Channel, app: FakeApp) -> None:
    app.mute = 1
    with pytest.raises(PlatformError) as lost:
        await channel.send(Part("m1", "c-1", "hello"))
    assert lost.value.failure == "unreachable"
    assert lost.value.is_uncertain
    assert not lost.value.is_final
    await channel.send(Part("m1", "c-1", "hello", is_repeated=True))
    assert [one["id"] for one in app.received] == ["m1", "m1"]
    assert app.texts("c-1") == ["hello"]


async def test_typing_is_told(channel: Channel, app: FakeApp) -> None:
    await channel.show_typing("c-1")
    assert app.typing == ["c-1"]


def refusal(status: int, error: object = None, **headers: str) -> web.Response:
    return web.json_response({"error": error}, status=status, headers={**headers})


@pytest.mark.parametrize(
    ("answer", "failure", "is_final", "is_uncertain", "secs"),
    [
        (refusal(410, "unknown_customer"), "unknown_address", True, False, None),
        (refusal(404, "unknown_customer"), "unknown_address", True, False, None),
        (refusal(410, "blocked"), "blocked", True, False, None),
        (refusal(422, "file_refused"), "file_refused", True, False, None),
        (refusal(422, "too_rude"), "refused", True, False, None),
        (refusal(400, ["blocked"]), "refused", True, False, None),
        (web.Response(status=400, text="["), "refused", True, False, None),
        (web.Response(status=413, text="7"), "refused", True, False, None),
        (refusal(401), "credentials", False, False, None),
        (refusal(403, "blocked"), "credentials", False, False, None),
        (refusal(404), "unreachable", False, False, None),
        (refusal(302, Location="/x"), "unreachable", False, False, None),
        (refusal(429, **{"Retry-After": "7"}), "unreachable", False, False, 7.0),
        (refusal(503, **{"Retry-After": "9"}), "unreachable", False, False, 9.0),
        (refusal(503), "unreachable", False, False, None),
        (refusal(500), "unreachable", False, True, None),
    ],
)
async def test_refusal_is_told_in_the_bridges_words(
    channel: Channel,
    app: FakeApp,
    answer: web.Response,
    failure: str,
    is_final: bool,
    is_uncertain: bool,
    secs: float | None,
) -> None:
    app.error = answer
    with pytest.raises(PlatformError) as refused:
        await channel.send(Part("m1", "c-1", "hello"))
    error = refused.value
    assert (error.failure, error.is_final) == (failure, is_final)
    assert (error.is_uncertain, error.retry_after_secs) == (is_uncertain, secs)
    assert error.detail.startswith(str(answer.status))
    assert "too_rude" not in error.detail


async def test_app_that_is_not_there_was_not_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free_port_url: str
) -> None:
    channel = loaded(monkeypatch, tmp_path, free_port_url)
    with pytest.raises(PlatformError) as lost:
        await channel.send(Part("m1", "c-1", "hello"))
    assert lost.value.failure == "unreachable"
    assert not lost.value.is_uncertain
    await channel.close()


@pytest.fixture
def free_port_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/"


async def test_name_that_leads_inside_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, app: FakeApp
) -> None:
    inside = {"WEBHOOK_PRIVATE_NETWORKS": "192.0.2.0/24"}
    url = app.address.replace("127.0.0.1", "0x7f.1")
    channel = loaded(monkeypatch, tmp_path, url, **inside)
    with pytest.raises(PlatformError, match="private_address"):
        await channel.send(Part("m1", "c-1", "hello"))
    with pytest.raises(PlatformError, match="private_address") as refused:
        await channel.fetch(FileReference(f"{url}/f"))
    assert refused.value.is_final
    assert app.calls == []
    await channel.close()


# Files of customers.


async def test_file_is_fetched(channel: Channel, app: FakeApp) -> None:
    kept = app.keep("photo.png", "image/png", photo("PNG"))
    assert await channel.fetch(FileReference(kept["url"])) == photo("PNG")


@pytest.mark.parametrize(
    ("path", "failure", "is_final"),
    [
        ("/files/none", "unreachable", False),
        ("/nowhere", "file_refused", True),
        ("/moved", "file_refused", True),
        ("/large", "file_refused", True),
    ],
)
async def test_file_that_is_not_given_is_told(
    channel: Channel,
    app: FakeApp,
    path: str,
    failure: str,
    is_final: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("handoff_bridge.channels.app.MAX_FILE_BYTES", 100)
    app.keep("large", "image/png", b"x" * 101)
    with pytest.raises(PlatformError) as refused:
        await channel.fetch(
            FileReference(app.url + path.replace("/large", "/files/large"))
        )
    assert (refused.value.failure, refused.value.is_final) == (failure, is_final)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://169.254.169.254/", "no address", "//app/f"]
)
async def test_file_is_fetched_from_the_internet_alone(
    channel: Channel, url: str
) -> None:
    with pytest.raises(PlatformError) as refused:
        await channel.fetch(FileReference(url))
    assert (refused.value.failure, refused.value.is_final) == ("file_refused", True)


# Whether it is set up.


async def test_check_asks_the_app(channel: Channel, app: FakeApp) -> None:
    [check] = await channel.check()
    assert check.is_ok
    assert app.pings == 1


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (refusal(401), "APP_CHANNEL_SECRET"),
        (refusal(404), "APP_CHANNEL_URL"),
        (refusal(400), "ping"),
    ],
)
async def test_check_says_what_to_do(
    channel: Channel, app: FakeApp, answer: web.Response, advice: str
) -> None:
    app.error = answer
    [check] = await channel.check()
    assert not check.is_ok
    assert advice in check.advice
    assert str(answer.status) in check.advice


def test_channel_is_an_app_channel(channel: Channel) -> None:
    assert isinstance(channel, AppChannel)
