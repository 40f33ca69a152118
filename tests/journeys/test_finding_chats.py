"""Agents find chats: in lists, by words, and the assistant's that go badly."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.support import InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.test_accessibility import check

pytestmark = pytest.mark.journey

WIDE = {"width": 1400, "height": 900}


def colleague(tandem: Tandem, new_context: MakeContext, name: str) -> InboxPage:
    page = new_context(viewport=WIDE).new_page()
    return InboxPage(page, tandem.url("/inbox")).open(f"{name}@example.com")


def customer(tandem: Tandem, new_context: MakeContext) -> ShopPage:
    return ShopPage(new_context().new_page(), tandem.url("/")).open()


def show(page: Page, name: str) -> Locator:
    """Switches the left column to a list."""
    tab = page.get_by_role("group", name="Lists of chats").get_by_role(
        "button", name=re.compile(f"^{name}")
    )
    tab.click()
    expect(tab).to_have_attribute("aria-pressed", "true")
    return page.locator(".lists [data-handoff]")


def find(page: Page, words: str) -> Locator:
    page.get_by_role("searchbox", name="Search all chats").fill(words)
    expect(page.get_by_role("heading", name="Search results")).to_be_visible()
    return page.locator(".lists [data-handoff]")


def test_rows_say_who_it_is_and_whose_turn(shop: ShopPage, inbox: InboxPage) -> None:
    shop.say("where is my order HP-10428?")
    shop.hears("HP-10428")
    shop.ask_for_a_person()
    row = inbox.waiting().first
    expect(row).to_contain_text("“where is my order HP-10428?”")
    expect(row).to_contain_text("HP-10428")
    expect(row).to_contain_text("Our turn")
    expect(row).to_contain_text("English")
    expect(row).to_contain_text("Not verified")
    expect(row).not_to_contain_text("Visitor")
    inbox.page.keyboard.press("q")
    expect(inbox.reply_box).to_be_focused()
    mine = inbox.mine.get_by_role("button")
    expect(mine).to_contain_text("Your turn")
    inbox.reply("Let me look.")
    expect(mine).to_contain_text("Customer’s turn")
    shop.say("thanks")
    inbox.reads("thanks")
    expect(mine).to_contain_text("Your turn")
    expect(mine).to_contain_text("“thanks”")


def test_lists_of_the_team_and_of_what_is_over(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, new_context: MakeContext
) -> None:
    dana = colleague(tandem, new_context, "dana")
    shop.say("a list of mine")
    shop.ask_for_a_person()
    inbox.claim()
    rows = show(dana.page, "Team")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("With Maria")
    expect(rows).to_contain_text("Maria’s turn")
    check(dana.page, "the team's chats")
    dana.page.reload()
    expect(dana.page.get_by_role("button", name=re.compile("^Team 1"))).to_be_visible()
    expect(show(dana.page, "All")).to_have_count(1)
    inbox.close_chat()
    expect(dana.page.get_by_text("No chat is open.")).to_be_visible()
    ended = show(dana.page, "Closed").first
    expect(ended).to_contain_text("Resolved, by Maria")
    ended.click()
    expect(dana.log).to_contain_text("a list of mine")
    expect(dana.chat.get_by_text("This chat is closed.")).to_be_visible()
    expect(dana.packet.get_by_role("heading", name="Reason")).to_be_visible()
    expect(dana.reply_box).to_have_count(0)
    check(dana.page, "a closed chat")


def test_a_search_opens_the_chat_at_the_message(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    shop.talks_to("Maria")
    shop.say("the wickerwork lantern, <b>broken</b>")
    inbox.reads("wickerwork")
    for line in range(12):
        inbox.reply(f"Line {line} after it.")
    inbox.note("lanterns come from Böhm")
    inbox.page.locator("body").click(position={"x": 700, "y": 5})
    inbox.page.keyboard.press("Escape")
    inbox.page.keyboard.press("s")
    field = inbox.page.get_by_role("searchbox", name="Search all chats")
    expect(field).to_be_focused()
    inbox.page.keyboard.type("wicker")
    results = inbox.page.locator(".lists [data-handoff]")
    expect(results).to_have_count(1)
    expect(results.locator("mark")).to_have_text("wicker")
    expect(results).to_contain_text("<b>broken</b>")
    check(inbox.page, "search results")
    results.click()
    message = inbox.log.get_by_role("listitem").filter(has_text="wickerwork")
    expect(message).to_be_in_viewport()
    expect(inbox.log.locator(".found")).to_contain_text("wickerwork")

    expect(find(inbox.page, "bohm lant")).to_contain_text("Note")
    find(inbox.page, "nosuchword")
    expect(inbox.page.get_by_text("Nothing found for “nosuchword”.")).to_be_visible()
    find(inbox.page, '"')
    expect(inbox.page.get_by_text("Type a word, a name")).to_be_visible()
    inbox.page.route("**/api/v1/conversations?**", lambda route: route.abort())
    find(inbox.page, "lantern")
    expect(inbox.page.get_by_text("This could not be loaded.")).to_be_visible()
    inbox.page.unroute("**/api/v1/conversations?**")
    inbox.page.get_by_role("button", name="Try again").click()
    expect(results).to_have_count(1)
    field.press("Escape")
    expect(inbox.mine.get_by_role("button")).to_have_count(1)


def test_a_supervisor_takes_over_a_chat_that_goes_badly(
    tandem: Tandem, inbox: InboxPage, new_context: MakeContext
) -> None:
    dana = colleague(tandem, new_context, "dana")
    show(dana.page, "Live")
    angry = customer(tandem, new_context)
    angry.say("My kettle leaks and I want my money back for HP-10417")
    row = dana.page.locator(".lists [data-handoff]").filter(has_text="kettle leaks")
    expect(row).to_contain_text("Unhappy", timeout=20_000)
    status = dana.page.get_by_role("status").filter(has_text="may need help with")
    expect(status).to_have_count(1)
    marked = dana.page.get_by_role("button", name=re.compile("^Live \\d+ of concern"))
    expect(marked).to_be_visible()
    check(dana.page, "the live view")
    expect(inbox.page.get_by_role("button", name=re.compile("^Live"))).to_have_count(0)
    row.click()
    expect(dana.log).to_contain_text("My kettle leaks")
    expect(dana.page.get_by_text("No person has had this chat")).to_be_visible()
    check(dana.page, "a chat of the assistant's")
    dana.page.keyboard.press("Escape")
    take_over = re.compile("^Take over from Pine: My kettle leaks")
    dana.page.get_by_role("button", name=take_over).click()
    expect(dana.reply_box).to_be_focused()
    angry.talks_to("Dana")
    dana.reply("Dana here.")
    angry.hears("Dana here.", "Dana")
    expect(row).to_have_count(0, timeout=20_000)
