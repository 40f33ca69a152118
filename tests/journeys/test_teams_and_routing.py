"""Supervisors edit teams and routing rules in their browsers, and lose nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bridge.support.house import PASSWORD
from tests.journeys.support import MakeContext
from tests.journeys.support.inbox import log_in
from tests.journeys.support.lone_bridge import lone_bridge
from tests.journeys.test_accessibility import check

pytestmark = pytest.mark.journey

TEAMS = """\
# Who is there when.
teams:
  returns:
    mode: claim # for now
    hours:
      zone: Europe/Berlin
      holidays: DE-BE
      open:
        monday: [09:00-18:00]
  orders:
"""


@pytest.fixture
def url(new_context: MakeContext, tmp_path: Path) -> Iterator[str]:
    with lone_bridge(tmp_path) as address:
        yield address


def opened(new_context: MakeContext, url: str, tab: str, **screen: object) -> Page:
    page = new_context(**screen).new_page()
    page.goto(f"{url}/admin#{tab}")
    log_in(page, "dana@example.com", PASSWORD)
    expect(page.get_by_role("heading", name=tab.capitalize(), level=2)).to_be_visible()
    return page


def text_of(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=f"{name}.yml, as text")


def write(page: Page, name: str, text: str) -> None:
    page.get_by_role("button", name="Edit as text").click()
    text_of(page, name).fill(text)
    page.get_by_role("button", name="Save").click()


def version(page: Page, number: int) -> Locator:
    return page.get_by_text(f"Version {number} ·")


def selected(area: Locator) -> str:
    found: str = area.evaluate(
        "area => area.value.slice(area.selectionStart, area.selectionEnd)"
    )
    return found


def test_a_mistake_stands_at_its_line_and_nothing_typed_is_lost(
    new_context: MakeContext, url: str
) -> None:
    page = opened(new_context, url, "teams")
    wrong = TEAMS.replace("Berlin", "Atlantis").replace("claim", "push")
    write(page, "teams", wrong)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("teams.returns.mode: input should be 'claim'")
    expect(alert.get_by_role("button")).to_have_text(["Line 4", "Line 6"])
    area = text_of(page, "teams")
    expect(area).to_be_focused()
    assert selected(area).startswith("mode: push")
    alert.get_by_role("button", name="Line 6").press("Enter")
    expect(area).to_be_focused()
    assert selected(area) == "zone: Europe/Atlantis"
    expect(version(page, 0)).to_be_visible()

    page.reload()
    expect(text_of(page, "teams")).to_have_value(wrong)
    text_of(page, "teams").fill(TEAMS)
    page.get_by_role("button", name="Save").press("Enter")
    expect(version(page, 1)).to_contain_text("Saved by Dana")
    returns = page.get_by_role("article", name="returns")
    expect(returns.get_by_role("img")).to_have_accessible_name(
        "Monday 09:00-18:00; Tuesday closed; Wednesday closed; Thursday closed; "
        "Friday closed; Saturday closed; Sunday closed"
    )
    expect(returns.get_by_role("listitem").filter(has_text="Maria")).to_be_visible()
    page.reload()
    expect(returns).to_be_visible()
    expect(text_of(page, "teams")).to_have_count(0)


def test_the_form_changes_what_was_changed_in_it(
    new_context: MakeContext, url: str
) -> None:
    page = opened(new_context, url, "teams")
    write(page, "teams", TEAMS)
    page.get_by_role("button", name="Edit the team returns").click()
    dialog = page.get_by_role("dialog", name="Team returns")
    dialog.get_by_label("Chats are offered in turn").check()
    dialog.get_by_label("Tuesday").fill("10:00-12:00, 11:00-13:00")
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("alert")).to_contain_text("not saved")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("overlap")).to_be_visible()
    dialog.get_by_label("Tuesday").fill("10:00-12:00, 13:00-15:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(version(page, 2)).to_be_visible()
    page.get_by_role("button", name="Edit as text").click()
    lines = "monday: [09:00-18:00]\n        tuesday: [10:00-12:00, 13:00-15:00]"
    expected = TEAMS.replace("mode: claim", "mode: offers")
    expect(text_of(page, "teams")).to_have_value(
        expected.replace("monday: [09:00-18:00]", lines)
    )


def test_of_two_supervisors_the_later_one_is_told_and_keeps_their_text(
    new_context: MakeContext, url: str
) -> None:
    one, two = (opened(new_context, url, "routing") for _ in range(2))
    steps = "steps:\n- {name: %s, team: returns, expires_secs: 90}\n"
    for page, name in ((one, "ones"), (two, "twos")):
        page.get_by_role("button", name="Edit as text").click()
        text_of(page, "routing").fill(steps % name)
    one.get_by_role("button", name="Save").click()
    expect(one.get_by_role("heading", name="ones")).to_be_visible()
    expect(one.get_by_text("After 1 min 30 s in line")).to_be_visible()

    two.get_by_role("button", name="Save").click()
    expect(two.get_by_text("Dana saved version 1 on")).to_be_visible()
    expect(text_of(two, "routing")).to_have_value(steps % "twos")
    two.get_by_role("button", name="Read it").click()
    theirs = two.get_by_role("dialog", name="Version 1")
    expect(theirs.get_by_role("textbox")).to_have_value(steps % "ones")
    two.keyboard.press("Escape")
    two.get_by_role("button", name="Save mine on top").click()
    expect(two.get_by_role("heading", name="twos")).to_be_visible()
    expect(version(two, 2)).to_be_visible()

    two.get_by_role("button", name="Versions").click()
    dialog = two.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    dialog.get_by_role("button", name="Version 1").click()
    dialog.get_by_role("button", name="Restore this version").click()
    expect(version(two, 3)).to_be_visible()
    expect(two.get_by_role("heading", name="ones")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_both_tabs_fit_and_axe_finds_nothing(
    new_context: MakeContext, url: str, scheme: str, width: int
) -> None:
    screen = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    page = opened(new_context, url, "teams", **screen)
    write(page, "teams", TEAMS.replace("claim", "push"))
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "a mistake")
    text_of(page, "teams").fill(TEAMS)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article", name="returns")).to_be_visible()
    check(page, "the teams")
    page.get_by_role("button", name="Edit the team returns").click()
    check(page, "a team's form")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Versions").click()
    expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
    check(page, "the versions")
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Routing").click()
    expect(page.get_by_role("heading", name="Anyone, of any team")).to_be_visible()
    check(page, "the routing rules")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_text_is_tried_on_a_day_before_it_is_saved(
    new_context: MakeContext, url: str, width: int, theme: str
) -> None:
    screen = {"viewport": {"width": width, "height": 844}, "color_scheme": theme}
    page = opened(new_context, url, "teams", **screen)
    page.get_by_role("button", name="Edit as text").click()
    text_of(page, "teams").fill("default: {mode: offer}")
    page.get_by_role("button", name="Try it on a day").click()
    dialog = page.get_by_role("dialog", name="Try it on a day")
    expect(dialog.get_by_label("A past day")).to_be_focused()
    dialog.get_by_role("button", name="Run").press("Enter")
    expect(dialog.get_by_text("The teams are not right.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert").get_by_role("button")).to_have_text("Line 1")

    text_of(page, "teams").fill(TEAMS.replace("mode: claim", "mode: offers"))
    page.get_by_role("button", name="Try it on a day").click()
    dialog.get_by_role("button", name="Run").click()
    expect(dialog.get_by_role("heading", name="A made-up day")).to_be_visible()
    waits = dialog.get_by_role("region", name="Nine waits of ten end within")
    expect(waits.get_by_text("Everybody")).to_be_visible()
    check(page, f"trying, {theme}, {width}")
    dialog.get_by_role("button", name="Table").click()
    expect(dialog.get_by_role("columnheader", name="Gave up")).to_be_attached()
    check(page, f"trying as a table, {theme}, {width}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    dialog.get_by_label("A past day").fill("2001-02-03")
    dialog.get_by_role("button", name="Run").click()
    expect(
        dialog.get_by_text("Nobody asked for a person on 2001-02-03")
    ).to_be_visible()
    expect(version(page, 0)).to_be_attached()
