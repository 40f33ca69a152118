"""A signed-in customer chooses among their own orders, and sees the order as a card."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.support.signed_pages import SignedPages, serving

pytestmark = pytest.mark.journey

OWN = re.compile(r"^.+, \d+ \w+ \(…428\)$")
TITLE = "Order HP-10428, Delivered"


@pytest.fixture
def pages(tandem: Tandem, other_port: int) -> Iterator[SignedPages]:
    with serving(other_port, tandem) as started:
        yield started


def test_own_orders_are_buttons_and_the_order_a_card(
    pages: SignedPages, inbox: InboxPage, new_context: MakeContext
) -> None:
    context = new_context(timezone_id="Europe/Berlin", accept_downloads=True)
    shop = ShopPage(context.new_page(), pages.page("C-2001")).open()
    foot = shop.chat.locator(".privacy")
    expect(foot).to_contain_text("We keep this chat with your orders")
    link = foot.get_by_role("link")
    expect(link).to_have_attribute("href", "https://shop.example/privacy")
    expect(link).to_have_attribute("target", "_blank")
    shop.say("Where is my order?")
    offered = shop.log.locator(".replies").get_by_role("button")
    expect(offered.last).to_have_text("Another order")
    expect(foot).to_have_count(0)
    offered.filter(has_text=OWN).click()
    card = shop.log.get_by_role("group", name=TITLE)
    expect(card.get_by_text("Total")).to_be_visible()
    expect(card.get_by_text(re.compile(r"^€\d+\.\d\d$")).first).to_be_visible()
    expect(card.get_by_role("link", name="Follow the parcel")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    shop.reload()
    expect(card).to_be_visible()
    shop.chat.get_by_role("button", name="Chat menu").click()
    with shop.page.expect_download() as download:
        shop.chat.get_by_role("menuitem", name="Download this chat").click()
    saved = download.value.path().read_text(encoding="utf-8")
    assert f"[{TITLE}]" in saved
    shop.ask_for_a_person()
    inbox.claim()
    expect(inbox.page.get_by_text(f"Card sent: {TITLE}")).to_be_visible()


def test_another_order_is_asked_for_by_its_number(
    pages: SignedPages, desk: Desk, new_context: MakeContext
) -> None:
    shop = ShopPage(new_context().new_page(), pages.page("C-2001")).open()
    shop.say("Where is my order?")
    shop.press("Another order")
    shop.hears(re.compile("The number looks like|What's the order number"))
    shop.say("HP-10424")
    # Not theirs: how it stands, and no more.
    card = shop.log.get_by_role("group", name=re.compile("^Order HP-10424"))
    expect(card.get_by_text("Out for delivery")).to_be_visible()
    expect(card.get_by_text("Total")).to_have_count(0)


def test_nobody_else_sees_orders(
    pages: SignedPages, desk: Desk, new_context: MakeContext
) -> None:
    shop = ShopPage(new_context().new_page(), pages.address).open()
    shop.say("Where is my order?")
    offered = shop.log.locator(".replies").get_by_role("button")
    expect(offered).to_have_text(["I don't have it"])
