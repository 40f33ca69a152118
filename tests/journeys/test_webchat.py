"""`rasa-webchat` from npm, unchanged, on another site: Rasa's own protocol works."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.support import Desk, InboxPage, MakeContext, Tandem
from tests.journeys.support.other_site import serving

pytestmark = pytest.mark.journey


@pytest.fixture
def site(tandem: Tandem, other_port: int) -> Iterator[str]:
    with serving(other_port, tandem.url()) as address:
        yield address


class WebchatPage:
    """The widget has no accessible names to speak of, so its class names must do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.responses = page.locator(".rw-message .rw-response")
        self.mine = page.locator(".rw-message .rw-client")
        self.box = page.locator(".rw-new-message")

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def press(self, title: str) -> None:
        self.page.locator(".rw-reply", has_text=title).click()

    def offers(self, title: str) -> None:
        expect(self.page.locator(".rw-reply", has_text=title)).to_be_visible()

    def hears(self, text: str) -> None:
        expect(self.responses.filter(has_text=text)).to_have_count(1)


def test_the_stock_widget_talks_to_bot_and_human_and_resumes(
    site: str, inbox: InboxPage, desk: Desk, new_context: MakeContext
) -> None:
    page = new_context().new_page()
    chat = WebchatPage(page)
    page.goto(site)
    chat.hears("I'm Pine, Harbour & Pine's automated assistant")

    # A button that the bot offers is a button there too.
    chat.say("hello")
    chat.press("Talk to a person")
    chat.hears("I'm bringing in a colleague")
    inbox.claim("Asked for a person")
    inbox.reads("hello")
    inbox.items("Talk to a person")
    chat.hears("Maria from the returns team has joined")
    inbox.reply("Hello over there.")
    chat.hears("Maria: Hello over there.")
    conversation = desk.only_handoff()["conversation_id"]
    [turn] = desk.events(conversation, "turn")[-1:]
    assert turn["intent"]["name"] == "request_human"

    page.reload()
    chat.hears("Maria: Hello over there.")
    chat.say("I am back")
    inbox.reads("I am back")
    inbox.reply("Welcome back.")
    chat.hears("Maria: Welcome back.")
    expect(chat.responses.filter(has_text="Hello over there")).to_have_count(1)
    assert desk.only_handoff()["conversation_id"] == conversation
