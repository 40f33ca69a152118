"""The chat's own words: in the customer's language, either way round, at any width."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.support import Desk, InboxPage, MakeContext, Tandem
from tests.journeys.support.measuring import holds

pytestmark = pytest.mark.journey

WIDTHS = (1440, 1024, 768, 480, 479, 390, 320)
ARABIC = str.maketrans({chr(97 + n): chr(0x0627 + n) for n in range(26)})
HOST = "tandem-chat"


def right_to_left(words: Any) -> Any:
    """A made-up language: Arabic letters, its words a third longer."""
    if isinstance(words, dict):
        return {key: right_to_left(value) for key, value in words.items()}
    if isinstance(words, list):
        return [right_to_left(value) for value in words]
    parts = re.split(r"(\{\w+\})", words)
    return "".join(
        part
        if part.startswith("{")
        else part.lower().translate(ARABIC)
        + "".join("ـ" for _ in range(len(part) // 3))
        for part in parts
    )


def answer_right_to_left(route: Route) -> None:
    answer = route.fetch()
    body = answer.json()
    for name in ("words", "starters", "ordinals", "ordinal_beyond"):
        body[name] = right_to_left(body[name])
    route.fulfill(response=answer, json={**body, "language": "ar", "direction": "rtl"})


class Chat:
    """The panel by its parts, for its words are in any language."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        page.goto(url)
        page.locator(f"{HOST} .launcher").click()
        self.panel = page.locator(f"{HOST} .panel")
        self.box = self.panel.locator(".composer-input")
        expect(self.panel.locator(".bubble").first).to_be_visible()

    def say(self, text: str) -> None:
        said = self.panel.locator(".group-bot .message").count()
        self.box.fill(text)
        self.box.press("Enter")
        expect(self.panel.locator(".group-bot .message").nth(said)).to_be_visible()

    def choose(self, place: int) -> None:
        self.panel.locator(".menu > button").click()
        self.panel.get_by_role("menuitem").nth(place).click()


def test_the_chat_speaks_what_the_browser_speaks(
    tandem: Tandem, desk: Desk, new_context: MakeContext
) -> None:
    page = new_context(locale="de-DE", timezone_id="Europe/Berlin").new_page()
    chat = Chat(page, tandem.url())
    expect(chat.panel).to_have_attribute("aria-label", "Chat mit Harbour & Pine")
    expect(chat.box).to_have_attribute("placeholder", "An Pine schreiben")
    expect(chat.panel.get_by_text("Wo ist meine Bestellung?")).to_be_visible()
    chat.panel.get_by_role("button", name="Mit einem Menschen sprechen").click()
    expect(chat.panel.get_by_role("heading")).to_have_text("In der Warteschlange")
    chat.box.fill("x" * 4_990)
    expect(chat.panel.get_by_text("Noch 10 Zeichen")).to_be_visible()
    chat.box.fill("x" * 5_001)
    expect(chat.panel.get_by_text("1 Zeichen zu viel")).to_be_visible()


def test_the_chat_follows_the_customer_into_their_language(
    tandem: Tandem, new_context: MakeContext
) -> None:
    """A Spanish customer at an English browser, who is answered in Spanish."""
    page = new_context(locale="en-GB").new_page()
    chat = Chat(page, tandem.url())
    expect(chat.box).to_have_attribute("placeholder", "Write to Pine")
    chat.say("¿dónde está mi pedido?")
    expect(chat.box).to_have_attribute("placeholder", "Escribe a Pine")
    expect(chat.panel.locator(".header-role")).to_have_text("Asistente automático")
    page.reload()
    expect(chat.box).to_have_attribute("placeholder", "Escribe a Pine")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_right_to_left_holds_at_every_width(
    tandem: Tandem,
    inbox: InboxPage,
    desk: Desk,
    new_context: MakeContext,
    scheme: str,
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.route("**/api/v1/texts/*/widget", answer_right_to_left)
    chat = Chat(page, tandem.url())

    def stands(state: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 640})
            holds(page, f"{state} at {width}", HOST)

    stands("the first opening")
    face = chat.panel.locator(".header .avatar").bounding_box()
    menu = chat.panel.locator(".header .menu").bounding_box()
    assert face and menu and face["x"] > menu["x"]
    chat.say("x" * 600)
    chat.panel.locator(".composer-person").click()
    expect(chat.panel.locator(".system-wait")).to_be_visible()
    stands("in line")
    inbox.claim()
    inbox.reply("One\nمرحبا, AB-10428!\nthree")
    expect(chat.panel.locator(".group-agent .bubble")).to_be_visible()
    stands("with a person")
    chat.choose(-1)
    expect(chat.panel.locator(".confirm")).to_be_visible()
    stands("the question before the end")


def test_each_paragraph_reads_in_its_own_direction(
    tandem: Tandem, new_context: MakeContext
) -> None:
    """A full stop stands where its sentence ends, whatever the chat's language."""
    page = new_context().new_page()
    page.route("**/api/v1/texts/*/widget", answer_right_to_left)
    chat = Chat(page, tandem.url())
    chat.box.fill("Hello.\nمرحبا.")
    chat.box.press("Enter")
    bubble = chat.panel.locator(".group-customer .bubble")
    expect(bubble).to_be_visible()
    ends = bubble.evaluate(
        """(bubble) => {
          const text = bubble.firstChild;
          const x = (at) => {
            const range = document.createRange();
            range.setStart(text, at); range.setEnd(text, at + 1);
            return range.getBoundingClientRect().left;
          };
          const value = text.data;
          return {stop: x(value.indexOf(".")), letter: x(0),
            arabicStop: x(value.length - 1), arabicLetter: x(value.indexOf("م"))};
        }"""
    )
    assert ends["stop"] > ends["letter"]
    assert ends["arabicStop"] < ends["arabicLetter"]
