"""A chat goes from one person of the team to the next."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem

pytestmark = pytest.mark.journey

WIDE = {"width": 1400, "height": 900}


def colleague(tandem: Tandem, new_context: MakeContext, name: str) -> InboxPage:
    page = new_context(viewport=WIDE).new_page()
    return InboxPage(page, tandem.url("/inbox")).open(f"{name}@example.com")


def test_a_chat_is_passed_on_to_the_one_who_is_meant(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, new_context: MakeContext
) -> None:
    sam = colleague(tandem, new_context, "sam")
    shop.ask_for_a_person()
    inbox.claim()
    shop.talks_to("Maria")

    # By keyboard alone, as everything; a claim ends in the text box.
    expect(inbox.reply_box).to_be_focused()
    inbox.page.get_by_role("button", name="Transfer").focus()
    inbox.page.keyboard.press("t")
    transfer = inbox.dialog.get_by_role("button", name="Transfer")
    transfer.click()
    expect(inbox.dialog.get_by_text("Choose a person or a team.")).to_be_visible()
    # With how he stands.
    inbox.dialog.get_by_role("radio", name=re.compile("^Sam Available")).check()
    expect(inbox.dialog.get_by_text("Maria is passing you on to Sam.")).to_be_visible()
    inbox.dialog.get_by_role("textbox", name="Note").fill("knows the courier")
    transfer.click()
    expect(inbox.dialog).to_be_hidden()

    shop.sees_line("Maria is passing you on to Sam.")
    shop.is_in_line()
    expect(inbox.waiting("For Sam")).to_be_visible()
    expect(inbox.page.get_by_text(re.compile(r"^Kept for Sam until"))).to_be_visible()
    expect(inbox.claim_button).to_have_attribute("aria-disabled", "true")
    expect(sam.waiting("For you")).to_contain_text("Maria passed it on")
    sam.claim()
    sam.reads("knows the courier")
    shop.sees_line("Sam from the orders team has joined")
    expect(shop.log.get_by_text("knows the courier")).to_have_count(0)


def test_a_chat_is_put_back_once_all_of_it_is_read(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    shop.talks_to("Maria")
    inbox.page.get_by_role("button", name="Release").click()
    expect(
        inbox.dialog.get_by_text("Maria is putting you back at the front of the line")
    ).to_be_visible()
    shop.say("one more thing")
    expect(inbox.dialog.get_by_text("wrote again: read it first")).to_be_visible()
    release = inbox.dialog.get_by_role("button", name="Release")
    expect(release).to_have_attribute("aria-disabled", "true")
    inbox.dialog.get_by_role("button", name="I have read it").click()
    release.click()
    expect(inbox.dialog).to_be_hidden()
    shop.sees_line("Maria is putting you back at the front of the line")
    shop.is_in_line()
    expect(inbox.waiting("Maria put it back")).to_be_visible()
    inbox.claim()
    shop.talks_to("Maria")


def test_a_supervisor_takes_over_the_chat_of_a_colleague(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, new_context: MakeContext
) -> None:
    dana = colleague(tandem, new_context, "dana")
    shop.ask_for_a_person()
    dana.preview()
    inbox.claim()
    shop.talks_to("Maria")
    take_over = re.compile("^Take over")
    expect(inbox.page.get_by_role("button", name=take_over)).to_have_count(0)
    expect(dana.chat.get_by_text("Maria has this chat.")).to_be_visible()
    dana.page.get_by_role("button", name=take_over).click()
    shop.sees_line("Dana has taken over from Maria")
    shop.talks_to("Dana")
    expect(dana.mine.get_by_role("button")).to_have_count(1)
    dana.reply("Dana here, I have read it all.")
    shop.hears("Dana here, I have read it all.", "Dana")
    expect(inbox.mine.get_by_role("button")).to_have_count(0)
    expect(inbox.chat.get_by_text("Dana has this chat.")).to_be_visible()
    expect(inbox.page.get_by_text("Dana has taken over your chat with")).to_be_visible()


def test_what_desks_of_any_size_show_of_it(
    shop: ShopPage, desk: Desk, tandem: Tandem, new_context: MakeContext
) -> None:
    shop.ask_for_a_person()
    narrow = {"width": 360, "height": 740}
    page = new_context(viewport=narrow, color_scheme="dark").new_page()
    maria = InboxPage(page, tandem.url("/inbox")).open()
    maria.claim()
    shop.talks_to("Maria")
    overflow = "document.documentElement.scrollWidth - window.innerWidth"
    for name in ("Transfer", "Release"):
        page.get_by_role("button", name=name).click()
        expect(maria.dialog).to_be_visible()
        assert page.evaluate(overflow) <= 0, name
        maria.dialog.get_by_role("button", name="Keep the chat").click()
        expect(maria.dialog).to_be_hidden()
