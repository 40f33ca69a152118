"""What one message says that needs a human: care, a topic, a wish, too much at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.certainty import is_certain
from components.escalation_thresholds import Thresholds
from components.escalation_turns import Turn
from components.language_choice import Heard, is_believed


def sensitive_situation(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    """How certain is certain enough is up to the component's own limits."""
    found = turns[-1].sensitive
    return {"situation": found["kind"]} if found else None


def restricted_topic(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    turn, intents = turns[-1], limits.restricted_intents
    if not is_certain(turn.ranking, intents, limits.restricted_probability):
        return None
    return {"topic": _likeliest(turn, intents)}


def customer_request(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    turn, intents = turns[-1], limits.request_intents
    share = sum(turn.ranking.get(name, 0.0) for name in intents)
    if turn.intent not in intents and share < limits.request_probability:
        return None
    # "Somebody who speaks German"
    wanted = {"wanted_language": turn.language.named} if turn.language.named else {}
    return {"intent": _likeliest(turn, intents), **wanted}


def complexity(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    foreign, many = _foreign_language(turns, limits), _many_requests(turns, limits)
    return {**(foreign or {}), **(many or {})} or None


def _likeliest(turn: Turn, intents: tuple[str, ...]) -> str:
    return max(intents, key=lambda name: turn.ranking.get(name, 0.0))


def _foreign_language(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    """How far a language is believed is up to the detector's own limits."""
    latest = turns[-1].language
    before = turns[-2].language if len(turns) > 1 else Heard()
    if not latest.foreign or not is_believed(latest, before):
        return None
    return {"language": latest.code}


def _many_requests(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    requests = turns[-1].requests
    if len(requests) >= limits.requests_at_once or _contradict(requests, limits):
        return {"requests": [request.get("intent") for request in requests]}
    return None


def _contradict(requests: tuple[Mapping[str, Any], ...], limits: Thresholds) -> bool:
    """Whether two requests for one order cannot both be done."""
    orders = {str(n) for r in requests for n in r.get("order_numbers") or ()}
    intents = {request.get("intent") for request in requests}
    return len(orders) < 2 and any(
        intents.issuperset(together) for together in limits.contradictory
    )
