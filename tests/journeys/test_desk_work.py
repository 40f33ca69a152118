"""What agents do beside talking: canned replies, reminders, mentions, wrapping up."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bridge.support.clients import AgentClient, Customer
from tests.bridge.support.house import PASSWORD
from tests.journeys.support import InboxPage, MakeContext
from tests.journeys.support.inbox import log_in
from tests.journeys.support.lone_bridge import lone_bridge
from tests.journeys.test_accessibility import check

pytestmark = pytest.mark.journey

WIDE = {"width": 1400, "height": 900}
SETTLED = """() => new Promise(requestAnimationFrame).then(() =>
  Promise.allSettled(document.getAnimations().map((one) => one.finished)))"""
TEAMS = "teams:\n  returns:\n    wrap_up_secs: 300\n  orders:\n"


@pytest.fixture
def url(new_context: MakeContext, tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "teams.yml"
    path.write_text(TEAMS, "utf-8")
    # A beat is a sixth of a lease: due things are soon found.
    with lone_bridge(tmp_path, teams_file=path, lease_secs=4.0) as address:
        yield address


def agent_at(new_context: MakeContext, url: str, name: str, **screen: Any) -> InboxPage:
    page = new_context(**{"viewport": WIDE, **screen}).new_page()
    page.goto(f"{url}/inbox")
    log_in(page, f"{name}@example.com", PASSWORD)
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    return InboxPage(page, f"{url}/inbox")


def apart[T](work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs it in a loop of another thread: Playwright's runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result(30)


def german_customer(url: str) -> str:
    """Somebody without a name who asked for a person, in German; their session."""

    async def ask() -> str:
        customer = await Customer(url).open(locale="de-DE")
        await customer.say("wo ist mein paket")
        await customer.hears("You said")
        await customer.ask_for_human()
        await customer.status("queue")
        await customer.close()
        return customer.session_id

    return apart(ask)


def heard_by(url: str, session_id: str) -> list[str]:
    async def read() -> list[str]:
        customer = Customer(url)
        customer.session_id = session_id
        history = await customer.history()
        return [message.get("text", "") for message in history]

    return apart(read)


def as_maria(url: str, event: str, **data: Any) -> Any:
    """A call of another tab of hers."""

    async def act() -> Any:
        async with httpx.AsyncClient(base_url=f"{url}/api/v1") as http:
            login = {"email": "maria@example.com", "password": PASSWORD}
            body = (await http.post("/auth/login", json=login)).json()
        maria = await AgentClient(url, body["token"], body["agent"]["agent_id"]).open()
        [row] = maria.all("snapshot")[-1]["mine"]
        about = {"conversation_id": row["conversation_id"]}
        ack = await maria.act(event, **about, **data)
        await maria.close()
        return ack

    return apart(act)


def check_both(page: Page, state: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        # Colours are on their way from one scheme to the other.
        page.evaluate(SETTLED)
        check(page, f"{state}, {scheme}")
    page.emulate_media(color_scheme="light")


def selected(area: Locator) -> str:
    found: str = area.evaluate(
        "area => area.value.slice(area.selectionStart, area.selectionEnd)"
    )
    return found


def alerts(page: Page) -> Locator:
    return page.get_by_role("region", name="Reminders and mentions")


def test_canned_reply_in_the_customers_language_is_sent_without_a_gap(
    new_context: MakeContext, url: str
) -> None:
    maria = agent_at(new_context, url, "maria")
    page = maria.page
    session_id = german_customer(url)
    maria.claim()

    box = maria.reply_box
    box.focus()
    page.keyboard.type("/")
    options = page.get_by_role("listbox", name="Canned replies").get_by_role("option")
    expect(options).to_have_count(6)
    check_both(page, "the canned replies")
    page.keyboard.type("erstattung")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("/refund")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("/erstattung")

    box.fill("")
    page.keyboard.type("/hel")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_have_value(
        re.compile(r"^Hallo \[customer name\?\], hier ist Maria von Harbour & Pine\.")
    )
    assert selected(box) == "[customer name?]"
    # Not before the gap is filled.
    page.keyboard.press("Enter")
    expect(page.get_by_text("Fill in [customer name?] before")).to_be_visible()
    check_both(page, "a gap")
    assert selected(box) == "[customer name?]"
    page.keyboard.type("Frau Marsh")
    page.keyboard.press("Enter")
    maria.reads("Hallo Frau Marsh, hier ist Maria")
    expect(box).to_have_value("")
    said = heard_by(url, session_id)
    assert any(text.startswith("Hallo Frau Marsh, hier ist Maria") for text in said)
    assert not any("customer" in text for text in said)

    # What is taken can be undone, and a slash within a word opens nothing.
    page.keyboard.type("ja/nein")
    expect(options).to_have_count(0)
    page.keyboard.type(" /moment")
    expect(options).to_have_count(1)
    page.keyboard.press("Tab")
    expect(box).to_have_value(re.compile("^ja/nein Ich sehe mir das"))
    page.keyboard.press("Control+z")
    expect(box).to_have_value(re.compile(r"^ja/nein /moment$"))


def test_supervisor_edits_canned_replies(new_context: MakeContext, url: str) -> None:
    page = new_context(viewport=WIDE).new_page()
    page.goto(f"{url}/admin#canned-replies")
    log_in(page, "dana@example.com", PASSWORD)
    expect(page.get_by_text("/hello")).to_be_visible()
    page.get_by_text("/hello").click()
    expect(page.get_by_text(re.compile("^Hallo {customer_name}"))).to_be_visible()
    check_both(page, "the canned replies' page")
    page.get_by_role("button", name="Edit as text").click()
    area = page.get_by_role("textbox", name="canned_replies.yml, as text")
    text = 'replies:\n  hi:\n    title: Hi\n    text:\n      en: "Hi {name}"\n'
    area.fill(text)
    page.get_by_role("button", name="Save").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("there is no variable {name}; there are:")
    area.fill(text.replace("{name}", "{customer_name}"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Version 1 ·")).to_be_visible()
    expect(page.get_by_text("/hi")).to_be_visible()


def test_reminder_comes_back_and_is_seen_to(new_context: MakeContext, url: str) -> None:
    maria = agent_at(new_context, url, "maria")
    page = maria.page
    german_customer(url)
    maria.claim()
    expect(maria.reply_box).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    maria.dialog.get_by_role("radio", name="At a time").check()
    maria.dialog.get_by_label("Day and time").fill("2020-01-01T09:00")
    maria.dialog.get_by_role("button", name="Set reminder").click()
    expect(maria.dialog.get_by_role("alert")).to_contain_text("That time is past")
    check_both(page, "the reminder's dialog")
    maria.dialog.get_by_role("radio", name="Tomorrow").check()
    maria.dialog.get_by_label("What for").fill("call the depot")
    maria.dialog.get_by_role("button", name="Set reminder").click()
    expect(maria.dialog).to_be_hidden()
    expect(maria.chat.get_by_text(re.compile("^Reminder tomorrow"))).to_be_visible()
    listed = page.locator(".reminders")
    expect(listed).to_contain_text("call the depot")
    listed.get_by_role("button", name="Done").click()
    expect(listed).to_have_count(0)

    as_maria(url, "reminder_set", in_secs=1, text="ask the courier")
    due = alerts(page)
    expect(due).to_contain_text("Reminder: Visitor ask the courier")
    spoken = page.get_by_text("Reminder: Visitor, ask the courier.")
    expect(spoken).to_be_attached()
    check_both(page, "a reminder that is due")
    # It is still there after a new login, until it is put off or done.
    page.reload()
    expect(due).to_contain_text("ask the courier")
    due.get_by_role("button", name="Later…").click()
    expect(maria.dialog.get_by_role("radio", name="In 1 hour")).to_be_checked()
    maria.dialog.get_by_role("button", name="Put off").click()
    expect(due).to_have_count(0)
    expect(listed).to_contain_text("ask the courier")


def test_colleague_hears_of_a_mention_and_notes_look_like_notes(
    new_context: MakeContext, url: str
) -> None:
    maria = agent_at(new_context, url, "maria")
    sam = agent_at(new_context, url, "sam")
    german_customer(url)
    maria.claim()
    page = maria.page
    page.get_by_role("button", name="Note", exact=True).click()
    maria.note_box.focus()
    page.keyboard.type("@sa")
    option = page.get_by_role("listbox", name="Colleagues").get_by_role("option")
    expect(option).to_have_count(1)
    check_both(page, "the colleagues")
    page.keyboard.press("Enter")
    expect(maria.note_box).to_have_value("@Sam ")
    page.keyboard.type("knows this courier, @Nobody does not")
    page.keyboard.press("Enter")

    told = alerts(sam.page)
    expect(told).to_contain_text("Maria mentioned you: Visitor")
    expect(alerts(page)).to_have_count(0)
    check_both(sam.page, "a mention")
    told.get_by_role("button", name="Open").click()
    expect(sam.log.locator(".mention")).to_have_text(["@Sam"])
    expect(told).to_have_count(0)
    note = sam.log.locator(".note")
    expect(note).to_contain_text("Note by Maria")
    expect(note.locator("svg")).to_be_visible()
    style = "(element, name) => getComputedStyle(element)[name]"
    bot = sam.log.locator(".message-bot .bubble").first
    for scheme in ("light", "dark"):
        sam.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        colours = {
            one.evaluate(style, "backgroundColor")
            for one in (note, bot, sam.log.locator(".message-customer .bubble").first)
        }
        assert len(colours) == 3, scheme
    sam.page.emulate_media(forced_colors="active")
    assert note.evaluate(style, "borderTopStyle") == "dashed"
    assert bot.evaluate(style, "borderTopStyle") != "dashed"

    # Seen is seen, in a new login too; what comes meanwhile waits there.
    sam.page.reload()
    expect(sam.page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    expect(told).to_have_count(0)
    sam.page.goto("about:blank")
    maria.note_box.fill("@Sam once more")
    maria.note_box.press("Enter")
    maria.reads("once more")
    sam.page.goto(sam.url)
    expect(told).to_contain_text("once more")
    told.get_by_role("button", name="Seen").click()
    expect(told).to_have_count(0)


def test_follow_up_asks_for_a_time_and_wrapping_up_holds_the_place(
    new_context: MakeContext, url: str
) -> None:
    maria = agent_at(new_context, url, "maria")
    page = maria.page
    german_customer(url)
    maria.claim()
    load = page.locator(".load")
    expect(load).to_contain_text("1/")
    page.get_by_role("button", name="Close", exact=True).click()
    maria.dialog.get_by_role("radio", name="Follow-up").check()
    expect(maria.dialog.get_by_role("radio", name="Tomorrow")).to_be_checked()
    check_both(page, "closing with a follow-up")
    maria.dialog.get_by_label("What for").fill("is it there?")
    maria.dialog.get_by_role("button", name="Close chat").click()
    expect(maria.dialog).to_be_hidden()
    expect(page.locator(".reminders")).to_contain_text("is it there?")

    form = page.get_by_role("form", name="Wrap-up")
    expect(form).to_be_visible()
    expect(load).to_contain_text("1/")
    expect(maria.mine.get_by_role("button")).to_have_count(1)
    check_both(page, "wrapping up")
    page.reload()
    form.get_by_label("How did it end?").select_option("Ticket opened")
    form.get_by_label("Note for your team").fill("ticket is with the depot")
    form.get_by_role("button", name="Done").click()
    expect(form).to_have_count(0)
    expect(load).to_contain_text("0/")
    maria.reads("ticket is with the depot")
    maria.reads("Marked ticket opened on wrapping up")
