"""Requests among other words: understood as their bare clause is, and none made up.

The cases are in `benchmarks/cases/clauses.yml`; every other one of a language was kept
while building.
"""

from __future__ import annotations

from typing import Any

from benchmarks.assistant import TrainedAssistant, intent_of, trained_assistant
from benchmarks.cases import Case, alternately, halves

REACH = {"of the bare clause": 0.90, "false requests": 0.10}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns rows for each half: requests by language, and what is only told of.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant = trained_assistant()
    rows = []
    for half, cases in halves("clauses", quick):
        asked = [case for case in cases if "clause" in case]
        told = [case for case in cases if "never" in case]
        for part, some in alternately(asked):
            rows.append(_asked(f"{half}, {part}", some, assistant))
        for language in dict.fromkeys(case["language"] for case in asked):
            some = [case for case in asked if case["language"] == language]
            rows.append(_asked(f"{half}, {language}", some, assistant))
        for part, some in alternately(told):
            rows.append(_told(f"{half}, {part}", some, assistant))
    return rows


def _asked(which: str, cases: list[Case], assistant: TrainedAssistant) -> Row:
    bare = assistant.parse_all(case["clause"] for case in cases)
    embedded = assistant.parse_all(case["text"] for case in cases)
    heard = [
        (case, intent_of(whole))
        for case, clause, whole in zip(cases, bare, embedded, strict=True)
        if intent_of(clause) == case["intent"]
    ]
    wrong = [(case["text"], name) for case, name in heard if name != case["intent"]]
    return {
        "what": f"requests among other words, {which} ({len(cases)})",
        "of the bare clause": 1 - len(wrong) / max(len(heard), 1),
        "bare clause right": len(heard) / len(cases),
        "wrong": wrong,
        "reach": REACH,
    }


def _told(which: str, cases: list[Case], assistant: TrainedAssistant) -> Row:
    parsed = assistant.parse_all(case["text"] for case in cases)
    begun = [
        case["text"]
        for case, one in zip(cases, parsed, strict=True)
        if intent_of(one) == case["never"]
    ]
    return {
        "what": f"only told of or imagined, {which} ({len(cases)})",
        "false requests": len(begun) / len(cases),
        "begun": begun,
        "reach": REACH,
    }


if __name__ == "__main__":
    for line in run():
        print(line)
