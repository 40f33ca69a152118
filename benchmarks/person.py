"""Messages that ask for a person: how many are heard, how many only seemed to.

Each message goes through the trained pipeline and the escalation's decision, as the
first of a chat.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from benchmarks.assistant import TrainedAssistant, trained_assistant
from benchmarks.cases import QUICKLY, halves
from benchmarks.examples import ROOT, fresh_languages, fresh_messages
from benchmarks.public_sets import BITEXT, read
from benchmarks.replay import configured
from components.escalation import CUSTOMER_REQUEST, escalation_decision

ASKED = "request_human"
HEARD = {"en": 0.95, "es": 0.92, "de": 0.92, "fr": 0.92}
# 4 of 200 that sound like it, 3 of 1,000 ordinary ones.
FALSE_OF_HARD, FALSE_OF_ORDINARY = 0.02, 0.003
CLINC = "clinc150_test_public.jsonl"
# Every so many of a public set, which makes a thousand.
SPARSELY = {BITEXT: 16, CLINC: 10}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns rows for each half of the cases and for ordinary messages.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant, rows = trained_assistant(), []
    for half, cases in halves("person", quick):
        for language, least in HEARD.items():
            own = [one for one in cases if one["language"] == language]
            due = [one["text"] for one in own if one["asked"]]
            found = asked_for(assistant, due)
            missed = [text for text, yes in zip(due, found, strict=True) if not yes]
            rows.append(
                {
                    "what": f"{half}: asked for in {language} ({len(due)})",
                    "heard": 1 - len(missed) / max(len(due), 1),
                    "missed": missed,
                    "reach": {"heard": least},
                }
            )
        calm = [one["text"] for one in cases if not one["asked"]]
        rows.append(_false(assistant, f"{half}: sounds like it", calm, FALSE_OF_HARD))
    for name, texts in ordinary(quick):
        rows.append(_false(assistant, name, texts, FALSE_OF_ORDINARY))
    return rows


def asked_for(assistant: TrainedAssistant, texts: list[str]) -> list[bool]:
    """Returns whether a person is brought in because each text asks for one."""
    limits, found = configured(), []
    for parsed in assistant.parse_all(texts):
        said = {"event": "user", "text": parsed.get("text"), "parse_data": parsed}
        decision = escalation_decision([said], limits)
        found.append(decision is not None and CUSTOMER_REQUEST in decision.triggers)
    return found


def ordinary(quick: bool) -> Iterator[tuple[str, list[str]]]:
    """Yields sets of messages that ask for no person, as far as they are there."""
    fresh = [one for code in fresh_languages() for one in fresh_messages(code)]
    yield "our fresh messages", [one.text for one in fresh if one.intent != ASKED]
    file = ROOT / "benchmarks" / "bitext_intents.yml"
    theirs = yaml.safe_load(file.read_text("utf-8"))
    for name, step in SPARSELY.items():
        try:
            known = [one for one in read(name) if theirs.get(one.intent) != ASKED]
        except FileNotFoundError:
            continue
        step *= QUICKLY if quick else 1
        yield name.split("_")[0], [one.text for one in known[::step]]


def _false(
    assistant: TrainedAssistant, name: str, texts: list[str], most: float
) -> Row:
    found = asked_for(assistant, texts)
    alarms = [text for text, yes in zip(texts, found, strict=True) if yes]
    return {
        "what": f"{name} ({len(texts)}), {len(alarms)} handed off",
        "false": len(alarms) / max(len(texts), 1),
        "alarms": alarms,
        "reach": {"false": most},
    }


if __name__ == "__main__":
    for line in run():
        print(line)
