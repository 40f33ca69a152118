"""axe finds nothing serious on any page, in any state, in light and in dark."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.support.inbox import log_in

pytestmark = pytest.mark.journey

Scheme = Literal["light", "dark"]
WIDE = {"width": 1400, "height": 900}


def check(page: Page, state: str) -> None:
    found = Axe().run(page).response["violations"]
    serious = [
        "\n    ".join((rule["id"], node["html"], node["failureSummary"]))
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert not serious, f"{state}:\n" + "\n".join(serious)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    chosen: Scheme = request.param
    return chosen


def test_the_shop_and_the_inbox_in_every_state(
    tandem: Tandem, desk: Desk, new_context: MakeContext, scheme: Scheme
) -> None:
    shop_page = new_context(color_scheme=scheme).new_page()
    inbox_page = new_context(color_scheme=scheme, viewport=WIDE).new_page()
    shop = ShopPage(shop_page, tandem.url("/"))
    inbox = InboxPage(inbox_page, tandem.url("/inbox"))

    shop_page.goto(shop.url)
    expect(shop.launcher).to_be_visible()
    check(shop_page, "the shop, chat closed")
    shop.open()
    shop.say("hello")
    expect(shop.log.get_by_role("button", name="Track an order")).to_be_visible()
    check(shop_page, "the chat with the bot")

    inbox_page.goto(inbox.url)
    expect(inbox_page.get_by_role("button", name="Log in")).to_be_visible()
    check(inbox_page, "the login")
    inbox.open()
    expect(inbox.queue.get_by_text("Nobody is waiting")).to_be_visible()
    check(inbox_page, "the empty inbox")

    shop.say("where is my order HP-10428?")
    shop.hears("HP-10428")
    shop.ask_for_a_person()
    check(shop_page, "the chat, waiting in line")
    inbox.preview()
    expect(inbox.packet.get_by_role("heading", name="Reason")).to_be_visible()
    check(inbox_page, "the preview")
    inbox.claim_button.click()
    inbox.reply("Maria here.")
    inbox.note("a note")
    check(inbox_page, "the chat in the inbox")
    shop.hears("Maria here.", "Maria")
    check(shop_page, "the chat with a human")

    inbox_page.get_by_role("button", name="Return to Pine").click()
    expect(inbox.dialog.get_by_role("radio", name="Resolved")).to_be_visible()
    check(inbox_page, "the return dialog")
    inbox.dialog.get_by_role("button", name="Keep the chat").click()
    inbox.give_back(outcome="All is well.")
    shop.hears("All is well.")
    expect(shop.chat.get_by_role("region", name="Did Maria settle it?")).to_be_visible()
    check(shop_page, "the question afterwards")


def test_the_reports(
    tandem: Tandem, desk: Desk, shop: ShopPage, new_context: MakeContext, scheme: Scheme
) -> None:
    shop.ask_for_a_person()
    page = new_context(color_scheme=scheme, viewport=WIDE).new_page()
    page.goto(tandem.url("/reports"))
    log_in(page, "dana@example.com")
    expect(page.get_by_role("region", name="Figures of today")).to_be_visible()
    check(page, "the reports")
    for button in page.get_by_role("button", name="Table").all():
        button.click()
    check(page, "the reports as tables")
