"""What a waiting customer sees and may do, in a real browser; and the agent's side."""

import os
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from handoff_bridge.routing.estimate import MIN_HANDLED
from handoff_bridge.service.overdue import Overdue
from handoff_bridge.settings import WEB_DIST
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.mail_server import MailServer
from tests.journeys.support.browsing import FLAGS, find_chromium


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    program = find_chromium()
    if program is None:
        pytest.skip("No Chromium found.")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        await started.close()


@pytest.fixture
async def mailing(
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    mail_server: MailServer,
) -> AsyncIterator[House]:
    if not (WEB_DIST / "widget.js").exists():
        pytest.skip("The pages are not built.")
    settings = settings_for(
        sqlite_url,
        assistant.port,
        tmp_path,
        smtp_url=f"smtp://127.0.0.1:{mail_server.port}",
        mail_from="The Shop <service@shop.example>",
    )
    async with House.open(settings, assistant) as opened:
        yield opened


async def page_of(browser: Browser, width: int = 1280, scheme: str = "light") -> Page:
    context = await browser.new_context(
        locale="en-GB",
        viewport={"width": width, "height": 760},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    return await context.new_page()


async def asks_for_a_person(page: Page, url: str) -> None:
    await page.goto(url)
    await page.get_by_role("button", name=re.compile("^Chat with")).click()
    chat = page.get_by_role("dialog", name=re.compile("^Chat with"))
    await chat.locator("form").get_by_role("button", name="Talk to a person").click()
    await expect(chat.get_by_role("button", name="Leave the line")).to_be_enabled()


async def shot(page: Page, name: str) -> None:
    """For whoever wants to look: into the folder that SCREENSHOTS names."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def is_clean(page: Page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_the_line_is_shown_as_a_range_and_the_form_answers_by_mail(
    mailing: House, browser: Browser, mail_server: MailServer
) -> None:
    maria = await mailing.agent()
    await mailing.serve(maria, MIN_HANDLED)
    maria.events.clear()
    page = await page_of(browser)
    await asks_for_a_person(page, mailing.url)
    await expect(
        page.get_by_text("First in line, about a minute", exact=True)
    ).to_be_visible()
    await page.get_by_role("button", name="Leave your address").press("Enter")
    by_mail = page.get_by_role("radio", name="Answer by mail")
    await expect(page.get_by_role("radio", name="Call me back")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(by_mail).to_be_checked()
    field = page.get_by_role("textbox", name="Email address")
    await field.fill("nobody")
    await field.press("Enter")
    error = page.get_by_role("alert").filter(has_text="not an email address")
    await expect(error).to_be_visible()
    await expect(field).to_be_focused()
    await is_clean(page)
    await shot(page, "form-refused")
    await field.fill("jo@shop.example")
    await field.press("Enter")
    # What is said is also announced, out of sight.
    log = page.get_by_role("log")
    await expect(log.get_by_text("You'll be answered by mail")).to_be_visible()
    await expect(field).to_have_count(0)
    await expect(page.get_by_role("button", name="Leave your address")).to_have_count(0)
    await shot(page, "form-sent")
    await page.close()
    row = await maria.claim(await maria.queued())
    said = {"conversation_id": row["conversation_id"], "text": "It is on its way."}
    assert (await maria.act("message_send", **said))["ok"]
    [mail] = await mail_server.until_taken(1)
    assert "It is on its way." in mail.get_content()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(1280, "light"), (1280, "dark"), (390, "light"), (320, "dark")],
)
async def test_past_the_range_the_choice_is_offered_without_taking_the_focus(
    mailing: House, browser: Browser, width: int, scheme: str
) -> None:
    maria = await mailing.agent()
    await mailing.serve(maria, MIN_HANDLED)
    page = await page_of(browser, width, scheme)
    await asks_for_a_person(page, mailing.url)
    box = page.get_by_role("textbox", name="Your message")
    await box.fill("half a sen")
    assert mailing.bridge is not None
    held = mailing.bridge.held
    later = datetime.now(UTC) + timedelta(minutes=5)
    held.clock = lambda: later
    await Overdue(held, sends_mail=True).look()
    log = page.get_by_role("log")
    sorry = log.get_by_text("Sorry, this is taking longer than I said")
    await expect(sorry).to_be_visible()
    await expect(page.get_by_role("radio", name="Call me back")).to_be_visible()
    await expect(box).to_be_focused()
    await is_clean(page)
    await shot(page, f"overdue-{width}-{scheme}")
    await page.get_by_role("button", name="Stay in line").click()
    await expect(page.get_by_role("radio")).to_have_count(0)
    again = page.get_by_role("button", name="Leave your address")
    await expect(again).to_be_visible()


async def test_without_a_mail_server_only_a_call_is_offered(
    house: House, browser: Browser
) -> None:
    page = await page_of(browser)
    await asks_for_a_person(page, house.url)
    await page.get_by_role("button", name="Leave your address").click()
    await expect(page.get_by_role("textbox", name="Phone number")).to_be_focused()
    await expect(page.get_by_role("radio")).to_have_count(0)


async def test_form_that_cannot_be_loaded_says_so(
    house: House, browser: Browser
) -> None:
    page = await page_of(browser)
    await page.route("**/assets/chat-form-*.js", lambda route: route.abort())
    await asks_for_a_person(page, house.url)
    await page.get_by_role("button", name="Leave your address").click()
    await expect(page.get_by_text("That did not get through")).to_be_visible()
    again = page.get_by_role("button", name="Leave your address")
    await expect(again).to_be_visible()


async def test_agent_sees_how_the_customer_wants_to_hear(
    mailing: House, browser: Browser
) -> None:
    customer = await mailing.customer(locale="de-AT")
    call = {"want": "callback", "phone": "0664 1234567"}
    await customer.call("contact_leave", {"session_id": customer.session_id, **call})
    page = await page_of(browser, 1400)
    await page.goto(f"{mailing.url}/inbox")
    await page.get_by_label("Email").fill("maria@example.com")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    row = page.locator("[data-handoff]")
    await expect(row.get_by_text("Call back")).to_be_visible()
    await row.click()
    await expect(page.get_by_text("•••67")).to_be_visible()
    await shot(page, "inbox-masked")
    await page.get_by_role("button", name=re.compile("^Claim")).click()
    await expect(page.get_by_text("+436641234567")).to_be_visible()
    await expect(page.get_by_text("Does not stay: wants a call back")).to_be_visible()
    await is_clean(page)
    await shot(page, "inbox-claimed")
