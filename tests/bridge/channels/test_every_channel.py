"""Every channel that there is, beside the others in one bridge."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.channels.fault_platforms import PLATFORMS
from tests.bridge.conftest import free_port, settings_for
from tests.bridge.support import House, ScriptedAssistant

LOCAL = {
    "webhook_allow_http": True,
    "webhook_private_networks": "127.0.0.0/8",
}


@pytest.fixture
async def house(
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    """A bridge with all channels, each with its own platform."""
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        for kind in PLATFORMS.values():
            fake = await stack.enter_async_context(kind.fake_class.running())
            for name, value in kind(fake, public).environment().items():
                monkeypatch.setenv(name, value)
        own: dict[str, Any] = {"bridge_port": port, "public_url": public, **LOCAL}
        settings = settings_for(sqlite_url, assistant.port, tmp_path, **own)
        yield await stack.enter_async_context(House.open(settings, assistant))


async def bearer(house: House) -> dict[str, str]:
    return {"Authorization": f"Bearer {(await house.login('dana'))['token']}"}


async def test_supervisors_see_each_with_its_address(house: House) -> None:
    answer = await house.http.get("/channels", headers=await bearer(house))
    assert answer.status_code == 200, answer.text
    found = {one["name"]: one["address"] for one in answer.json()["channels"]}
    assert found.keys() == PLATFORMS.keys()
    for name, address in found.items():
        assert address.startswith(f"{house.url}/channels/{name}/")


async def test_each_takes_its_sample_once_and_no_forgery(house: House) -> None:
    headers = await bearer(house)
    for name in PLATFORMS:
        answer = await house.http.post(f"/channels/{name}/sample", headers=headers)
        told = answer.json()
        assert told["passed"], (name, told)
        assert (told["via"], told["taken"], told["repeated"]) == ("public", True, True)


async def test_each_is_asked_whether_it_is_set_up(house: House) -> None:
    headers = await bearer(house)
    for name in PLATFORMS:
        answer = await house.http.post(f"/channels/{name}/check", headers=headers)
        assert answer.json()["checks"], name
