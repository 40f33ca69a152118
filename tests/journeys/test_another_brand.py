"""Another shop's brand.yml, and nothing else changed: all pages are that shop's."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handoff_bridge.settings import Settings
from tests.bridge.conftest import SERVICE_TOKEN, prepare, settings_for
from tests.bridge.support import House, ScriptedAssistant, serving
from tests.bridge.support.house import PASSWORD
from tests.journeys.support import MakeContext

pytestmark = pytest.mark.journey

BRAND = Path(__file__).resolve().parents[1] / "bridge/support/other_brand/brand.yml"
OURS = re.compile("Harbour|Pine|HP-|kettle|outdoor", re.IGNORECASE)
# All that stands on a page, the chat's shadow root included.
WHOLE = """() => document.title + document.documentElement.outerHTML +
  (document.querySelector("tandem-chat")?.shadowRoot.innerHTML ?? "")"""
ACCENT = """() => {
  const box = document.createElement("i");
  box.className = "swatch";
  document.body.append(box);
  box.style.color = "var(--accent)";
  return getComputedStyle(box).color;
}"""


@contextmanager
def bridge(folder: Path) -> Iterator[str]:
    """A bridge of that brand with a scripted assistant, in a thread of its own."""
    url = f"sqlite+aiosqlite:///{folder}/bridge.db"
    loop = asyncio.new_event_loop()
    ready, done = threading.Event(), asyncio.Event()
    settings: list[Settings] = []

    async def run() -> None:
        scripted = ScriptedAssistant(SERVICE_TOKEN)
        async with serving(scripted.app) as port:
            scripted.port = port
            settings.append(settings_for(url, port, folder, brand_file=BRAND))
            async with House.open(settings[0], scripted):
                ready.set()
                await done.wait()

    def start() -> None:
        # Not in the browser's own thread, in which a loop runs already.
        prepare(url)
        loop.run_until_complete(run())

    thread = threading.Thread(target=start)
    thread.start()
    try:
        assert ready.wait(60)
        yield f"http://127.0.0.1:{settings[0].bridge_port}"
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


def is_theirs(page: Page) -> None:
    """The page names that bank, and nothing of our shop."""
    found = OURS.search(page.evaluate(WHOLE))
    assert not found, f"{page.url}: {found and found[0]}"
    accents = {"light": "rgb(122, 31, 92)", "dark": "rgb(227, 169, 205)"}
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.evaluate(ACCENT) == accents["dark" if dark else "light"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 390)])
def test_every_page_is_the_other_shops(
    new_context: MakeContext, tmp_path: Path, scheme: str, width: int
) -> None:
    with bridge(tmp_path) as url:
        screen = {"width": width, "height": 844}
        context = new_context(color_scheme=scheme, viewport=screen)
        shop, inbox = context.new_page(), context.new_page()
        shop.goto(url)
        expect(shop).to_have_title("Torvald Bank: a bank in a box")
        expect(shop.get_by_role("heading", name="Money, quietly.")).to_be_visible()
        shop.get_by_role("button", name="Chat with Torvald Bank").click()
        chat = shop.get_by_role("dialog", name="Chat with Torvald Bank")
        expect(chat.get_by_role("heading", level=2)).to_have_text("Ada")
        expect(chat.get_by_text("I'm Ada, Torvald Bank's automated")).to_be_visible()
        chat.get_by_role("button", name="What did I pay last week?").click()
        expect(chat.get_by_text("You said: What did I pay")).to_be_visible()
        is_theirs(shop)

        inbox.goto(f"{url}/inbox")
        expect(inbox.get_by_text("people of Torvald Bank")).to_be_visible()
        is_theirs(inbox)
        inbox.get_by_label("Email").fill("dana@example.com")
        inbox.get_by_label("Password", exact=True).fill(PASSWORD)
        inbox.keyboard.press("Enter")
        expect(inbox).to_have_title("Inbox · Torvald Bank")
        expect(inbox.get_by_text("Ada has the rest")).to_be_visible()
        chat.locator("form").get_by_role("button", name="Talk to a person").click()
        inbox.locator("[data-handoff]").first.click()
        inbox.get_by_role("button", name="Claim").first.click()
        expect(inbox.get_by_role("button", name="Return to Ada")).to_be_visible()
        expect(chat.get_by_text("Dana is here.")).to_be_visible()
        is_theirs(inbox)
        is_theirs(shop)

        inbox.goto(f"{url}/reports")
        expect(inbox).to_have_title("Reports · Torvald Bank")
        expect(inbox.get_by_text("Handoffs").first).to_be_visible()
        is_theirs(inbox)
        inbox.goto(f"{url}/docs")
        expect(inbox).to_have_title("API · Torvald Bank")
