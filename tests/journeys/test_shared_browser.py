"""Who is who in one browser: a chat belongs to who began it, not to who sits there."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.support import MakeContext, ShopPage, Tandem
from tests.journeys.support.signed_pages import SignedPages, serving

pytestmark = pytest.mark.journey

PAYMENTS = "show me my latest payments"
HIDDEN = "Your sign-in on this page has run out"
OVER = "This chat has ended, and nobody can read it here any more."
WHICH = re.compile("which order|order number|number of any of your orders", re.I)
GREETING = re.compile("I'm Pine, Harbour & Pine's automated assistant")


@pytest.fixture
def pages(tandem: Tandem, other_port: int) -> Iterator[SignedPages]:
    with serving(other_port, tandem) as started:
        yield started


@pytest.fixture
def browser_of_all(new_context: MakeContext) -> BrowserContext:
    """One browser that several people use."""
    return new_context()


def counted(page: Page) -> list[str]:
    """Every session that this page asks for, from now on."""
    asked: list[str] = []

    def sent(frame: str | bytes) -> None:
        if isinstance(frame, str) and "session_request" in frame:
            asked.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", sent))
    return asked


def stored(page: Page) -> str:
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    return str(kept)


def session_ids(page: Page) -> list[str]:
    kept = json.loads(page.evaluate("JSON.stringify({...localStorage})"))
    return [json.loads(v)["session_id"] for k, v in kept.items() if "session" in k]


def end_chat(shop: ShopPage) -> None:
    shop.chat.get_by_role("button", name="Chat menu").click()
    shop.chat.get_by_role("menuitem", name="End chat").click()
    shop.chat.get_by_role("button", name="End chat").click()


def test_two_customers_in_two_tabs_have_a_chat_each(
    pages: SignedPages, browser_of_all: BrowserContext
) -> None:
    tabs, asked = [], []
    for customer_id in ("C-2001", "C-2002"):
        page = browser_of_all.new_page()
        asked.append(counted(page))
        tabs.append(ShopPage(page, pages.page(customer_id)).open())
    for number, tab in enumerate(tabs):
        tab.say(f"hello from tab {number}")
        tab.say(PAYMENTS)
        tab.hears(re.compile("Your latest payments|no payments or refunds"))
    for tab in tabs:
        tab.reload()
        tab.hears(re.compile("Your latest payments|no payments or refunds"))
    for number, tab in enumerate(tabs):
        expect(tab.log.get_by_text(f"hello from tab {number}")).to_be_visible()
        expect(tab.log.get_by_text(f"hello from tab {1 - number}")).to_have_count(0)
    assert [len(requests) for requests in asked] == [2, 2]
    assert len(set(session_ids(tabs[0].page))) == 2


def test_two_tabs_of_one_customer_share_one_chat(
    pages: SignedPages, browser_of_all: BrowserContext
) -> None:
    one = ShopPage(browser_of_all.new_page(), pages.page("C-2001")).open()
    one.say("hello from the first tab")
    other = ShopPage(browser_of_all.new_page(), pages.page("C-2001")).open()
    expect(other.log.get_by_text("hello from the first tab")).to_be_visible()
    other.say("hello from the second tab")
    expect(one.log.get_by_text("hello from the second tab")).to_be_visible()
    assert len(session_ids(one.page)) == 1


def test_tab_left_open_does_not_sign_the_next_visitor_in(
    pages: SignedPages, browser_of_all: BrowserContext
) -> None:
    left_open = ShopPage(browser_of_all.new_page(), pages.page("C-2001")).open()
    left_open.say(PAYMENTS)
    left_open.hears("Your latest payments")
    visitor = ShopPage(browser_of_all.new_page(), pages.page()).open()
    expect(visitor.log.get_by_text("Your latest payments")).to_have_count(0)
    visitor.say(PAYMENTS)
    visitor.hears(WHICH)
    visitor.say("HP-10428")
    visitor.hears("6-digit code")
    # The customer's own tab goes on as before, and knows nothing of the visitor.
    left_open.say("thanks")
    expect(left_open.log.get_by_text("6-digit code")).to_have_count(0)
    visitor.reload()
    visitor.hears("6-digit code")
    expect(visitor.log.get_by_text("Your latest payments")).to_have_count(0)


def test_signing_in_keeps_the_chat_and_signing_out_hides_it(
    pages: SignedPages, browser_of_all: BrowserContext
) -> None:
    page = browser_of_all.new_page()
    shop = ShopPage(page, pages.page()).open()
    shop.say("do you sell tents for two")
    [anonymous] = session_ids(page)
    page.goto(pages.page("C-2001"))
    expect(shop.log.get_by_text("do you sell tents for two")).to_be_visible()
    shop.say(PAYMENTS)
    shop.hears("Your latest payments")
    assert anonymous not in stored(page)
    page.goto(pages.page())
    shop.hears(GREETING)
    expect(shop.log.get_by_text("do you sell tents for two")).to_have_count(0)
    page.goto(pages.page("C-2002"))
    shop.hears(GREETING)
    expect(shop.log.get_by_text("Your latest payments")).to_have_count(0)


def test_ended_chat_is_gone_for_the_next_person_in_every_tab(
    pages: SignedPages, browser_of_all: BrowserContext
) -> None:
    page = browser_of_all.new_page()
    shop = ShopPage(page, pages.page()).open()
    tab = ShopPage(browser_of_all.new_page(), pages.page()).open()
    shop.say("my name is Rumpelstiltskin")
    expect(tab.log.get_by_text("Rumpelstiltskin")).to_be_visible()
    tab.box.fill("a draft about Rumpelstiltskin")
    [session] = session_ids(page)
    end_chat(shop)
    for each in (shop, tab):
        expect(each.chat.get_by_text(OVER)).to_be_visible()
        expect(each.chat.get_by_text("Rumpelstiltskin")).to_have_count(0)
    expect(tab.box).to_have_count(0)
    page.wait_for_function("!JSON.stringify({...localStorage}).includes('session_id')")
    assert session not in stored(page)
    for each in (shop, tab):
        assert "Rumpelstiltskin" not in stored(each.page)
    page.reload()
    shop.hears(GREETING)
    expect(shop.chat.get_by_text("Rumpelstiltskin")).to_have_count(0)
    tab.page.reload()
    expect(tab.chat.get_by_text("Rumpelstiltskin")).to_have_count(0)


def test_signing_out_clears_the_widget_in_every_tab(
    pages: SignedPages, browser_of_all: BrowserContext
) -> None:
    page = browser_of_all.new_page()
    shop = ShopPage(page, pages.page("C-2001")).open()
    tab = ShopPage(browser_of_all.new_page(), pages.page("C-2001")).open()
    shop.say(PAYMENTS)
    tab.hears("Your latest payments")
    [session] = session_ids(page)
    shop.box.fill("half a sentence")
    page.evaluate("TandemChat.signOut()")
    for each in (shop, tab):
        each.hears(GREETING)
        expect(each.log.get_by_text("Your latest payments")).to_have_count(0)
        expect(each.box).to_have_value("")
    assert session not in stored(page)
    tab.say(PAYMENTS)
    tab.hears(WHICH)


def test_identity_that_runs_out_hides_the_chat_until_a_fresh_one_comes(
    pages: SignedPages, browser_of_all: BrowserContext
) -> None:
    page = browser_of_all.new_page()
    shop = ShopPage(page, pages.page("C-2001", secs=12)).open()
    shop.say(PAYMENTS)
    shop.hears("Your latest payments")
    expect(shop.chat.get_by_text(HIDDEN)).to_be_visible()
    expect(shop.log.get_by_text("Your latest payments")).to_have_count(0)
    shop.say("and what is still open?")
    page.goto(pages.page("C-2001"))
    shop.hears("Your latest payments")
    expect(shop.chat.get_by_text(HIDDEN)).to_have_count(0)
    expect(shop.log.get_by_text("and what is still open?")).to_have_count(1)
    sent = shop.messages("You", "and what is still open?")
    expect(sent.last).to_be_visible()


def test_log_me_out_ends_the_proof_by_code(shop: ShopPage, tandem: Tandem) -> None:
    shop.say(PAYMENTS)
    shop.hears(WHICH)
    shop.say("HP-10428")
    shop.hears("6-digit code")
    shop.say(tandem.code_for("HP-10428"))
    shop.hears("Your latest payments")
    shop.say("this is a shared computer, please log me out")
    shop.hears("I've forgotten who you are")
    listed = shop.messages("Pine, automated", "Your latest payments")
    before = listed.count()
    shop.say(PAYMENTS)
    shop.say("HP-10428")
    expect(shop.messages("Pine, automated", "6-digit code")).to_have_count(2)
    assert listed.count() == before
