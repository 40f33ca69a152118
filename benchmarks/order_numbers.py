"""Order numbers in messages: those meant, however written, and numbers that are none.

Each message goes through the trained pipeline, whose entities fill the forms.
"""

from __future__ import annotations

from typing import Any

from benchmarks.assistant import TrainedAssistant, trained_assistant
from benchmarks.cases import Case, halves
from components.several_requests import ORDER_NUMBER

# Not to take a postcode for an order counts as much as to read one that is spelt out.
REACH = {"read": 0.95, "false": 0.05}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for each half that is there.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant = trained_assistant()
    return [
        _row(half, cases, assistant) for half, cases in halves("order_numbers", quick)
    ]


def _row(half: str, cases: list[Case], assistant: TrainedAssistant) -> Row:
    parsed = assistant.parse_all(str(case["text"]) for case in cases)
    found = [(case, _numbers(one)) for case, one in zip(cases, parsed, strict=True)]
    due = [(case, numbers) for case, numbers in found if case["order_numbers"]]
    none = [(case, numbers) for case, numbers in found if not case["order_numbers"]]
    wrong = [
        (case["text"], case["order_numbers"], numbers)
        for case, numbers in found
        if sorted(numbers) != sorted(case["order_numbers"])
    ]
    read = sum(sorted(numbers) == sorted(c["order_numbers"]) for c, numbers in due)
    return {
        "what": f"order numbers, {half} ({len(due)}), and other numbers ({len(none)})",
        "read": read / max(len(due), 1),
        "false": sum(bool(numbers) for _, numbers in none) / max(len(none), 1),
        "wrong": wrong,
        "reach": REACH,
    }


def _numbers(parsed: dict[str, Any]) -> list[str]:
    entities = parsed.get("entities") or []
    named = {e["value"] for e in entities if e.get("entity") == ORDER_NUMBER}
    return sorted(map(str, named))


if __name__ == "__main__":
    for line in run():
        print(line)
