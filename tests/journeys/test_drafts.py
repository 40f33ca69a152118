"""What an agent types reaches the chat it was typed for, however busy the page."""

from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem

pytestmark = pytest.mark.journey

ROUNDS = 30

# All of it in one task of the page: no frame is drawn, no effect run in between.
FAST_ROUNDS = """(rounds) => {
  const row = (id) => document.querySelector(`[data-handoff="${id}"]`);
  const key = (name) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
  const type = (text) => {
    for (const letter of text) {
      const at = document.activeElement;
      key(letter);
      if (at.tagName !== "TEXTAREA") continue;
      at.setRangeText(letter, at.value.length, at.value.length, "end");
      at.dispatchEvent(new InputEvent("input", {bubbles: true, data: letter}));
    }
  };
  for (const [from, to] of rounds) {
    row(from.id).click();
    key("n");
    type(from.note);
    row(to.id).click();
    key("r");
    type(to.reply);
    key("Enter");
    row(from.id).click();
    key("n");
    key("Enter");
  }
}"""


@pytest.fixture
def two_chats(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, new_context: MakeContext
) -> list[str]:
    """The conversations of two customers whom Maria has."""
    second = ShopPage(new_context().new_page(), tandem.url("/")).open()
    for customer in (shop, second):
        customer.ask_for_a_person()
        inbox.claim()
        customer.talks_to("Maria")
    return [row["handoff_id"] for row in Desk(tandem).handoffs("claimed")]


def said_by_agent(desk: Desk) -> Counter[tuple[str, str, str]]:
    """What the server has: handoff, type and text of each reply and note."""
    return Counter(
        (row["handoff_id"], event["type"], event["text"])
        for row in desk.handoffs("claimed")
        for event in desk.events(row["conversation_id"])
        if event["actor"]["type"] == "agent" and "text" in event
    )


@pytest.mark.parametrize("slowdown", [1, 4])
def test_on_a_busy_page_no_text_reaches_another_chat(
    two_chats: list[str], inbox: InboxPage, desk: Desk, slowdown: int
) -> None:
    throttle(inbox.page, slowdown)
    rounds: list[list[dict[str, str]]] = []
    wanted: Counter[tuple[str, str, str]] = Counter()
    for n in range(ROUNDS):
        one, other = two_chats if n % 2 else reversed(two_chats)
        note, reply = f"note {n} of {one[:6]}", f"reply {n} to {other[:6]}"
        rounds.append([{"id": one, "note": note}, {"id": other, "reply": reply}])
        wanted[one, "note", note] += 1
        wanted[other, "message", reply] += 1
    inbox.page.evaluate(FAST_ROUNDS, rounds)
    expect(inbox.page.locator(".pending")).to_have_count(0)
    inbox.reads(rounds[-1][0]["note"])
    assert said_by_agent(desk) == wanted


def test_real_keys_on_a_slow_page_keep_to_their_chat(
    two_chats: list[str], inbox: InboxPage, desk: Desk
) -> None:
    throttle(inbox.page, 6)
    keys = inbox.page.keyboard
    rows = [inbox.mine.locator(f"[data-handoff='{id}']") for id in two_chats]
    wanted: Counter[tuple[str, str, str]] = Counter()
    for n in range(12):
        one, other = n % 2, 1 - n % 2
        rows[one].dispatch_event("click")
        keys.press("n")
        keys.type(f"note {n};")
        rows[other].dispatch_event("click")
        keys.press("r")
        keys.type(f"reply {n}")
        keys.press("Enter")
        wanted[two_chats[other], "message", f"reply {n}"] += 1
    for row, first in zip(rows, (0, 1), strict=True):
        row.click()
        keys.press("n")
        drafted = "".join(f"note {n};" for n in range(first, 12, 2))
        expect(inbox.note_box).to_have_value(drafted)
        expect(inbox.page.locator(".pending")).to_have_count(0)
    assert said_by_agent(desk) == wanted


def test_two_windows_of_one_agent_do_not_share_a_draft(
    two_chats: list[str], inbox: InboxPage
) -> None:
    rows = inbox.mine.get_by_role("button")
    other = InboxPage(inbox.page.context.new_page(), inbox.url)
    other.page.set_viewport_size({"width": 1400, "height": 900})
    other.page.goto(inbox.url)
    for window, text in ((inbox, "from the first"), (other, "from the second")):
        window.mine.get_by_role("button").first.click()
        expect(window.reply_box).to_have_value("")
        window.reply_box.fill(text)
    for window, text in ((inbox, "from the first"), (other, "from the second")):
        window.page.reload()
        expect(window.reply_box).to_have_value(text)
        window.mine.get_by_role("button").last.click()
        expect(window.reply_box).to_have_value("")
        window.mine.get_by_role("button").first.click()
        expect(window.reply_box).to_have_value(text)
    inbox.reply_box.press("Enter")
    inbox.reads("from the first")
    other.reads("from the first")
    expect(other.reply_box).to_have_value("from the second")
    expect(rows.first).not_to_contain_text("Draft")
    expect(other.mine.get_by_role("button").first).to_contain_text("Draft")


def throttle(page: Page, slowdown: int) -> None:
    page.context.new_cdp_session(page).send(
        "Emulation.setCPUThrottlingRate", {"rate": slowdown}
    )
