"""The made-up Bot API server satisfies the library that Rasa installs for Telegram."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.channels.fake_telegram import TOKEN, FakeTelegram
from tests.bridge.support.photos import photo

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".venv" / "bin" / "python"
SCRIPT = Path(__file__).with_name("with_aiogram.py")

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="The assistant's environment is not installed."
)


async def aiogram(*arguments: str, given: bytes) -> Any:
    """What the script prints."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(PYTHON, SCRIPT, *arguments), stdin=pipe, stdout=pipe
    )
    async with asyncio.timeout(60):
        printed, _ = await process.communicate(given)
    assert process.returncode == 0
    return json.loads(printed)


async def test_aiogram_finds_a_bot_api() -> None:
    picture = photo("PNG", (64, 48))
    async with FakeTelegram.running() as telegram:
        nora, blocked, flooded = (telegram.person(name) for name in ("N", "B", "F"))
        telegram.blocked.add(blocked.chat_id)
        telegram.flooded.add(flooded.chat_id)
        telegram.queries["43001"] = False
        kept = telegram.keep(picture)["file_id"]
        found = await aiogram(
            telegram.url,
            TOKEN,
            nora.address,
            f"{telegram.url}/file/bot{TOKEN}/photos/{kept}.jpg",
            blocked.address,
            flooded.address,
            "43001",
            given=picture,
        )
        assert found == {
            "me": "the_shop_bot",
            "text": "Which?",
            "chat": nora.chat_id,
            "button": "b:1",
            "caption": "bytes",
            "same": True,
            "width": 64,
            "answered": True,
            "webhook": "https://shop.example/hook",
            "allowed": ["message"],
            "refused": [
                *("BotBlocked", "ChatNotFound", "RetryAfter", "MessageTextIsEmpty"),
                *("MessageIsTooLong", "InvalidHTTPUrlContent", "InvalidQueryID"),
                *("BadRequest", "Unauthorized"),
            ],
        }
        assert telegram.queries["43001"]
        assert nora.texts == ["Which?", "bytes", "by address"]


async def test_aiogram_reads_the_updates() -> None:
    async with FakeTelegram.running() as telegram:
        nora = telegram.person("Nora", "de")
        sizes = nora.photo(photo("JPEG"))
        query = {"id": "1", "from": nora.user, "message": nora.message(text="?")}
        updates = [
            nora.update(text="hello"),
            nora.update(photo=sizes, caption="broken"),
            telegram.update("edited_message", nora.message(text="better")),
            telegram.update("callback_query", {**query, "data": "b:1"}),
        ]
    read = await aiogram("read", given=json.dumps(updates).encode())
    first = updates[0]["update_id"]
    assert read == [
        [first, "private", "text"],
        [first + 1, "private", "photo"],
        [first + 2, "private", "text"],
        [first + 3, "private", "text"],
    ]
