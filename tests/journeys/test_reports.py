"""Who gets into the agents' pages, and today's figures."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.support.inbox import log_in

pytestmark = pytest.mark.journey


def test_the_supervisor_reads_todays_figures(
    tandem: Tandem, shop: ShopPage, inbox: InboxPage, new_context: MakeContext
) -> None:
    shop.say("do you take paypal?")
    shop.hears("You can pay by card")
    shop.ask_for_a_person()
    inbox.claim()
    inbox.give_back()
    shop.talks_to("Pine")

    page = new_context().new_page()
    page.goto(tandem.url("/reports"))
    log_in(page, "dana@example.com")
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    figures = page.get_by_role("region", name="Figures of today")
    expect(figures.get_by_role("listitem").first).to_be_visible()
    # A figure leads to what it counts, and that can be read.
    figures.get_by_role(
        "button", name=re.compile(r"\d+ conversations? behind")
    ).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("listitem").get_by_role("button").first.click()
    expect(dialog.get_by_text("automated assistant").first).to_be_visible()


def test_an_agent_gets_no_reports(tandem: Tandem, new_context: MakeContext) -> None:
    page = new_context().new_page()
    page.goto(tandem.url("/reports"))
    log_in(page, "maria@example.com")
    expect(
        page.get_by_role("heading", name="Reports are for supervisors")
    ).to_be_visible()
    refused = Desk(tandem, "Maria").http.get("/reports/today")
    assert (refused.status_code, refused.json()["ok"]) == (403, False)


def test_a_wrong_password_is_refused_and_explained(
    tandem: Tandem, new_context: MakeContext
) -> None:
    page = new_context().new_page()
    page.goto(tandem.url("/inbox"))
    log_in(page, "maria@example.com", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    log_in(page, "maria@example.com")
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
