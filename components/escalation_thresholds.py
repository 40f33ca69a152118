"""What `config.yml` may set of the decision whether a conversation needs a human."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


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
    # The message's sentiment, lowered by recent failures of the assistant and by
    # grievances in a row. Failures alone never hand off; a grievance that is not
    # understood always does.
    negative_threshold: float = -0.7
    mildly_negative_threshold: float = -0.3
    failure_weight: float = 0.25
    mildly_negative_weight: float = 0.2
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
        for name in ("negative_threshold", "mildly_negative_threshold"):
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
