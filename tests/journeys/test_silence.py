"""The bot never speaks while a human has the chat."""

import pytest
from playwright.sync_api import expect

from tests.journeys.support import PINE, YOU, Desk, InboxPage, ShopPage, Tandem

pytestmark = pytest.mark.journey


def test_an_answer_that_comes_after_the_human_is_kept_from_the_customer(
    shop: ShopPage, inbox: InboxPage, desk: Desk, tandem: Tandem
) -> None:
    # So slow that the bot has to say so, seconds later.
    with tandem.slow_orders(6):
        shop.say("where is my order HP-10424?")
        shop.hears("where is my order HP-10424?", YOU)
        shop.ask_for_a_person()
        inbox.claim()
        shop.talks_to("Maria")
        # Maria sees that it came, what it said, and that the customer did not see it.
        inbox.reads("Pine answered after the handoff")
        inbox.reads("I can't reach our order system")
    expect(shop.messages(PINE, "order system")).to_have_count(0)
    shop.reload()
    expect(shop.messages(PINE, "order system")).to_have_count(0)
    [kept_back] = desk.events(
        desk.only_handoff()["conversation_id"], "reply_suppressed"
    )
    assert kept_back["reason"] == "owner_changed"


def test_what_is_said_to_the_human_gets_no_answer_from_the_bot(
    shop: ShopPage, inbox: InboxPage, desk: Desk
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    shop.say("when are you open?")
    inbox.reply("From nine to six.")
    shop.hears("From nine to six.", "Maria")
    inbox.give_back()
    shop.hears("What else can I do?")
    # In the log the question stands before the hand-back, and nobody took it up.
    expect(shop.messages(PINE, "Our people answer")).to_have_count(0)
    shop.say("do you take paypal?")
    shop.hears("You can pay by card")
    expect(shop.messages(PINE, "Our people answer")).to_have_count(0)
