"""What a customer hears of: who speaks first, what comes meanwhile, a dead line."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.support import (
    PINE,
    YOU,
    Desk,
    InboxPage,
    MakeContext,
    ShopPage,
    Tandem,
)

pytestmark = pytest.mark.journey

# Notes all that a live region has been given, and when it was there to be heard.
LISTEN = """() => {
  window.announced = [];
  const note = (nodes) => {
    for (const node of nodes) window.announced.push(node.textContent);
  };
  const look = new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes)
      if (target.matches?.(".visually-hidden[role=status]")) note(addedNodes);
  });
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    look.observe(root, { childList: true, subtree: true });
    return root;
  };
}"""


def announced(page: Page) -> list[str]:
    said: list[str] = page.evaluate("window.announced")
    return said


def listening(tandem: Tandem, new_context: MakeContext) -> ShopPage:
    context = new_context()
    context.add_init_script(f"({LISTEN})()")
    return ShopPage(context.new_page(), tandem.url("/"))


def minimise(shop: ShopPage) -> None:
    shop.chat.get_by_role("button", name="Close the chat window").click()
    expect(shop.launcher).to_be_focused()


def preview(shop: ShopPage) -> Locator:
    return shop.page.locator(".news")


def test_the_first_opening_is_announced_and_history_is_not(
    tandem: Tandem, desk: Desk, new_context: MakeContext
) -> None:
    shop = listening(tandem, new_context).open()
    [introduction] = announced(shop.page)
    assert introduction.startswith("Pine, automated: Hi, I'm Pine")
    assert "automated assistant" in introduction
    shop.say("When are you open?")
    shop.hears("Our people answer")
    shop.page.wait_for_function("window.announced.length >= 2")
    shop.reload()
    shop.hears("Our people answer")
    before = shop.messages(PINE).count()
    assert announced(shop.page) == []
    shop.say("Thank you")
    expect(shop.messages(PINE).nth(before)).to_be_visible()
    shop.page.wait_for_function("window.announced.length >= 1")
    assert not any("Our people answer" in line for line in announced(shop.page))


def test_what_comes_while_minimised_is_told_beside_the_button(
    shop: ShopPage, inbox: InboxPage
) -> None:
    page = shop.page
    shop.ask_for_a_person()
    inbox.claim()
    shop.talks_to("Maria")
    minimise(shop)
    expect(preview(shop)).to_have_count(0)
    title = page.title()
    inbox.reply("I have found it.\nIt is on its way.")
    expect(preview(shop)).to_contain_text("Maria")
    expect(preview(shop)).to_contain_text("I have found it.")
    expect(page.locator(".widget > [role=status]")).to_contain_text("Maria: I have")
    expect(shop.launcher).to_have_accessible_name(re.compile("1 new message$"))
    expect(page).to_have_title("1 new message")
    expect(page).to_have_title(title)
    preview(shop).get_by_role("button", name="Dismiss").click()
    expect(preview(shop)).to_have_count(0)
    # The page says something else meanwhile.
    page.evaluate("document.title = 'Your cart (2)'")
    inbox.reply("Anything else?")
    expect(preview(shop)).to_contain_text("Anything else?")
    expect(page).to_have_title("2 new messages")
    preview(shop).get_by_role("button", name="Anything else?").click()
    expect(shop.box).to_be_focused()
    expect(page).to_have_title("Your cart (2)")
    minimise(shop)
    page.reload()
    expect(shop.launcher).to_have_accessible_name(re.compile("Pine$"))
    expect(preview(shop)).to_have_count(0)


def test_the_shop_may_do_without_the_preview(
    tandem: Tandem, shop: ShopPage, inbox: InboxPage
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    page = shop.page

    def without(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]
        html = answer.text().replace('widget.js"', 'widget.js" data-preview="off"')
        route.fulfill(response=answer, body=html)  # type: ignore[attr-defined]

    page.route(tandem.url("/"), without)
    shop.reload()
    minimise(shop)
    inbox.reply("Hello again")
    expect(shop.launcher).to_have_accessible_name(re.compile("1 new message$"))
    expect(preview(shop)).to_have_count(0)


def test_what_comes_below_is_counted_and_one_press_away(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    inbox.reply("\n".join(f"Line {n}" for n in range(60)))
    shop.hears("Line 59", "Maria")
    shop.log.evaluate("log => { log.scrollTop = 100; }")
    below = shop.chat.get_by_role("button", name=re.compile("new message"))
    expect(below).to_have_count(0)
    for text in ("One", "Two", "Three"):
        inbox.reply(text)
    expect(below).to_have_text("3 new messages")
    assert shop.log.evaluate("log => log.scrollTop") == 100
    below.click()
    expect(below).to_have_count(0)
    expect(shop.log).to_be_focused()
    expect(shop.messages("Maria", "Three")).to_be_in_viewport()
    # What they say themselves they see, wherever they read.
    shop.log.evaluate("log => { log.scrollTop = 100; }")
    shop.say("Thank you")
    expect(shop.messages(YOU, "Thank you")).to_be_in_viewport()


def test_a_line_that_is_dead_says_so_and_loses_nothing(
    tandem: Tandem, shop: ShopPage
) -> None:
    with tandem.frozen("bridge"):
        shop.say("When are you open?")
        expect(shop.log.get_by_text("Still sending; the")).to_be_visible()
        expect(shop.chat.get_by_text("No connection.")).to_be_visible()
        expect(shop.log.get_by_text("Goes out once you're connected")).to_be_visible()
    shop.hears("Our people answer")
    expect(shop.messages(YOU, "When are you open?")).to_have_count(1)
    expect(shop.chat.get_by_text("No connection.")).to_have_count(0)


def test_after_sleep_the_line_is_looked_at(tandem: Tandem, shop: ShopPage) -> None:
    with tandem.frozen("bridge"):
        # A page that is shown again asks at once, whatever its timers say.
        shop.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(shop.chat.get_by_text("No connection.")).to_be_visible(timeout=7_000)
    expect(shop.chat.get_by_text("No connection.")).to_have_count(0)


def test_arriving_messages_take_no_focus(shop: ShopPage, inbox: InboxPage) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    shop.talks_to("Maria")
    link = shop.page.get_by_role("link", name="Goods", exact=True)
    link.focus()
    inbox.reply("Hello")
    shop.hears("Hello", "Maria")
    inbox.give_back()
    expect(shop.log.get_by_role("region", name="Did Maria settle it?")).to_be_visible()
    expect(link).to_be_focused()
