"""Somebody is added, invited, works and is disabled; a bridge alone is enough."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from benchmarks.ports import free_ports
from tests.journeys.support import InboxPage, MakeContext, ShopPage
from tests.journeys.support.inbox import log_in
from tests.journeys.support.running import PASSWORD

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parents[2]
WIDE = {"width": 1280, "height": 900}
NEW_PASSWORD = "a password of their own"
START_TRIES = 300


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bridge without an assistant: people answer all the same."""
    folder, ports = tmp_path_factory.mktemp("bridge"), free_ports()
    port = next(ports)
    env = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'handoff_bridge'}{os.pathsep}{ROOT}",
        "DATA_DIR": str(folder),
        "BRIDGE_PORT": str(port),
        "RASA_PORT": str(next(ports)),
        "ACTIONS_PORT": str(next(ports)),
        "BACKOFFICE_PORT": str(next(ports)),
        "SERVICE_TOKEN": "service-token-of-the-tests",
        "SECRET_KEY": "a-secret-key-of-the-tests-alone-0",
        "IDENTITY_SECRET": "an-identity-secret-of-the-tests-0",
        "DEMO_PASSWORD": PASSWORD,
        "LOGIN_LIMITS": "100/minute",
        # What takes webhooks is on this machine.
        "WEBHOOK_ALLOW_HTTP": "true",
        "WEBHOOK_PRIVATE_NETWORKS": "127.0.0.0/8",
    }
    command = [sys.executable, "-m", "handoff_bridge.cli"]
    subprocess.run([*command, "seed"], env=env, check=True, timeout=60)
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([*command, "serve"], env=env) as process:
        transport = httpx.HTTPTransport(retries=START_TRIES)
        with httpx.Client(transport=transport, trust_env=False) as http:
            http.get(f"{url}/healthz").raise_for_status()
        yield url
        process.terminate()


class Admin:
    """The page of people, as an owner uses it."""

    def __init__(self, page: Page, bridge: str) -> None:
        self.page = page
        self.url = f"{bridge}/admin"
        self.dialog = page.get_by_role("dialog")

    def open(self, name: str = "owner") -> "Admin":
        self.page.goto(self.url)
        log_in(self.page, f"{name}@example.com")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self

    def person(self, name: str) -> Locator:
        heading = self.page.get_by_role("heading", name=name, level=3)
        return self.page.get_by_role("listitem").filter(has=heading)

    def deed(self, name: str, button: str) -> None:
        """Presses a button of somebody's, and what the dialog then offers."""
        self.person(name).get_by_role("button", name=button, exact=True).click()
        self.dialog.get_by_role("button", name=button, exact=True).click()
        expect(self.dialog).to_be_hidden()

    def add(self, name: str, email: str) -> str:
        """Adds somebody by keyboard alone, and gives the link."""
        self.page.get_by_role("button", name="Add a person").focus()
        self.page.keyboard.press("Enter")
        expect(self.dialog.get_by_label("Email")).to_be_focused()
        self.page.keyboard.type(email)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        link = self.dialog.get_by_role("textbox", name="Link")
        expect(link).to_be_focused()
        return link.input_value()


def check(page: Page, state: str) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, (
        state,
        [(rule["id"], rule["nodes"][0]["html"]) for rule in found],
    )


def fits(page: Page) -> None:
    """Nothing is wider than the window."""
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, width


def test_somebody_is_added_works_and_is_disabled(
    bridge: str, new_context: MakeContext
) -> None:
    admin = Admin(new_context(viewport=WIDE).new_page(), bridge).open()
    link = admin.add("Jo Park", "jo@example.com")
    _look(admin.page, "the link")
    admin.page.keyboard.press("Escape")
    expect(admin.person("Jo Park")).to_contain_text("Invited")

    page = new_context(viewport=WIDE).new_page()
    page.goto(link)
    expect(page.get_by_role("heading", name="Welcome, Jo Park")).to_be_visible()
    _look(page, "the invitation")
    page.get_by_label("Password").fill("jo@example.com")
    page.get_by_role("button", name="Set password and log in").click()
    expect(page.get_by_text("must not be the email")).to_be_visible()
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set password and log in").click()
    inbox = InboxPage(page, f"{bridge}/inbox")
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()

    shop = ShopPage(new_context().new_page(), f"{bridge}/")
    shop.open()
    shop.ask_for_a_person()
    inbox.claim()
    shop.sees_line("Jo Park has joined")

    sam = InboxPage(new_context(viewport=WIDE).new_page(), f"{bridge}/inbox")
    sam.open("sam@example.com")
    admin.page.reload()
    expect(admin.person("Jo Park")).to_contain_text("1 chat")
    admin.deed("Jo Park", "Disable")
    expect(admin.person("Jo Park")).to_contain_text("Disabled")
    expect(page.get_by_text("Your login has ended")).to_be_visible()
    log_in(page, "jo@example.com", NEW_PASSWORD)
    expect(page.get_by_text("This account is disabled")).to_be_visible()
    shop.sees_line("Jo Park can't go on with this chat")
    expect(sam.waiting("Jo Park can’t answer here any more")).to_be_visible()
    sam.claim()
    shop.sees_line("Sam from the orders team has joined")

    admin.deed("Jo Park", "Delete")
    expect(admin.person("Jo Park")).to_have_count(0)
    sam.reads("Jo Park can't go on with this chat")

    page.goto(link)
    page.reload()
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()


def test_second_factor_is_set_up_and_asked_for(
    bridge: str, new_context: MakeContext
) -> None:
    page = new_context(viewport=WIDE).new_page()
    admin = Admin(page, bridge).open("maria")
    # An agent sees nothing but their own.
    expect(page.get_by_role("heading", name="Your account", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="People")).to_have_count(0)
    page.get_by_role("button", name="Set up").click()
    secret = admin.dialog.locator("code").inner_text().replace(" ", "")
    totp = pyotp.TOTP(secret)
    _look(page, "setting up")
    admin.dialog.get_by_label("The six digits").fill("000000")
    admin.dialog.get_by_role("button", name="Confirm").click()
    expect(admin.dialog.get_by_text("This code is not right")).to_be_visible()
    admin.dialog.get_by_label("The six digits").fill(totp.now())
    admin.page.keyboard.press("Enter")
    codes = admin.dialog.get_by_role("listitem")
    expect(codes).to_have_count(10)
    _look(page, "recovery codes")
    recovery = codes.first.inner_text()
    admin.dialog.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("On. 10 recovery codes are left.")).to_be_visible()

    other = new_context().new_page()
    other.goto(f"{bridge}/inbox")
    log_in(other, "maria@example.com")
    expect(other.get_by_role("heading", name="Enter your code")).to_be_visible()
    expect(other.get_by_label("Code")).to_be_focused()
    _look(other, "the code")
    other.get_by_label("Code").fill("000000")
    other.keyboard.press("Enter")
    expect(other.get_by_text("This code is not right")).to_be_visible()
    other.get_by_label("Code").fill(recovery)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="Inbox", level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_pages_are_for_everybody_at_every_width(
    bridge: str, new_context: MakeContext, scheme: str, width: int
) -> None:
    context = new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    admin = Admin(context.new_page(), bridge).open("dana")
    page = admin.page
    expect(admin.person("Sam")).to_be_visible()
    # Supervisors manage agents alone.
    expect(admin.person("Olive").get_by_role("button")).to_have_count(0)
    _look(page, f"people-{scheme}-{width}")
    admin.person("Sam").get_by_role("button", name="Edit").click()
    _look(page, f"edit-{scheme}-{width}")
    page.keyboard.press("Escape")
    admin.person("Sam").get_by_role("button", name="Reset password").click()
    _look(page, f"reset-{scheme}-{width}")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_text("This one")).to_be_visible()
    _look(page, f"account-{scheme}-{width}")


def _look(page: Page, state: str) -> None:
    check(page, state)
    fits(page)
    if folder := os.environ.get("LOOK_AT"):
        page.screenshot(path=f"{folder}/{state}.png", full_page=True)
