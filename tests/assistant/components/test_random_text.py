"""Any text at all: heard, split and judged without an error, and never in private."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tracker_events import said

from channels.plain_text import as_plain_text
from components.clauses import MAX_CLAUSES, MAX_PARTS, clauses, parts
from components.escalation import escalation_decision
from components.escalation_thresholds import Thresholds
from components.several_requests import distinct_requests

ODD = st.one_of(
    st.text(max_size=300),
    st.text(alphabet=" \t\n\u200b\u00a0/{}\\<>'\"#@!?.,;:0123456789", max_size=120),
    st.lists(st.sampled_from(["and", "?", "cancel it", "HP-10428", "/", "{slot}"])).map(
        " ".join
    ),
)


@given(ODD)
@example("/restart")
@example("\u2003/cancel_order{}")
@settings(deadline=None)
def test_no_text_is_read_as_an_intent(text: str) -> None:
    assert not as_plain_text(text).strip().startswith("/")


@given(ODD)
@settings(deadline=None)
def test_clauses_are_parts_of_the_message(text: str) -> None:
    found = clauses(text)
    assert len(found) != 1 and len(found) <= MAX_CLAUSES
    assert all(part and part in text for part in found)


@given(ODD)
@example('0 0 0 1" 0 "')
@example("0 0 1: 0 0 0")
@settings(deadline=None)
def test_parts_have_no_other_words_than_the_message(text: str) -> None:
    found = parts(text)
    # Marks between parts are left out, also those within a word.
    words = set(re.findall(r"\w+", text))
    assert len(found) <= MAX_PARTS
    assert all(part and set(re.findall(r"\w+", part)) <= words for part in found)


@given(ODD, st.floats(-1, 1), st.sampled_from(["nlu_fallback", "inform", "stop"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_words_alone_bring_in_nobody(text: str, mood: float, intent: str) -> None:
    message = said(intent, mood=max(mood, -0.29))
    message["text"] = message["parse_data"]["text"] = text
    assert escalation_decision([message], Thresholds()) is None
    assert distinct_requests(message["parse_data"], [message["parse_data"]]) == []


@pytest.mark.parametrize("size", [5_000, 50_000])
@pytest.mark.parametrize("piece", ["and ", "a", "a. ", ", ", "? ", "I want to ", " "])
@pytest.mark.timeout(10)
def test_long_messages_are_split_in_no_time(piece: str, size: int) -> None:
    text = piece * (size // len(piece))
    assert clauses(text) == [] and parts(text) == []
    assert re.sub(r"\s", "", as_plain_text(text)) == re.sub(r"\s", "", text)
