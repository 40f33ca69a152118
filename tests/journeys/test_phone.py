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


def test_fields_do_not_make_a_tablet_zoom(
    tandem: Tandem, desk: Desk, new_context: MakeContext
) -> None:
    tablet = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
    page = new_context(**tablet, is_mobile=True).new_page()
    shop = ShopPage(page, tandem.url("/")).open()
    size = "field => getComputedStyle(field).fontSize"
    assert shop.box.evaluate(size) == "16px"
    shop.ask_for_a_person()
    shop.chat.get_by_role("button", name="Leave your address").click()
    assert shop.chat.get_by_label("Phone number").evaluate(size) == "16px"


def test_at_four_hundred_per_cent_all_is_in_reach(
    tandem: Tandem, desk: Desk, new_context: MakeContext
) -> None:
    small = {"width": 320, "height": 256}
    shop = ShopPage(new_context(viewport=small).new_page(), tandem.url("/")).open()

    def in_reach() -> None:
        for control in (shop.box, shop.chat.get_by_role("button", name="Send")):
            expect(control).to_be_in_viewport(ratio=1)
        height = shop.log.evaluate("log => log.clientHeight")
        assert height >= 60, height

    in_reach()
    shop.say("When are you open?")
    shop.hears("Our people answer")
    shop.ask_for_a_person()
    in_reach()
    assert fits(shop.page)


def test_the_field_stays_above_the_keyboard(
    tandem: Tandem, desk: Desk, new_context: MakeContext
) -> None:
    context = new_context(**PHONE)
    # No browser without a phone shows one.
    context.add_init_script(
        """const shown = Object.assign(new EventTarget(),
          { height: 844, offsetTop: 0, scale: 1 });
        Object.defineProperty(window, "visualViewport", { value: shown });"""
    )
    shop = ShopPage(context.new_page(), tandem.url("/")).open()
    shop.page.evaluate(
        """() => { Object.assign(visualViewport, { height: 500, offsetTop: 20 });
        visualViewport.dispatchEvent(new Event("resize")); }"""
    )
    box = shop.chat.bounding_box()
    assert box is not None
    assert (box["y"], box["height"]) == (20, 500)
    field = shop.box.bounding_box()
    assert field is not None
    assert field["y"] + field["height"] <= 520
