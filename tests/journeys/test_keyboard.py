"""Everything without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.support import YOU, Desk, InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.support.running import PASSWORD

pytestmark = pytest.mark.journey

FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.getAttribute("aria-label") || at?.textContent.trim() || at?.name || "";
}"""


def tab_to(page: Page, name: str, keys: str = "Tab", most: int = 60) -> None:
    """Goes on with Tab until what has focus carries this name."""
    seen = []
    for _ in range(most):
        page.keyboard.press(keys)
        seen.append(page.evaluate(FOCUSED))
        if seen[-1].startswith(name):
            return
    raise AssertionError(f"{keys} never reaches {name!r}, only {seen}")


def test_a_customer_reaches_a_human_by_keyboard(
    tandem: Tandem, desk: Desk, new_context: MakeContext
) -> None:
    page = new_context().new_page()
    shop = ShopPage(page, tandem.url("/"))
    page.goto(shop.url)
    expect(shop.launcher).to_be_visible()
    tab_to(page, "Chat with Harbour & Pine", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(shop.box).to_be_focused()
    page.keyboard.type("when are you open?")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("on Saturdays too?")
    page.keyboard.press("Enter")
    shop.hears("when are you open?\non Saturdays too?", YOU)
    shop.hears("Our people answer")
    expect(shop.box).to_be_focused()
    tab_to(page, "Talk to a person")
    page.keyboard.press("Enter")
    shop.is_in_line()
    # The button is gone; focus is not.
    assert page.evaluate("document.activeElement !== document.body")

    page.keyboard.press("Escape")
    expect(shop.chat).to_be_hidden()
    expect(shop.launcher).to_be_focused()


def test_an_agent_works_by_keyboard(
    tandem: Tandem, shop: ShopPage, new_context: MakeContext
) -> None:
    shop.ask_for_a_person()
    page = new_context(viewport={"width": 1400, "height": 900}).new_page()
    inbox = InboxPage(page, tandem.url("/inbox"))
    page.goto(inbox.url)
    tab_to(page, "email")
    page.keyboard.type("maria@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(inbox.waiting()).to_have_count(1)

    page.keyboard.press("j")
    expect(inbox.claim_button).to_be_visible()
    page.keyboard.press("c")
    expect(inbox.reply_box).to_be_focused()
    page.keyboard.type("Hello without a mouse.")
    page.keyboard.press("Enter")
    shop.hears("Hello without a mouse.", "Maria")

    # Letters typed into the box are letters; outside it they are keys.
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(inbox.note_box).to_be_focused()
    page.keyboard.type("a note, no mouse")
    page.keyboard.press("Enter")
    inbox.reads("a note, no mouse")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(inbox.dialog.get_by_role("radio", name="Resolved")).to_be_focused()
    page.keyboard.press("Space")
    tab_to(page, "Return to Pine")
    page.keyboard.press("Enter")
    expect(inbox.dialog).to_be_hidden()
    shop.talks_to("Pine")
