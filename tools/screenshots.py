"""Takes the README's pictures from a running copy: docs/images/*.png.

DEMO_PASSWORD=... make run            (in one terminal, with an empty DATA_DIR)
handoff_bridge/.venv/bin/python tools/screenshots.py http://127.0.0.1:8000 PASSWORD \
    http://127.0.0.1:8090/outbox
"""

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def main(url: str, password: str, outbox: str) -> None:
    """A customer, an agent and a supervisor go the main road once."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        inbox = page(browser, 1440, 900, "light")
        sign_in(inbox, f"{url}/inbox", "maria@example.com", password)
        expect(inbox.get_by_text("Queue").first).to_be_visible()
        shop = page(browser, 1280, 800, "light")
        open_chat(shop, url)
        say(shop, "where is my order HP-10434?")
        expect(shop.get_by_text("will pack it shortly").first).to_be_visible()
        say(shop, "the kettle in order HP-10428 arrived dented, I'd like to return it")
        expect(shop.get_by_text("6-digit code").first).to_be_visible()
        shop.screenshot(path=IMAGES / "chat.png")
        say(shop, mailed_code(browser, outbox))
        expect(shop.get_by_text("speeds things up").first).to_be_visible()
        say(shop, "can I please talk to a real person?")
        expect(shop.get_by_text("in line").first).to_be_visible()
        inbox.locator("[data-handoff]").first.click()
        inbox.get_by_role("button", name=re.compile("^Claim")).first.click()
        send_replacement(inbox)
        write(inbox, "Hi! I can see the dented kettle. A new one leaves us today.")
        expect(shop.get_by_text("A new one leaves us today.")).to_be_visible()
        say(shop, "that's great, thank you Maria")
        expect(inbox.get_by_text("that's great").first).to_be_visible()
        inbox.screenshot(path=IMAGES / "inbox.png")
        inbox.emulate_media(color_scheme="dark")
        inbox.get_by_role("button", name=re.compile("^Return to")).click()
        expect(inbox.get_by_role("dialog")).to_be_visible()
        inbox.screenshot(path=IMAGES / "return-dark.png")
        phone = page(browser, 390, 844, "dark")
        open_chat(phone, url)
        say(phone, "where is my order HP-10423?")
        expect(phone.get_by_text("on its way").first).to_be_visible()
        phone.screenshot(path=IMAGES / "phone-dark.png")
        reports = page(browser, 1280, 800, "light")
        sign_in(reports, f"{url}/reports", "dana@example.com", password)
        expect(reports.get_by_text("Handoffs").first).to_be_visible()
        reports.screenshot(path=IMAGES / "reports.png")
        browser.close()


def page(browser: Browser, width: int, height: int, scheme: str) -> Page:
    """A window of its own, as a person of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="en-GB",
    )
    return context.new_page()


def sign_in(window: Page, url: str, email: str, password: str) -> None:
    """Signs an agent in."""
    window.goto(url)
    window.get_by_label(re.compile("email", re.IGNORECASE)).fill(email)
    window.get_by_label(re.compile("^password", re.IGNORECASE)).fill(password)
    window.keyboard.press("Enter")


def open_chat(window: Page, url: str) -> None:
    """Opens the widget and waits for the introduction."""
    window.goto(url)
    window.locator(".launcher").click()
    expect(window.get_by_text("automated assistant").first).to_be_visible()


def say(window: Page, text: str) -> None:
    """Writes as the customer."""
    box = window.locator(".composer-input")
    box.fill(text)
    box.press("Enter")


def send_replacement(inbox: Page) -> None:
    """As the agent, from the order's card."""
    name = "Send a replacement, express"
    inbox.get_by_role("button", name=name).first.click()
    dialog = inbox.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("arrived dented")
    dialog.get_by_role("button", name=name).click()
    expect(inbox.get_by_text("New one arrives").first).to_be_visible()
    inbox.get_by_role("button", name="Dismiss").click()
    inbox.locator("aside.panel").evaluate("panel => panel.scrollTo(0, 0)")


def mailed_code(browser: Browser, outbox: str) -> str:
    """The one-time code that the sandbox shop mailed last."""
    mails = page(browser, 800, 600, "light")
    mails.goto(outbox)
    newest = mails.locator("article").first.inner_text()
    found = re.search(r"\b\d{6}\b", newest)
    assert found, newest
    return found.group()


def write(window: Page, text: str) -> None:
    """Writes as the agent."""
    box = window.locator(".composer textarea")
    box.fill(text)
    box.press("Enter")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3])
