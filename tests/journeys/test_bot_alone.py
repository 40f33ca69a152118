"""What the assistant settles without anybody's help."""

import pytest
from playwright.sync_api import expect

from tests.journeys.support import YOU, Desk, ShopPage

pytestmark = pytest.mark.journey


def test_the_bot_settles_an_order_question_alone(shop: ShopPage, desk: Desk) -> None:
    shop.talks_to("Pine")
    expect(shop.chat.get_by_text("Automated assistant", exact=True)).to_be_visible()
    shop.press("Where is my order?")
    shop.hears("HP-10428")
    shop.say("HP-10424")
    shop.hears("Order HP-10424 is out for delivery")
    expect(shop.messages(YOU, "HP-10424")).to_have_count(1)
    shop.talks_to("Pine")
    assert not desk.handoffs("queued")
