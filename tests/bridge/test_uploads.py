"""Photos: checked, stripped of what they tell, and read by whom they concern."""

import asyncio
import io
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from PIL import Image

from handoff_bridge.edges.uploading import OVERHEAD_BYTES
from handoff_bridge.errors import BridgeError
from handoff_bridge.service.pictures import LONGEST_SIDE, MAX_PIXELS, reencode
from tests.bridge.conftest import settings_for
from tests.bridge.support import Customer, House, ScriptedAssistant
from tests.bridge.support.photos import GPS, bomb, photo, photo_from_a_phone
from tests.bridge.support.refusals import http_refused, refused

MAX_BYTES = 200_000


@pytest.fixture
async def house(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    """A bridge that takes small photos."""
    limits: dict[str, Any] = {
        "max_upload_bytes": MAX_BYTES,
        "allowed_origins": "https://shop.example",
    }
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **limits)
    async with House.open(settings, assistant) as opened:
        yield opened


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def send(
    house: House, customer: Customer, content: bytes, name: str = "photo.jpg"
) -> httpx.Response:
    return await house.http.post(
        "/uploads",
        files={"file": (name, content, "image/jpeg")},
        headers=bearer(customer.session_id),
    )


async def sent(house: House, customer: Customer, content: bytes) -> dict[str, Any]:
    response = await send(house, customer, content)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    assert body["ok"] is True
    return body


async def fetched(house: House, attachment_id: str, token: str) -> httpx.Response:
    return await house.http.get(f"/uploads/{attachment_id}", headers=bearer(token))


@pytest.mark.parametrize(
    ("kind", "mode", "content_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "I;16", "image/jpeg"),
        ("WEBP", "RGB", "image/jpeg"),
        ("GIF", "P", "image/png"),
    ],
)
async def test_photo_of_each_kind_is_kept_and_served(
    house: House, kind: str, mode: str, content_type: str
) -> None:
    customer = await house.customer()
    body = await sent(house, customer, photo(kind, mode=mode))
    assert (body["content_type"], body["width"], body["height"]) == (
        content_type,
        40,
        20,
    )
    served = await fetched(house, body["attachment_id"], customer.session_id)
    assert served.status_code == 200
    assert served.headers["content-type"] == content_type
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["cache-control"] == "no-store"
    with Image.open(io.BytesIO(served.content)) as image:
        assert image.size == (40, 20)
        assert image.get_format_mimetype() == content_type


async def test_photo_is_turned_upright_and_tells_nothing_of_its_origin(
    house: House,
) -> None:
    original = photo_from_a_phone()
    with Image.open(io.BytesIO(original)) as image:
        assert image.getexif().get_ifd(GPS)
    customer = await house.customer()
    body = await sent(house, customer, original)
    assert (body["width"], body["height"]) == (20, 40)
    served = await fetched(house, body["attachment_id"], customer.session_id)
    assert b"Whiskers" not in served.content
    with Image.open(io.BytesIO(served.content)) as image:
        assert image.size == (20, 40)
        assert dict(image.getexif()) == {}
        assert "comment" not in image.info


async def test_large_photo_is_made_smaller(house: House) -> None:
    customer = await house.customer()
    body = await sent(house, customer, photo("PNG", (LONGEST_SIDE * 2, 100), "L"))
    assert (body["width"], body["height"]) == (LONGEST_SIDE, 50)


async def test_what_is_no_photo_is_refused_whatever_its_name(house: House) -> None:
    customer = await house.customer()
    whole = photo("JPEG", (200, 200))
    refusals = [
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"\x00" * 500,
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        whole[: len(whole) // 2],
        photo("PNG")[:-30],
        photo("TIFF"),
        photo("BMP"),
        b"",
    ]
    for content in refusals:
        answer = await send(house, customer, content)
        http_refused(answer, 415, "not_an_image")
    kept = list(house.settings.uploads_dir.glob("*"))
    assert kept == []


def test_mangled_photo_is_either_read_or_refused() -> None:
    chance = random.Random(4711)
    wholes = [photo(kind) for kind in ("JPEG", "PNG", "WEBP", "GIF")]
    for whole in wholes * 100:
        mangled = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            mangled[chance.randrange(len(mangled))] = chance.randrange(256)
        cut = chance.choice([len(mangled), chance.randrange(len(mangled))])
        try:
            reencode(io.BytesIO(mangled[:cut]))
        except BridgeError as error:
            assert error.code in ("not_an_image", "upload_too_large")


async def test_photo_of_too_many_bytes_is_refused(house: House) -> None:
    customer = await house.customer()
    noise = random.Random(1).randbytes(MAX_BYTES + OVERHEAD_BYTES)
    for size in (MAX_BYTES + 1, MAX_BYTES + OVERHEAD_BYTES):
        answer = await send(house, customer, noise[:size])
        http_refused(answer, 413, "upload_too_large")


async def test_upload_without_a_declared_length_is_counted_as_it_comes(
    house: House,
) -> None:
    customer = await house.customer()
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n"
    )
    headers = bearer(customer.session_id)
    headers["Content-Type"] = "multipart/form-data; boundary=x"

    async def too_much_and_never_an_end() -> AsyncIterator[bytes]:
        yield head
        for _ in range((MAX_BYTES + OVERHEAD_BYTES) // 10_000 + 1):
            yield b"\0" * 10_000
        await asyncio.Event().wait()

    timeout = aiohttp.ClientTimeout(10)
    # A client that reads the answer while it is still sending.
    async with (
        aiohttp.ClientSession(timeout=timeout, headers=headers) as client,
        client.post(
            f"{house.url}/api/v1/uploads", data=too_much_and_never_an_end()
        ) as early,
    ):
        assert early.status == 413
        refused(await early.json(), "upload_too_large")
    small = photo("JPEG")

    async def short() -> AsyncIterator[bytes]:
        yield head + small
        yield b"\r\n--x--\r\n"

    answer = await house.http.post("/uploads", content=short(), headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("side", [int(MAX_PIXELS["PNG"] ** 0.5) + 1, 20_000, 60_000])
async def test_picture_of_too_many_pixels_is_refused(house: House, side: int) -> None:
    customer = await house.customer()
    answer = await send(house, customer, bomb(side, side))
    http_refused(answer, 413, "upload_too_large")


async def test_upload_that_is_no_form_with_a_file_is_refused(house: House) -> None:
    customer = await house.customer()
    headers = bearer(customer.session_id)
    image = photo("JPEG")
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    requests: list[dict[str, Any]] = [
        {},
        {"json": {"file": "photo"}},
        {"content": image, "headers": {"Content-Type": "image/jpeg"}},
        {"data": {"file": "photo"}},
        {"files": {"photo": ("a.jpg", image)}},
        {"files": [("file", ("a.jpg", image)), ("file", ("b.jpg", image))]},
        {"files": {"file": (None, "text")}},
        {"content": b"nonsense", "headers": multipart},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    ]
    for request in requests:
        request = {**request, "headers": {**request.get("headers", {}), **headers}}
        answer = await house.http.post("/uploads", **request)
        http_refused(answer, 400, "bad_request")


async def test_only_whom_it_concerns_may_read_a_photo(house: House) -> None:
    customer, stranger = await house.customer(), await house.customer()
    sam, dana = await house.login("sam"), await house.login("dana")
    attachment = (await sent(house, customer, photo("JPEG")))["attachment_id"]
    foreign = await fetched(house, attachment, stranger.session_id)
    http_refused(foreign, 404, "unknown_attachment")
    refused(await stranger.say("mine", attachments=[attachment]), "unknown_attachment")
    unknown = await fetched(house, attachment, customer.session_id + "x")
    http_refused(unknown, 401, "token_invalid")
    http_refused(await house.http.get(f"/uploads/{attachment}"), 401, "unauthorized")
    missing = await fetched(house, "nothing", customer.session_id)
    http_refused(missing, 404, "unknown_attachment")
    # With the bot: agents may not read the conversation, supervisors may.
    http_refused(
        await fetched(house, attachment, sam["token"]), 404, "unknown_attachment"
    )
    assert (await fetched(house, attachment, dana["token"])).status_code == 200
    await customer.ask_for_human()
    assert (await fetched(house, attachment, sam["token"])).status_code == 200


async def test_who_has_no_session_cannot_upload(house: House) -> None:
    sam = await house.login("sam")
    file = {"file": ("a.jpg", photo("JPEG"))}
    without = await house.http.post("/uploads", files=file)
    http_refused(without, 401, "unauthorized")
    for token in ("nobody's", sam["token"], house.settings.service_token):
        answer = await house.http.post("/uploads", files=file, headers=bearer(token))
        http_refused(answer, 401, "unknown_session")


async def test_photo_alone_reaches_the_assistant_as_an_intent(house: House) -> None:
    customer = await house.customer()
    body = await sent(house, customer, photo("JPEG"))
    attachment = body["attachment_id"]
    ack = await customer.say("", attachments=[attachment], message_id="m-1")
    assert ack["ok"], ack
    await customer.hears("You said:")
    turn = house.assistant.turns[0]
    assert (turn["message"], turn["message_id"]) == ("", "m-1")
    assert turn["payload"] == f'/share_photo{{"photo": "{attachment}"}}'
    shown = (await customer.history())[0]
    assert "text" not in shown
    assert shown["attachments"] == [
        {
            name: body[name]
            for name in (
                *("attachment_id", "content_type", "width", "height"),
                *("name", "size"),
            )
        }
    ]


async def test_photos_with_a_caption_are_one_message_and_one_turn(
    each_house: House,
) -> None:
    house = each_house
    customer = await house.customer()
    ids = [
        (await sent(house, customer, photo("JPEG")))["attachment_id"] for _ in range(2)
    ]
    await customer.say("it came broken", attachments=ids, message_id="m-1")
    await customer.hears("You said: it came broken")
    [turn] = house.assistant.turns
    assert (turn["message"], turn["photos"]) == ("it came broken", ids)
    assert "payload" not in turn
    said = [m for m in await customer.history() if m["sender"] == "customer"]
    assert [m["text"] for m in said] == ["it came broken"]
    assert [file["attachment_id"] for file in said[0]["attachments"]] == ids


async def test_several_photos_without_words_are_one_turn(house: House) -> None:
    customer = await house.customer()
    ids = [
        (await sent(house, customer, photo("JPEG")))["attachment_id"] for _ in range(2)
    ]
    await customer.say("", attachments=ids)
    await customer.hears("You said:")
    [turn] = house.assistant.turns
    assert turn["payload"] == f'/share_photo{{"photo": "{ids[0]}"}}'
    assert turn["photos"] == ids


async def test_caption_is_no_fragment_of_the_next_message(house: House) -> None:
    customer = await house.customer()
    attachment = (await sent(house, customer, photo("JPEG")))["attachment_id"]
    house.assistant.door.clear()
    await customer.say("the mug", attachments=[attachment])
    await customer.say("and the plate")
    house.assistant.door.set()
    await customer.hears("You said: and the plate")
    assert house.assistant.heard == ["the mug", "and the plate"]
    assert not any("joined" in turn for turn in house.assistant.turns)
    assert "may_wait" not in house.assistant.turns[0]


async def test_agent_sees_the_photo_in_the_chat_and_the_packet(house: House) -> None:
    customer, maria, row = await house.claimed()
    attachment = (await sent(house, customer, photo("JPEG")))["attachment_id"]
    await customer.say("look", attachments=[attachment])
    event = await maria.sees("look")
    assert event["attachments"][0]["attachment_id"] == attachment
    packet = (await house.get(f"/handoffs/{row['handoff_id']}", maria.token)).json()
    assert [found["attachment_id"] for found in packet["attachments"]] == [attachment]
    assert house.assistant.heard == ["hello"]


async def test_page_of_an_allowed_site_may_send_photos(house: House) -> None:
    asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    allowed = await house.http.options(
        "/uploads", headers=asks | {"Origin": "https://shop.example"}
    )
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-credentials" not in allowed.headers
    other = await house.http.options(
        "/uploads", headers=asks | {"Origin": "https://evil.example"}
    )
    assert "access-control-allow-origin" not in other.headers
