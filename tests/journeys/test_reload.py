"""Pages that are reloaded, and two of them at once."""

import pytest
from playwright.sync_api import expect

from tests.journeys.support import YOU, InboxPage, ShopPage

pytestmark = pytest.mark.journey


def test_both_pages_reloaded_in_mid_chat_show_the_same_and_go_on(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.say("when are you open?")
    shop.hears("Our people answer")
    shop.ask_for_a_person()
    inbox.claim()
    inbox.reply("Maria here, before.")
    shop.hears("Maria here, before.", "Maria")
    shop.say("customer here, before")
    inbox.reads("customer here, before")

    customer_saw = shop.texts.all_inner_texts()
    agent_saw = inbox.said.all_inner_texts()
    shop.reload()
    expect(shop.texts).to_have_text(customer_saw)
    shop.talks_to("Maria")
    inbox.reload()
    expect(inbox.said).to_have_text(agent_saw)
    expect(inbox.reply_box).to_be_visible()

    shop.say("customer here, after")
    inbox.reads("customer here, after")
    inbox.reply("Maria here, after.")
    shop.hears("Maria here, after.", "Maria")
    expect(shop.texts).to_have_count(len(customer_saw) + 2)
    expect(inbox.said).to_have_count(len(agent_saw) + 2)


def test_what_is_said_while_the_page_is_away_is_there_when_it_comes_back(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    shop.talks_to("Maria")
    shop.page.goto("about:blank")
    inbox.reply("said while you were away")
    shop.page.goto(shop.url)
    shop.hears("said while you were away", "Maria")
    expect(shop.messages("Maria")).to_have_count(1)
    shop.talks_to("Maria")


def test_two_tabs_are_in_step(shop: ShopPage, inbox: InboxPage) -> None:
    second = ShopPage(shop.page.context.new_page(), shop.url).open()
    shop.say("when are you open?")
    second.hears("when are you open?", YOU)
    second.hears("Our people answer")
    second.ask_for_a_person()
    shop.is_in_line()
    inbox.claim()
    inbox.reply("Hello to both tabs.")
    for tab in (shop, second):
        tab.hears("Hello to both tabs.", "Maria")
        tab.talks_to("Maria")
    second.say("from the second tab")
    shop.hears("from the second tab", YOU)
    expect(second.texts).to_have_text(shop.texts.all_inner_texts())
