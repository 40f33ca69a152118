"""Cards beside a chat: what the agent sees of an order, and of whom."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.support import InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.support.signed_pages import SignedPages, serving

pytestmark = pytest.mark.journey

STREET = "Calle Sierpes"


@pytest.fixture
def pages(tandem: Tandem, other_port: int) -> Iterator[SignedPages]:
    with serving(other_port, tandem) as started:
        yield started


def card(inbox: InboxPage, name: str) -> Locator:
    return inbox.packet.get_by_role("region", name=name, exact=True)


def value(of: Locator, label: str) -> Locator:
    """What stands beside a label."""
    row = of.locator("dl > div").filter(has=of.page.locator("dt", has_text=label))
    return row.locator("dd")


def test_sums_are_right_and_nothing_personal_shows_until_a_code_has_come(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem
) -> None:
    shop.say("where is my order HP-10425?")
    shop.hears("HP-10425")
    shop.ask_for_a_person()
    expect(inbox.waiting("Order HP-10425 · Delivered")).to_be_visible()
    inbox.preview()
    order = card(inbox, "Order HP-10425")
    bottles = order.locator("dl > div").filter(has_text="2 ×")
    expect(bottles.locator("dt")).to_contain_text("2 × €19.00")
    expect(bottles.locator("dd")).to_have_text("€38.00")
    lines = order.locator(".sums dd").all_inner_texts()
    *items, total = [float(text.replace("€", "").replace(",", "")) for text in lines]
    assert total == pytest.approx(sum(items))
    assert total == pytest.approx(tandem.order("HP-10425")["total"])
    expect(value(order, "Send to")).to_contain_text("•••")
    expect(value(order, "Email")).to_contain_text("l***@example.com")
    expect(inbox.page.get_by_text(STREET)).to_have_count(0)
    expect(order.get_by_role("link")).to_have_attribute(
        "href", re.compile("^https://tracking.example/")
    )


def test_a_code_unmasks_and_brings_the_customers_other_cards(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem
) -> None:
    shop.say("send me the invoice for order HP-10425")
    shop.hears("6-digit code")
    shop.say(tandem.code_for("HP-10425"))
    shop.hears(re.compile("invoice", re.I))
    shop.ask_for_a_person()
    inbox.preview()
    order = card(inbox, "Order HP-10425")
    expect(value(order, "Email")).to_have_text("lucia.herrera@example.com")
    expect(value(order, "Send to")).not_to_contain_text("•••")
    account = card(inbox, "Customer Lucía Herrera")
    account.locator("summary").click()
    expect(value(account, "Number")).to_contain_text("C-2006")


def test_who_is_signed_in_need_not_name_an_order(
    inbox: InboxPage, pages: SignedPages, new_context: MakeContext
) -> None:
    shop = ShopPage(new_context().new_page(), pages.page("C-2001")).open()
    shop.ask_for_a_person()
    expect(inbox.waiting("Jo Marsh")).to_contain_text("Order HP-10434 · Placed")
    inbox.preview()
    expect(inbox.packet.get_by_text("Yes, signed in at Harbour & Pine")).to_be_visible()
    expect(card(inbox, "Order HP-10434")).to_be_visible()
    older = card(inbox, "Order HP-10428")
    expect(older.get_by_text("Total")).to_be_hidden()
    older.locator("summary").click()
    expect(older.get_by_text("Total")).to_be_visible()


def test_signing_in_unmasks_what_the_agent_is_reading(
    inbox: InboxPage, pages: SignedPages, new_context: MakeContext
) -> None:
    shop = ShopPage(new_context().new_page(), pages.page()).open()
    shop.say("where is my order HP-10428?")
    shop.hears("HP-10428")
    shop.ask_for_a_person()
    inbox.preview()
    mail = value(card(inbox, "Order HP-10428"), "Email")
    expect(mail).to_contain_text("j***@example.com")
    shop.page.goto(pages.page("C-2001"))
    expect(mail).to_have_text("jo.marsh@example.com")


def test_a_code_of_a_parcel_is_copied(shop: ShopPage, inbox: InboxPage) -> None:
    inbox.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shop.say("where is my order HP-10423?")
    shop.hears("HP-10423")
    shop.ask_for_a_person()
    inbox.preview()
    order = card(inbox, "Order HP-10423")
    parcel = value(order, "Parcel").locator("code").inner_text()
    order.get_by_role("button", name=f"Copy {parcel}").click()
    expect(value(order, "Parcel")).to_contain_text("Copied")
    assert inbox.page.evaluate("navigator.clipboard.readText()") == parcel
