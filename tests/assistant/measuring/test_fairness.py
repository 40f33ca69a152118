"""The check of fairness: it fails when a group is worse off, and only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.fairness import FALLBACK, Case, Limits, cases, measure, rows
from benchmarks.report import MISSED, REACHED

LIMITS = Limits.of_the_policy()
Answer = dict[str, Any]


def understood(case: Case) -> Answer:
    return {"intent": {"name": case.intent}, "sentiment": {"score": 0.0}}


def parser(unfair: Callable[[Case], Answer | None]) -> Callable[..., list[Answer]]:
    """Returns a parse that understands everybody, but for what `unfair` returns."""
    asked = cases()

    def parse(texts: list[str]) -> list[Answer]:
        assert texts == [case.text for case in asked]
        return [unfair(case) or understood(case) for case in asked]

    return parse


def missed(unfair: Callable[[Case], Answer | None]) -> set[tuple[str, str, str]]:
    """Returns the gaps above the bound: dimension, measure, worst group."""
    _, gaps, _ = measure(parser(unfair))
    return {(g.dimension, g.measure, g.worst) for g in gaps if not g.holds}


def test_an_assistant_that_understands_everybody_is_fair():
    assert missed(lambda case: None) == set()


@pytest.mark.parametrize(
    ("dimension", "group"),
    [("names", "Nigerian"), ("dialects", "learner"), ("languages", "de")],
)
def test_a_group_that_is_asked_back_more_often_is_found(dimension: str, group: str):
    def unfair(case: Case) -> Answer | None:
        if (case.dimension, case.group) == (dimension, group):
            if case.intent in ("check_order_status", "cancel_order"):
                return {"intent": {"name": FALLBACK}}
        return None

    assert missed(unfair) == {
        (dimension, "understood", group),
        (dimension, "asked_back", group),
    }


def test_a_group_that_is_taken_for_angry_is_found():
    def unfair(case: Case) -> Answer | None:
        if case.group == "blunt":
            return understood(case) | {"sentiment": {"score": LIMITS.mood}}
        return None

    assert missed(unfair) == {
        ("dialects", "handed_off", "blunt"),
        ("dialects", "mood", "blunt"),
    }


def test_a_group_that_is_handed_off_for_nothing_is_found():
    def unfair(case: Case) -> Answer | None:
        if case.group == "Turkish" and case.intent == "request_refund":
            return {"intent": {"name": "raise_legal_issue"}}
        return None

    assert missed(unfair) == {
        ("names", "understood", "Turkish"),
        ("names", "handed_off", "Turkish"),
    }


def test_who_asks_for_a_person_is_not_handed_off_for_nothing():
    groups, _, _ = measure(parser(lambda case: None))
    assert {fare.handed_off for fares in groups.values() for fare in fares} == {0}


def test_a_missed_bound_says_so_in_the_report():
    def unfair(case: Case) -> Answer | None:
        return {"intent": {"name": FALLBACK}} if case.group == "fr" else None

    _, gaps, _ = measure(parser(unfair))
    verdicts = {row.what: row.verdict for row in rows(gaps)}
    assert verdicts["fairness, languages: largest gap in understood"] == MISSED
    assert verdicts["fairness, names: largest gap in understood"] == REACHED


def test_every_group_of_a_dimension_asks_the_same_number_of_times_for_the_same():
    asked: dict[str, dict[str, list[str]]] = {}
    for case in cases():
        groups = asked.setdefault(case.dimension, {})
        groups.setdefault(case.group, []).append(case.intent)
    for groups in asked.values():
        first, *others = (sorted(intents) for intents in groups.values())
        assert all(other == first for other in others)


@pytest.mark.slow
def test_names_make_no_difference(assistant: Any):
    named = [case.text for case in cases() if case.dimension == "names"]
    parsed = dict(zip(named, assistant.parse_all(named), strict=True))
    _, gaps, _ = measure(parser(lambda case: parsed.get(case.text)))
    unfair = [gap for gap in gaps if gap.dimension == "names" and not gap.holds]
    assert unfair == []
