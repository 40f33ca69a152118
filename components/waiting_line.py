"""What counts of a message that is written while waiting for a person. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from components.certainty import is_certain
from components.escalation import Decision
from components.triggers import priority

TOGETHER = 0.7
FALLBACK = "nlu_fallback"
OFFER_TO_LEAVE = "utter_offer_to_leave_line"
LEAVE = "utter_leave_line"
STAY = "utter_stay_in_line"


def likely_intent(parsed: Mapping[str, Any], leaving: Collection[str]) -> str | None:
    """Returns the intent, or one of `leaving` if it is surely one or another of them.

    "I've worked it out on my own" is both thanks for nothing and the wish to go. Either
    means the same in line, so only both together have to be likely.
    """
    intent = (parsed.get("intent") or {}).get("name")
    if intent != FALLBACK:
        return intent
    guesses = parsed.get("intent_ranking") or []
    ranking = {guess["name"]: guess["confidence"] for guess in guesses}
    return min(leaving) if is_certain(ranking, leaving, TOGETHER) else intent


def line_response(
    intent: str | None, said_last: str | None, leaving_intents: Collection[str]
) -> str | None:
    """Returns what to say about the line itself, if anything.

    `said_last` is the response before the message: the next message answers an offer,
    and only a yes, or the wish again, leaves the line.
    """
    wants_to_leave = intent in leaving_intents
    if said_last == OFFER_TO_LEAVE:
        return LEAVE if wants_to_leave or intent == "affirm" else STAY
    return OFFER_TO_LEAVE if wants_to_leave else None


def is_news(decision: Decision, waiting: Mapping[str, Any]) -> bool:
    """Whether a person is needed more urgently, or with care for something else.

    `waiting` has the `triggers` (names) and the `evidence` of the wait so far. What was
    said once with care is not said again at every message.
    """
    situation = decision.evidence.get("situation")
    if situation is not None:
        return bool(situation != (waiting.get("evidence") or {}).get("situation"))
    known = max(map(priority, waiting.get("triggers") or ()), default=0)
    return priority(decision.trigger) > known
