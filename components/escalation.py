"""Decides whether a conversation needs a human, and says why.

A pure function of tracker events, thresholds and the declared order of triggers: no
clock, no Rasa.
Everything that a designer may want to turn is in `Thresholds`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatch
from itertools import pairwise
from typing import Any

from components import triggers as triggers_file
from components.certainty import is_certain
from components.escalation_turns import TrackerEvent, Turn, read_turns
from components.language_choice import Heard, is_believed

SENSITIVE_SITUATION = "sensitive_situation"
RESTRICTED_TOPIC = "restricted_topic"
CUSTOMER_REQUEST = "customer_request"
REOPENED = "reopened"
NEGATIVE_SENTIMENT = "negative_sentiment"
NO_PROGRESS = "no_progress"
COMPLEXITY = "complexity"
REPEATED_FALLBACK = "repeated_fallback"


class InvalidThresholds(ValueError):
    """The configuration names an unknown threshold or an impossible value."""


@dataclass(frozen=True)
class Thresholds:
    """What `config.yml` may set under the policy."""

    # At once, by what the message is about. Several such intents may share the
    # probability of one message, so their sum counts.
    request_intents: tuple[str, ...] = ("request_human",)
    request_probability: float = 0.5
    # A restricted topic jumps the queue, so a guess is not enough.
    restricted_intents: tuple[str, ...] = (
        "make_complaint",
        "raise_legal_issue",
        "report_safety_issue",
    )
    restricted_probability: float = 0.7
    # Messages in a row that were not understood.
    fallbacks_in_a_row: int = 2
    # What is written within so many seconds is one thought, and fails once.
    one_thought_secs: float = 1.2
    # Mood: the message's score, lowered by recent failures of the assistant and
    # by earlier bad messages in a row. Failures alone never hand off.
    mood: float = -0.7
    grumble: float = -0.3
    failure_weight: float = 0.25
    grumble_weight: float = 0.2
    failures_within: int = 3
    failed_responses: tuple[str, ...] = (
        "*_unavailable",
        "*_unknown",
        "*_refused",
        "*_failed",
        "*_not_*",
    )
    # The same request again and again, or a form that cannot use the answers.
    same_intent: int = 3
    same_intent_within: int = 6
    form_refusals: int = 3
    # Requests in one message: two are taken one after the other, with this many a
    # person sorts it out, and with two for one order that cannot both be done.
    requests_at_once: int = 3
    contradictory: tuple[tuple[str, ...], ...] = (
        ("cancel_order", "change_order"),
        ("cancel_order", "change_address"),
    )
    # A no to the question whether an article helped.
    help_questions: tuple[str, ...] = ("utter_did_this_help",)
    not_helped_intents: tuple[str, ...] = ("deny", "article_not_helpful")
    # Said first after a person has ended their part, these mean that it is not settled;
    # so do the phrases in any message that does not sound pleased.
    unsettled_intents: tuple[str, ...] = ("deny", "article_not_helpful")
    unsettled_phrases: tuple[str, ...] = ()
    # Said in line, these offer to leave it.
    leaving_intents: tuple[str, ...] = ("stop", "article_helped")
    progress_intents: tuple[str, ...] = (
        "inform",
        "affirm",
        "deny",
        "greet",
        "goodbye",
        "thank",
        "stop",
        "ask_why",
        "unsure",
        "mean_all",
        "mean_other",
        "share_photo",
        "nlu_fallback",
        "read_article",
        "article_helped",
        # one product after the other is shopping, not going in circles
        "check_availability",
    )

    def __post_init__(self) -> None:
        """Refuses values with which the assistant would hand off every message."""
        for name in ("fallbacks_in_a_row", "same_intent", "form_refusals"):
            if getattr(self, name) < 1:
                raise InvalidThresholds(f"{name} must be at least 1.")
        if self.requests_at_once < 2:
            raise InvalidThresholds("requests_at_once must be at least 2.")
        for name in ("mood", "grumble"):
            if not -1 <= getattr(self, name) < 0:
                raise InvalidThresholds(f"{name} must lie between -1 and 0.")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Thresholds:
        """Reads the policy's configuration; what is absent keeps its default."""
        names = {field.name for field in fields(cls)}
        unknown = set(config) - names
        if unknown:
            raise InvalidThresholds(f"Unknown thresholds: {sorted(unknown)}.")
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in config.items()
        }
        return cls(**values)


@dataclass(frozen=True)
class Decision:
    """A human is needed: `trigger` is the first of `triggers`, which lists all."""

    triggers: tuple[str, ...]
    evidence: dict[str, Any]
    message_id: str | None

    @property
    def trigger(self) -> str:
        """The trigger that decides priority and wording."""
        return self.triggers[0]

    def as_slot(self) -> dict[str, Any]:
        """Returns the value of the slot `handoff_request`."""
        return {
            "trigger": self.trigger,
            "triggers": list(self.triggers),
            "evidence": self.evidence,
            "message_id": self.message_id,
        }


def escalation_decision(
    events: Iterable[TrackerEvent],
    thresholds: Thresholds,
    precedence: Sequence[str] | None = None,
) -> Decision | None:
    """Returns the decision for the latest customer message, if a human is needed.

    `precedence` names the triggers, the most urgent first; one that it does not name
    comes last. Absent, it is that of `data/triggers.yml`.
    """
    turns = read_turns(events)
    if not turns:
        return None
    if precedence is None:
        precedence = triggers_file.precedence()
    evidence: dict[str, Any] = {}
    triggers = []
    for name in sorted(_CHECKS, key=lambda name: _place(name, precedence)):
        found = _CHECKS[name](turns, thresholds)
        if found is not None:
            triggers.append(name)
            evidence.update(found)
    if not triggers:
        return None
    return Decision(tuple(triggers), evidence, turns[-1].message_id)


def _place(name: str, precedence: Sequence[str]) -> int:
    return precedence.index(name) if name in precedence else len(precedence)


def _sensitive_situation(
    turns: list[Turn], limits: Thresholds
) -> dict[str, Any] | None:
    """How certain is certain enough is up to the component's own limits."""
    found = turns[-1].sensitive
    return {"situation": found["kind"]} if found else None


def _restricted_topic(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    turn, intents = turns[-1], limits.restricted_intents
    if not is_certain(turn.ranking, intents, limits.restricted_probability):
        return None
    return {"topic": _likeliest(turn, intents)}


def _customer_request(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    turn, intents = turns[-1], limits.request_intents
    share = sum(turn.ranking.get(name, 0.0) for name in intents)
    if turn.intent not in intents and share < limits.request_probability:
        return None
    return {"intent": _likeliest(turn, intents)}


def _likeliest(turn: Turn, intents: tuple[str, ...]) -> str:
    return max(intents, key=lambda name: turn.ranking.get(name, 0.0))


def _reopened(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    """What a person has ended is not settled: it is theirs, with all that was said."""
    turn = turns[-1]
    if turn.ended_by is None:
        return None
    grumbles = turn.sentiment <= limits.grumble
    if grumbles and turn.intent in limits.unsettled_intents:
        return {"ended_by": turn.ended_by}
    if turn.sentiment < 0 and _has_phrase(turn.text, limits.unsettled_phrases):
        return {"ended_by": turn.ended_by}
    return None


def _has_phrase(text: str, phrases: tuple[str, ...]) -> bool:
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return any(f" {phrase.casefold()} " in f" {words} " for phrase in phrases)


def _negative_sentiment(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    score = turns[-1].sentiment
    if score > limits.grumble:
        return None
    recent, earlier = turns[-limits.failures_within - 1 : -1], turns[:-1]
    if turns[-1].is_nonsense:
        # What is not understood may not be meant as it sounds; that it happens
        # again is the business of the fallbacks.
        recent = [turn for turn in recent if not turn.is_nonsense]
        earlier = [turn for turn in earlier if not turn.is_nonsense]
    failures = sum(_went_wrong(turn, limits) for turn in recent)
    grumbles = _in_a_row(earlier, lambda turn: turn.sentiment <= limits.grumble)
    mood = score - limits.failure_weight * failures - limits.grumble_weight * grumbles
    if mood > limits.mood:
        return None
    return {
        "sentiment": score,
        "mood": round(max(mood, -1.0), 3),
        "recent_failures": failures,
        "negative_messages": grumbles + 1,
    }


def _went_wrong(turn: Turn, limits: Thresholds) -> bool:
    return (
        turn.is_nonsense
        or turn.refused
        or any(
            fnmatch(response, pattern)
            for response in turn.responses
            for pattern in limits.failed_responses
        )
    )


def _no_progress(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
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


def _complexity(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    foreign, many = _foreign_language(turns, limits), _many_requests(turns, limits)
    return {**(foreign or {}), **(many or {})} or None


def _repeated_fallback(turns: list[Turn], limits: Thresholds) -> dict[str, Any] | None:
    failed = turns[len(turns) - _in_a_row(turns, lambda turn: turn.is_nonsense) :]
    scraps = sum(
        _is_one_thought(before, turn, limits) for before, turn in pairwise(failed)
    )
    fallbacks = len(failed) - scraps
    return {"fallbacks": fallbacks} if fallbacks >= limits.fallbacks_in_a_row else None


def _is_one_thought(before: Turn, turn: Turn, limits: Thresholds) -> bool:
    """Whether the customer was still writing on; within a form they were answering."""
    if before.sent_at is None or turn.sent_at is None or turn.asked:
        return False
    return turn.sent_at[0] - before.sent_at[1] <= limits.one_thought_secs


def _in_a_row(turns: list[Turn], holds: Callable[[Turn], bool]) -> int:
    """Counts the latest turns for which something holds without a break."""
    count = 0
    for turn in reversed(turns):
        if not holds(turn):
            break
        count += 1
    return count


# When each trigger holds. Their order is that of data/triggers.yml.
_CHECKS: dict[str, Callable[[list[Turn], Thresholds], dict[str, Any] | None]] = {
    COMPLEXITY: _complexity,
    CUSTOMER_REQUEST: _customer_request,
    NEGATIVE_SENTIMENT: _negative_sentiment,
    NO_PROGRESS: _no_progress,
    REOPENED: _reopened,
    REPEATED_FALLBACK: _repeated_fallback,
    RESTRICTED_TOPIC: _restricted_topic,
    SENSITIVE_SITUATION: _sensitive_situation,
}
