"""How the customer feels about us: aggrieved, and more so after what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from components.escalation_failures import went_wrong
from components.escalation_thresholds import Thresholds
from components.escalation_turns import Turn, count_in_a_row

# From here on a message sounds pleased.
PLEASED = 0.1


def is_aggrieved(turn: Turn, limits: Thresholds) -> bool:
    """Whether a message is at least mildly negative about us."""
    return turn.sentiment <= limits.mildly_negative_threshold


def has_grievance(turns: Iterable[Turn], limits: Thresholds) -> bool:
    """Whether anything since the last boundary was a grievance."""
    return any(is_aggrieved(turn, limits) for turn in turns)


def negative_sentiment(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    """A grievance that is strong, comes after failures, or is not understood."""
    latest, earlier = turns[-1], turns[:-1]
    if not is_aggrieved(latest, limits):
        return None
    recent = earlier[-limits.failures_within :]
    failures = sum(went_wrong(turn, limits) for turn in recent)
    grievances = count_in_a_row(earlier, lambda turn: is_aggrieved(turn, limits))
    weighed = (
        latest.sentiment
        - limits.failure_weight * failures
        - limits.mildly_negative_weight * grievances
    )
    # A menu or a list of guesses would be one more reason to be aggrieved, and so would
    # an answer to a no that nothing had asked for.
    is_no_request = latest.intent in limits.not_helped_intents and not latest.asked
    if weighed > limits.negative_threshold and not (
        latest.is_nonsense or is_no_request
    ):
        return None
    return {
        "sentiment": latest.sentiment,
        "weighed_sentiment": round(max(weighed, -1.0), 3),
        "recent_failures": failures,
        "negative_messages": grievances + 1,
    }


def reopened(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    """What a person has ended is not settled: it is theirs, with all that was said."""
    turn = turns[-1]
    if turn.ended_by is None:
        return None
    if is_aggrieved(turn, limits) and turn.intent in limits.unsettled_intents:
        return {"ended_by": turn.ended_by}
    if turn.sentiment < PLEASED and _has_phrase(turn.text, limits.unsettled_phrases):
        return {"ended_by": turn.ended_by}
    return None


def _has_phrase(text: str, phrases: tuple[str, ...]) -> bool:
    said = f" {_words(text)} "
    return any(f" {_words(phrase)} " in said for phrase in phrases)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
