"""Agents answer customers who write by WhatsApp and SMS, in a real browser."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.bridge.support.house import PASSWORD
from tests.journeys.support import InboxPage, MakeContext
from tests.journeys.support.inbox import log_in
from tests.journeys.support.platforms import Platforms, platforms

pytestmark = pytest.mark.journey

ADA = "+4915123456742"
DAN = "+15017122661"
WIDE = {"width": 1400, "height": 900}
TEXT = "Hello {{1}}, your order {{2}} is ready."
# The carrier does not reach the phone.
UNREACHABLE = 30003


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Platforms]:
    with platforms(tmp_path) as found:
        found.fake.approve("order_ready", TEXT)
        yield found


@pytest.fixture
def inbox(town: Platforms, new_context: MakeContext) -> InboxPage:
    page = new_context(viewport=WIDE).new_page()
    inbox = InboxPage(page, f"{town.url}/inbox")
    page.goto(inbox.url)
    log_in(page, "maria@example.com", PASSWORD)
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    return inbox


def claim(town: Platforms, inbox: InboxPage, channel: str, address: str) -> None:
    """Ada asks for a person, and has Maria."""
    town.says(channel, address, "human", "Ada Lovelace" if channel != "sms" else "")
    expect(inbox.waiting()).to_have_count(1)
    inbox.claim()
    town.sees(address, "has joined")


def state_of(inbox: InboxPage, text: str) -> Locator:
    return inbox.items(text).last.locator(".delivery")


def come_back_later(
    town: Platforms, inbox: InboxPage, address: str, ago: timedelta
) -> None:
    """The agent opens the page anew, so long after the customer's last message."""
    town.heard("whatsapp", address, ago)
    inbox.reload()


def test_an_agent_sees_the_channel_and_what_became_of_messages(
    town: Platforms, inbox: InboxPage
) -> None:
    town.says("whatsapp", ADA, "human", "Ada Lovelace")
    row = inbox.waiting("Ada Lovelace")
    expect(row).to_contain_text("WhatsApp")
    inbox.claim()
    head = inbox.chat.locator("header")
    expect(head).to_contain_text("Ada Lovelace")
    expect(head).to_contain_text("from WhatsApp, unverified")
    expect(head).to_contain_text("+49 ••• 42")
    expect(head).not_to_contain_text("onnected")
    expect(inbox.chat).to_contain_text("WhatsApp: you can write until")
    inbox.reply("Which order is it?")
    town.sees(ADA, "Which order")
    expect(state_of(inbox, "Which order")).to_have_text("Delivered")
    town.reads(ADA)
    expect(state_of(inbox, "Which order")).to_have_text("Read")
    inbox.reload()
    expect(state_of(inbox, "Which order")).to_have_text("Read")


def test_a_message_that_does_not_get_there_has_a_way_on(
    town: Platforms, inbox: InboxPage
) -> None:
    claim(town, inbox, "sms", DAN)
    town.fake.fail_with = UNREACHABLE
    inbox.reply("Here is your label.")
    message = inbox.items("Here is your label.").last
    expect(message).to_contain_text("Not delivered.")
    expect(message).to_contain_text("could not be reached on SMS")
    expect(message).to_contain_text(str(UNREACHABLE))
    message.get_by_role("button", name="Other ways").click()
    call = inbox.dialog.get_by_role("link", name="Call")
    expect(call).to_have_attribute("href", f"tel:{DAN}")
    inbox.dialog.get_by_role("button", name="Remind me").click()
    expect(inbox.dialog.get_by_role("button", name="Set reminder")).to_be_visible()
    inbox.page.keyboard.press("Escape")
    message.get_by_role("button", name="Send again").click()
    town.sees(DAN, "Here is your label.")
    expect(state_of(inbox, "Here is your label.")).to_have_text("Delivered")
    inbox.reads("You sent the message again")


def test_once_the_window_is_closed_an_approved_text_goes(
    town: Platforms, inbox: InboxPage
) -> None:
    claim(town, inbox, "whatsapp", ADA)
    come_back_later(town, inbox, ADA, timedelta(hours=23, minutes=30))
    expect(inbox.chat).to_contain_text(re.compile(r"WhatsApp: (30|29) min left"))
    come_back_later(town, inbox, ADA, timedelta(hours=25))
    expect(inbox.chat).to_contain_text("The time to reply is over.")
    expect(inbox.reply_box).to_have_count(0)
    expect(inbox.note_box).to_be_visible()
    inbox.chat.get_by_role("button", name="Send an approved text").click()
    dialog = inbox.dialog
    dialog.get_by_label("Search").fill("nothing of the kind")
    expect(dialog).to_contain_text("No approved text holds these words.")
    dialog.get_by_label("Search").fill("order")
    dialog.get_by_role("radio", name="Order ready").check()
    send = dialog.get_by_role("button", name="Send on WhatsApp")
    dialog.get_by_role("textbox", name="Blank 1").fill("Ada")
    send.click()
    expect(dialog.get_by_role("alert")).to_have_text("Fill in every blank first.")
    dialog.get_by_role("textbox", name="Blank 2").fill("HP-10428")
    whole = "Hello Ada, your order HP-10428 is ready."
    expect(dialog.get_by_role("region", name="What Ada will read")).to_contain_text(
        whole
    )
    send.click()
    expect(dialog).to_be_hidden()
    inbox.reads(whole)
    town.sees(ADA, whole)
    expect(state_of(inbox, whole)).to_have_text("Delivered")
    town.says("whatsapp", ADA, "Great, thanks", "Ada Lovelace")
    expect(inbox.reply_box).to_be_visible()
    expect(inbox.chat).to_contain_text("WhatsApp: you can write until")
