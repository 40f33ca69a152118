"""An agent sends money back from the panel, beside the chat."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.journeys.support import Desk, InboxPage, ShopPage, Tandem

pytestmark = pytest.mark.journey
# Colours fade into those of the other theme.
SETTLED = """async () => {
  const moves = ({ playState }) => playState === "running";
  while (document.getAnimations().some(moves))
    await new Promise(requestAnimationFrame);
}"""

# Of no other journey: its card has a refund from now on.
ORDER = "HP-10433"


def order_card(inbox: InboxPage) -> Locator:
    return inbox.packet.get_by_role("region", name=f"Order {ORDER}", exact=True)


def claimed(shop: ShopPage, inbox: InboxPage, tandem: Tandem) -> None:
    """A customer who has proved who they are, with Maria."""
    shop.say(f"send me the invoice for order {ORDER}")
    shop.hears("6-digit code")
    shop.say(tandem.code_for(ORDER))
    shop.hears(re.compile("invoice", re.I))
    shop.ask_for_a_person()
    inbox.claim()


def test_a_refund_from_the_panel_is_confirmed_done_and_in_the_log(
    shop: ShopPage, inbox: InboxPage, tandem: Tandem, desk: Desk
) -> None:
    claimed(shop, inbox, tandem)
    order_card(inbox).get_by_role("button", name="Refund", exact=True).click()
    dialog = inbox.dialog
    amount = dialog.get_by_label("Amount")
    expect(amount).to_be_focused()
    amount.fill("100000")
    confirm = dialog.get_by_role("button", name="Refund", exact=True)
    confirm.click()
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_text("At most")).to_be_visible()
    for scheme in ("light", "dark"):
        inbox.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        inbox.page.evaluate(SETTLED)
        found = Axe().run(inbox.page)
        assert found.violations_count == 0, found.generate_report()
    amount.fill("7,50")
    dialog.get_by_label("Reason").fill("late")
    expect(dialog.get_by_text(f"Sends EUR 7.50 of {ORDER} back")).to_be_visible()
    confirm.click()
    expect(dialog).to_be_hidden()
    inbox.reads(re.compile(rf"You: Refund, {ORDER} \(EUR 7\.50, late\)"))
    row = order_card(inbox).locator("dl > div").filter(has_text="Refund, processing")
    expect(row.locator("dd")).to_have_text("€7.50")
    handoff = desk.only_handoff()
    states = [
        event["state"]
        for event in desk.events(handoff["conversation_id"], "card_action")
    ]
    assert states == ["begun", "done"]
    # Of all this the customer is told nothing but what the agent writes.
    expect(shop.log.get_by_text("7.50")).to_have_count(0)


def test_nothing_is_offered_for_who_has_proved_nothing(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.say(f"where is my order {ORDER}?")
    shop.hears(ORDER)
    shop.ask_for_a_person()
    inbox.claim()
    card = order_card(inbox)
    expect(
        card.get_by_text("Actions open once the customer is verified")
    ).to_be_visible()
    expect(card.get_by_role("button", name="Refund", exact=True)).to_have_count(0)
