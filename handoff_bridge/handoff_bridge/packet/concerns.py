"""What about a running chat of the assistant's should make a supervisor look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from handoff_bridge.models import JsonObject
from handoff_bridge.packet.attempts import DID_NOT_WORK
from handoff_bridge.packet.events import Turn
from handoff_bridge.packet.schema import Trend
from handoff_bridge.packet.sentiment import trend

Concern = Literal["mood", "failures", "no_progress"]
# On the scale from -1 to 1: plainly negative, whatever came before.
NEGATIVE = -0.5
# Not every message that is not understood: customers often say it again.
MIN_FAILURES = 2
# Of the last so many turns.
RECENT = 6
# Turns without anything done or answered.
MIN_IDLE = 5
HELPED = frozenset({"done", "answered", "nothing_to_do"})


@dataclass(frozen=True)
class Standing:
    """How a chat goes: the newest score, where it is going, and what is wrong."""

    score: float | None
    trend: Trend
    failures: int
    concerns: tuple[Concern, ...]


def standing(turns: Sequence[JsonObject]) -> Standing:
    """Reads turns of one chat in order, each with its `type` as the log has it."""
    read = [
        (one.get("type") == "turn_failed", Turn.model_validate(one)) for one in turns
    ]
    scores = [
        turn.sentiment.score
        for _, turn in read
        if turn.sentiment and turn.sentiment.score is not None
    ]
    score, going = scores[-1] if scores else None, trend(scores)
    failures = sum(has_failed or _failed(turn) for has_failed, turn in read[-RECENT:])
    concerns: list[Concern] = []
    if score is not None and (score <= NEGATIVE or (going == "down" and score < 0)):
        concerns.append("mood")
    if failures >= MIN_FAILURES:
        concerns.append("failures")
    if _idle([turn for _, turn in read]) >= MIN_IDLE:
        concerns.append("no_progress")
    return Standing(score, going, failures, tuple(concerns))


def _kinds(turn: Turn) -> set[str]:
    return {action.outcome.kind for action in turn.actions if action.outcome}


def _failed(turn: Turn) -> bool:
    """Whether an action did not work, or nobody knew what the customer wants."""
    kinds = _kinds(turn)
    if turn.failed_action or kinds & DID_NOT_WORK:
        return True
    guess = turn.intent
    if guess is None or not guess.name or guess.name.startswith("EXTERNAL_"):
        return False
    is_understood = guess.topic or guess.small_talk or turn.active_loop
    return not is_understood and not kinds


def _idle(turns: Sequence[Turn]) -> int:
    """Turns since the last that helped; small talk counts for nothing."""
    count = 0
    for turn in reversed(turns):
        if _kinds(turn) & HELPED:
            break
        count += not (turn.intent and turn.intent.small_talk)
    return count
