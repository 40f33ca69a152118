"""An agent is called once, however many tabs they have, and sees the same in each."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem

pytestmark = pytest.mark.journey

# What the browser would show and sound, and whether somebody looks, as a test says.
WATCHED = """
  window.away = false;
  document.hasFocus = () => !window.away;
  window.chimes = 0;
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    window.chimes += 1;
    return make.call(this);
  };
  window.shown = [];
  window.Notification = class {
    static permission = window.may ?? "granted";
    static async requestPermission() { return (this.permission = "granted"); }
    constructor(title, {body}) {
      window.shown.push([title, body]);
      document.documentElement.dataset.body = body;
    }
    close() {}
  };
"""
NOTES_OF_A_CHIME = 2


def look_away(page: Page, away: bool = True) -> None:
    page.evaluate(
        "away => { window.away = away; window.dispatchEvent(new Event('focus')); }",
        away,
    )


def sums(pages: list[Page], what: str) -> int:
    return sum(int(page.evaluate(what)) for page in pages)


@pytest.fixture
def browser_of_maria(new_context: MakeContext) -> BrowserContext:
    context = new_context()
    context.add_init_script(WATCHED)
    return context


def test_one_tab_rings_and_all_show_the_same(
    tandem: Tandem, desk: Desk, shop: ShopPage, browser_of_maria: BrowserContext
) -> None:
    pages = [browser_of_maria.new_page() for _ in range(3)]
    InboxPage(pages[0], tandem.url("/inbox")).open()
    for page in pages[1:]:
        page.goto(tandem.url("/inbox"))
    inboxes = [InboxPage(page, tandem.url("/inbox")) for page in pages]
    # A page that nobody has clicked in yet is silent, and says so.
    silent = re.compile("sound starts with your first click")
    expect(pages[1].get_by_role("button", name=silent)).to_be_visible()
    for page in pages:
        page.get_by_role("heading", name="Inbox", level=1, exact=True).click()
        bell = page.get_by_role("button", name="Alerts: sound is on")
        expect(bell).to_be_visible()
        look_away(page)

    shop.ask_for_a_person()
    for page in pages:
        expect(page).to_have_title("(1) Inbox · Tandem")
    # A tab holds the lock for a while: the others have given up by then.
    pages[0].evaluate("navigator.locks.request('tandem.chime', () => {})")
    assert sums(pages, "chimes") == NOTES_OF_A_CHIME
    assert sums(pages, "shown.length") == 1
    # Somebody looks at one of them: that counts for all.
    look_away(pages[1], away=False)
    for page in pages:
        expect(page).to_have_title("Inbox · Tandem")

    inboxes[1].claim()
    inboxes[1].page.keyboard.press("Escape")
    look_away(pages[1])
    shop.say("are you there?")
    for each in inboxes:
        expect(each.mine.get_by_text("1 unread")).to_be_visible()
        expect(each.page).to_have_title("(1) Inbox · Tandem")
    # Read in one, read in all; and unread is what a new login finds unread.
    new = browser_of_maria.new_page()
    new.goto(tandem.url("/inbox"))
    expect(InboxPage(new, "").mine.get_by_text("1 unread")).to_be_visible()
    look_away(pages[2], away=False)
    inboxes[2].mine.get_by_role("button").click()
    inboxes[2].reads("are you there?")
    for each in inboxes:
        expect(each.mine.get_by_text("unread")).to_be_hidden()
    shop.say("and now?")
    inboxes[2].reads("and now?")
    expect(inboxes[0].mine.get_by_text("unread")).to_be_hidden()


def test_notifications_are_offered_once_the_page_has_called_in_vain(
    tandem: Tandem, desk: Desk, shop: ShopPage, new_context: MakeContext
) -> None:
    context = new_context()
    context.add_init_script("window.may = 'default';" + WATCHED)
    inbox = InboxPage(context.new_page(), tandem.url("/inbox")).open()
    offer = inbox.page.get_by_text("Show desktop notifications then?")
    expect(inbox.queue.get_by_text("Nobody is waiting")).to_be_visible()
    expect(offer).to_be_hidden()
    look_away(inbox.page)
    shop.ask_for_a_person()
    look_away(inbox.page, away=False)
    expect(offer).to_be_visible()
    inbox.page.get_by_role("button", name="Turn on").click()
    expect(offer).to_be_hidden()

    inbox.claim()
    look_away(inbox.page)
    shop.say("one more thing")
    inbox.reads("one more thing")
    expect(inbox.page.locator("html")).to_have_attribute("data-body", "one more thing")
    assert inbox.page.evaluate("shown.length") == 1


def test_the_header_says_whether_the_customer_is_there(
    tandem: Tandem, shop: ShopPage, inbox: InboxPage
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    head = inbox.chat.locator("header")
    expect(head.get_by_text(re.compile("^Connected"))).to_be_visible()
    shop.page.close()
    expect(head.get_by_text("Not connected")).to_be_visible()
