"""An old button at a new question changes nothing, whichever widget shows it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.support import YOU, Desk, MakeContext, ShopPage, Tandem
from tests.journeys.support.other_site import serving
from tests.journeys.test_webchat import WebchatPage

pytestmark = pytest.mark.journey

LATE = "That button belongs to an earlier question"
OFF = "Yes, take it off"
CANCEL = "Yes, cancel it"
ORDER = "HP-10422"
NEWSLETTER = "shall I take it off the list?"
# How Engine.IO begins a packet that carries one of Socket.IO's.
MESSAGE = "4"
UNDONE = "This can't be undone"


@pytest.fixture
def site(tandem: Tandem, other_port: int) -> Iterator[str]:
    with serving(other_port, tandem.url()) as address:
        yield address


def transcript(desk: Desk, conversation_id: str) -> list[str]:
    """What the customer said, as the log has it."""
    events = desk.events(conversation_id, "message")
    return [e["text"] for e in events if e["actor"]["type"] == "customer"]


def test_the_stock_widgets_old_yes_does_not_cancel_an_order(
    site: str, desk: Desk, tandem: Tandem, new_context: MakeContext
) -> None:
    page = new_context().new_page()
    chat = WebchatPage(page)
    page.goto(site)
    chat.hears("I'm Pine, Harbour & Pine's automated assistant")
    lagging = WebchatPage(page.context.new_page())
    link = Link(lagging.page)
    # The widget keeps its session for one tab; a tab that is duplicated has it too.
    kept = page.evaluate("() => JSON.stringify({...sessionStorage})")
    lagging.page.add_init_script(f"Object.assign(sessionStorage, {kept})")
    lagging.page.goto(site)
    chat.say("take me off the newsletter")
    lagging.hears("Which mail address is it about?")
    chat.say("jo.marsh@example.com")
    lagging.offers(OFF)
    link.is_deaf = True
    chat.say(f"cancel my order {ORDER}")
    chat.hears("6-digit code")
    chat.say(tandem.code_for(ORDER))
    chat.hears(UNDONE)
    lagging.press(OFF)
    chat.hears(LATE)
    assert tandem.order(ORDER)["status"] == "packed"

    # The open question is offered again below that line, and its buttons work.
    chat.press("No, keep it")
    expect(chat.mine.filter(has_text="No, keep it")).to_have_count(1)
    chat.say("I want a human")
    chat.hears("I'm bringing in a colleague")
    assert tandem.order(ORDER)["status"] == "packed"
    [row] = desk.handoffs("queued")
    spoken = transcript(desk, row["conversation_id"])
    assert spoken[-3:] == [OFF, "No, keep it", "I want a human"]


def test_a_tab_that_lags_behind_does_not_cancel_an_order(
    shop: ShopPage, desk: Desk, tandem: Tandem
) -> None:
    lagging = ShopPage(shop.page.context.new_page(), shop.url)
    link = Link(lagging.page)
    lagging.open()
    shop.say("take me off the newsletter")
    shop.hears("Which mail address is it about?")
    shop.say("jo.marsh@example.com")
    lagging.hears(NEWSLETTER)
    link.is_deaf = True
    shop.say(f"cancel my order {ORDER}")
    shop.hears("6-digit code")
    shop.say(tandem.code_for(ORDER))
    shop.hears(UNDONE)
    lagging.press(OFF)
    shop.hears(LATE)
    expect(shop.messages(YOU, OFF)).to_have_count(1)
    expect(shop.log.get_by_role("button", name=CANCEL)).to_be_visible()
    assert tandem.order(ORDER)["status"] == "packed"

    link.is_deaf = False
    lagging.reload()
    lagging.hears(LATE)
    lagging.press("No, keep it")
    expect(shop.messages(YOU, "No, keep it")).to_have_count(1)
    assert tandem.order(ORDER)["status"] == "packed"


class Link:
    """A tab's connection, which may hear nothing while what it sends still arrives.

    Only Engine.IO's messages are kept from it: without the server's pings it would take
    its line for dead after some seconds and come back by another one.
    """

    def __init__(self, page: Page) -> None:
        self.is_deaf = False
        page.route_web_socket(re.compile("/socket.io/"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(server.send)

        def hear(packet: str | bytes) -> None:
            if not (self.is_deaf and str(packet).startswith(MESSAGE)):
                socket.send(packet)

        server.on_message(hear)


def test_a_press_in_line_leaves_it(shop: ShopPage) -> None:
    shop.ask_for_a_person()
    shop.say("never mind, I found it myself")
    shop.hears("out of the line")
    shop.press("Leave the line")
    shop.hears("nobody needs to come")
    shop.talks_to("Pine")
