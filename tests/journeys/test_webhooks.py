"""A supervisor adds a webhook, tries it, mends it and looks at what was delivered."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.support import InboxPage, MakeContext, ShopPage
from tests.journeys.support.inbox import log_in
from tests.journeys.support.running import PASSWORD
from tests.journeys.test_people import WIDE, Admin, _look
from tests.journeys.test_people import bridge as bridge

pytestmark = pytest.mark.journey

NARROW = {"width": 360, "height": 740}


class Crm(ThreadingHTTPServer):
    """A program of the shop's that answers with `status`."""

    status = 200
    events: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/tandem"


class Endpoint(BaseHTTPRequestHandler):
    server: Crm

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.events.append(self.headers["Tandem-Event"])
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(
            b"the CRM is being mended" if self.server.status > 299 else b""
        )

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def crm() -> Iterator[Crm]:
    with Crm(("127.0.0.1", 0), Endpoint) as server:
        server.events = []
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def no_webhooks(bridge: str) -> Iterator[None]:
    yield
    with httpx.Client(base_url=f"{bridge}/api/v1", trust_env=False) as http:
        login = {"email": "dana@example.com", "password": PASSWORD}
        http.post("/auth/login", json=login).raise_for_status()
        for one in http.get("/webhooks").json()["webhooks"]:
            http.delete(f"/webhooks/{one['webhook_id']}").raise_for_status()


def webhooks(admin: Admin, name: str) -> Locator:
    heading = admin.page.get_by_role("heading", name=name, level=3)
    return admin.page.get_by_role("listitem").filter(has=heading)


def opened(bridge: str, new_context: MakeContext, **options: Any) -> Admin:
    admin = Admin(new_context(**options).new_page(), bridge)
    admin.url += "#webhooks"
    admin.open("dana")
    expect(admin.page.get_by_role("heading", name="Webhooks", level=2)).to_be_visible()
    return admin


def add(admin: Admin, url: str) -> str:
    """Adds one by keyboard alone, and gives its secret."""
    admin.page.get_by_role("button", name="Add a webhook").focus()
    admin.page.keyboard.press("Enter")
    expect(admin.dialog.get_by_role("textbox", name="Address")).to_be_focused()
    admin.page.keyboard.type(url)
    admin.page.keyboard.press("Tab")
    admin.page.keyboard.type("The CRM")
    _look(admin.page, "adding a webhook")
    admin.page.keyboard.press("Enter")
    secret = admin.dialog.get_by_role("textbox", name="Secret")
    expect(secret).to_be_focused()
    return secret.input_value()


def test_webhook_is_added_tried_and_mended(
    bridge: str, new_context: MakeContext, crm: Crm
) -> None:
    admin = opened(bridge, new_context, viewport=WIDE)
    page, dialog = admin.page, admin.dialog
    expect(page.get_by_text("Nobody is told anything yet.")).to_be_visible()
    _look(page, "no webhooks")
    assert add(admin, crm.url).startswith("whsec_")
    _look(page, "the secret")
    page.keyboard.press("Escape")
    row = webhooks(admin, "The CRM")
    expect(row).to_contain_text("Nothing sent yet")
    expect(row).not_to_contain_text("whsec_")

    row.get_by_role("button", name="Send a test").click()
    expect(dialog.get_by_text("Delivered")).to_be_visible()
    assert crm.events == ["test"]
    page.keyboard.press("Escape")
    expect(row).to_contain_text("Working")

    crm.status = 503
    row.get_by_role("button", name="Send a test").click()
    expect(dialog.get_by_text("Failed")).to_be_visible()
    failed = dialog.get_by_role("listitem").filter(has_text="Failed")
    failed.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(failed).to_contain_text("the CRM is being mended")
    expect(failed).to_contain_text("Answered 503")
    _look(page, "a delivery that failed")
    crm.status = 200
    failed.get_by_role("button", name="Send test again").click()
    expect(dialog.get_by_text("Delivered")).to_have_count(2)
    assert crm.events == ["test"] * 3
    page.keyboard.press("Escape")

    row.get_by_role("button", name="Edit").click()
    dialog.get_by_label("message.created").check()
    dialog.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("message.created")
    row.get_by_role("button", name="Disable").click()
    dialog.get_by_role("button", name="Disable").click()
    expect(row).to_contain_text("A supervisor has disabled it.")
    expect(row.get_by_role("button", name="Send a test")).to_have_count(0)
    _look(page, "a disabled webhook")
    row.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nobody is told anything yet.")).to_be_visible()


def test_refusals_are_told_where_they_happen(
    bridge: str, new_context: MakeContext, crm: Crm
) -> None:
    admin = opened(bridge, new_context, viewport=NARROW, color_scheme="dark")
    page, dialog = admin.page, admin.dialog
    page.get_by_role("button", name="Add a webhook").click()
    dialog.get_by_role("textbox", name="Address").fill("https://10.0.0.1/")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("inside a private network")
    for box in dialog.get_by_role("checkbox").all():
        box.uncheck()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choose at least one event.")
    _look(page, "a refused webhook")
    dialog.get_by_role("textbox", name="Address").fill(crm.url)
    dialog.get_by_label("handoff.ended").check()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("textbox", name="Secret")).to_be_focused()
    page.keyboard.press("Escape")
    crm.status = 500
    page.get_by_role("button", name="Send a test").click()
    expect(dialog.get_by_text("Failed")).to_be_visible()
    dialog.locator("summary").click()
    _look(page, "a delivery, narrow and dark")
    page.keyboard.press("Escape")
    expect(page.get_by_text("It has accepted nothing since")).to_be_visible()
    _look(page, "a failing webhook, narrow and dark")


def test_link_of_an_event_opens_a_chat_that_has_ended(
    bridge: str, new_context: MakeContext
) -> None:
    maria = InboxPage(new_context(viewport=WIDE).new_page(), f"{bridge}/inbox").open()
    shop = ShopPage(new_context().new_page(), f"{bridge}/").open()
    shop.say("my lamp is broken")
    maria.claim()
    maria.reply("A new one is on its way.")
    link = maria.page.url
    maria.close_chat()
    for name in ("maria", "dana"):  # who had it, and who is no part of it
        page = new_context(viewport=WIDE).new_page()
        page.goto(link)
        log_in(page, f"{name}@example.com")
        inbox = InboxPage(page, link)
        inbox.reads("A new one is on its way.")
        assert page.url == link
    page.goto("about:blank")
    page.goto(f"{bridge}/inbox#none")
    expect(page.get_by_text("There is no chat behind this link")).to_be_visible()


def test_list_that_does_not_load_can_be_asked_for_again(
    bridge: str, new_context: MakeContext
) -> None:
    admin = opened(bridge, new_context, viewport=WIDE)
    page = admin.page
    page.route("**/api/v1/webhooks", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("The list did not load.")).to_be_visible()
    _look(page, "a list that did not load")
    page.unroute("**/api/v1/webhooks")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Nobody is told anything yet.")).to_be_visible()
