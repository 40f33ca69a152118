"""The shop's page with the chat, as a customer uses it."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PINE = "Pine, automated"
YOU = "You"
GROUPS = {PINE: ".group-bot", YOU: ".group-customer"}


class ShopPage:
    """One tab of a customer."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        # By their places where tests need them in other languages too.
        self.launcher = page.locator("tandem-chat .launcher")
        self.chat = page.locator("tandem-chat [role=dialog]")
        self.log = self.chat.get_by_role("log")
        self.box = self.chat.locator(".composer-input")
        # Answers may offer a button of the same name; this one is always there.
        self.person_button = self.chat.locator(".composer-person")
        self.header = self.chat.get_by_role("heading", level=2)
        # Every bubble and every line between them, each once.
        self.texts = self.log.locator(".bubble, .system p")

    def open(self) -> "ShopPage":
        self.page.goto(self.url)
        self.launcher.click()
        self.hears("I'm Pine, Harbour & Pine's automated assistant")
        # Every message names its speaker for screen readers.
        expect(self.messages(PINE).first).to_have_text(re.compile(f"^{PINE}: "))
        return self

    def reload(self) -> None:
        self.page.reload()
        expect(self.box).to_be_visible()

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")
        expect(self.box).to_have_value("")

    def press(self, title: str) -> None:
        """A quick reply."""
        self.log.get_by_role("button", name=title, exact=True).click()

    def send_photo(self, path: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.chat.get_by_role("button", name="Add a photo").click()
        chooser.value.set_files(path)
        expect(self.chat.get_by_text("Ready to send")).to_be_visible()
        self.chat.get_by_role("button", name="Send").click()

    def messages(self, speaker: str, text: str | re.Pattern[str] = "") -> Locator:
        """What one speaker said, whatever language the chat speaks by now."""
        if speaker in GROUPS:
            said = self.log.locator(f"{GROUPS[speaker]} .message")
        else:
            named = re.compile(f"^{speaker}: ")
            said = self.log.locator(".message").filter(has_text=named)
        return said.filter(has_text=text) if text else said

    def hears(self, text: str | re.Pattern[str], speaker: str = PINE) -> None:
        expect(self.messages(speaker, text).last).to_be_visible()

    def sees_line(self, text: str | re.Pattern[str]) -> None:
        """Something that happened to the chat, said by nobody."""
        expect(self.log.locator(".system").filter(has_text=text).last).to_be_visible()

    def talks_to(self, name: str) -> None:
        expect(self.header).to_have_text(name)

    def is_in_line(self) -> None:
        self.talks_to("In line for a person")

    def ask_for_a_person(self) -> None:
        self.person_button.click()
        self.is_in_line()
