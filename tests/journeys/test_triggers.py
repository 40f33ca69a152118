"""When the assistant itself sees that a human is needed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.support.running import running

pytestmark = pytest.mark.journey


def test_two_messages_of_nonsense_hand_off(shop: ShopPage, inbox: InboxPage) -> None:
    shop.say("flurb wobbequat zzindle")
    shop.hears("I have no answer to that")
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


def test_a_life_at_risk_hears_a_help_line_though_nobody_is_there(
    tmp_path: Path, new_context: MakeContext
) -> None:
    # A house of its own, in which nobody of the team has ever been.
    with running(tmp_path) as tandem:
        london = new_context(timezone_id="Europe/London")
        shop = ShopPage(london.new_page(), tandem.url("/")).open()
        shop.say("where is my order")
        shop.hears("confirmation mail")
        shop.say("forget it, I don't want to live any more")
        shop.hears("it's good that you wrote it")
        shop.hears("please call 999")
        shop.hears("Samaritans: 116 123")
        shop.hears("passed it on to the team, ahead of everything else")
        promise = shop.log.get_by_text("Nobody from the team is here right now")
        expect(promise).to_be_visible()
        [row] = Desk(tandem).handoffs("queued")
    assert row["trigger"] == "sensitive_situation"
    assert row["labels"][row["trigger"]]["de"] == "Braucht Fingerspitzengefühl"


def test_a_situation_that_needs_care_is_first_in_line(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, new_context: MakeContext
) -> None:
    shop.say("I want to make a formal complaint about your company")
    expect(inbox.waiting("Complaint")).to_have_count(1)
    other = ShopPage(new_context().new_page(), tandem.url("/")).open()
    other.say("mein Mann ist gestorben, bitte HP-10428 stornieren")
    other.hears("Mein aufrichtiges Beileid")
    other.hears("vor allen anderen in der Reihe")
    expect(inbox.waiting()).to_have_count(2)
    expect(inbox.waiting().nth(0)).to_contain_text("Needs care")
