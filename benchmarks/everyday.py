"""First messages as customers type them: right, asked back, or wrong and sure.

`offered`: asked back, with an acceptable reading among the buttons. `false and sure`:
something else was begun or told than anybody would accept.
"""

from __future__ import annotations

from typing import Any

from benchmarks.assistant import intent_of, trained_assistant
from benchmarks.cases import Case, halves
from components.fallback import READINGS
from components.several_requests import NO_REQUESTS

FALLBACK, ARTICLE, QUESTION = "nlu_fallback", "read_article", "ask_"
# What cases name that is more than one intent. All questions about the shop are one:
# articles overlap, and which one answers is measured with the articles.
GROUPS: dict[str, set[str]] = {
    "ask_availability": {"check_availability"},
    "ask_contact": {"request_human"},
    "fallback": {FALLBACK, "request_human"},
    "find_invoice": {"send_invoice"},
    "not_ours": {FALLBACK},
    "send_invoice": {"find_invoice"},
}
NO_QUESTIONS = {"ask_bot", "ask_why"}
REACH = {"right": 0.88, "false and sure": 0.04}
REACH_LANGUAGE = {"right": 0.78}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for each half, and for each of its languages.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant, rows = trained_assistant(), []
    for half, cases in halves("everyday", quick):
        parsed = assistant.parse_all(case["text"] for case in cases)
        judged = [
            (case["language"], _judge(case, one))
            for case, one in zip(cases, parsed, strict=True)
        ]
        rows.append(_row(half, [found for _, found in judged], REACH))
        for code in dict.fromkeys(language for language, _ in judged):
            spoken = [found for language, found in judged if language == code]
            rows.append(_row(f"{half}: {code}", spoken, REACH_LANGUAGE))
    return rows


def _judge(case: Case, parsed: dict[str, Any]) -> str:
    intent = intent_of(parsed)
    if _is_ok(intent, case):
        return "right"
    if intent != FALLBACK:
        return "unhelpful" if intent in NO_REQUESTS else "false and sure"
    offered = [one for one in parsed.get(READINGS) or [] if one != FALLBACK]
    return "offered" if any(_is_ok(one, case) for one in offered) else "unhelpful"


def _is_ok(intent: str, case: Case) -> bool:
    is_question = intent == ARTICLE or (
        intent.startswith(QUESTION) and intent not in NO_QUESTIONS
    )
    return any(
        intent == named
        or intent in GROUPS.get(named, ())
        or (is_question and named.startswith(QUESTION) and named not in NO_QUESTIONS)
        for named in case["ok"]
    )


def _row(what: str, judged: list[str], reach: dict[str, float]) -> Row:
    shares = {
        name: judged.count(name) / len(judged)
        for name in ("right", "offered", "false and sure")
    }
    return {"what": f"{what} ({len(judged)})", **shares, "reach": reach}
