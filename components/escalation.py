"""Decides whether a conversation needs a human, and says why.

A pure function of tracker events, thresholds and the declared order of triggers: no
clock, no Rasa.
Everything that a designer may want to turn is in `Thresholds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from components import triggers as triggers_file
from components.escalation_failures import no_progress, repeated_fallback
from components.escalation_sentiment import negative_sentiment, reopened
from components.escalation_thresholds import Thresholds
from components.escalation_topics import (
    complexity,
    customer_request,
    restricted_topic,
    sensitive_situation,
)
from components.escalation_turns import TrackerEvent, Turn, read_turns

SENSITIVE_SITUATION = "sensitive_situation"
RESTRICTED_TOPIC = "restricted_topic"
CUSTOMER_REQUEST = "customer_request"
REOPENED = "reopened"
NEGATIVE_SENTIMENT = "negative_sentiment"
NO_PROGRESS = "no_progress"
COMPLEXITY = "complexity"
REPEATED_FALLBACK = "repeated_fallback"


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


# When each trigger holds. Their order is that of data/triggers.yml.
_CHECKS: dict[str, Callable[[list[Turn], Thresholds], dict[str, Any] | None]] = {
    COMPLEXITY: complexity,
    CUSTOMER_REQUEST: customer_request,
    NEGATIVE_SENTIMENT: negative_sentiment,
    NO_PROGRESS: no_progress,
    REOPENED: reopened,
    REPEATED_FALLBACK: repeated_fallback,
    RESTRICTED_TOPIC: restricted_topic,
    SENSITIVE_SITUATION: sensitive_situation,
}
