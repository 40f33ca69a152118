"""A bank beside the same bridge, by data alone: all pages are that bank's."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from handoff_bridge.settings import Settings
from tests.bridge.conftest import SERVICE_TOKEN, migrate_database, settings_for
from tests.bridge.support import House, hire, serving
from tests.bridge.support.bank import BRAND, BankAssistant, bank_back_office
from tests.bridge.support.house import PASSWORD
from tests.journeys.support import MakeContext
from tests.journeys.support.inbox import log_in

pytestmark = pytest.mark.journey

OURS = re.compile("Harbour|Pine|HP-|kettle|outdoor", re.IGNORECASE)
SHOP = re.compile(
    r"\b(?:shop|orders?|parcels?|refunds?|returns|goods)\b", re.IGNORECASE
)
# All that stands on a page, the chat's shadow root included.
WHOLE = """() => document.title + document.documentElement.outerHTML +
  (document.querySelector("tandem-chat")?.shadowRoot.innerHTML ?? "")"""
# What can be read there.
READ = """() => [document.body, ...(
  document.querySelector("tandem-chat")?.shadowRoot.children ?? []
)].map((part) => part.innerText ?? "").join("\\n")"""
ACCENT = """() => {
  const box = document.createElement("i");
  box.className = "swatch";
  document.body.append(box);
  box.style.color = "var(--accent)";
  return getComputedStyle(box).color;
}"""


@contextmanager
def bridge(folder: Path, ticket: dict[str, str] | None = None) -> Iterator[str]:
    """A bridge with the bank's assistant and systems, in a thread of its own.

    `ticket` is what the bank answers for a customer whom nobody is there for.
    """
    url = f"sqlite:///{folder}/bridge.db"
    loop = asyncio.new_event_loop()
    ready, done = threading.Event(), asyncio.Event()
    settings: list[Settings] = []

    async def run() -> None:
        await hire(url, BRAND)
        assistant, systems = BankAssistant(SERVICE_TOKEN), bank_back_office()
        systems.ticket = ticket
        async with serving(assistant.app) as port, serving(systems.app) as cards_port:
            settings.append(
                settings_for(
                    url, port, folder, backoffice_port=cards_port, brand_file=BRAND
                )
            )
            async with House.open(settings[0], assistant):
                ready.set()
                await done.wait()

    def start() -> None:
        # Not in the browser's own thread, in which a loop runs already.
        migrate_database(url)
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
    """The page names that bank, and nothing of our shop or of any."""
    found = OURS.search(page.evaluate(WHOLE)) or SHOP.search(page.evaluate(READ))
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
        chat = shop.locator("tandem-chat [role=dialog]")
        expect(chat).to_have_accessible_name("Chat with Torvald Bank")
        expect(chat.get_by_role("heading", level=2)).to_have_text("Ada")
        log = chat.get_by_role("log")
        expect(log.get_by_text("I'm Ada, Torvald Bank's automated")).to_be_visible()
        chat.get_by_role("button", name="What did I pay last week?").click()
        expect(log.get_by_text("Das habe ich nicht verstanden.")).to_be_visible()
        is_theirs(shop)

        inbox.goto(f"{url}/inbox")
        expect(inbox.get_by_text("people of Torvald Bank")).to_be_visible()
        is_theirs(inbox)
        inbox.get_by_label("Email").fill("dana@example.com")
        inbox.get_by_label("Password", exact=True).fill(PASSWORD)
        inbox.keyboard.press("Enter")
        expect(inbox).to_have_title("Inbox · Torvald Bank")
        expect(inbox.get_by_text("Ada has the rest")).to_be_visible()
        chat.get_by_role("button", name="Mit einem Menschen sprechen").click()
        inbox.locator("[data-handoff]").first.click()
        inbox.get_by_role("button", name="Claim").first.click()
        expect(inbox.get_by_role("button", name="Return to Ada")).to_be_visible()
        expect(log.get_by_text(re.compile("^Dana ist jetzt da"))).to_be_visible()
        is_theirs(inbox)
        is_theirs(shop)

        inbox.goto(f"{url}/reports")
        expect(inbox).to_have_title("Reports · Torvald Bank")
        expect(inbox.get_by_text("Handoffs").first).to_be_visible()
        is_theirs(inbox)
        inbox.goto(f"{url}/docs")
        expect(inbox).to_have_title("API · Torvald Bank")


def opened_chat(context: BrowserContext, url: str) -> tuple[Page, Locator]:
    page = context.new_page()
    page.goto(url)
    page.locator("tandem-chat .launcher").click()
    return page, page.locator("tandem-chat [role=dialog]")


def write(chat: Locator, *texts: str) -> None:
    for text in texts:
        chat.locator(".composer-input").fill(text)
        chat.locator(".composer-input").press("Enter")


@pytest.mark.parametrize(
    ("locale", "texts", "label", "promised"),
    [
        (
            "de-DE",
            ["Hallo", "Wo ist meine Überweisung?", "Meine Karte wurde gestohlen"],
            "Karte gestohlen",
            ["ist bis 14:30 beim Empfänger", "die neue kommt bis zum 12. Mai"],
        ),
        (
            "es-ES",
            ["Hola", "¿Dónde está mi transferencia?", "Me han robado la tarjeta"],
            "Tarjeta robada",
            ["llegará antes del 12 de mayo", "la nueva llega antes del 12 de mayo"],
        ),
    ],
)
def test_inbox_shows_labels_promises_and_cards_of_the_bank(
    new_context: MakeContext,
    tmp_path: Path,
    locale: str,
    texts: list[str],
    label: str,
    promised: list[str],
) -> None:
    with bridge(tmp_path) as url:
        wide = {"width": 1400, "height": 900}
        inbox = new_context(locale=locale, viewport=wide).new_page()
        inbox.goto(f"{url}/inbox")
        log_in(inbox, "maria@example.com", PASSWORD)
        page, chat = opened_chat(new_context(locale=locale), url)
        write(chat, *texts)
        for sentence in promised:
            expect(chat.get_by_role("log").get_by_text(sentence)).to_be_visible()

        row = inbox.locator("[data-handoff]")
        expect(row).to_contain_text(label)
        expect(row).to_contain_text("Transaction Miete Juni · Unterwegs")
        row.click()
        packet = inbox.get_by_role("complementary", name="What Ada knows")
        expect(packet.locator(".why")).to_have_text(label)
        for sentence in promised:
            expect(packet.get_by_role("button", name=sentence)).to_be_visible()
        tried = packet.get_by_role("button", name="Umsatz angefochten: refused")
        expect(tried).to_contain_text("refused, noch nicht gebucht")
        card = packet.get_by_role("region", name="Transaction Miete Juni")
        expect(card.locator(".sums dd")).to_have_text(re.compile("950,00\\s€"))
        # Nobody has proved who they are.
        expect(card.get_by_text("•••")).to_be_visible()
        expect(card.get_by_text("Lindner")).to_have_count(0)
        inbox.get_by_role("button", name=re.compile("^Claim")).click()
        expect(inbox.get_by_role("button", name="Return to Ada")).to_be_visible()
        joined = re.compile("Maria.* (Team|equipo) cards")
        expect(chat.get_by_role("log").get_by_text(joined)).to_be_visible()
        is_theirs(inbox)
        is_theirs(page)


def test_beside_a_promise_the_chat_says_nothing_that_sounds_sooner(
    new_context: MakeContext, tmp_path: Path
) -> None:
    ticket = {"ticket_number": "TB-T-1", "answer_by": "2026-05-12T12:30:00Z"}
    with bridge(tmp_path, ticket) as url:
        here = new_context(timezone_id="Europe/Stockholm")
        page, chat = opened_chat(here, url)
        write(chat, "Meine Karte wurde gestohlen")
        line = "dann haben Sie bis Dienstag, 14:30, eine Antwort"
        expect(chat.get_by_role("log").get_by_text(line)).to_be_visible()
        role = chat.locator(".header-role")
        expect(role).to_have_text("Antwort bis 12.05.2026, 14:30")
        page.reload()
        expect(role).to_have_text("Antwort bis 12.05.2026, 14:30")
        expect(chat.get_by_text(re.compile("etwa .* Minute|Gleich ist"))).to_have_count(
            0
        )
