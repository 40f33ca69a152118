"""Replays dialogues through the trained understanding and the escalation's decision.

Nothing is served: what the assistant answered is written in the dialogues. A handoff
counts as caught if it comes at the message where it is due or the one after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from statistics import mean
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.utils.io import read_yaml_file

from benchmarks.assistant import MODEL, trained_assistant
from benchmarks.examples import ROOT
from benchmarks.transfer import TOLERANCES, transfer_score
from channels.plain_text import as_plain_text
from channels.several_requests import requests_in
from components.escalation import escalation_decision
from components.escalation_thresholds import Thresholds

FILE = ROOT / "benchmarks" / "dialogues.yml"
POLICY = "components.escalation_policy.EscalationPolicy"
LATE = 1
REACH = {"caught": 0.85, "false handoffs": 0.10}

Row = dict[str, Any]


@dataclass(frozen=True)
class Dialogue:
    """Tracker events of each turn, and the turn at which a person is due (or None)."""

    texts: tuple[str, ...]
    turns: tuple[tuple[dict[str, Any], ...], ...]
    due: int | None

    def handoff(self, limits: Thresholds) -> tuple[int, str] | None:
        """Returns the turn at which the assistant brings in a person, and why."""
        events: list[dict[str, Any]] = []
        for number, turn in enumerate(self.turns):
            for event in turn:
                events.append(event)
                if event["event"] not in ("user", "slot"):
                    continue
                decision = escalation_decision(events, limits)
                if decision:
                    return number, decision.trigger
        return None


def run(quick: bool = False) -> list[Row]:
    """Returns a row for the reporting half, with the dialogues that went wrong.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    _, half = halves(dialogues())
    return [{"what": f"replayed dialogues ({len(half)})", **score(half, configured())}]


def halves(played: Sequence[Dialogue]) -> tuple[list[Dialogue], list[Dialogue]]:
    """Returns the dialogues that choose thresholds, and those that report.

    Two by two: the file pairs each dialogue with a calm one that looks like it.
    """
    tuning = [one for number, one in enumerate(played) if number // 2 % 2 == 0]
    return tuning, [one for one in played if one not in tuning]


def dialogues() -> list[Dialogue]:
    """Returns all dialogues, understood by the trained assistant."""
    if not MODEL.exists():
        raise FileNotFoundError(f"{MODEL} is missing: run `make train` first")
    return asyncio.run(_understood(read_yaml_file(FILE)["dialogues"]))


def configured() -> Thresholds:
    """Returns the thresholds of `config.yml`."""
    policies = read_yaml_file(ROOT / "config.yml")["policies"]
    [step] = [step for step in policies if step["name"] == POLICY]
    names = set(step) - {"name", "priority"}
    return Thresholds.from_config({name: step[name] for name in names})


def score(played: Sequence[Dialogue], limits: Thresholds) -> Row:
    """Returns shares caught and handed off for nothing, and GT-I to GT-III."""
    found = [(dialogue, dialogue.handoff(limits)) for dialogue in played]
    due = [(d, made) for d, made in found if d.due is not None]
    calm = [(d, made) for d, made in found if d.due is None]
    missed = [(d, made) for d, made in due if not _is_caught(d, made)]
    false = [(d, made) for d, made in calm if made]
    return {
        "caught": round(1 - len(missed) / len(due), 3),
        "false handoffs": round(len(false) / len(calm), 3),
        **{
            f"GT-{'I' * t}": round(mean(_transfer(d, made, t) for d, made in due), 3)
            for t in TOLERANCES
        },
        "wrong": [(d.texts[-1], d.due, made) for d, made in missed + false],
        "reach": REACH,
    }


def tuned(played: Sequence[Dialogue], limits: Thresholds) -> list[tuple[float, dict]]:
    """Returns how well moods and weights do, best first: caught less false ones."""
    grid: dict[str, tuple[float, ...]] = {
        "negative_threshold": (-0.8, -0.75, -0.7, -0.65, -0.6),
        "mildly_negative_threshold": (-0.35, -0.3, -0.25, -0.2),
        "failure_weight": (0.2, 0.25, 0.3),
        "mildly_negative_weight": (0.1, 0.15, 0.2),
    }
    tried = []
    for values in product(*grid.values()):
        setting: dict[str, Any] = dict(zip(grid, values, strict=True))
        made = score(played, replace(limits, **setting))
        tried.append((made["caught"] - made["false handoffs"], setting))
    return sorted(tried, key=lambda one: -one[0])


def _is_caught(dialogue: Dialogue, made: tuple[int, str] | None) -> bool:
    return made is not None and 0 <= made[0] - (dialogue.due or 0) <= LATE


def _transfer(
    dialogue: Dialogue, made: tuple[int, str] | None, tolerance: int
) -> float:
    places = range(len(dialogue.turns))
    return transfer_score(
        [int(place == dialogue.due) for place in places],
        [int(made is not None and place == made[0]) for place in places],
        tolerance,
    )


async def _understood(written: list[dict[str, Any]]) -> list[Dialogue]:
    processor = trained_assistant().processor
    return [await _dialogue(processor, one) for one in written]


async def _dialogue(processor: Any, written: dict[str, Any]) -> Dialogue:
    turns, texts = [], []
    for turn in written["turns"]:
        turn = {"text": turn} if isinstance(turn, str) else turn
        parsed = await processor.parse_message(UserMessage(as_plain_text(turn["text"])))
        several = await requests_in(processor, parsed)
        if len(several) == 1:
            parsed = {**parsed, **several[0].parsed}
        elif several:
            parsed["requests"] = [request.as_dict() for request in several]
        turns.append((_said(parsed), *_outcome(turn)))
        texts.append(turn["text"])
    due = written.get("human")
    return Dialogue(tuple(texts), tuple(turns), None if due is None else due - 1)


def _said(parsed: dict[str, Any]) -> dict[str, Any]:
    return {"event": "user", "message_id": "m", "parse_data": parsed, "metadata": {}}


def _outcome(turn: dict[str, Any]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    if "bot" in turn:
        metadata = {"utter_action": turn["bot"]}
        events.append({"event": "bot", "metadata": metadata})
    if "refused" in turn:
        events.append({"event": "slot", "name": turn["refused"], "value": None})
    asked = turn.get("refused") or turn.get("asked")
    events.append({"event": "slot", "name": "requested_slot", "value": asked})
    return events


if __name__ == "__main__":
    every, limits = dialogues(), configured()
    tuning, reporting = halves(every)
    for setting in tuned(tuning, limits)[:5]:
        print(setting)
    print("tuning", score(tuning, limits))
    print("reporting", score(reporting, limits))
