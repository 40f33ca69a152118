"""What is not the shop's business, and requests in the same words that are.

The cases are in `benchmarks/cases/not_ours.yml`; every other one of a language was kept
while building. Taken for ours is what starts anything or gets an article: all but the
fallback. `honest line` counts those which are answered without a guess as a button.
"""

from __future__ import annotations

from typing import Any

from benchmarks.article_cases import Answers
from benchmarks.assistant import TrainedAssistant, trained_assistant
from benchmarks.cases import Case, alternately, halves

FALLBACK = "nlu_fallback"
LEGAL = "raise_legal_issue"
REACH = {"not taken": 0.95, "right": 0.95, "false legal matters": 0.0}
# What answers the same request as well.
ALSO: dict[str, set[str]] = {
    "ask_payment_methods": {"ask_pay_in_instalments", "ask_other_ways_to_pay"},
    "ask_pay_in_instalments": {"ask_payment_methods", "ask_other_ways_to_pay"},
    "ask_refund_policy": {"ask_return_policy"},
    "check_order_status": {"ask_lost_parcel", "ask_delivery_day"},
    "find_invoice": {"send_invoice"},
    "send_invoice": {"find_invoice"},
}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for others' business and one for look-alikes, of each half.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant, answers = trained_assistant(), Answers()
    rows = []
    for half, cases in halves("not_ours", quick):
        others = [case for case in cases if case.get("ours") is False]
        ours = [case for case in cases if "intent" in case]
        for told, judge in ((others, _others), (ours, _ours)):
            # Only our own cases were tuned on.
            parts = alternately(told) if half == "own" else [("all", told)]
            rows += [
                judge(f"{half}, {part}", some, assistant, answers)
                for part, some in parts
                if some
            ]
    return rows


def _others(
    which: str, cases: list[Case], assistant: TrainedAssistant, answers: Answers
) -> Row:
    parsed = assistant.parse_all(case["text"] for case in cases)
    told = [
        (case["text"], answers.answer(one), one)
        for case, one in zip(cases, parsed, strict=True)
    ]
    left = [one for _, answer, one in told if answer == FALLBACK]
    return {
        "what": f"not our business, {which} ({len(cases)})",
        "not taken": len(left) / len(cases),
        "honest line": sum(map(_has_no_guess, left)) / len(cases),
        "false legal matters": sum(a == LEGAL for _, a, _ in told) / len(cases),
        "taken": [(text, answer) for text, answer, _ in told if answer != FALLBACK],
        "reach": REACH,
    }


def _has_no_guess(parsed: dict[str, Any]) -> bool:
    readings = set(parsed.get("readings") or ()) - {FALLBACK}
    offered = [a for a in parsed["articles"] if a["certainty"] != "unlikely"]
    return not readings and not offered


def _ours(
    which: str, cases: list[Case], assistant: TrainedAssistant, answers: Answers
) -> Row:
    parsed = assistant.parse_all(case["text"] for case in cases)
    wrong = [
        (case["text"], one["intent"])
        for case, one in zip(cases, parsed, strict=True)
        if not answers.is_of({case["intent"], *ALSO.get(case["intent"], ())}, one)
    ]
    return {
        "what": f"ours in the same words, {which} ({len(cases)})",
        "right": 1 - len(wrong) / len(cases),
        "wrong": wrong,
        "reach": REACH,
    }


if __name__ == "__main__":
    for line in run():
        print(line)
