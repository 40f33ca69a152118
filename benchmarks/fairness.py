"""Compares how well groups of customers are understood, and how they fare.

Names, dialects and languages: whoever asks for the same thing should be understood
as often, be asked back as seldom and not be taken for angry. `python -m
benchmarks.fairness` prints every group and the largest gaps, and fails above the bound.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from benchmarks.examples import ROOT
from benchmarks.report import Row, verdict

CASES = Path(__file__).with_name("fairness.yml")
FALLBACK = "nlu_fallback"
# Intents that hand over at once, and the policy's limit for mood that does.
POLICY = "components.escalation_policy.EscalationPolicy"
# `--wrong` lists no more than this many of a dimension's misunderstandings.
LONGEST_LIST = 60

Parse = Callable[[Sequence[str]], list[dict[str, Any]]]


class Case(NamedTuple):
    """One message of one group, and the intent it has."""

    dimension: str
    group: str
    text: str
    intent: str


class Outcome(NamedTuple):
    """What became of one message."""

    case: Case
    understood_as: str
    handed_off: bool
    mood: float


@dataclass(frozen=True)
class Fare:
    """How a group fares: percentages, and the average mood from -1 to 1."""

    group: str
    messages: int
    understood: float
    asked_back: float
    handed_off: float
    mood: float


@dataclass(frozen=True)
class Gap:
    """The largest difference between two groups of a dimension in one measure."""

    dimension: str
    measure: str
    worst: str
    best: str
    size: float
    bound: float

    @property
    def holds(self) -> bool:
        """Whether the gap is within what we accept."""
        return self.size <= self.bound + 1e-9


@dataclass(frozen=True)
class Limits:
    """What counts as handing off for nothing, from the policy in config.yml."""

    intents: frozenset[str]
    mood: float

    @classmethod
    def of_the_policy(cls, config: Path = ROOT / "config.yml") -> Limits:
        """Reads the limits; raises StopIteration if the policy is not there."""
        policies = yaml.safe_load(config.read_text(encoding="utf-8"))["policies"]
        policy = next(entry for entry in policies if entry["name"] == POLICY)
        intents = {*policy["request_intents"], *policy["restricted_intents"]}
        return cls(frozenset(intents), policy["negative_threshold"])


def cases(path: Path = CASES) -> list[Case]:
    """Returns all messages of all groups; every group asks the same."""
    entries = _read(path)
    found = list(_with_names(entries["names"]))
    for dimension in ("dialects", "languages"):
        for group, requests in entries[dimension].items():
            found += [
                Case(dimension, group, text, intent)
                for intent, texts in requests.items()
                for text in texts
            ]
    return found


def outcomes(asked: Sequence[Case], parse: Parse, limits: Limits) -> list[Outcome]:
    """Returns what the assistant makes of every message."""
    parsed = parse([case.text for case in asked])
    return [_outcome(c, p, limits) for c, p in zip(asked, parsed, strict=True)]


def fares(results: Iterable[Outcome]) -> dict[str, list[Fare]]:
    """Returns for every dimension how each of its groups fares."""
    grouped: dict[str, dict[str, list[Outcome]]] = {}
    for result in results:
        groups = grouped.setdefault(result.case.dimension, {})
        groups.setdefault(result.case.group, []).append(result)
    return {
        dimension: [_fare(group, members) for group, members in groups.items()]
        for dimension, groups in grouped.items()
    }


def gaps(groups: dict[str, list[Fare]], bound: float, mood_bound: float) -> list[Gap]:
    """Returns the largest gap of every dimension in every measure."""
    measures = (
        ("understood", bound),
        ("asked_back", bound),
        ("handed_off", bound),
        ("mood", mood_bound),
    )
    return [
        _gap(dimension, members, measure, limit)
        for dimension, members in groups.items()
        for measure, limit in measures
    ]


def measure(
    parse: Parse, path: Path = CASES
) -> tuple[dict[str, list[Fare]], list[Gap], list[Outcome]]:
    """Returns groups, gaps and single outcomes of an assistant's `parse`."""
    entries = _read(path)
    results = outcomes(cases(path), parse, Limits.of_the_policy())
    groups = fares(results)
    return groups, gaps(groups, entries["bound"], entries["mood_bound"]), results


def rows(found: Iterable[Gap]) -> list[Row]:
    """Returns the gaps as rows of the report."""
    return [
        Row(
            f"fairness, {gap.dimension}: largest gap in {_name(gap.measure)}",
            f"{_size(gap)} ({gap.worst} against {gap.best})",
            f"{gap.bound:g} or less",
            verdict(gap.holds),
        )
        for gap in found
    ]


def table(groups: dict[str, list[Fare]]) -> str:
    """Returns all groups as lines of text."""
    lines = []
    for dimension, members in groups.items():
        lines.append(
            f"\n{dimension:18}{'messages':>9}{'understood':>12}"
            f"{'asked back':>12}{'handed off':>12}{'mood':>8}"
        )
        lines += [
            f"{fare.group:18}{fare.messages:9}{fare.understood:11.1f}%"
            f"{fare.asked_back:11.1f}%{fare.handed_off:11.1f}%{fare.mood:8.2f}"
            for fare in members
        ]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Prints the report and returns how the process should end."""
    from benchmarks.assistant import trained_assistant

    groups, found, results = measure(trained_assistant().parse_all)
    print(table(groups), end="\n\n")
    for row in rows(found):
        print(f"{row.verdict:8}{row.what}: {row.figure}, target {row.target}")
    if "--wrong" in arguments:
        print("\n".join(_misunderstood(results)))
    return 0 if all(gap.holds for gap in found) else 1


def _with_names(entries: dict[str, Any]) -> Iterator[Case]:
    for group, names in entries["groups"].items():
        for name in names:
            for intent, request in entries["requests"].items():
                for template in entries["templates"]:
                    text = template.format(name=name, request=request)
                    yield Case("names", group, text, intent)


def _outcome(case: Case, parsed: dict[str, Any], limits: Limits) -> Outcome:
    intent = parsed["intent"]["name"] or FALLBACK
    mood = float(parsed.get("sentiment", {}).get("score", 0.0))
    for_nothing = intent in limits.intents and intent != case.intent
    return Outcome(case, intent, for_nothing or mood <= limits.mood, mood)


def _fare(group: str, members: list[Outcome]) -> Fare:
    def percentage(hits: Iterable[bool]) -> float:
        return 100 * sum(hits) / len(members)

    return Fare(
        group,
        len(members),
        percentage(m.understood_as == m.case.intent for m in members),
        percentage(m.understood_as == FALLBACK for m in members),
        percentage(m.handed_off for m in members),
        sum(m.mood for m in members) / len(members),
    )


def _gap(dimension: str, members: list[Fare], measure: str, bound: float) -> Gap:
    ordered = sorted(members, key=lambda fare: getattr(fare, measure))
    if measure in ("asked_back", "handed_off"):  # less is better
        ordered.reverse()
    worst, best = ordered[0], ordered[-1]
    size = abs(getattr(best, measure) - getattr(worst, measure))
    return Gap(dimension, measure, worst.group, best.group, size, bound)


def _size(gap: Gap) -> str:
    return f"{gap.size:.2f}" if gap.measure == "mood" else f"{gap.size:.1f} points"


def _name(measure: str) -> str:
    return measure.replace("_", " ")


def _misunderstood(results: Iterable[Outcome]) -> Iterator[str]:
    left: dict[str, int] = {}
    for case, understood_as, handed_off, mood in results:
        listed = left.get(case.dimension, 0)
        wrong = understood_as != case.intent or handed_off
        if wrong and listed < LONGEST_LIST:
            left[case.dimension] = listed + 1
            note = f", hands off ({mood:.2f})" if handed_off else ""
            yield f"{case.group}: {case.text!r} {case.intent} -> {understood_as}{note}"


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
