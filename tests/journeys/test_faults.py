"""Processes are killed -9 while people chat; the launcher starts them again."""

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.support import PINE, YOU, InboxPage, MakeContext, ShopPage, Tandem

pytestmark = pytest.mark.journey

SORRY = "Sorry, I can't get this done myself right now, so I'm bringing in a colleague."


def test_with_the_assistant_dead_humans_serve_and_later_it_answers_again(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, new_context: MakeContext
) -> None:
    shop.say("hello")
    expect(shop.log.get_by_role("button", name="Track an order")).to_be_visible()
    with tandem.killed("assistant"):
        shop.say("when are you open?")
        shop.sees_line(SORRY)
        shop.is_in_line()
        inbox.claim("Pine failed")
        inbox.reads("when are you open?")
        inbox.reply("From nine to six, Maria here.")
        shop.hears("From nine to six, Maria here.", "Maria")
        shop.say("thank you Maria")
        inbox.reads("thank you Maria")
    inbox.give_back()
    shop.talks_to("Pine")

    fresh = ShopPage(new_context().new_page(), tandem.url("/")).open()
    fresh.say("when are you open?")
    fresh.hears("Our people answer")
    fresh.talks_to("Pine")


def test_with_the_action_server_dead_the_customer_reaches_a_human(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, new_context: MakeContext
) -> None:
    shop.say("hello")
    with tandem.killed("actions"):
        shop.say("where is my order HP-10424?")
        shop.sees_line(SORRY)
        shop.is_in_line()
        inbox.claim("Pine failed")
        inbox.reply("It comes today, Maria here.")
        shop.hears("It comes today, Maria here.", "Maria")
        expect(shop.messages(PINE, "HP-10424")).to_have_count(0)

    fresh = ShopPage(new_context().new_page(), tandem.url("/")).open()
    fresh.say("where is my order HP-10424?")
    fresh.hears("Order HP-10424 is out for delivery")


def test_with_the_bridge_dead_both_pages_come_back_and_nothing_is_lost_or_doubled(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    shop.say("said before it died")
    inbox.reads("said before it died")
    with tandem.killed("bridge"):
        # Written while nobody listens: kept by the pages and sent later.
        shop.say("said by the customer meanwhile")
        inbox.reply_box.fill("said by Maria meanwhile")
        inbox.reply_box.press("Enter")
    inbox.reads("said by the customer meanwhile")
    shop.hears("said by Maria meanwhile", "Maria")
    inbox.reply("said after it was back")
    shop.hears("said after it was back", "Maria")
    for page in (shop, inbox):
        page.reload()
    expect(shop.messages(YOU)).to_contain_text(["before it died", "meanwhile"])
    expect(shop.messages(YOU)).to_have_count(2)
    expect(shop.messages("Maria")).to_have_count(2)
    for words in (
        "before it died",
        "customer meanwhile",
        "Maria meanwhile",
        "was back",
    ):
        expect(inbox.items(words)).to_have_count(1)


def test_a_dead_line_is_shown_by_both_pages_within_ten_seconds(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    no_connection = [each.page.get_by_text("No connection.") for each in (shop, inbox)]
    with tandem.frozen("bridge"):
        until = time.monotonic() + 10
        for shown in no_connection:
            left_ms = max(1, 1000 * (until - time.monotonic()))
            expect(shown).to_be_visible(timeout=left_ms)
    for shown in no_connection:
        expect(shown).to_have_count(0)
    shop.say("are you there?")
    inbox.reads("are you there?")


def test_a_turn_under_way_when_the_bridge_dies_is_answered_once(
    shop: ShopPage, tandem: Tandem
) -> None:
    shop.say("when are you open?")
    with tandem.killed("bridge"):
        expect(shop.messages(YOU)).to_have_count(1)
    shop.hears("Our people answer")
    shop.say("do you take paypal?")
    shop.hears("You can pay by card")
    shop.reload()
    expect(shop.messages(PINE, "Our people answer")).to_have_count(1)
    expect(shop.messages(YOU)).to_have_count(2)
