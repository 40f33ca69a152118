"""Messages that need a person with care: how many are heard, how many made up.

Each message goes through the trained pipeline and the escalation's decision. There may
be a second file of cases, by other writers; each file has its own rows.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from benchmarks.assistant import TrainedAssistant, trained_assistant
from benchmarks.cases import QUICKLY
from benchmarks.examples import ROOT
from benchmarks.replay import configured
from components.escalation import SENSITIVE_SITUATION, escalation_decision

CASES = ROOT / "benchmarks" / "cases"
FILES = {"own": "sensitive.yml", "held out": "sensitive_held_out.yml"}
# 3 of 300 ordinary messages.
REACH = {"heard": 0.95, "false alarms": 0.01}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns the rows of each file that is there, with the messages that went wrong.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant, rows = trained_assistant(), []
    for whose, name in FILES.items():
        if (CASES / name).exists():
            cases = read_cases(CASES / name)[:: QUICKLY if quick else 1]
            rows += _rows(whose, cases, situations(assistant, cases))
    return rows


def read_cases(path: Path) -> list[dict[str, Any]]:
    """Returns `{language, text, kind, sensitive}`: a list, or the one of a mapping."""
    content = read_yaml_file(path)
    if isinstance(content, dict):
        content = next(part for part in content.values() if isinstance(part, list))
    return [dict(case) for case in content]


def situations(
    assistant: TrainedAssistant, cases: list[dict[str, Any]]
) -> list[str | None]:
    """Returns what a first message of each text is handed off as."""
    limits = configured()
    parsed = assistant.parse_all(str(case["text"]) for case in cases)
    made = [escalation_decision([_said(one)], limits) for one in parsed]
    return [
        decision.evidence["situation"]
        if decision and SENSITIVE_SITUATION in decision.triggers
        else None
        for decision in made
    ]


def _said(parsed: dict[str, Any]) -> dict[str, Any]:
    return {"event": "user", "text": parsed.get("text"), "parse_data": parsed}


def _rows(
    whose: str, cases: list[dict[str, Any]], found: list[str | None]
) -> list[Row]:
    due = [
        (case, kind)
        for case, kind in zip(cases, found, strict=True)
        if case["sensitive"]
    ]
    calm = [
        (case, kind)
        for case, kind in zip(cases, found, strict=True)
        if not case["sensitive"]
    ]
    missed = [case for case, kind in due if kind is None]
    alarms = [(case["text"], kind) for case, kind in calm if kind]
    right = Counter(kind == case["kind"] for case, kind in due if kind)
    return [
        {
            "what": f"{whose}: in need of care ({len(due)})",
            "heard": round(1 - len(missed) / max(len(due), 1), 3),
            "right kind": round(right[True] / max(sum(right.values()), 1), 3),
            "missed": [(case["kind"], case["text"]) for case in missed],
            "reach": REACH,
        },
        {
            "what": f"{whose}: ordinary ({len(calm)}), {len(alarms)} taken for one",
            "false alarms": round(len(alarms) / max(len(calm), 1), 4),
            "alarms": alarms,
            "reach": REACH,
        },
    ]


if __name__ == "__main__":
    for line in run():
        print(line)
