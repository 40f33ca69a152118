"""Why a human is needed: one list of triggers, one order of precedence."""

from enum import StrEnum


class Trigger(StrEnum):
    """In order of precedence: the first that holds names the handoff."""

    RESTRICTED_TOPIC = "restricted_topic"
    CUSTOMER_REQUEST = "customer_request"
    AGENT_TAKEOVER = "agent_takeover"
    BOT_FAILURE = "bot_failure"
    NEGATIVE_SENTIMENT = "negative_sentiment"
    NO_PROGRESS = "no_progress"
    COMPLEXITY = "complexity"
    REPEATED_FALLBACK = "repeated_fallback"


_ORDER = {trigger: place for place, trigger in enumerate(Trigger)}


def ranked(triggers: list[Trigger]) -> list[Trigger]:
    """`triggers` without doubles, the one that names the handoff first."""
    return sorted(set(triggers), key=_ORDER.__getitem__)


def priority_of(triggers: list[Trigger]) -> int:
    """1 for what must not wait its turn (complaint, legal, safety), else 0."""
    return int(Trigger.RESTRICTED_TOPIC in triggers)
