"""Uploads are bounded: in memory, in number, in time; and nothing is left of them."""

import asyncio
import io
import os
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import psutil
import pytest
import sqlalchemy as sa
from PIL import Image

from handoff_bridge.service import uploads
from handoff_bridge.service.pictures import MAX_PIXELS
from handoff_bridge.service.uploads import PART_KEPT, UNATTACHED_KEPT
from handoff_bridge.store.database import Database
from handoff_bridge.store.tables import attachments
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.photos import photo
from tests.bridge.support.refusals import http_refused, refused
from tests.bridge.test_uploads import bearer, fetched, send, sent

MEGABYTE = 2**20


def large(kind: str, mode: str, **options: Any) -> bytes:
    """A small file of as many pixels as are taken."""
    side = int(MAX_PIXELS[kind] ** 0.5)
    buffer = io.BytesIO()
    Image.new(mode, (side, side)).save(buffer, kind, **options)
    return buffer.getvalue()


async def test_many_large_photos_at_once_take_the_memory_of_a_few(
    house: House,
) -> None:
    """Unbounded, twelve took 2.6 GB."""
    house.http.timeout = httpx.Timeout(120)
    customer = await house.customer()
    files = [large("PNG", "RGBA"), large("JPEG", "RGB", progressive=True)]
    process, most = psutil.Process(), 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, process.memory_info().rss)
            await asyncio.sleep(0.01)

    before = process.memory_info().rss
    watching = asyncio.create_task(watch())
    answers = await asyncio.gather(*(send(house, customer, file) for file in files * 6))
    watching.cancel()
    print(f"{(most - before) // MEGABYTE} MB more while decoding")
    assert [answer.status_code for answer in answers] == [200] * 12
    assert most - before < 900 * MEGABYTE


async def test_no_more_are_decoded_at_once_than_that(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, decode = 0, 0, uploads.check_file
    door = asyncio.Event()
    loop = asyncio.get_running_loop()

    def counted(content: Any) -> Any:
        nonlocal running, most
        running += 1
        most = max(most, running)
        asyncio.run_coroutine_threadsafe(door.wait(), loop).result(10)
        running -= 1
        return decode(content)

    monkeypatch.setattr(uploads, "check_file", counted)
    monkeypatch.setattr(uploads, "WAITING_AT_MOST", 6)
    customer = await house.customer()
    sending = [
        asyncio.create_task(send(house, customer, photo("JPEG"))) for _ in range(9)
    ]
    done, waiting = await asyncio.wait(
        sending, timeout=10, return_when=asyncio.FIRST_COMPLETED
    )
    async with asyncio.timeout(10):
        while len(done) < 3:
            more, waiting = await asyncio.wait(
                waiting, return_when=asyncio.FIRST_COMPLETED
            )
            done |= more
    door.set()
    answers = await asyncio.gather(*sending)
    assert sorted(answer.status_code for answer in answers) == [200] * 6 + [429] * 3
    assert most == uploads.DECODED_AT_ONCE


async def test_grey_of_16_bits_keeps_its_shades(house: House) -> None:
    image = Image.new("I;16", (30, 10))
    for x in range(30):
        for y in range(10):
            image.putpixel((x, y), (0, 32_768, 65_535)[x // 10])
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    customer = await house.customer()
    body = await sent(house, customer, buffer.getvalue())
    served = await fetched(house, body["attachment_id"], customer.session_id)
    with Image.open(io.BytesIO(served.content)) as shown:
        shades = [shown.convert("L").getpixel((x, 5)) for x in (3, 15, 26)]
    for shade, expected in zip(shades, (0, 128, 255), strict=True):
        assert isinstance(shade, int)
        assert abs(shade - expected) < 12


@pytest.mark.parametrize(
    "quota", [{"max_chat_photos": 2}, {"max_chat_photo_bytes": 400}]
)
async def test_chat_holds_no_more_than_its_quota(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path, quota: dict[str, int]
) -> None:
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **quota)
    async with House.open(settings, assistant) as house:
        customer, other = await house.customer(), await house.customer()
        codes = []
        for _ in range(4):
            codes.append((await send(house, customer, photo("JPEG"))).status_code)
        assert codes[0] == 200
        assert codes[-2:] == [413, 413]
        refusal = await send(house, customer, photo("JPEG"))
        http_refused(refusal, 413, "upload_quota")
        assert (await send(house, other, photo("JPEG"))).status_code == 200


@pytest.fixture
async def impatient(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    """A bridge that waits a moment for the next part of a body."""
    settings = settings_for(sqlite_url, assistant.port, tmp_path, body_stall_secs=0.2)
    async with House.open(settings, assistant) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/uploads", "/auth/login"])
async def test_body_that_stops_in_the_middle_is_ended(
    impatient: House, path: str
) -> None:
    customer = await impatient.customer()
    headers = bearer(customer.session_id)
    headers["Content-Type"] = "multipart/form-data; boundary=x"

    async def never_an_end() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
        await asyncio.Event().wait()

    timeout = aiohttp.ClientTimeout(10)
    async with (
        aiohttp.ClientSession(timeout=timeout, headers=headers) as client,
        client.post(f"{impatient.url}/api/v1{path}", data=never_an_end()) as answer,
    ):
        assert answer.status == 408
        refused(await answer.json(), "too_slow")
        assert answer.headers["connection"] == "close"
    assert list(impatient.settings.uploads_dir.glob("*")) == []


async def test_what_nobody_sent_is_removed_at_the_next_start(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(database_url, assistant.port, tmp_path)
    folder = settings.uploads_dir
    async with House.open(settings, assistant) as house:
        customer = await house.customer()
        said, kept, old = [
            (await sent(house, customer, photo("JPEG")))["attachment_id"]
            for _ in range(3)
        ]
        assert (await customer.say("look", attachments=[said]))["ok"]
        session_id = customer.session_id
    long_ago = 2 * UNATTACHED_KEPT
    database = Database(database_url)
    async with database.write() as tx:
        for attachment_id in (said, old):
            moved = sa.update(attachments).where(
                attachments.c.attachment_id == attachment_id
            )
            created = attachments.c.created_at
            row = await tx.execute(
                sa.select(created).where(attachments.c.attachment_id == attachment_id)
            )
            await tx.execute(moved.values(created_at=row.scalar_one() - long_ago))
    await database.close()
    fresh, stale = folder / "fresh.part", folder / "stale.part"
    for part in (fresh, stale):
        part.write_bytes(b"half a photo")
    past = time.time() - (PART_KEPT + timedelta(minutes=1)).total_seconds()
    os.utime(stale, (past, past))
    async with House.open(settings, assistant) as house:
        for attachment_id, status in ((said, 200), (kept, 200), (old, 404)):
            answer = await fetched(house, attachment_id, session_id)
            assert answer.status_code == status
        again = await house.customer(session_id=session_id)
        refused(await again.say("late", attachments=[old]), "unknown_attachment")
    assert {path.name for path in folder.iterdir()} == {said, kept, fresh.name}


async def test_photo_that_could_not_be_recorded_leaves_no_file(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise OSError("the database has gone")

    monkeypatch.setattr(uploads.attachments, "create", fails)
    customer = await house.customer()
    assert (await send(house, customer, photo("JPEG"))).status_code == 500
    assert list(house.settings.uploads_dir.glob("*")) == []
