"""One-time codes: who the customer is, and who gets to see the code."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.support import PINE, YOU, Desk, InboxPage, ShopPage, Tandem
from tests.journeys.support.running import until

pytestmark = pytest.mark.journey

SENT = re.compile("sent by You$")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "dented-kettle.png"
    Image.new("RGB", (320, 240), "firebrick").save(path)
    return path


def test_a_damaged_item_goes_back_with_a_code_and_a_photo(
    shop: ShopPage, inbox: InboxPage, desk: Desk, tandem: Tandem, photo: Path
) -> None:
    shop.say("the kettle from order HP-10428 arrived damaged, I want to return it")
    shop.hears("6-digit code")
    code = tandem.code_for("HP-10428")
    shop.say(code)
    shop.hears(re.compile("photo|what is wrong|why", re.I))
    if not shop.messages(PINE, re.compile("photo", re.I)).count():
        shop.say("it is damaged, the lid is dented")
    shop.hears(re.compile("photo", re.I))
    shop.send_photo(photo)
    expect(shop.log.get_by_role("img", name=SENT)).to_be_visible()
    shop.hears(re.compile("label", re.I))

    # The code is not kept, not even for the customer.
    shop.reload()
    expect(shop.log.get_by_text("[code]")).to_be_visible()
    expect(shop.log.get_by_text(code)).to_have_count(0)
    expect(shop.log.get_by_role("img", name=SENT)).to_be_visible()

    shop.ask_for_a_person()
    inbox.claim()
    inbox.reads("One-time code removed")
    expect(
        inbox.packet.get_by_text(re.compile("^Yes, by one-time code"))
    ).to_be_visible()
    expect(inbox.log.get_by_role("img", name=re.compile("sent by "))).to_be_visible()
    expect(inbox.page.get_by_text(code)).to_have_count(0)
    row = desk.only_handoff()
    behind = desk.http.get(f"/handoffs/{row['handoff_id']}").text
    events = desk.http.get(f"/conversations/{row['conversation_id']}/events").text
    assert code not in behind and code not in events
    assert desk.events(row["conversation_id"], "message")


def files_with(tandem: Tandem, text: str) -> list[str]:
    """Files under the copy's DATA_DIR in which a text stands, databases and logs."""
    return [
        str(path.relative_to(tandem.data_dir))
        for path in tandem.data_dir.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]


def test_a_used_code_stands_nowhere_on_disk(shop: ShopPage, tandem: Tandem) -> None:
    shop.say("send me the invoice for order HP-10422")
    shop.hears("6-digit code")
    code = tandem.code_for("HP-10422")
    message = f"here it is {code} cheers"
    # The sandbox's own outbox has the mail until the code has done its work.
    assert files_with(tandem, code)
    shop.say(message)
    shop.hears(re.compile("invoice.*HP-10422|HP-10422.*invoice", re.I))
    until(lambda: not files_with(tandem, code), seconds=10, what="no file with it")
    assert not files_with(tandem, message)
    # Once more, for nothing: it is hidden as well.
    shop.say(code)
    shop.reload()
    expect(shop.messages(YOU, "[code]")).to_have_count(2)
    until(lambda: not files_with(tandem, code), seconds=10, what="no file with it")


def test_a_wrong_code_opens_nothing(shop: ShopPage, tandem: Tandem) -> None:
    shop.say("cancel my order HP-10421")
    shop.hears("6-digit code")
    wrong = "111111" if tandem.code_for("HP-10421") != "111111" else "222222"
    shop.say(wrong)
    shop.hears("That isn't the code we sent last")
    assert tandem.order("HP-10421")["status"] == "placed"
    shop.say(tandem.code_for("HP-10421"))
    shop.hears(re.compile("HP-10421.*\\?"))
    shop.press("Yes, cancel it")
    shop.hears(re.compile("HP-10421 is cancelled|cancelled", re.I))
    assert tandem.order("HP-10421")["status"] == "cancelled"
    expect(shop.messages(YOU, "Yes, cancel it")).to_have_count(1)
