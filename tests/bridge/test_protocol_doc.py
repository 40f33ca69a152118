"""docs/protocol.md says what protocol.py, errors.py and the routes are."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from handoff_bridge import protocol
from handoff_bridge.conversation.entries import Entry
from handoff_bridge.edges import api
from handoff_bridge.edges.limits import Limiter
from handoff_bridge.errors import BridgeError, all_errors
from handoff_bridge.service.receive import RESERVED
from handoff_bridge.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTIONS = {
    "Customers send": list(protocol.CUSTOMER_CALLS),
    "Customers receive": list(protocol.CUSTOMER_EVENTS),
    "Agents call": [*protocol.INBOX_CALLS, *protocol.INBOX_CALLS_TO_COME],
    "Agents receive": list(protocol.INBOX_EVENTS),
}


def section(title: str) -> str:
    text = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    assert text, f"no section {title}"
    return text


def parts(title: str) -> dict[str, str]:
    """The text under each `###` heading of a section."""
    found = re.split(r"^### `(\w+)`$", section(title), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


@pytest.mark.parametrize("title", SECTIONS)
def test_every_event_has_a_heading_and_no_other_has(title: str) -> None:
    assert sorted(parts(title)) == sorted(SECTIONS[title])


@pytest.mark.parametrize(
    ("title", "calls"),
    [
        ("Customers send", protocol.CUSTOMER_CALLS),
        ("Agents call", protocol.INBOX_CALLS),
    ],
)
def test_every_field_of_a_call_is_named_under_it(
    title: str, calls: dict[str, type[protocol.Payload]]
) -> None:
    told = parts(title)
    for event, payload in calls.items():
        for field in payload.model_fields:
            assert re.search(rf"\b{field}\b", told[event]), (event, field)


def test_calls_to_come_say_that_they_are() -> None:
    told = parts("Agents call")
    for event in protocol.INBOX_CALLS_TO_COME:
        assert told[event].strip() == "Answered `not_available`."


def test_every_error_is_listed_with_its_status_and_sentence() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \|$", section("Errors"), re.M)
    errors = sorted([BridgeError, *all_errors()], key=lambda error: error.code)
    assert rows == [(e.code, str(e.status), e.sentence) for e in errors]


def test_every_route_is_listed_and_no_other() -> None:
    listed = set(re.findall(r"^\| `([A-Z]+) ([^`]+)` \|", section("HTTP"), re.M))
    built = {
        (method, route.path)
        for route in api.router.routes
        for method in route.methods  # type: ignore[attr-defined]
    }
    assert listed == built


def test_every_type_of_the_log_is_listed() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", section("The log"), re.MULTILINE))
    appended = {
        str(node.args[0].value)
        for path in (ROOT / "handoff_bridge" / "handoff_bridge").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func).endswith(("unit.append", "self.append"))
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert listed == appended | {entry.type for entry in get_args(Entry)}


def test_numbers_on_the_page_are_the_real_ones() -> None:
    assert f"{protocol.MAX_MESSAGE_CHARS:,} characters" in PAGE
    assert f"{protocol.MAX_WIRE_BYTES // 1024**2} MB on the wire" in PAGE
    assert f"nesting deeper than {protocol.MAX_DEPTH}" in PAGE
    assert f"list, up to {protocol.MAX_ATTACHMENTS}" in PAGE
    assert all(f"`{prefix}`" in PAGE for prefix in RESERVED)
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    for name, words in (
        ("message_limits", "20 a second, 120 a minute"),
        ("session_limits", "| 120 a minute |"),
        ("login_limits", "| 10 a minute |"),
    ):
        assert words in section("Limits"), name
        numbers = re.findall(r"\d+", defaults[name])
        assert numbers == re.findall(r"\d+", words), name
        Limiter(defaults[name])


def test_page_names_no_place_outside_itself_that_is_not_there() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        path, _, anchor = target.partition("#")
        if path:
            assert (ROOT / "docs" / path).exists(), target
        else:
            assert anchor in anchors(), target


def anchors() -> set[str]:
    titles = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
