"""A supervisor sees how channels are doing, and tries them."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from benchmarks.ports import free_ports
from tests.bridge.channels.fake_telegram import TOKEN, FakeTelegram
from tests.journeys.support import MakeContext
from tests.journeys.support.running import PASSWORD
from tests.journeys.test_people import ROOT, START_TRIES, WIDE, Admin, _look

pytestmark = pytest.mark.journey

NARROW = {"width": 360, "height": 740}


class Platform:
    """The fake of Telegram, in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.fake: Any = None
        self._ends = asyncio.Event()

    @contextmanager
    def running(self) -> Iterator["Platform"]:
        thread = Thread(target=self.loop.run_until_complete, args=(self._run(),))
        thread.start()
        self.do(self._is_there())
        yield self
        self.loop.call_soon_threadsafe(self._ends.set)
        thread.join()

    async def _run(self) -> None:
        self._there = asyncio.Event()
        async with FakeTelegram.running() as self.fake:
            self._there.set()
            await self._ends.wait()

    async def _is_there(self) -> None:
        async with asyncio.timeout(15):
            while self.fake is None:
                await asyncio.sleep(0.01)

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)


@pytest.fixture(scope="module")
def telegram() -> Iterator[Platform]:
    with Platform().running() as platform:
        yield platform


@pytest.fixture(scope="module")
def bridge(
    tmp_path_factory: pytest.TempPathFactory, telegram: Platform
) -> Iterator[str]:
    """With Telegram, and without an assistant."""
    more = {
        "TELEGRAM_API": telegram.fake.url,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_SECRET": "a-secret_of-the-tests",
    }
    with serving(tmp_path_factory.mktemp("bridge"), more) as url:
        yield url


@contextmanager
def serving(folder: Path, more: dict[str, str]) -> Iterator[str]:
    ports = free_ports()
    port = next(ports)
    env = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'handoff_bridge'}{os.pathsep}{ROOT}",
        "DATA_DIR": str(folder),
        "BRIDGE_PORT": str(port),
        "RASA_PORT": str(next(ports)),
        "ACTIONS_PORT": str(next(ports)),
        "BACKOFFICE_PORT": str(next(ports)),
        "SERVICE_TOKEN": "service-token-of-the-tests",
        "SECRET_KEY": "a-secret-key-of-the-tests-alone-0",
        "IDENTITY_SECRET": "an-identity-secret-of-the-tests-0",
        "DEMO_PASSWORD": PASSWORD,
        **more,
    }
    command = [sys.executable, "-m", "handoff_bridge.cli"]
    subprocess.run([*command, "seed"], env=env, check=True, timeout=120)
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([*command, "serve"], env=env) as process:
        transport = httpx.HTTPTransport(retries=START_TRIES)
        with httpx.Client(transport=transport, trust_env=False) as http:
            http.get(f"{url}/healthz").raise_for_status()
        yield url
        process.terminate()


def opened(bridge: str, new_context: MakeContext, **options: Any) -> Admin:
    admin = Admin(new_context(**options).new_page(), bridge)
    admin.url += "#channels"
    admin.open("dana")
    expect(admin.page.get_by_role("heading", name="Channels", level=2)).to_be_visible()
    return admin


def card(page: Page) -> Any:
    return page.get_by_role("region", name="Telegram")


def test_channel_is_checked_set_up_and_tried(
    bridge: str, new_context: MakeContext
) -> None:
    admin = opened(bridge, new_context, viewport=WIDE)
    page, shown = admin.page, card(admin.page)
    expect(shown).to_contain_text("No messages yet")
    expect(shown).to_contain_text(f"{bridge}/channels/telegram/webhook")
    shown.get_by_role("button", name="Check").click()
    expect(shown).to_contain_text("No webhook is set.")
    _look(page, "a channel that is not set up")
    shown.get_by_role("button", name="Set up").click()
    admin.dialog.get_by_role("button", name="Set up").click()
    expect(admin.dialog).to_be_hidden()
    expect(shown.get_by_role("listitem").filter(has_text="No: ")).to_have_count(0)
    expect(shown).to_contain_text("What Telegram says")
    shown.get_by_role("button", name="Send a sample").click()
    expect(shown).to_contain_text("Sent twice, it was taken once", timeout=30_000)
    expect(shown).to_contain_text("No chat comes of it.")
    expect(shown.get_by_role("listitem").filter(has_text="No: ")).to_have_count(0)
    _look(page, "a sample")
    page.get_by_role("button", name="Refresh").click()
    expect(shown).to_contain_text("No messages yet")


def test_failing_channel_says_so_narrow_and_dark(
    bridge: str, new_context: MakeContext, telegram: Platform
) -> None:
    admin = opened(bridge, new_context, viewport=NARROW, color_scheme="dark")
    page, shown = admin.page, card(admin.page)
    busy = failing_state(bridge, page)
    page.route("**/api/v1/channels", lambda route: route.fulfill(json=busy))
    page.get_by_role("button", name="Refresh").click()
    expect(shown).to_contain_text("Not getting through")
    expect(shown).to_contain_text("the customer has blocked us (403 Forbidden)")
    _look(page, "a failing channel, narrow and dark")
    shown.get_by_role("button", name="Check").focus()
    page.keyboard.press("Enter")
    expect(shown).to_contain_text("What Telegram says")


def failing_state(bridge: str, page: Page) -> dict[str, Any]:
    """As a bridge tells of a platform that does not answer."""
    found: dict[str, Any] = page.request.get(f"{bridge}/api/v1/channels").json()
    channel = found["channels"][0]
    channel["today"] |= {"taken": 41, "sent": 38, "failed": 3, "refused": 12}
    channel["week"] |= {"taken": 1312, "sent": 1290, "failed": 9, "refused": 12}
    channel["outgoing"] = {"count": 7, "oldest_at": "2026-01-05T08:00:00.000Z"}
    channel["heard_at"] = channel["sent_at"] = "2026-01-05T08:00:00.000Z"
    channel["last_failure"] = {
        "at": "2026-01-05T08:01:00.000Z",
        "conversation_id": "c",
        "seq": 1,
        "reason": "blocked",
        "detail": "403 Forbidden",
    }
    return found


def test_without_channels_the_page_says_what_to_do(
    tmp_path: Path, new_context: MakeContext
) -> None:
    with serving(tmp_path, {}) as bridge:
        admin = opened(bridge, new_context, viewport=WIDE)
        expect(admin.page.get_by_text("docs/channels.md")).to_be_visible()
        _look(admin.page, "no channels")
