"""docs/protocol.md says what protocol.py, errors.py and the routes are."""

import re
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, RootModel

from handoff_bridge.conversation import events
from handoff_bridge.edges import api
from handoff_bridge.edges.limits import Limiter
from handoff_bridge.errors import BridgeError, all_errors
from handoff_bridge.protocol import customer, inbox, parsing
from handoff_bridge.service.receive import RESERVED
from handoff_bridge.settings import Settings
from tests.bridge.support.published import description

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTIONS = {
    "Customers send": list(customer.CUSTOMER_CALLS),
    "Customers receive": list(customer.CUSTOMER_EVENTS),
    "Agents call": list(inbox.INBOX_CALLS),
    "Agents receive": list(inbox.INBOX_EVENTS),
}

CALLS = {
    "Customers send": customer.CUSTOMER_CALLS,
    "Agents call": inbox.INBOX_CALLS,
}
ACKS = {"Customers send": customer.CUSTOMER_ACKS, "Agents call": inbox.INBOX_ACKS}
EVENTS = {
    "Customers receive": customer.CUSTOMER_EVENTS,
    "Agents receive": inbox.INBOX_EVENTS,
}
# Of the assistant's report, which the page only begins to list.
NOT_LISTED_OF_A_TURN = (
    "message_ids articles slots_set active_loop requested_slot trigger failed_action "
    "turns epoch"
).split()


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


def test_every_field_of_a_call_is_named_under_it() -> None:
    for title, calls in CALLS.items():
        for event, payload in calls.items():
            told = parts(title)[event]
            assert unnamed(payload, told) == set(), event


def test_every_field_of_an_ack_is_named_under_its_call() -> None:
    for title, acks in ACKS.items():
        for event, ack in acks.items():
            told = parts(title)[event]
            if set(ack.model_fields) - {"ok"}:
                assert unnamed(ack, told) - {"ok"} == set(), event


def test_every_field_of_an_event_is_named_under_it() -> None:
    for title, payloads in EVENTS.items():
        for event, payload in payloads.items():
            if not issubclass(payload, RootModel | customer.ChatMessage):
                assert unnamed(payload, parts(title)[event]) == set(), event
    message = parts("Customers receive")["bot_uttered"]
    assert unnamed(customer.ChatMessage, message) == set()
    assert unnamed(inbox.Row, section("A handoff as a row")) == set()
    for model in (inbox.Self, inbox.Colleague):
        assert unnamed(model, parts("Agents receive")["snapshot"]) == set()


def test_every_field_of_the_log_is_named_in_its_line() -> None:
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (.+) \|$", section("The log"), re.MULTILINE)
    )
    assert list(rows) == list(events.EVENTS)
    for kind, entry in events.EVENTS.items():
        own = set(entry.model_fields) - set(events.Entry.model_fields) - {"type"}
        if kind == "turn":
            own -= {*NOT_LISTED_OF_A_TURN}
        named = {"from_": "from"}
        missing = {
            name for name in own if f"`{named.get(name, name)}" not in rows[kind]
        }
        assert missing == set(), kind


def test_every_answer_over_http_is_told() -> None:
    rows = re.findall(r"^\| `([A-Z]+) ([^`]+)` \|(.+)\|$", section("HTTP"), re.M)
    described = description()
    for method, path, told in rows:
        answers = described["paths"][path][method.lower()]["responses"]
        content = answers["200"]["content"].get("application/json")
        if content is None or path.endswith("/{handoff_id}"):
            continue  # a photo; the packet, which has a page of its own
        name = content["schema"]["$ref"].rpartition("/")[2]
        fields = described["components"]["schemas"][name]["properties"]
        for field in set(fields) - {"ok"}:
            assert re.search(rf"\b{field}\b", told), (path, field)


def unnamed(model: type[BaseModel], told: str) -> set[str]:
    """The fields of a model that a text does not name."""
    return {name for name in model.model_fields if not re.search(rf"\b{name}\b", told)}


def test_every_error_is_listed_with_its_status_and_sentence() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \|$", section("Errors"), re.M)
    errors = sorted([BridgeError, *all_errors()], key=lambda error: error.code)
    assert rows == [(e.code, str(e.status), e.sentence) for e in errors]


def test_every_route_is_listed_and_no_other() -> None:
    listed = set(re.findall(r"^\| `([A-Z]+) ([^`]+)` \|", section("HTTP"), re.M))
    built = {
        (method, route.path)
        for route in iter_route_contexts(api.router.routes)
        for method in route.methods or ()
    }
    assert listed == built


def test_numbers_on_the_page_are_the_real_ones() -> None:
    assert f"{parsing.MAX_MESSAGE_CHARS:,} characters" in PAGE
    assert f"{parsing.MAX_WIRE_BYTES // 1024**2} MB on the wire" in PAGE
    assert f"nesting deeper than {parsing.MAX_DEPTH}" in PAGE
    assert f"list, up to {customer.MAX_ATTACHMENTS}" in PAGE
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
