"""What goes wrong over several messages: no progress, nothing understood."""

from __future__ import annotations

from fnmatch import fnmatch
from itertools import pairwise
from typing import Any

from components.escalation_thresholds import Thresholds
from components.escalation_turns import Turn, count_in_a_row


def no_progress(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    evidence = _not_helped(turns, limits)
    latest = turns[-1]
    if latest.refused and latest.refusals >= limits.form_refusals:
        evidence |= {"refusals": latest.refusals, "asked_for": latest.asked}
    if latest.intent not in limits.progress_intents:
        same = sum(
            _same_request(turn, latest) for turn in turns[-limits.same_intent_within :]
        )
        if same >= limits.same_intent:
            evidence |= {"repeated_intent": latest.intent, "times": same}
    return evidence or None


def repeated_fallback(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    failed = turns[len(turns) - count_in_a_row(turns, lambda turn: turn.is_nonsense) :]
    scraps = sum(
        _is_one_thought(before, turn, limits) for before, turn in pairwise(failed)
    )
    fallbacks = len(failed) - scraps
    return {"fallbacks": fallbacks} if fallbacks >= limits.fallbacks_in_a_row else None


def went_wrong(turn: Turn, limits: Thresholds) -> bool:
    return (
        turn.is_nonsense
        or turn.refused
        or any(
            fnmatch(response, pattern)
            for response in turn.responses
            for pattern in limits.failed_responses
        )
    )


def _not_helped(turns: list[Turn], limits: Thresholds) -> dict[str, Any]:
    asked = turns[-2].responses if len(turns) > 1 else []
    if turns[-1].intent not in limits.not_helped_intents or not asked:
        return {}
    if asked[-1] not in limits.help_questions:
        return {}
    return {"unhelpful_article": turns[-2].article}


def _same_request(turn: Turn, latest: Turn) -> bool:
    # Another order's number is another request; once told it may be left out.
    alike = turn.entities == latest.entities
    return turn.intent == latest.intent and (
        alike or not turn.entities or not latest.entities
    )


def _is_one_thought(before: Turn, turn: Turn, limits: Thresholds) -> bool:
    """Whether the customer was still writing on; within a form they were answering."""
    if before.sent_at is None or turn.sent_at is None or turn.asked:
        return False
    return turn.sent_at[0] - before.sent_at[1] <= limits.one_thought_secs
