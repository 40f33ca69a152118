"""When the assistant itself sees that a human is needed."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem

pytestmark = pytest.mark.journey


def test_two_messages_of_nonsense_hand_off(shop: ShopPage, inbox: InboxPage) -> None:
    shop.say("flurb wobbequat zzindle")
    shop.hears("I didn't get that")
    shop.talks_to("Pine")
    shop.say("gribnok vashti plomm")
    shop.hears("I'm not getting this right, so I'm bringing in a colleague")
    shop.is_in_line()
    expect(inbox.waiting("Not understood")).to_have_count(1)


def test_an_angry_customer_is_handed_off(shop: ShopPage, inbox: InboxPage) -> None:
    shop.say("this is absolutely ridiculous, I am furious, worst shop ever!!!")
    shop.hears("I'm bringing in a colleague")
    shop.is_in_line()
    expect(inbox.waiting("Upset")).to_have_count(1)


def test_a_formal_complaint_goes_before_those_who_only_asked(
    shop: ShopPage,
    inbox: InboxPage,
    desk: Desk,
    tandem: Tandem,
    new_context: MakeContext,
) -> None:
    shop.ask_for_a_person()
    expect(inbox.waiting("Asked for a person")).to_have_count(1)

    other = ShopPage(new_context().new_page(), tandem.url("/")).open()
    other.say("I want to make a formal complaint about your company")
    other.hears("This belongs with a person, so I'm bringing in a colleague at once")
    other.is_in_line()
    expect(inbox.waiting()).to_have_count(2)
    expect(inbox.waiting().nth(0)).to_contain_text("Complaint")
    expect(inbox.waiting().nth(1)).to_contain_text("Asked for a person")
    # The first in line learns that somebody is before them now.
    expect(shop.chat.get_by_text(re.compile("^Second in line"))).to_be_visible()

    complaint, ordinary = sorted(
        desk.handoffs("queued"), key=lambda row: -row["priority"]
    )
    assert (complaint["trigger"], ordinary["trigger"]) == (
        "restricted_topic",
        "customer_request",
    )
    assert complaint["priority"] > ordinary["priority"]
