"""WhatsApp and SMS: what Twilio sends is read, and what is sent Twilio takes."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError

from handoff_bridge.channels import load_channels
from handoff_bridge.channels.twilio import channel as twilio
from handoff_bridge.channels.twilio.failures import failure_of
from handoff_bridge.channels.twilio.incoming import is_signed, signature
from handoff_bridge.service.messaging.channel import (
    Channel,
    CustomerMessage,
    Event,
    FileReference,
    Ignored,
    Malformed,
    OutgoingFile,
    Part,
    PlatformError,
    Reported,
    Request,
    TemplateMessage,
    Unreadable,
    Unverified,
)
from handoff_bridge.settings import Settings
from tests.bridge.channels.fake_twilio import (
    ACCOUNT,
    FORM,
    PIXEL,
    SERVICE,
    SMS,
    TOKEN,
    WHATSAPP,
    FakeTwilio,
    sign,
)

ROOT = Path(__file__).resolve().parents[3]
ASSISTANTS_PYTHON = ROOT / ".venv" / "bin" / "python"
PUBLIC = "https://desk.example"
ADA = "+15017122661"
CHANNELS = ("whatsapp", "sms")
SETTINGS = {
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_WHATSAPP_FROM": WHATSAPP,
    "TWILIO_SMS_FROM": SMS,
}

type Load = Callable[..., dict[str, Channel]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio.running() as one:
        yield one


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """The channels that settings of Twilio's make."""

    def channels(url: str = "http://127.0.0.1:9", **more: str | None) -> Any:
        given = {**SETTINGS, "TWILIO_API": url, "TWILIO_CONTENT_API": url, **more}
        for name, value in given.items():
            monkeypatch.setenv(name, value or "")
        settings = Settings(
            service_token="a-token-of-services",
            secret_key="a secret of the tests' own",
            identity_secret="a secret of the tests' shop",
            public_url=PUBLIC,
        )
        return load_channels(settings)

    return channels


def request(
    channel: str, form: dict[str, Any], path: str = "message", **changed: Any
) -> Request:
    """A webhook, signed as Twilio signs."""
    url = f"{PUBLIC}/channels/{channel}/{path}"
    headers = {"content-type": FORM, "x-twilio-signature": sign(TOKEN, url, form)}
    given = Request(
        "POST",
        url,
        path.partition("?")[0],
        headers,
        urlencode(form, doseq=True).encode(),
    )
    return replace(given, **changed)


def read(channel: Channel, form: dict[str, Any]) -> Event:
    """What one message means."""
    [arrived] = channel.unpack(request(channel.name, form))
    return channel.read(arrived.payload)


def report(sid: str, status: str, **more: str) -> dict[str, str]:
    """The fields of a status callback."""
    return {"AccountSid": ACCOUNT, "MessageSid": sid, "MessageStatus": status, **more}


# Settings.


def test_there_are_no_channels_without_settings(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load(**dict.fromkeys(SETTINGS)) == {}


@pytest.mark.parametrize(
    ("missing", "left"),
    [("TWILIO_SMS_FROM", ["whatsapp"]), ("TWILIO_WHATSAPP_FROM", ["sms"])],
)
def test_each_sender_is_a_channel(load: Load, missing: str, left: list[str]) -> None:
    assert list(load()) == ["whatsapp", "sms"]
    assert list(load(**{missing: None})) == left


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"TWILIO_AUTH_TOKEN": None}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_ACCOUNT_SID": None}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_WHATSAPP_FROM": None, "TWILIO_SMS_FROM": None}, "TWILIO_SMS_FROM"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "twilio_account_sid"),
        ({"TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886"}, "twilio_whatsapp_from"),
        ({"TWILIO_SMS_FROM": "015005550006"}, "twilio_sms_from"),
    ],
)
def test_incomplete_settings_stop_the_start(
    load: Load, changed: dict[str, str | None], told: str
) -> None:
    with pytest.raises(ValidationError, match=told) as refused:
        load(**changed)
    assert TOKEN not in str(refused.value)
    assert refused.value.errors()[0]["loc"][0] in twilio.TwilioSettings.model_fields


# The signature.

# Of Twilio's documentation.
PUBLISHED_FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
PUBLISHED_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PUBLISHED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_published_signature_comes_out() -> None:
    assert signature("12345", PUBLISHED_URL, [*PUBLISHED_FORM.items()]) == PUBLISHED
    assert sign("12345", PUBLISHED_URL, PUBLISHED_FORM) == PUBLISHED


SIGNED: list[tuple[str, dict[str, Any]]] = [
    (PUBLISHED_URL, PUBLISHED_FORM),
    (f"{PUBLIC}/channels/sms/message", {"Body": "", "From": ADA}),
    (f"{PUBLIC}/channels/sms/message", {"Body": "Grüße 👋 & more=1\n+"}),
    (f"{PUBLIC}/a?b=%20c", {"To": ["2", "1", "2"], "to": "3", "Á": "4"}),
    ("http://127.0.0.1:8000/channels/whatsapp/status?part=1", {"A": "1"}),
]


def test_twilios_own_library_agrees(load: Load) -> None:
    """Both with the fake's signatures and with the bridge's."""
    of_library = _library(
        "import json, sys\n"
        "from twilio.request_validator import RequestValidator\n"
        "class Many(dict):\n"
        "    def getall(self, name):\n"
        "        value = self[name]\n"
        "        return value if isinstance(value, list) else [value]\n"
        "print(json.dumps([RequestValidator('12345').compute_signature(url, Many(form))"
        " for url, form in json.load(sys.stdin)]))",
        json.dumps(SIGNED),
    )
    for (url, form), expected in zip(SIGNED, json.loads(of_library), strict=True):
        pairs = [
            (name, value)
            for name, values in form.items()
            for value in ([values] if isinstance(values, str) else values)
        ]
        assert sign("12345", url, form) == expected
        assert signature("12345", url, pairs) == expected
        headers = {"content-type": FORM, "x-twilio-signature": expected}
        body = urlencode(form, doseq=True).encode()
        assert is_signed("12345", Request("POST", url, "", headers, body))


@pytest.mark.parametrize(
    ("signed", "called"),
    [
        ("https://desk.example:443/x", "https://desk.example/x"),
        ("https://desk.example/x", "https://desk.example:443/x"),
        ("https://desk.example/x", "https://desk.example:8443/x"),
        ("http://desk.example:80/x?a=1", "http://desk.example/x?a=1"),
    ],
)
def test_the_port_may_be_signed_or_not(signed: str, called: str) -> None:
    headers = {"content-type": FORM, "x-twilio-signature": sign(TOKEN, signed, {})}
    assert is_signed(TOKEN, Request("POST", called, "x", headers, b""))


@pytest.mark.parametrize("name", CHANNELS)
def test_what_twilio_did_not_sign_is_refused(load: Load, name: str) -> None:
    channel = load()[name]
    form = FakeTwilio().incoming(name, ADA, "hello")
    good = request(name, form)
    channel.verify(good)
    forged = sign("another token", good.url, form)
    for bad in [
        replace(good, headers={"content-type": FORM}),
        replace(good, headers={**good.headers, "x-twilio-signature": forged}),
        replace(good, headers={**good.headers, "x-twilio-signature": "Ünsinn"}),
        replace(good, body=good.body.replace(b"hello", b"hullo")),
        replace(good, url="https://other.example/channels/sms/message"),
        replace(good, method="GET"),
        replace(good, headers={**good.headers, "content-type": "application/json"}),
    ]:
        with pytest.raises(Unverified):
            channel.verify(bad)


# What comes in.


@pytest.mark.parametrize("name", CHANNELS)
def test_a_message_is_its_sid_from_its_number(load: Load, name: str) -> None:
    form = FakeTwilio().incoming(name, ADA, "  hello\n")
    [arrived] = load()[name].unpack(request(name, form))
    assert (arrived.event_id, arrived.address) == (form["MessageSid"], ADA)
    said = load()[name].read(json.loads(json.dumps(arrived.payload)))
    assert said == CustomerMessage(
        "  hello\n", [], name="Ada" if name == "whatsapp" else None
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"AccountSid": "AC" + "f" * 32},
        {"To": "+15005550001"},
        {"To": "whatsapp:+15005550001"},
        {"MessageSid": "", "SmsSid": ""},
        {"From": ""},
    ],
)
@pytest.mark.parametrize("name", CHANNELS)
def test_what_is_not_ours_is_malformed(
    load: Load, name: str, changed: dict[str, str]
) -> None:
    form = {**FakeTwilio().incoming(name, ADA, "hello"), **changed}
    with pytest.raises(Malformed):
        load()[name].unpack(request(name, form))


def test_each_channel_takes_its_own_senders_messages(load: Load) -> None:
    channels = load()
    for name, other in (CHANNELS, CHANNELS[::-1]):
        form = FakeTwilio().incoming(name, ADA, "hello")
        with pytest.raises(Malformed, match="another number"):
            channels[other].unpack(request(other, form))


def test_a_services_message_names_the_service(load: Load) -> None:
    channel = load(TWILIO_SMS_FROM=SERVICE)["sms"]
    form = FakeTwilio().incoming("sms", ADA, "hello")
    with pytest.raises(Malformed, match="another number"):
        channel.unpack(request("sms", form))
    ours = form | {"MessagingServiceSid": SERVICE, "To": "+15005550077"}
    assert channel.unpack(request("sms", ours))[0].address == ADA


def test_only_forms_are_read(load: Load) -> None:
    channel = load()["sms"]
    as_json = {"content-type": "application/json"}
    many = FakeTwilio().incoming(
        "sms", ADA, "hello", **dict.fromkeys(map(str, range(300)), "")
    )
    for bad in [
        request("sms", {}, headers=as_json, body=b'{"MessageSid": "SM1"}'),
        request("sms", {}, body=b""),
        request("sms", {}, body=b"\xff\xfe"),
        request("sms", many),
        request("sms", {"MessageSid": "SM1"}, method="GET"),
    ]:
        with pytest.raises(Malformed):
            channel.unpack(bad)


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("audio/ogg", "audio"),
        ("video/mp4", "video"),
        ("text/vcard", "contact"),
        ("text/x-vcard; charset=utf-8", "contact"),
        ("image/webp", "sticker"),
        ("application/msword", "other"),
        ("", "other"),
    ],
)
def test_what_nobody_can_see_is_told_by_its_kind(
    load: Load, content_type: str, kind: Any
) -> None:
    channel = load()["whatsapp"]
    alone = FakeTwilio().incoming("whatsapp", ADA, media=[(content_type, b"...")])
    assert read(channel, alone) == Unreadable(kind)
    beside = {**alone, "Body": "listen to this"}
    assert read(channel, beside) == CustomerMessage(
        "listen to this", [], name="Ada", unreadable=kind
    )


def test_pictures_and_documents_are_files(load: Load) -> None:
    media = [("image/jpeg", b"1"), ("video/mp4", b"2"), ("application/pdf", b"3")]
    form = FakeTwilio().incoming("sms", ADA, media=media)
    said = read(load()["sms"], form)
    assert said == CustomerMessage(
        "",
        [
            FileReference(form["MediaUrl0"], content_type="image/jpeg"),
            FileReference(form["MediaUrl2"], content_type="application/pdf"),
        ],
        unreadable="video",
    )


def test_a_place_an_empty_message_and_a_press_are_told_apart(load: Load) -> None:
    channel, twilio_ = load()["whatsapp"], FakeTwilio()
    place = {"Latitude": "37.7", "Longitude": "-122.3", "Address": "Bay 1"}
    form = twilio_.incoming("whatsapp", ADA, **place)
    assert read(channel, form) == Unreadable("location")
    assert read(channel, form | {"Body": "here"}) == CustomerMessage(
        "here", [], name="Ada", unreadable="location"
    )
    assert read(channel, twilio_.incoming("whatsapp", ADA)) == Unreadable("other")
    pressed = {"ButtonText": "Yes, call me", "ButtonPayload": "call"}
    form = twilio_.incoming("whatsapp", ADA, "Yes, call me", **pressed)
    assert read(channel, form) == CustomerMessage("Yes, call me", [], name="Ada")


@pytest.mark.parametrize("kind", ["STOP", "HELP", "START"])
def test_what_twilio_answers_itself_is_left_to_it(load: Load, kind: str) -> None:
    form = FakeTwilio().incoming("sms", ADA, kind, OptOutType=kind)
    assert read(load()["sms"], form) == Ignored()


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        (report("SM1", "sent"), Reported("SM1", "sent", part_id="p1")),
        (report("SM1", "delivered"), Reported("SM1", "delivered", part_id="p1")),
        (report("SM1", "read"), Reported("SM1", "read", part_id="p1")),
        (report("SM1", "queued"), Ignored()),
        (report("SM1", "sending"), Ignored()),
        (
            report("SM1", "undelivered", ErrorCode="30003"),
            Reported("SM1", "failed", "unreachable", "30003", "p1"),
        ),
        (
            report("SM1", "failed", ErrorCode="63016"),
            Reported("SM1", "failed", "window_closed", "63016", "p1"),
        ),
        (
            report("SM1", "failed"),
            Reported("SM1", "failed", "unreachable", None, "p1"),
        ),
    ],
)
def test_reports_tell_what_became_of_a_part(
    load: Load, fields: dict[str, str], event: Event
) -> None:
    channel = load()["whatsapp"]
    [arrived] = channel.unpack(request("whatsapp", fields, "status?part=p1"))
    status = fields["MessageStatus"]
    assert (arrived.event_id, arrived.address) == (f"SM1:{status}", "")
    assert channel.read(json.loads(json.dumps(arrived.payload))) == event


def test_reports_of_nothing_are_malformed(load: Load) -> None:
    channel = load()["sms"]
    with pytest.raises(Malformed, match="MessageStatus"):
        channel.unpack(request("sms", report("SM1", ""), "status"))
    other = report("SM1", "sent", AccountSid="AC1")
    with pytest.raises(Malformed, match="account"):
        channel.unpack(request("sms", other, "status"))


@pytest.mark.parametrize("name", CHANNELS)
def test_the_sample_passes_its_own_way_in(load: Load, name: str) -> None:
    channel = load()[name]
    sample = channel.sample(ADA, "Does this work? 👍", "SM77")
    channel.verify(sample)
    [arrived] = channel.unpack(sample)
    assert (arrived.event_id, arrived.address) == ("SM77", ADA)
    assert channel.read(arrived.payload) == CustomerMessage("Does this work? 👍", [])


def test_the_sample_of_a_service_is_ours(load: Load) -> None:
    channel = load(TWILIO_SMS_FROM=SERVICE)["sms"]
    [arrived] = channel.unpack(channel.sample(ADA, "hello", "SM77"))
    assert arrived.address == ADA


def test_nothing_is_said_to_the_customer_by_the_answer(load: Load) -> None:
    answer = load()["sms"].answer(request("sms", {}))
    assert (answer.status, answer.body) == (200, b"<Response/>")
    assert answer.content_type.startswith("text/xml")


# What goes out.


@pytest.mark.parametrize("name", CHANNELS)
async def test_a_text_gets_there(fake: FakeTwilio, load: Load, name: str) -> None:
    channel = load(fake.url)[name]
    fake.open_windows.add(ADA)
    text = "Grüße 👋\nfrom Maria"
    sid = await channel.send(Part("p1", ADA, text))
    shown = await fake.sees(ADA, text)
    assert shown.message_id == sid
    message = fake.newest(ADA)
    assert message.callback == f"{PUBLIC}/channels/{name}/status?part=p1"
    prefix = "whatsapp:" if name == "whatsapp" else ""
    assert message.to == f"{prefix}{ADA}"
    await channel.close()


async def test_a_service_sends_for_a_number(fake: FakeTwilio, load: Load) -> None:
    channel = load(fake.url, TWILIO_SMS_FROM=SERVICE)["sms"]
    await channel.send(Part("p1", ADA, "hello"))
    assert fake.newest(ADA).service == SERVICE
    await channel.close()


@pytest.mark.parametrize("name", CHANNELS)
async def test_the_longest_text_is_taken(
    fake: FakeTwilio, load: Load, name: str
) -> None:
    channel = load(fake.url)[name]
    fake.open_windows.add(ADA)
    longest = "👋" * 800
    assert channel.length(longest) == channel.limits.text == 1600
    await channel.send(Part("p1", ADA, longest))
    with pytest.raises(PlatformError) as refused:
        await channel.send(Part("p2", ADA, longest + "!"))
    assert (refused.value.failure, refused.value.detail) == ("refused", "21617")
    assert refused.value.is_final
    await channel.close()


def picture(folder: Path, size: int = 10, kind: str = "image/png") -> OutgoingFile:
    """A file of an agent's."""
    path = folder / "file"
    path.write_bytes(b"x" * size)
    return OutgoingFile(path, "https://desk.example/f/1", kind, "shelf.png")


async def test_files_go_as_files_or_as_links(
    fake: FakeTwilio, load: Load, tmp_path: Path
) -> None:
    channels = load(fake.url, TWILIO_SMS_MEDIA="true")
    link = "https://desk.example/f/1"
    for name in CHANNELS:
        await channels[name].send(Part("p1", ADA, file=picture(tmp_path)))
        assert (fake.newest(ADA).media, fake.newest(ADA).body) == ([link], "")
        await channels[name].send(
            Part("p2", ADA, file=picture(tmp_path, 5 * 1024 * 1024 + 1))
        )
        assert (fake.newest(ADA).media, fake.newest(ADA).body) == ([], link)
        await channels[name].send(Part("p3", ADA, picture_url="https://x.example/a"))
        assert fake.newest(ADA).media == ["https://x.example/a"]
        await channels[name].close()
    document = picture(tmp_path, 6 * 1024 * 1024, "application/pdf")
    channels = load(fake.url, TWILIO_SMS_MEDIA="false")
    await channels["whatsapp"].send(Part("p4", ADA, file=document))
    assert fake.newest(ADA).media == [link]
    await channels["sms"].send(Part("p5", ADA, "Here it is.", file=document))
    assert (fake.newest(ADA).media, fake.newest(ADA).body) == (
        [],
        f"Here it is.\n{link}",
    )
    await channels["sms"].send(Part("p6", ADA, picture_url="https://x.example/a"))
    assert (fake.newest(ADA).media, fake.newest(ADA).body) == (
        [],
        "https://x.example/a",
    )
    for channel in channels.values():
        await channel.close()


async def test_templates_are_the_approved_ones(fake: FakeTwilio, load: Load) -> None:
    channel = load(fake.url)["whatsapp"]
    approved = [
        fake.approve("first", "Hello {{1}}, we have an answer."),
        fake.approve("second", "Hello {{1}}."),
    ]
    fake.approve("third", "Buy!", "rejected")
    approved.append(fake.approve("fourth", "Hello again {{1}}."))
    # The token goes to the server of the settings, whatever an answer says.
    fake.pages_at = "http://127.0.0.1:9"
    templates = await channel.templates()
    assert [one.template_id for one in templates] == approved
    assert (templates[0].name, templates[0].language, templates[0].body) == (
        "first",
        "en",
        "Hello {{1}}, we have an answer.",
    )
    asked = len(fake.calls)
    assert await channel.templates() == templates
    assert len(fake.calls) == asked
    await channel.close()


async def test_a_template_goes_where_the_window_is_closed(
    fake: FakeTwilio, load: Load
) -> None:
    channel = load(fake.url)["whatsapp"]
    sid = fake.approve("answer", "Hello {{1}}, we have an answer.")
    fake.holds_reports = True
    await channel.send(Part("p1", ADA, "too late"))
    await fake.settled()
    assert fake.newest(ADA).error == 63016
    template = TemplateMessage(sid, {"1": 'Ada "the first"'})
    await channel.send(Part("p2", ADA, template=template))
    await fake.sees(ADA, 'Hello Ada "the first", we have an answer.')
    with pytest.raises(PlatformError) as refused:
        await channel.send(Part("p3", ADA, template=replace(template, template_id="H")))
    assert (refused.value.failure, refused.value.is_final) == ("refused", True)
    await channel.close()


@pytest.mark.parametrize(
    ("code", "status", "failure", "is_final"),
    [
        (21610, 400, "blocked", True),
        (21211, 400, "unknown_address", True),
        (21614, 400, "unknown_address", True),
        (21408, 403, "unknown_address", True),
        (63003, 400, "unknown_address", True),
        (63016, 400, "window_closed", True),
        (21620, 400, "file_refused", True),
        (21602, 400, "refused", True),
        (99999, 400, "refused", True),
        (20003, 401, "credentials", False),
        (20005, 403, "credentials", False),
        (20404, 404, "credentials", False),
        (20429, 429, "unreachable", False),
        (63018, 400, "unreachable", False),
        (20500, 500, "unreachable", False),
    ],
)
async def test_refusals_are_told_in_the_bridges_words(
    fake: FakeTwilio, load: Load, code: int, status: int, failure: str, is_final: bool
) -> None:
    channel = load(fake.url)["sms"]
    fake.refuse_with = (code, status)
    with pytest.raises(PlatformError) as refused:
        await channel.send(Part("p1", ADA, "hello"))
    assert (refused.value.failure, refused.value.is_final) == (failure, is_final)
    assert refused.value.detail in (str(code), str(status))
    assert fake.messages == []
    await channel.close()


async def test_too_many_requests_say_when(fake: FakeTwilio, load: Load) -> None:
    channel = load(fake.url)["sms"]
    fake.throttled, fake.retry_after_secs = 1, 7
    with pytest.raises(PlatformError) as refused:
        await channel.send(Part("p1", ADA, "hello"))
    assert refused.value.retry_after_secs == 7
    assert not (refused.value.is_final or refused.value.is_uncertain)
    await channel.send(Part("p1", ADA, "hello"))
    assert len(fake.messages) == 1
    await channel.close()


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("30003", "unreachable"),
        ("30004", "blocked"),
        ("30005", "unknown_address"),
        ("30006", "unknown_address"),
        ("30007", "refused"),
        ("30008", "unreachable"),
        ("63005", "refused"),
        ("63012", "unreachable"),
        ("63013", "refused"),
        ("63015", "unknown_address"),
        ("63024", "unknown_address"),
        ("63032", "refused"),
        ("", "unreachable"),
        ("later", "unreachable"),
    ],
)
def test_codes_of_reports_have_a_meaning(code: str, failure: str) -> None:
    assert failure_of(code) == failure


# An attempt whose answer was lost.


@pytest.mark.parametrize("name", CHANNELS)
async def test_what_got_there_is_not_sent_again(
    fake: FakeTwilio, load: Load, name: str, tmp_path: Path
) -> None:
    channel = load(fake.url)[name]
    fake.open_windows.add(ADA)
    before = await channel.send(Part("p0", ADA, "ok"))
    for part in [
        Part("p1", ADA, "ok"),
        Part("p2", ADA, file=picture(tmp_path)),
        Part("p3", ADA, picture_url="https://x.example/a"),
    ]:
        fake.mute = 1
        with pytest.raises(PlatformError) as lost:
            await channel.send(part)
        assert lost.value.is_uncertain
        again = replace(part, is_repeated=True, after_message_id=before)
        count = len(fake.messages)
        before = await channel.send(again)
        assert len(fake.messages) == count
        assert fake.newest(ADA).sid == before
        assert fake.newest(ADA).callback.endswith(f"part={part.part_id}")
    await channel.close()


@pytest.mark.parametrize("name", CHANNELS)
async def test_equal_texts_on_purpose_are_two(
    fake: FakeTwilio, load: Load, name: str
) -> None:
    channel = load(fake.url)[name]
    first = await channel.send(Part("p1", ADA, "ok"))
    fake.is_down = True
    with pytest.raises(PlatformError):
        await channel.send(Part("p2", ADA, "ok"))
    fake.is_down = False
    again = Part("p2", ADA, "ok", is_repeated=True, after_message_id=first)
    assert await channel.send(again) != first
    assert len(fake.messages) == 2
    await channel.close()


async def test_what_others_sent_is_not_taken_for_ours(
    fake: FakeTwilio, load: Load
) -> None:
    channel = load(fake.url)["sms"]
    await channel.send(Part("p0", ADA, "ok"))
    fake.messages[0].sender = "+15005550077"
    await channel.send(Part("p1", ADA, "something else"))
    await channel.send(Part("p2", "+15017122662", "ok"))
    await channel.send(Part("p3", ADA, "ok", is_repeated=True))
    assert len(fake.messages) == 4
    fake.messages[-1].created_at -= twilio.TRIED_FOR
    await channel.send(Part("p4", ADA, "ok", is_repeated=True))
    assert len(fake.messages) == 5
    await channel.close()


async def test_a_template_that_got_there_is_not_sent_again(
    fake: FakeTwilio, load: Load
) -> None:
    channel = load(fake.url)["whatsapp"]
    sid = fake.approve("answer", "Hello {{1}}, we have an answer.")
    part = Part("p1", ADA, template=TemplateMessage(sid, {"1": "Ada"}))
    fake.mute = 1
    with pytest.raises(PlatformError):
        await channel.send(part)
    assert await channel.send(replace(part, is_repeated=True)) == fake.messages[0].sid
    assert len(fake.messages) == 1
    await channel.close()


# What nobody was told of.


@pytest.mark.parametrize("name", CHANNELS)
async def test_what_was_missed_is_read_from_twilios_list(
    fake: FakeTwilio, load: Load, name: str
) -> None:
    channel = load(fake.url)[name]
    fake.open_windows.add(ADA)
    await channel.send(Part("p1", ADA, "of ours"))
    fake.incoming(CHANNELS[1 - CHANNELS.index(name)], ADA, "of the other channel")
    forms = [fake.incoming(name, ADA, f"n{n}") for n in range(3)]
    forms.append(fake.incoming(name, ADA, "look", media=[("image/png", PIXEL)] * 2))
    fake.page_size = 3
    now = datetime.now(UTC)
    missed = await channel.missed(now - timedelta(minutes=1))
    told = [channel.unpack(request(name, form))[0] for form in forms]
    assert [one.event_id for one in missed] == [one.event_id for one in told]
    assert {one.address for one in missed} == {ADA}
    meant = [channel.read(one.payload) for one in missed]
    assert [one.text for one in meant if isinstance(one, CustomerMessage)] == [
        *("n0", "n1", "n2", "look"),
    ]
    files = [one for one in meant if isinstance(one, CustomerMessage)][-1].files
    assert [one.content_type for one in files] == ["image/png"] * 2
    assert await channel.fetch(files[0]) == PIXEL
    assert await channel.missed(now + timedelta(minutes=1)) == []
    await channel.close()


async def test_a_service_misses_only_its_own(fake: FakeTwilio, load: Load) -> None:
    channel = load(fake.url, TWILIO_SMS_FROM=SERVICE)["sms"]
    fake.incoming("sms", ADA, "to a number of its own")
    fake.incoming("sms", ADA, "to us", MessagingServiceSid=SERVICE)
    [missed] = await channel.missed(datetime.now(UTC) - timedelta(minutes=1))
    assert channel.read(missed.payload) == CustomerMessage("to us", [])
    await channel.close()


# Files that customers send.


@pytest.mark.parametrize("name", CHANNELS)
async def test_a_photo_is_fetched_and_the_token_stays_with_twilio(
    fake: FakeTwilio, load: Load, name: str
) -> None:
    channel = load(fake.url)[name]
    form = fake.incoming(name, ADA, media=[("image/png", PIXEL)])
    said = read(channel, form)
    assert isinstance(said, CustomerMessage)
    assert await channel.fetch(said.files[0]) == PIXEL
    assert fake.leaked == []
    await channel.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/secret",
        "http://api.twilio.com/x",
        "https://api.twilio.com.evil.example/x",
        "https://evil.example/?x=.twilio.com",
        "https://api.twilio.com@evil.example/x",
        "file:///etc/passwd",
        "",
    ],
)
async def test_files_are_fetched_from_twilio_only(
    fake: FakeTwilio, load: Load, url: str
) -> None:
    channel = load(fake.url)["sms"]
    with pytest.raises(PlatformError) as refused:
        await channel.fetch(FileReference(url))
    assert (refused.value.failure, refused.value.is_final) == ("file_refused", True)
    assert refused.value.detail == "not at Twilio"


async def test_files_that_are_gone_or_too_large_are_refused(
    fake: FakeTwilio, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = load(fake.url)["sms"]
    form = fake.incoming("sms", ADA, media=[("image/png", b"x" * 1001)])
    monkeypatch.setattr(twilio, "MAX_MEDIA_BYTES", 1000)
    with pytest.raises(PlatformError, match="too large"):
        await channel.fetch(FileReference(form["MediaUrl0"]))
    fake.media.clear()
    with pytest.raises(PlatformError, match="404") as refused:
        await channel.fetch(FileReference(form["MediaUrl0"]))
    assert refused.value.is_final
    await channel.close()


# Whether it is set up.


async def test_the_check_says_what_to_do(fake: FakeTwilio, load: Load) -> None:
    channels = load(fake.url)
    fake.webhooks["sms"] = "https://old.example/sms"
    found = {check.name: check for check in await channels["sms"].check()}
    assert [name for name, check in found.items() if not check.is_ok] == ["webhook"]
    assert "https://desk.example/channels/sms/message" in found["webhook"].advice
    fake.webhooks["sms"] = f"{PUBLIC}/channels/sms/message#rc=3"
    assert all(check.is_ok for check in await channels["sms"].check())
    found = {check.name: check for check in await channels["whatsapp"].check()}
    assert [name for name, check in found.items() if not check.is_ok] == ["templates"]
    fake.account_status = "suspended"
    found = {check.name: check for check in await channels["sms"].check()}
    assert "suspended" in found["account"].advice
    fake.token = "a new one"
    found = {check.name: check for check in await channels["sms"].check()}
    assert "TWILIO_AUTH_TOKEN" in found["account"].advice
    for channel in channels.values():
        await channel.close()


async def test_the_check_survives_what_is_not_there(load: Load) -> None:
    for channel in load(TWILIO_SMS_FROM=SERVICE).values():
        checks = await channel.check()
        assert [check.is_ok for check in checks] == [True, False]
        await channel.close()


async def test_a_number_of_others_is_found_out(fake: FakeTwilio, load: Load) -> None:
    channel = load(fake.url, TWILIO_SMS_FROM="+15005550099")["sms"]
    assert "no number of this account" in (await channel.check())[-1].advice
    await channel.close()


# The fake itself.


async def test_twilios_own_client_is_satisfied_by_the_fake(fake: FakeTwilio) -> None:
    program = """
import json, sys
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
url, account, token, sender, to = sys.argv[1:]
client = Client(account, token)
client.api.base_url = url
client.content.base_url = url
sent = client.messages.create(to=to, from_=sender, body="hello", media_url=[url + "/x"])
listed = client.messages.list(to=to, limit=5)
try:
    client.messages.create(to="12", from_=sender, body="hello")
except TwilioRestException as error:
    refused = error.code, error.status
try:
    other = Client(account, "wrong")
    other.api.base_url = url
    other.api.accounts(account).fetch()
except TwilioRestException as error:
    unknown = error.code
number = client.incoming_phone_numbers.list(phone_number=sender)[0]
contents = client.content.v1.content_and_approvals.list()
print(json.dumps([sent.sid, sent.status, sent.num_media, [m.sid for m in listed],
    listed[0].date_created.year, refused, unknown, number.phone_number,
    client.api.accounts(account).fetch().status,
    [[c.sid, c.approval_requests["status"]] for c in contents]]))
"""
    approved = [fake.approve(str(n), "Hello.") for n in range(3)]
    answer = await asyncio.to_thread(
        _library, program, "", fake.url, ACCOUNT, TOKEN, SMS, ADA
    )
    [message] = fake.messages
    assert json.loads(answer) == [
        *(message.sid, "queued", "1", [message.sid]),
        message.created_at.year,
        *([21211, 400], 20003, SMS, "active"),
        [[sid, "approved"] for sid in approved],
    ]


def _library(program: str, given: str, *arguments: str) -> str:
    """What a program prints with twilio 8.2.2, which the assistant has."""
    done = subprocess.run(
        [ASSISTANTS_PYTHON, "-c", program, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
