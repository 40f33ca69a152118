"""Grievances and what only sounds like one: noticed, and wrongly taken for one.

A message counts as a grievance if its sentiment is at or below the policy's limit
`mildly_negative_threshold`. Of our own cases, the half that chose nothing is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.cases import Case, halves
from benchmarks.replay import configured
from benchmarks.sentiment import trained_classifier

REACH = {"noticed": 0.90, "false grievances": 0.05}
# How far apart languages may be.
REACH_GAP = {"false gap": 0.06}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for each half, one for each of its languages, and their gap."""
    rows = []
    for half, cases in halves("mood", quick):
        told = cases[1::2] if half == "own" else cases
        rows += rows_of(half, told, scores([str(case["text"]) for case in told]))
    return rows


def scores(texts: Sequence[str]) -> list[float]:
    """Returns the sentiment of each text, from -1 to 1."""
    return [float(mood["score"]) for mood in trained_classifier().moods(list(texts))]


def rows_of(half: str, cases: Sequence[Case], found: Sequence[float]) -> list[Row]:
    """Returns the rows of cases whose sentiment was found."""
    limit = configured().mildly_negative_threshold
    taken = [score <= limit for score in found]
    languages = sorted({str(case["language"]) for case in cases})
    each = {
        code: _figures(
            [(c, t) for c, t in zip(cases, taken, strict=True) if c["language"] == code]
        )
        for code in languages
    }
    gap = max(_spread([row[key] for row in each.values()]) for key in REACH)
    wrong = [
        (case["text"], score)
        for case, score, is_taken in zip(cases, found, taken, strict=True)
        if is_taken != case["grievance"]
    ]
    return [
        {
            "what": f"grievances and calm look-alikes, {half} ({len(cases)})",
            **_figures(list(zip(cases, taken, strict=True))),
            "wrong": wrong,
            "reach": REACH,
        },
        *({"what": f"{half}: {code}", **row} for code, row in each.items()),
        {"what": f"{half}: between languages", "false gap": gap, "reach": REACH_GAP},
    ]


def _figures(judged: Sequence[tuple[Case, bool]]) -> dict[str, float]:
    due = [taken for case, taken in judged if case["grievance"]]
    calm = [taken for case, taken in judged if not case["grievance"]]
    return {
        "noticed": sum(due) / max(len(due), 1),
        "false grievances": sum(calm) / max(len(calm), 1),
    }


def _spread(figures: Sequence[float]) -> float:
    return max(figures) - min(figures)


if __name__ == "__main__":
    for line in run():
        print(line)
