"""From the bot to a human and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.support import PINE, Desk, InboxPage, ShopPage, Tandem

pytestmark = pytest.mark.journey

OUTCOME = "HP-10428 is refunded, the money is back within 5 days."


def test_a_human_takes_over_with_all_the_bot_knows_and_the_bot_takes_back(
    shop: ShopPage, inbox: InboxPage, desk: Desk
) -> None:
    shop.say("Where is my order HP-10428?")
    shop.hears("HP-10428")
    shop.say("can I talk to a real person please")
    shop.hears("I'm bringing in a colleague")
    shop.is_in_line()
    shop.sees_line("you won't need to repeat it")

    # Maria reads why she is needed before she takes the chat.
    inbox.preview("Asked for a person")
    expect(inbox.packet.get_by_text("Asked for a person")).to_be_visible()
    expect(inbox.packet.get_by_text(re.compile("order", re.I)).first).to_be_visible()
    expect(inbox.packet.get_by_role("region", name="Order HP-10428")).to_be_visible()
    inbox.reads("Where is my order HP-10428?")
    shop.is_in_line()
    inbox.claim_button.click()
    shop.sees_line("Maria from the returns team has joined")
    shop.talks_to("Maria")

    inbox.reply("Hi, I can see the kettle came dented.")
    shop.hears("Hi, I can see the kettle came dented.", "Maria")
    shop.say("yes, the second one already")
    inbox.reads("yes, the second one already")
    inbox.note("second broken kettle, tell purchasing")
    packet = desk.packet(desk.only_handoff()["handoff_id"])
    assert packet["slots"]["order_number"] == "HP-10428"

    inbox.give_back("Resolved", OUTCOME)
    shop.sees_line("Maria has left the chat")
    shop.talks_to("Pine")
    shop.hears(f"Maria tells me: {OUTCOME}")
    shop.chat.get_by_role("button", name="Skip the question").click()

    # It knows the order, so it does not ask for it again.
    shop.say("where is my order now?")
    shop.hears(re.compile("Order HP-10428 (was|is|has)|HP-10428.*delivered"))
    expect(shop.messages(PINE, "order number")).to_have_count(0)
    expect(shop.log.get_by_text("tell purchasing")).to_have_count(0)


def test_what_the_agent_sets_is_known_to_the_bot(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.say("Where is my order HP-10423?")
    shop.hears("HP-10423")
    shop.ask_for_a_person()
    inbox.claim()
    shop.talks_to("Maria")
    inbox.page.get_by_role("button", name="Return to Pine").click()
    inbox.dialog.get_by_role("radio", name="Resolved").check()
    inbox.dialog.get_by_text("What Pine will remember").click()
    inbox.dialog.get_by_role("textbox", name="Order number").fill("HP-10424")
    inbox.dialog.get_by_role("button", name="Return to Pine").click()
    shop.talks_to("Pine")
    shop.say("and where is my order?")
    shop.hears("Order HP-10424 is out for delivery")


def test_a_form_left_open_is_closed_and_nothing_of_it_is_acted_on(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem
) -> None:
    shop.say("I want to cancel my order HP-10422")
    shop.hears("6-digit code")
    shop.say(tandem.code_for("HP-10422"))
    shop.hears(re.compile("cancel", re.I))
    expect(shop.log.get_by_role("group", name="Suggested answers")).to_be_visible()

    # The bot waits for a yes; a human takes the chat instead.
    shop.ask_for_a_person()
    inbox.claim()
    shop.talks_to("Maria")
    inbox.reply("Shall I look into a later delivery date for you?")
    shop.hears("later delivery date", "Maria")
    shop.say("yes")
    expect(inbox.log.get_by_text("yes", exact=True)).to_be_visible()
    inbox.give_back("Follow-up", "the tent comes a week later")
    shop.hears("the tent comes a week later")
    assert tandem.order("HP-10422")["status"] == "packed"

    # Nor does a yes to the greeting cancel anything.
    shop.say("yes")
    shop.hears("Tell me what comes next")
    shop.say("yes please")
    expect(shop.messages(PINE, "Tell me what comes next")).to_have_count(2)
    assert tandem.order("HP-10422")["status"] == "packed"


def test_a_closed_chat_is_answered_by_the_bot_when_the_customer_writes_again(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    inbox.reply("All done here.")
    inbox.close_chat()
    shop.sees_line("Maria has closed this chat")
    shop.say("when are you open?")
    shop.hears("Our people answer")
    shop.talks_to("Pine")
