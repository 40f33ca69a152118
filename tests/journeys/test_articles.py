"""Help articles in the chat panel and on pages: by mouse, keys and screen reader."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.bridge.test_articles import article, write
from tests.bridge.test_help import HOSTILE
from tests.journeys.support import MakeContext
from tests.journeys.support.lone_bridge import lone_bridge
from tests.journeys.support.measuring import holds
from tests.journeys.test_accessibility import Scheme, check, scheme
from tests.journeys.test_widget_languages import answer_right_to_left

pytestmark = pytest.mark.journey
__all__ = ["scheme"]  # a fixture
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
HOST = "tandem-chat"


@pytest.fixture(scope="module")
def help_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of the tests' own."""
    return write(
        tmp_path_factory.mktemp("articles"),
        {
            "pump.md": article(
                "The pump stands still",
                "It waits for water. See [the lamp](lamp.md) or "
                "[the maker](https://maker.example/).\n\n## Details\n\n* Prime it.\n\n"
                "## For colleagues\n\n* Send a new one.",
                keywords="E-1042",
            ),
            "de/pump.md": "---\ntitle: Die Pumpe steht\n---\nSie wartet auf Wasser.\n",
            "lamp.md": article("The lamp glows", "It glows by day as well."),
            "odd.md": article("'<i>odd</i>'", HOSTILE.replace("{dir}", "dir")),
            "gone.md": article("What will be gone", "A passing thing."),
        },
    )


@pytest.fixture(scope="module")
def bridge(
    tmp_path_factory: pytest.TempPathFactory, help_folder: Path
) -> Iterator[str]:
    """A bridge with these articles, whose assistant knows nothing of them."""
    folder = tmp_path_factory.mktemp("bridge")
    with lone_bridge(folder, articles_dir=help_folder) as address:
        yield address


class Panel:
    """The chat panel with its articles."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        page.locator(f"{HOST} .launcher").click()
        self.panel = page.locator(f"{HOST} .panel")
        self.box = self.panel.get_by_role("textbox", name="Your message")
        self.field = self.panel.get_by_role("searchbox")
        self.title = self.panel.locator(".article-title")
        expect(self.panel.locator(".bubble").first).to_be_visible()

    def search(self, words: str) -> None:
        self.panel.get_by_role("button", name="Search the help articles").click()
        expect(self.field).to_be_focused()
        self.field.fill(words)

    def read(self, words: str, title: str) -> None:
        self.search(words)
        self.panel.get_by_role("button", name=title).click()
        expect(self.title).to_have_text(title)


def readings(url: str) -> list[dict[str, object]]:
    """What supervisors see of the articles."""
    with httpx.Client(base_url=f"{url}/api/v1", trust_env=False) as client:
        login = {"email": "dana@example.com", "password": "a password of the tests"}
        client.post("/auth/login", json=login).raise_for_status()
        found: list[dict[str, object]] = client.get("/reports/self-service").json()[
            "articles"
        ]
    return found


def counted(url: str, article_id: str, name: str) -> int:
    rows = [one for one in readings(url) if one["id"] == article_id]
    return int(str(rows[0][name])) if rows else 0


def test_an_article_is_found_read_and_left_for_the_chat(
    bridge: str, new_context: MakeContext
) -> None:
    panel = Panel(new_context(viewport=WIDE).new_page(), bridge)
    panel.box.fill("half a sentence")
    before = counted(bridge, "pump", "helped")
    panel.read("pump E-1042", "The pump stands still")
    expect(panel.title).to_be_focused()
    expect(panel.box).to_be_hidden()
    expect(panel.panel.get_by_text("Send a new one")).to_have_count(0)
    with panel.page.expect_response("**/answer"):
        panel.panel.get_by_role("button", name="Yes", exact=True).click()
    expect(panel.panel.get_by_text("Thank you, good to know.")).to_be_focused()
    assert counted(bridge, "pump", "helped") == before + 1
    # A link to another article stays in the panel, one to elsewhere does not.
    maker = panel.panel.get_by_role("link", name="the maker")
    expect(maker).to_have_attribute("target", "_blank")
    panel.panel.get_by_role("link", name="the lamp").click()
    expect(panel.title).to_have_text("The lamp glows")
    panel.panel.get_by_role("button", name="Ask about this in the chat").click()
    expect(panel.box).to_be_focused()
    expect(panel.box).to_have_value("half a sentence")


def test_not_yet_leads_to_the_chat(bridge: str, new_context: MakeContext) -> None:
    panel = Panel(new_context().new_page(), bridge)
    before = counted(bridge, "lamp", "not_yet")
    panel.read("lamp", "The lamp glows")
    with panel.page.expect_response("**/answer"):
        panel.panel.get_by_role("button", name="Not yet").click()
    expect(panel.box).to_be_focused()
    assert counted(bridge, "lamp", "not_yet") == before + 1


def test_it_all_goes_by_keyboard(bridge: str, new_context: MakeContext) -> None:
    panel = Panel(new_context().new_page(), bridge)
    keys = panel.page.keyboard
    panel.panel.get_by_role("button", name="Chat menu").press("Enter")
    menu = panel.panel.get_by_role("menuitem", name="Help articles")
    for _ in range(4):
        if menu.evaluate("one => one.getRootNode().activeElement === one"):
            break
        keys.press("ArrowDown")
    keys.press("Enter")
    expect(panel.field).to_be_focused()
    keys.type("lamp")
    row = panel.panel.get_by_role("button", name="The lamp glows")
    expect(
        panel.panel.get_by_role("status").filter(has_text="2 articles")
    ).to_be_visible()
    keys.press("ArrowDown")
    expect(row).to_be_focused()
    keys.press("Enter")
    expect(panel.title).to_be_focused()
    keys.press("Escape")
    expect(panel.field).to_be_focused()
    expect(panel.field).to_have_value("lamp")
    keys.press("Escape")
    expect(panel.box).to_be_focused()
    keys.press("Escape")
    expect(panel.panel).to_be_hidden()


def test_nothing_found_and_an_article_that_has_gone_are_told(
    bridge: str, new_context: MakeContext
) -> None:
    panel = Panel(new_context().new_page(), bridge)
    panel.search("zebra")
    expect(panel.panel.get_by_text("No article was found for “zebra”")).to_be_visible()
    panel.field.fill("passing thing")
    row = panel.panel.get_by_role("button", name="What will be gone")
    expect(row).to_be_visible()
    gone = {"ok": False, "error": "unknown_article", "message": "Gone."}
    panel.page.route(
        "**/api/v1/articles/gone?*",
        lambda route: route.fulfill(status=404, body=json.dumps(gone)),
    )
    row.click()
    expect(panel.panel.get_by_text("This article is not here any more")).to_be_visible()
    panel.panel.get_by_role("button", name="Back to the list").click()
    panel.page.route("**/api/v1/articles?*", lambda route: route.abort())
    panel.field.fill("lamp")
    expect(panel.panel.get_by_text("can't be reached just now")).to_be_visible()


def test_a_message_while_reading_is_told(bridge: str, new_context: MakeContext) -> None:
    panel = Panel(new_context().new_page(), bridge)
    panel.box.fill("hello")
    panel.box.press("Enter")
    panel.panel.get_by_role("button", name="Chat menu").click()
    panel.panel.get_by_role("menuitem", name="Help articles").click()
    expect(panel.field).to_be_focused()
    other = panel.page.context.new_page()
    other.goto(bridge)
    other.locator(f"{HOST} .launcher").click()
    box = other.locator(f"{HOST} .composer-input")
    box.fill("from another tab")
    box.press("Enter")
    news = panel.panel.get_by_role("button", name="New message in the chat")
    news.click()
    expect(panel.box).to_be_focused()
    said = panel.panel.locator(".bubble").filter(has_text="You said: from another tab")
    expect(said).to_be_visible()


def test_hostile_text_is_drawn_as_text_in_the_panel(
    bridge: str, new_context: MakeContext
) -> None:
    panel = Panel(new_context().new_page(), bridge)
    panel.read("odd", "<i>odd</i>")
    text = panel.panel.get_by_role("article")
    expect(text.get_by_text("<script>alert(1)</script>")).to_be_visible()
    assert panel.panel.locator("article i, article script, article b").count() == 0


def test_nothing_is_loaded_or_kept_before_it_is_wanted(
    bridge: str, new_context: MakeContext
) -> None:
    page = new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{bridge}/help/pump")
    expect(page.get_by_role("heading", name="The pump stands still")).to_be_visible()
    page.wait_for_load_state("networkidle")
    # The page counts its reading; the chat is not opened, so nobody is known.
    assert [one for one in asked if one.endswith("/reads")]
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert not page.context.cookies()


# Pages.


def test_a_page_is_read_and_answered(bridge: str, new_context: MakeContext) -> None:
    page = new_context(viewport=WIDE).new_page()
    page.goto(f"{bridge}/help")
    page.get_by_role("searchbox", name="Search the help articles").fill("E-1042")
    page.get_by_role("button", name="Search").click()
    with page.expect_response("**/reads"):
        page.get_by_role("link", name="The pump stands still").click()
    expect(page.get_by_text("Send a new one")).to_have_count(0)
    before = counted(bridge, "pump", "not_yet")
    with page.expect_response("**/answer"):
        page.get_by_role("button", name="Not yet").click()
    expect(page.locator(f"{HOST} .panel")).to_be_visible()
    expect(page.locator(f"{HOST} .composer-input")).to_be_focused()
    assert counted(bridge, "pump", "not_yet") == before + 1


def test_a_page_needs_no_script(bridge: str, new_context: MakeContext) -> None:
    page = new_context(java_script_enabled=False, locale="de-DE").new_page()
    page.goto(f"{bridge}/help/pump")
    expect(page.get_by_role("heading", name="Die Pumpe steht")).to_be_visible()
    page.get_by_role("button", name="Ja", exact=True).click()
    expect(page.get_by_text("Danke, gut zu wissen.")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="The pump stands still")).to_be_visible()
    page.get_by_role("searchbox").fill("lamp")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("link", name="The lamp glows")).to_be_visible()


def test_axe_and_the_layout_find_nothing(
    bridge: str, new_context: MakeContext, scheme: Scheme
) -> None:
    for view in (NARROW, WIDE):
        page = new_context(color_scheme=scheme, viewport=view).new_page()
        for path in (
            "/help",
            "/help?q=lamp",
            "/help?q=zebra",
            "/help/pump",
            "/help/no",
        ):
            page.goto(f"{bridge}{path}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            check(page, f"{path} at {view['width']}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= view["width"], path
    panel = Panel(page, bridge)
    check(page, "the start of a chat")
    panel.search("pump")
    row = panel.panel.get_by_role("button", name="The pump stands still")
    expect(row).to_be_visible()
    check(page, "articles found")
    row.click()
    expect(panel.title).to_be_visible()
    check(page, "an article in the panel")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_panel_reads_from_right_to_left(
    bridge: str, new_context: MakeContext, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 740}).new_page()

    def help_words(route: Route) -> None:
        answer_right_to_left(route)

    page.route("**/api/v1/texts/*/*", help_words)
    page.goto(bridge)
    page.locator(f"{HOST} .launcher").click()
    panel = page.locator(f"{HOST} .panel")
    expect(panel.locator(".help-article").first).to_be_visible()
    holds(page, "the start", HOST)
    panel.locator(".help-search").click()
    expect(panel.locator(".article-row").first).to_be_visible()
    holds(page, "the list", HOST)
    back = panel.locator(".articles-list .article-back").bounding_box()
    field = panel.locator(".articles .field").bounding_box()
    assert back is not None and field is not None
    assert back["x"] > field["x"]
    panel.locator(".article-row").first.click()
    expect(panel.locator(".article-title")).to_be_visible()
    holds(page, "the article", HOST)
