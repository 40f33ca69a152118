"""A phone's width."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem

pytestmark = pytest.mark.journey

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return wide


def test_customer_and_agent_both_on_a_phone(
    tandem: Tandem, desk: Desk, new_context: MakeContext
) -> None:
    shop = ShopPage(new_context(**PHONE).new_page(), tandem.url("/")).open()
    box = shop.chat.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, 390)
    assert box["height"] >= 840
    assert fits(shop.page)
    shop.say("when are you open?")
    shop.hears("Our people answer")
    shop.ask_for_a_person()

    inbox = InboxPage(new_context(**PHONE).new_page(), tandem.url("/inbox")).open()
    assert fits(inbox.page)
    inbox.claim()
    # One column: the chat takes the place of the lists, the packet comes on demand.
    expect(inbox.queue).to_be_hidden()
    assert fits(inbox.page)
    inbox.reply("Hello from a phone.")
    shop.hears("Hello from a phone.", "Maria")
    inbox.page.get_by_role("button", name="What Pine knows").click()
    expect(inbox.dialog.get_by_role("heading", name="Reason")).to_be_visible()
    assert fits(inbox.page)
    inbox.dialog.get_by_role("button", name="Close this dialog").click()
    inbox.page.get_by_role("button", name="Back to the lists").click()
    expect(inbox.mine.get_by_role("button")).to_have_count(1)

    shop.chat.get_by_role("button", name="Close the chat window").click()
    expect(shop.chat).to_be_hidden()
    assert fits(shop.page)
