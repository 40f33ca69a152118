"""The adapter for Telegram, against a Bot API server that is made up."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from handoff_bridge.channels.telegram.channel import Telegram, TelegramSettings, load
from handoff_bridge.service.messaging.channel import (
    Button,
    CustomerMessage,
    FileReference,
    Ignored,
    Malformed,
    OutgoingFile,
    Part,
    PlatformError,
    Pressed,
    Request,
    Unreadable,
    Unverified,
)
from handoff_bridge.settings import Settings
from tests.bridge.channels.fake_telegram import (
    RENEWED,
    TOKEN,
    FakeTelegram,
    Person,
)
from tests.bridge.conftest import settings_for
from tests.bridge.support.photos import pdf, photo

SECRET = "a-secret_of-the-tests"
HEADER = "x-telegram-bot-api-secret-token"
PUBLIC = "https://help.shop.example"


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram.running() as fake:
        yield fake


@pytest.fixture
async def channel(telegram: FakeTelegram) -> AsyncIterator[Telegram]:
    own = own_settings(telegram_api=telegram.url)
    channel = Telegram(own, PUBLIC)
    yield channel
    await channel.close()


@pytest.fixture
def nora(telegram: FakeTelegram) -> Person:
    return telegram.person("Nora", "de")


def own_settings(**more: Any) -> TelegramSettings:
    values = {"telegram_token": TOKEN, "telegram_secret": SECRET, **more}
    return TelegramSettings(**values)


def bridge_settings(tmp_path: Path) -> Settings:
    return settings_for("", 5005, tmp_path)


def request(body: bytes, secret: str = SECRET, **more: str) -> Request:
    given = {"method": "POST", "url": "", "path": "webhook", **more}
    return Request(**given, headers={HEADER: secret}, body=body)  # type: ignore[arg-type]


def part(nora: Person, **more: Any) -> Part:
    return Part("part-1", nora.address, **more)


# ---- settings


def test_no_token_is_no_channel(tmp_path: Path) -> None:
    assert load(bridge_settings(tmp_path)) == []


def test_token_and_secret_are_a_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_SECRET", SECRET)
    assert [one.name for one in load(bridge_settings(tmp_path))] == ["telegram"]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("telegram_secret", {"telegram_secret": ""}),
        ("telegram_secret", {"telegram_token": ""}),
        ("telegram_secret", {"telegram_secret": "blanks are no letters"}),
        ("telegram_secret", {"telegram_secret": "x" * 257}),
        ("telegram_token", {"telegram_token": "no-number:AAF"}),
        ("telegram_api", {"telegram_api": "api.telegram.org"}),
    ],
)
def test_setting_that_cannot_work_is_named_and_no_secret_shown(
    name: str, given: dict[str, str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        own_settings(**given)
    assert [one["loc"] for one in refused.value.errors()] == [(name,)]
    for secret in (TOKEN, SECRET, *given.values()):
        if secret and name != "telegram_api":
            assert secret not in str(refused.value)


# ---- what comes in


def test_only_the_secret_opens(channel: Telegram) -> None:
    channel.verify(request(b"{}"))
    for forged in ("", "another-secret", SECRET + "x", "\xe9\xe9"):
        with pytest.raises(Unverified):
            channel.verify(request(b"{}", forged))
    with pytest.raises(Unverified):
        channel.verify(replace(request(b"{}"), headers={}))


def test_update_is_one_event_with_telegrams_number(
    channel: Telegram, nora: Person
) -> None:
    update = nora.update(text="hello")
    (arrived,) = channel.unpack(request(json.dumps(update).encode()))
    assert arrived.event_id == str(update["update_id"])
    assert arrived.sequence == update["update_id"]
    assert not arrived.counts_by_address
    assert arrived.address == nora.address
    assert channel.read(arrived.payload) == CustomerMessage("hello", (), "Nora", "de")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"no json", b"[]", b"null", b"\xff\xfe", b"{}"),
        b'{"update_id": 1, "message": {"date": NaN}}',
        *(b'{"update_id": "1"}', b'{"update_id": true}', b'{"update_id": -1}'),
        *(b'{"update_id": 1e5}', b'{"update_id": 99999999999999999999}', b"[" * 10**5),
    ],
)
def test_what_is_no_update_is_malformed(channel: Telegram, body: bytes) -> None:
    with pytest.raises(Malformed):
        channel.unpack(request(body))


def test_updates_come_by_post_to_one_address(channel: Telegram) -> None:
    for more in ({"method": "GET"}, {"path": "webhook/else"}, {"path": ""}):
        with pytest.raises(Malformed):
            channel.unpack(request(b'{"update_id": 1}', **more))


@pytest.mark.parametrize(
    ("text", "said", "metadata"),
    [
        ("/start", "/start", {}),
        ("/start@the_shop_bot", "/start", {}),
        ("/start order-1_2", "/start", {"start": "order-1_2"}),
        ("/start please help me", "/start please help me", {}),
        ("/human@the_shop_bot now", "/human now", {}),
        ("write to me@the_shop_bot", "write to me@the_shop_bot", {}),
        ("order/bottle@home", "order/bottle@home", {}),
        ("hello\nthere 😀", "hello\nthere 😀", {}),
    ],
)
def test_text_is_what_was_written(
    channel: Telegram, nora: Person, text: str, said: str, metadata: dict[str, str]
) -> None:
    event = channel.read(nora.update(text=text))
    assert event == CustomerMessage(said, (), "Nora", "de", metadata)


def test_marked_text_and_replies_keep_their_words(
    channel: Telegram, nora: Person
) -> None:
    link = {"type": "text_link", "offset": 0, "length": 4, "url": "https://x.example"}
    before = nora.message(text="What is it?")
    event = channel.read(
        nora.update(text="this one", entities=[link], reply_to_message=before)
    )
    assert event == CustomerMessage("this one", (), "Nora", "de")


def test_photo_is_its_largest_size(channel: Telegram, nora: Person) -> None:
    sizes = nora.photo(photo("JPEG", (1280, 720)))
    event = channel.read(nora.update(photo=sizes[::-1], caption="broken"))
    assert isinstance(event, CustomerMessage)
    assert event.text == "broken"
    size = sizes[-1]["file_size"]
    reference = FileReference(sizes[-1]["file_id"], None, "image/jpeg", size)
    assert event.files == (reference,)


def test_each_photo_of_an_album_is_a_message(channel: Telegram, nora: Person) -> None:
    for caption in ("both are broken", ""):
        sizes = nora.photo(photo("JPEG"))
        more = {"caption": caption} if caption else {}
        event = channel.read(nora.update(photo=sizes, media_group_id="1", **more))
        assert isinstance(event, CustomerMessage)
        assert (event.text, len(event.files)) == (caption, 1)


@pytest.mark.parametrize(
    ("name", "kind", "read_as"),
    [
        ("bill.pdf", "application/pdf", "application/pdf"),
        ("BILL.PDF", "application/octet-stream", "application/pdf"),
        ("screen.png", "image/png", "image/png"),
        ("letter.docx", "application/msword", None),
        ("all.zip", "", None),
    ],
)
def test_document_is_a_file_if_agents_can_read_it(
    channel: Telegram, nora: Person, name: str, kind: str, read_as: str | None
) -> None:
    kept = channel_file(nora, b"content")
    document = {**kept, "file_name": name, "mime_type": kind}
    event = channel.read(nora.update(document=document))
    if read_as is None:
        assert event == Unreadable("other")
    else:
        assert isinstance(event, CustomerMessage)
        file = FileReference(kept["file_id"], name, read_as, len(b"content"))
        assert event.files == (file,)


def channel_file(nora: Person, content: bytes) -> dict[str, Any]:
    return nora.telegram.keep(content)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        *(("voice", "audio"), ("audio", "audio"), ("video", "video")),
        *(("video_note", "video"), ("sticker", "sticker"), ("location", "location")),
        *(("contact", "contact"), ("dice", "other"), ("poll", "other")),
        *(("story", "other"), ("of_a_later_year", "other")),
    ],
)
def test_what_nobody_can_read_is_named(
    channel: Telegram, nora: Person, field: str, kind: str
) -> None:
    assert channel.read(nora.update(**{field: {}})) == Unreadable(kind)  # type: ignore[arg-type]


def test_words_beside_what_nobody_can_read_are_heard(
    channel: Telegram, nora: Person
) -> None:
    event = channel.read(nora.update(voice={}, caption="listen"))
    assert isinstance(event, CustomerMessage)
    assert (event.text, event.files, event.unreadable) == ("listen", (), "audio")


def test_animation_is_no_document_and_a_venue_a_location(
    channel: Telegram, nora: Person
) -> None:
    gif = {**channel_file(nora, b"gif"), "mime_type": "image/gif"}
    both = nora.update(animation=gif, document=gif)
    assert channel.read(both) == Unreadable("video")
    venue = nora.update(venue={}, location={})
    assert channel.read(venue) == Unreadable("location")


def test_edited_message_is_named(channel: Telegram, nora: Person) -> None:
    update = nora.telegram.update("edited_message", nora.message(text="better"))
    assert channel.read(update) == Unreadable("edited")
    moving = nora.telegram.update("edited_message", nora.message(location={}))
    assert channel.read(moving) == Ignored()


def test_press_gives_what_the_button_had(channel: Telegram, nora: Person) -> None:
    query = {"id": "1", "from": nora.user, "message": nora.message(), "data": "b:1"}
    update = nora.telegram.update("callback_query", query)
    (arrived,) = channel.unpack(request(json.dumps(update).encode()))
    assert arrived.address == nora.address
    assert channel.read(update) == Pressed("b:1")
    del query["data"]  # of a game
    assert channel.read(update) == Ignored()


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_group_is_nobody(channel: Telegram, nora: Person, kind: str) -> None:
    nora.chat = {"id": -100, "type": kind, "title": "Friends"}
    query = {"id": "1", "from": nora.user, "message": nora.message(), "data": "b:1"}
    for update in (
        nora.update(text="hello"),
        nora.telegram.update("edited_message", nora.message(text="hello")),
        nora.telegram.update("channel_post", nora.message(text="hello")),
        nora.telegram.update("callback_query", query),
    ):
        (arrived,) = channel.unpack(request(json.dumps(update).encode()))
        assert arrived.address == ""
        assert channel.read(update) == Ignored()


def test_bots_and_service_messages_are_ignored(channel: Telegram, nora: Person) -> None:
    pinned = nora.update(pinned_message=nora.message(text="x"))
    assert channel.read(pinned) == Ignored()
    change = {"chat": nora.chat, "from": nora.user, "date": 1}
    member = nora.telegram.update("my_chat_member", change)
    assert channel.read(member) == Ignored()
    nora.user["is_bot"] = True
    assert channel.read(nora.update(text="I am a bot")) == Ignored()


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": ["text"]},
        {"update_id": 1, "message": {"chat": "private"}},
        {"update_id": 1, "callback_query": {"data": {}}},
    ],
)
def test_update_of_another_shape_is_ignored(
    channel: Telegram, update: dict[str, Any]
) -> None:
    (arrived,) = channel.unpack(request(json.dumps(update).encode()))
    assert arrived.address == ""
    assert channel.read(update) == Ignored()


def test_sample_is_taken(channel: Telegram) -> None:
    sample = channel.sample("42", "Is anybody there?", "1007")
    channel.verify(sample)
    (arrived,) = channel.unpack(sample)
    assert (arrived.event_id, arrived.address) == ("1007", "42")
    said = channel.read(arrived.payload)
    assert isinstance(said, CustomerMessage)
    assert said.text == "Is anybody there?"


# ---- what goes out


async def test_text_is_sent_as_it_is(channel: Telegram, nora: Person) -> None:
    text = "<b>5 > 3</b> *stars* _lines_ https://shop.example & 😀"
    message_id = await channel.send(part(nora, text=text))
    shown = await nora.sees("stars")
    assert (shown.text, shown.message_id) == (text, message_id)
    ((_, sent),) = nora.telegram.requests
    assert "parse_mode" not in sent
    assert sent["link_preview_options"] == {"is_disabled": True}


def test_length_is_telegrams(channel: Telegram) -> None:
    assert channel.length("é" * 10) == 10
    assert channel.length("😀" * 10) == 20


async def test_longest_text_and_caption_are_taken(
    channel: Telegram, nora: Person, tmp_path: Path
) -> None:
    text = "😀" * (channel.limits.text // 2)
    await channel.send(part(nora, text=text))
    caption = "é" * channel.limits.caption
    file = outgoing(tmp_path, photo("JPEG"), "image/jpeg")
    await channel.send(part(nora, text=caption, file=file))
    assert nora.texts == [text, caption]


@pytest.mark.parametrize(
    ("titles", "rows"),
    [
        (["Yes", "No"], [2]),
        (["1", "2", "3", "4", "5"], [5]),
        ([str(number) for number in range(11)], [8, 3]),
        (["Where is my order?", "Send it back", "A person"], [1, 2]),
        (["A very long answer that fills the row", "No"], [1, 1]),
    ],
)
async def test_buttons_stand_in_rows_that_read_well(
    channel: Telegram, nora: Person, titles: list[str], rows: list[int]
) -> None:
    buttons = [Button(title, f"b:{title}"[:40]) for title in titles]
    await channel.send(part(nora, text="Which?", buttons=buttons))
    markup = (await nora.sees("Which?")).more["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in markup] == rows
    assert [button["text"] for row in markup for button in row] == titles


async def test_press_comes_back_and_its_spinner_ends(
    channel: Telegram, nora: Person
) -> None:
    await channel.send(part(nora, text="?", buttons=[Button("Yes", "ü" * 32)]))
    await channel.set_up()
    nora.telegram.webhook.url = nora.telegram.url + "/nowhere"
    shown = await nora.sees("?")
    query = {"id": "77", "from": nora.user, "message": shown.more}
    update = nora.telegram.update("callback_query", {**query, "data": "ü" * 32})
    nora.telegram.queries["77"] = False
    assert channel.read(update) == Pressed("ü" * 32)
    await channel.acknowledge(update)
    assert nora.telegram.queries["77"]
    del nora.telegram.queries["77"]  # too old
    await channel.acknowledge(update)


def outgoing(folder: Path, content: bytes, kind: str, name: str = "") -> OutgoingFile:
    path = folder / "upload"
    path.write_bytes(content)
    return OutgoingFile(path, "https://shop.example/u/1", kind, name or None)


async def test_photo_goes_with_its_caption(
    channel: Telegram, nora: Person, tmp_path: Path
) -> None:
    content = photo("PNG")
    file = outgoing(tmp_path, content, "image/png")
    buttons = [Button("Thanks", "b:1")]
    await channel.send(part(nora, text="Like *this*?", file=file, buttons=buttons))
    shown = await nora.sees("Like *this*?")
    assert nora.telegram.files[shown.more["photo"][-1]["file_id"]] == content
    assert [button["text"] for button in shown.buttons] == ["Thanks"]


async def test_pdf_goes_as_a_document_with_its_name(
    channel: Telegram, nora: Person, tmp_path: Path
) -> None:
    file = outgoing(tmp_path, pdf(), "application/pdf", "Rücksendung.pdf")
    await channel.send(part(nora, file=file))
    document = nora.telegram.shown[-1].more["document"]
    assert document["file_name"] == "Rücksendung.pdf"
    assert document["mime_type"] == "application/pdf"
    assert nora.telegram.files[document["file_id"]] == pdf()


@pytest.mark.parametrize(
    ("kind", "name", "field"),
    [
        ("image/jpeg", "kettle", "photo"),
        ("image/png", "kettle.webp", "photo"),
        ("image/webp", "kettle.webp", "document"),
    ],
)
async def test_photos_name_does_not_matter(
    channel: Telegram, nora: Person, tmp_path: Path, kind: str, name: str, field: str
) -> None:
    file = outgoing(tmp_path, photo(kind.partition("/")[2].upper()), kind, name)
    await channel.send(part(nora, file=file))
    assert field in nora.telegram.shown[-1].more


async def test_document_without_a_name_has_an_ending(
    channel: Telegram, nora: Person, tmp_path: Path
) -> None:
    await channel.send(part(nora, file=outgoing(tmp_path, pdf(), "application/pdf")))
    assert nora.telegram.shown[-1].more["document"]["file_name"] == "document.pdf"


async def test_photo_that_telegram_takes_for_none_goes_as_a_document(
    channel: Telegram, nora: Person, tmp_path: Path
) -> None:
    narrow = outgoing(tmp_path, photo("PNG", (2100, 100)), "image/png", "strip.png")
    await channel.send(part(nora, text="the seam", file=narrow))
    shown = await nora.sees("the seam")
    assert shown.more["document"]["file_name"] == "strip.png"


async def test_file_that_is_gone_is_refused(
    channel: Telegram, nora: Person, tmp_path: Path
) -> None:
    file = OutgoingFile(tmp_path / "gone", "", "image/png")
    error = await refusal(channel, part(nora, file=file))
    assert (error.failure, error.is_final) == ("file_refused", True)


async def test_picture_goes_by_its_address_or_as_a_link(
    channel: Telegram, nora: Person
) -> None:
    content = photo("PNG")
    file_id = nora.telegram.keep(content)["file_id"]
    url = f"{nora.telegram.url}/file/bot{TOKEN}/photos/{file_id}.jpg"
    await channel.send(part(nora, text="This one", picture_url=url))
    shown = await nora.sees("This one")
    assert nora.telegram.files[shown.more["photo"][-1]["file_id"]] == content
    gone = f"{nora.telegram.url}/gone.jpg"
    await channel.send(part(nora, text="Or this", picture_url=gone))
    await channel.send(part(nora, picture_url=gone))
    assert nora.texts[-2:] == [f"Or this\n{gone}", gone]


async def test_typing_is_shown(channel: Telegram, nora: Person) -> None:
    await channel.show_typing(nora.address)
    await nora.telegram.is_typing_to(nora.chat_id)


# ---- what may go wrong


async def refusal(channel: Telegram, sent: Part) -> PlatformError:
    with pytest.raises(PlatformError) as refused:
        await channel.send(sent)
    assert TOKEN not in repr(refused.value) + refused.value.detail
    return refused.value


async def test_refusals_are_told_apart(channel: Telegram, nora: Person) -> None:
    telegram, hello = nora.telegram, part(nora, text="hello")
    telegram.blocked.add(nora.chat_id)
    error = await refusal(channel, hello)
    assert (error.failure, error.is_final) == ("blocked", True)
    assert error.detail == "Forbidden: bot was blocked by the user"
    telegram.blocked.clear()
    telegram.deactivated.add(nora.chat_id)
    error = await refusal(channel, hello)
    assert (error.failure, error.is_final) == ("blocked", True)
    error = await refusal(channel, replace(hello, address="1"))
    assert (error.failure, error.is_final) == ("unknown_address", True)
    telegram.deactivated.clear()
    error = await refusal(channel, part(nora, text="x" * 4097))
    assert (error.failure, error.is_final) == ("refused", True)
    buttons = [Button("Yes", "ü" * 33)]
    error = await refusal(channel, part(nora, text="?", buttons=buttons))
    assert (error.failure, error.is_final) == ("refused", True)
    assert error.detail == "Bad Request: BUTTON_DATA_INVALID"


async def test_message_waits_for_a_token_that_is_mended(
    channel: Telegram, nora: Person
) -> None:
    nora.telegram.token = RENEWED
    error = await refusal(channel, part(nora, text="hello"))
    assert (error.failure, error.is_final) == ("credentials", False)
    malformed = Telegram(
        own_settings(telegram_api=nora.telegram.url, telegram_token="1:x"), PUBLIC
    )
    error = await refusal(malformed, part(nora, text="hello"))
    assert (error.failure, error.is_final) == ("credentials", False)
    await malformed.close()


async def test_telegram_says_how_long_to_wait(channel: Telegram, nora: Person) -> None:
    nora.telegram.throttled, nora.telegram.retry_after_secs = 1, 17
    error = await refusal(channel, part(nora, text="hello"))
    assert not error.is_final
    assert error.retry_after_secs == 17


async def test_server_that_is_down_is_unreachable(
    channel: Telegram, nora: Person
) -> None:
    nora.telegram.is_down = True
    error = await refusal(channel, part(nora, text="hello"))
    assert (error.failure, error.is_final) == ("unreachable", False)
    nora.telegram.is_down, nora.telegram.mute = False, 1
    error = await refusal(channel, part(nora, text="hello"))
    assert error.is_uncertain
    assert nora.texts == ["hello"]
    nowhere = Telegram(own_settings(telegram_api="http://127.0.0.1:1"), PUBLIC)
    error = await refusal(nowhere, part(nora, text="hello"))
    assert (error.failure, error.is_uncertain) == ("unreachable", False)
    await nowhere.close()


async def test_server_that_has_no_bot_api_is_unreachable(
    channel: Telegram, nora: Person
) -> None:
    url = f"{nora.telegram.url}/wrong/folder"
    lost = Telegram(own_settings(telegram_api=url), PUBLIC)
    error = await refusal(lost, part(nora, text="hello"))
    assert (error.failure, error.is_final) == ("unreachable", False)
    await lost.close()


async def test_nothing_logs_the_token(
    channel: Telegram, nora: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await channel.send(part(nora, text="hello"))
        await channel.fetch(FileReference(nora.telegram.keep(b"x")["file_id"]))
        nora.telegram.is_down = True
        await refusal(channel, part(nora, text="hello"))
    assert "getFile" in str(nora.telegram.requests)
    # Those of the made-up server are its own.
    own = [one for one in caplog.records if one.name != "aiohttp.access"]
    assert own
    assert TOKEN not in " ".join(one.getMessage() for one in own)


async def test_token_that_comes_back_in_an_answer_is_cut_out(
    channel: Telegram, nora: Person
) -> None:
    nora.telegram.is_astray = True
    error = await refusal(channel, part(nora, text="hello"))
    assert error.detail == "Not Found: /bot.../sendMessage"


# ---- files that customers send


async def test_file_is_fetched(channel: Telegram, nora: Person) -> None:
    content = photo("JPEG")
    sizes = nora.photo(content)
    assert await channel.fetch(FileReference(sizes[-1]["file_id"])) == content


async def test_file_that_is_gone_or_too_large_is_refused(
    channel: Telegram, nora: Person
) -> None:
    large = nora.telegram.keep(b"x" * (20 * 1024 * 1024 + 1))["file_id"]
    for reference in (large, "made-up"):
        with pytest.raises(PlatformError) as refused:
            await channel.fetch(FileReference(reference))
        assert refused.value.failure == "file_refused"
        assert refused.value.is_final


async def test_name_on_the_servers_disk_is_no_file(
    channel: Telegram, nora: Person
) -> None:
    nora.telegram.is_local = True
    file = FileReference(nora.telegram.keep(b"x")["file_id"])
    with pytest.raises(PlatformError) as refused:
        await channel.fetch(file)
    assert "--local" in refused.value.detail


# ---- setting it up


async def test_webhook_is_set_and_found_well(
    channel: Telegram, telegram: FakeTelegram
) -> None:
    await channel.set_up()
    assert telegram.webhook.url == f"{PUBLIC}/channels/telegram/webhook"
    assert telegram.webhook.secret == SECRET
    assert telegram.webhook.allowed == ["message", "edited_message", "callback_query"]
    checks = await channel.check()
    assert all(check.is_ok for check in checks)
    assert [check.name for check in checks] == [
        *("token of @the_shop_bot", "webhook", "deliveries")
    ]


async def failed(channel: Telegram) -> str:
    """What the one check that fails advises."""
    (check,) = [check for check in await channel.check() if not check.is_ok]
    assert TOKEN not in check.advice
    return check.advice


async def test_each_failed_check_says_what_to_do(
    channel: Telegram, telegram: FakeTelegram
) -> None:
    assert "No webhook is set. Set the webhook" in await failed(channel)
    await channel.set_up()
    telegram.webhook.url = "https://another.example/hook"
    assert "Updates go to https://another.example/hook" in await failed(channel)
    await channel.set_up()
    telegram.webhook.allowed = ["message"]
    assert "leaves out callback_query, edited_message" in await failed(channel)
    await channel.set_up()
    telegram.pending = 3
    telegram.webhook.last_error = "Wrong response from the webhook: 401 Unauthorized"
    assert "3 updates are waiting" in await failed(channel)
    assert "another TELEGRAM_SECRET" in await failed(channel)
    telegram.pending = 0  # it is over
    assert all(check.is_ok for check in await channel.check())
    telegram.is_down = True
    assert "does not answer (503)" in await failed(channel)
    telegram.is_down, telegram.token = False, RENEWED
    assert "does not know TELEGRAM_TOKEN" in await failed(channel)


async def test_telegrams_own_servers_need_https(telegram: FakeTelegram) -> None:
    telegram.is_own = False
    channel = Telegram(own_settings(telegram_api=telegram.url), "http://127.0.0.1:8000")
    with pytest.raises(PlatformError) as refused:
        await channel.set_up()
    assert "An HTTPS URL must be provided" in refused.value.detail
    await channel.close()
