"""`python -m handoff_bridge.cli doctor`, beside a bridge that has Telegram chats."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bridge.channels.fake_telegram import TOKEN, FakeTelegram
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.test_people_command import command

SECRET = "a-secret_of-the-tests"


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram.running() as fake:
        yield fake


@pytest.fixture
def own(telegram: FakeTelegram) -> dict[str, str]:
    return {
        "TELEGRAM_API": telegram.url,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_SECRET": SECRET,
    }


async def test_each_fault_has_its_remedy_until_all_is_well(
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    own: dict[str, str],
) -> None:
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    settings = settings_for(sqlite_url, assistant.port, tmp_path)
    async with House.open(settings, assistant) as house:
        code, out, err = await command(settings, "doctor", **own)
        assert code == 1, err
        assert "✗ wrong" in out
        assert "No webhook is set." in out
        assert "step 4 of docs/channels/telegram.md" in out
        token = (await house.login("dana"))["token"]
        headers = {"Authorization": f"Bearer {token}"}
        told = await house.http.post("/channels/telegram/set-up", headers=headers)
        assert told.status_code == 200
        code, out, err = await command(settings, "doctor", **own)
        assert code == 0, out
        assert "✗" not in out
        assert f"{settings.public}/channels/telegram/webhook" in out
        assert "verified, a changed proof refused, taken, taken once only" in out
        assert "nothing waits" in out
        assert own["TELEGRAM_API"] in out
        for secret in (TOKEN, SECRET):
            assert secret not in out + err
    code, out, _ = await command(settings, "doctor", **own)
    assert code == 0
    assert "No bridge runs, so no sample was sent" in out


async def test_wrong_settings_are_named(sqlite_url: str, tmp_path: Path) -> None:
    settings = settings_for(sqlite_url, 9, tmp_path)
    code, out, _ = await command(settings, "doctor", TELEGRAM_TOKEN="not-a-token")
    assert code == 1
    assert "TELEGRAM_TOKEN" in out
    assert "@BotFather" in out
    assert "not-a-token" not in out


async def test_without_channels_it_says_how_to_add_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    settings = settings_for(sqlite_url, 9, tmp_path)
    code, out, _ = await command(settings, "doctor")
    assert code == 0
    assert "docs/channels.md" in out
