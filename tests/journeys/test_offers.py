"""A chat is offered to one agent; a supervisor whispers to the one who has it."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.journeys.support import InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.support.running import PASSWORD

pytestmark = pytest.mark.journey

OFFERS = """
teams:
  returns: {mode: offers, accept_secs: 60, pause_secs: 0}
  orders: {mode: offers, accept_secs: 60, pause_secs: 0}
"""


def save(http: httpx.Client, name: str, text: str) -> str:
    """Saves a document, and gives the text before it."""
    known = http.get(f"/{name}").json()
    body = {"version": known["version"], "text": text}
    http.put(f"/{name}", json=body).raise_for_status()
    before: str = known["text"]
    return before


@pytest.fixture
def offering(tandem: Tandem) -> Iterator[None]:
    """Both teams are offered their chats meanwhile."""
    login = {"email": "dana@example.com", "password": PASSWORD}
    with httpx.Client(base_url=tandem.url("/api/v1"), trust_env=False) as http:
        http.post("/auth/login", json=login).raise_for_status()
        before = [save(http, "routing", "steps: []\n"), save(http, "teams", OFFERS)]
        yield
        save(http, "teams", before[1])
        save(http, "routing", before[0])


@pytest.mark.usefixtures("offering")
def test_offer_is_declined_by_one_and_accepted_by_another(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, new_context: MakeContext
) -> None:
    shop.ask_for_a_person()
    mine = inbox.page.get_by_role("region", name="Offered to you")
    expect(mine).to_contain_text("Asked for a person")
    expect(inbox.waiting("For you")).to_be_visible()
    mine.get_by_role("button", name="Decline").click()
    mine.get_by_role("button", name="On a break").click()
    expect(mine).to_be_hidden()

    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    sam = InboxPage(page, tandem.url("/inbox")).open("sam@example.com")
    theirs = page.get_by_role("region", name="Offered to you")
    expect(theirs.get_by_role("timer")).to_have_text(re.compile(r"^[1-6]?\d s$"))
    overflow = "document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(overflow) <= 0
    theirs.get_by_role("button", name=re.compile("^Accept")).click()
    shop.sees_line("Sam from the orders team has joined")
    expect(theirs).to_be_hidden()
    expect(sam.chat.get_by_text("Maria declined: on a break")).to_be_visible()


def test_whisper_is_shown_to_the_agent_alone_until_they_have_written(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, new_context: MakeContext
) -> None:
    page = new_context(viewport={"width": 1400, "height": 900}).new_page()
    dana = InboxPage(page, tandem.url("/inbox")).open("dana@example.com")
    shop.ask_for_a_person()
    dana.preview()
    inbox.claim()
    shop.talks_to("Maria")
    box = page.get_by_role("textbox", name="Whisper to Maria")
    box.fill("half of it back is fine")
    box.press("Enter")
    expect(box).to_have_value("")
    whisper = inbox.chat.get_by_text("Dana whispers: half of it back is fine")
    expect(whisper).to_be_visible()
    inbox.reply("We give you half of it back.")
    shop.hears("We give you half of it back.", "Maria")
    expect(whisper).to_be_hidden()
    expect(shop.log.get_by_text("half of it back is fine")).to_have_count(0)
