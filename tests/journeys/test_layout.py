"""The inbox holds together at every width, with hostile names and texts in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.support.browsing import LAN_HOST
from tests.journeys.support.measuring import holds
from tests.journeys.support.signed_pages import SignedPages, serving

pytestmark = pytest.mark.journey

WIDTHS = (1440, 1101, 1100, 768, 699, 480, 390, 320)
HOSTILE = (
    "x" * 5_000,
    "\u202eturned round\u202c and \u2067left open, مرحبا",
    "\n" * 40 + "far below",
    "<b>" * 50,
)


@pytest.fixture
def pages(tandem: Tandem, other_port: int) -> Iterator[SignedPages]:
    with serving(other_port, tandem) as found:
        yield found


def test_nothing_sticks_out_and_nothing_but_the_log_scrolls(
    pages: SignedPages, inbox: InboxPage, desk: Desk, new_context: MakeContext
) -> None:
    named = pages.page("C-9001", name="A" * 180)
    shop = ShopPage(new_context().new_page(), named).open()
    for text in HOSTILE:
        shop.say(text)
        expect(shop.messages("You")).to_have_count(HOSTILE.index(text) + 1)
    shop.ask_for_a_person()
    inbox.claim()
    inbox.note("y" * 3_000)
    for n in range(30):
        inbox.reply(f"Line {n}")
    for width in WIDTHS:
        inbox.page.set_viewport_size({"width": width, "height": 568})
        expect(inbox.log).to_be_visible()
        holds(inbox.page, f"the chat at {width}")
        for name in ("Return to Pine", "Close", "Transfer…"):
            inbox.page.get_by_role("button", name=name, exact=True).click()
            expect(inbox.dialog).to_be_visible()
            holds(inbox.page, f"{name} at {width}")
            inbox.page.keyboard.press("Escape")
            expect(inbox.dialog).to_be_hidden()
    # Whatever is focused far down or up, the page itself stays where it is.
    inbox.log.press("End")
    inbox.log.press("Home")
    assert inbox.page.evaluate("scrollY") == 0
    box = inbox.reply_box.bounding_box()
    assert box is not None and box["y"] + box["height"] <= 568

    # Nor is any of it left empty.
    box = inbox.chat.bounding_box()
    assert box is not None and box["y"] + box["height"] == 568

    inbox.page.go_back()
    expect(inbox.log).to_be_hidden()
    expect(inbox.mine.get_by_role("button")).to_be_visible()
    for width in WIDTHS:
        inbox.page.set_viewport_size({"width": width, "height": 568})
        holds(inbox.page, f"the lists at {width}")
    inbox.page.go_forward()
    expect(inbox.log).to_be_visible()


def test_reply_and_note_are_told_apart_in_the_readers_own_colours(
    tandem: Tandem, desk: Desk, shop: ShopPage, new_context: MakeContext
) -> None:
    shop.ask_for_a_person()
    page = new_context(forced_colors="active").new_page()
    inbox = InboxPage(page, tandem.url("/inbox")).open()
    inbox.claim()
    look = """(box) => { const style = getComputedStyle(box.closest("form"));
      return [style.borderStyle, style.borderWidth].join(" "); }"""
    reply = inbox.reply_box.evaluate(look)
    page.get_by_role("button", name="Note", exact=True).click()
    assert inbox.note_box.evaluate(look) != reply
    ground = "(tab) => getComputedStyle(tab).backgroundColor"
    chosen = page.get_by_role("button", name="Note", exact=True).evaluate(ground)
    other = page.get_by_role("button", name="Reply", exact=True).evaluate(ground)
    assert chosen != other


def test_inbox_over_plain_http_and_without_storage(
    tandem: Tandem, desk: Desk, shop: ShopPage, browser: Browser
) -> None:
    shop.ask_for_a_person()
    context = browser.new_context()
    context.add_init_script(
        """for (const kind of ["localStorage", "sessionStorage"])
          Object.defineProperty(window, kind, {get() {
            throw new DOMException("forbidden", "SecurityError");
          }});"""
    )
    page = context.new_page()
    inbox = InboxPage(page, tandem.url("/inbox").replace("127.0.0.1", LAN_HOST))
    inbox.open()
    assert not page.evaluate("isSecureContext")
    expect(page.get_by_text("This page is not secure")).to_be_visible()
    inbox.claim()
    inbox.reply("Hello over the network.")
    shop.hears("Hello over the network.", "Maria")
    context.close()
