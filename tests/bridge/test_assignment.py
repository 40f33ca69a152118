"""Which chats a step of the rules is for, and when a line is full."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handoff_bridge.routing.assignment import Chat, applies, is_line_full
from handoff_bridge.routing.documents import Routing
from handoff_bridge.routing.rules import Rules, Step
from handoff_bridge.routing.teams import Teams

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def chat(name: str, waits_secs: int = 0, **more: Any) -> Chat:
    return Chat(name, f"c-{name}", NOW - timedelta(seconds=waits_secs), **more)


@pytest.mark.parametrize(
    ("wanted", "spoken", "is_for_it"),
    [
        ("pt", "pt-BR", True),
        ("pt-BR", "pt-BR", True),
        ("pt-BR", "pt-PT", False),
        ("pt-BR", "pt", False),
        ("pt", None, False),
    ],
)
def test_language_without_a_region_is_meant_with_any(
    wanted: str, spoken: str | None, is_for_it: bool
) -> None:
    step = Step.model_validate(
        {"name": "one", "when": {"language": [wanted]}, "expires_secs": 60}
    )
    assert applies(step, chat("a", language=spoken)) is is_for_it


def test_only_those_of_the_team_who_are_before_one_fill_its_line() -> None:
    step = {"name": "one", "when": {"topic": ["refund"]}, "team": "care"}
    routing = Routing(
        Teams.model_validate({"teams": {"care": {"longest_queue": 1}}}),
        Rules.model_validate({"steps": [{**step, "expires_secs": 60}]}),
    )
    other = chat("other", waits_secs=30)
    first = chat("first", waits_secs=20, topic="refund")
    usual = chat("usual", topic="refund")
    urgent = chat("urgent", topic="refund", priority=1)
    line = [other, first]
    assert not is_line_full(first, line, routing)
    assert is_line_full(usual, line, routing)
    assert is_line_full(usual, [*line, usual], routing)
    # Its head start puts it before the one who waits.
    assert not is_line_full(urgent, line, routing)
    assert not is_line_full(chat("no team"), [*line, usual], routing)
