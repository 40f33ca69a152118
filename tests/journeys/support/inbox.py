"""The inbox, as an agent uses it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.support.running import PASSWORD


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


class InboxPage:
    """One tab of an agent."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        lists = page.get_by_role("navigation", name="Queue and my chats")
        self.queue = lists.locator("section").filter(has=_title(page, "Queue"))
        self.mine = lists.locator("section").filter(has=_title(page, "Mine"))
        self.chat = page.get_by_role("main")
        self.log = page.get_by_role("region", name=re.compile("^Conversation with"))
        self.packet = page.get_by_role("complementary", name="What Pine knows")
        self.reply_box = page.get_by_role("textbox", name=re.compile("^Reply to"))
        self.note_box = page.get_by_role("textbox", name="Note for your team")
        self.claim_button = page.get_by_role("button", name=re.compile("^Claim"))
        self.dialog = page.get_by_role("dialog")
        self.said = self.log.locator(".said, .line")

    def open(self, email: str = "maria@example.com") -> "InboxPage":
        self.page.goto(self.url)
        log_in(self.page, email)
        title = self.page.get_by_role("heading", name="Inbox", level=1, exact=True)
        expect(title).to_be_visible()
        return self

    def reload(self) -> None:
        self.page.reload()
        expect(self.log).to_be_visible()

    def waiting(self, reason: str | re.Pattern[str] = "") -> Locator:
        rows = self.queue.get_by_role("button")
        return rows.filter(has_text=reason) if reason else rows

    def preview(self, reason: str = "") -> None:
        """Opens the chat that waits for this reason, unclaimed."""
        self.waiting(reason).first.click()
        expect(self.log).to_be_visible()

    def claim(self, reason: str = "") -> None:
        self.preview(reason)
        self.claim_button.click()
        expect(self.reply_box).to_be_visible()

    def reply(self, text: str) -> None:
        self.reply_box.fill(text)
        self.reply_box.press("Enter")
        self.reads(text)

    def note(self, text: str) -> None:
        self.page.get_by_role("button", name="Note", exact=True).click()
        self.note_box.fill(text)
        self.note_box.press("Enter")
        self.reads(text)
        self.page.get_by_role("button", name="Reply", exact=True).click()

    def items(self, text: str | re.Pattern[str]) -> Locator:
        return self.log.get_by_role("listitem").filter(has_text=text)

    def reads(self, text: str | re.Pattern[str]) -> None:
        expect(self.items(text).last).to_be_visible()

    def give_back(self, disposition: str = "Resolved", outcome: str = "") -> None:
        """Returns the chat to Pine."""
        self.page.get_by_role("button", name="Return to Pine").click()
        self.dialog.get_by_role("radio", name=disposition).check()
        if outcome:
            self.dialog.get_by_role("textbox", name="What came of it").fill(outcome)
        self.dialog.get_by_role("button", name="Return to Pine").click()
        expect(self.dialog).to_be_hidden()

    def close_chat(self, disposition: str = "Resolved") -> None:
        self.page.get_by_role("button", name="Close", exact=True).click()
        self.dialog.get_by_role("radio", name=disposition).check()
        self.dialog.get_by_role("button", name="Close chat").click()
        expect(self.dialog).to_be_hidden()


def _title(page: Page, title: str) -> Locator:
    return page.get_by_role("heading", name=re.compile(f"^{title}"), level=2)
