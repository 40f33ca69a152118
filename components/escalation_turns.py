"""Reads tracker events into customer turns, as far as escalation looks at them.

Works on serialised events (plain dictionaries) and imports nothing of Rasa.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.language_choice import Heard

HANDBACK_INTENT = "EXTERNAL_handback"
HANDOFF_ACTION = "action_handoff"
FALLBACK_INTENT = "nlu_fallback"
FALLBACK_ACTION = "action_default_fallback"
# Set by the connector on everything said while a human had the conversation.
CATCH_UP = "catch_up"
# Beside it, on the event that ends their part: that human's name.
ENDED_BY = "ended_by"
# Set by the connector on the further requests of one message.
PART = "part"
# Set by the connector on what is written in line: the reasons of the wait so far.
WAITING = "waiting"
# Beside it: when the customer wrote it, first and last part, in seconds since 1970.
SENT_AT = "sent_at"
# How certain an article is that is told unasked.
SURE = "sure"
# Set by the detector of that name on what needs a person with care.
SENSITIVE = "sensitive"
# Set when a message was answered with an article.
ARTICLE_SLOT = "offered_article"

# Said to a question about the open question, which comes again: no answer was refused.
ANSWERED_BACK = ("utter_why", "utter_help", "utter_all", "utter_mean_other")

# Asked for an opinion, customers may be angry: they answer the question.
OPINIONS = frozenset({"review_text"})

TrackerEvent = Mapping[str, Any]


@dataclass
class Turn:
    """One message of the customer and what the assistant did with it so far."""

    message_id: str | None
    intent: str | None
    ranking: dict[str, float]
    entities: frozenset[tuple[str, str]]
    sentiment: float
    asked: str | None
    refusals: int
    language: Heard = Heard()
    filled: bool = False
    refused: bool = False
    # Whether it asked for something else, so that it cannot have been a bad answer.
    turned: bool = False
    article: str | None = None
    requests: tuple[Mapping[str, Any], ...] = ()
    sensitive: Mapping[str, Any] | None = None
    part: bool = False
    text: str = ""
    sent_at: tuple[float, float] | None = None
    # The person who had the conversation until just before this message.
    ended_by: str | None = None
    actions: list[str] = field(default_factory=list)
    responses: list[str] = field(default_factory=list)

    @property
    def is_nonsense(self) -> bool:
        """Not understood, and neither what a form had asked nor in an article."""
        fell_back = self.intent == FALLBACK_INTENT or FALLBACK_ACTION in self.actions
        return fell_back and not self.article and not (self.asked and self.filled)

    @property
    def is_no_answer(self) -> bool:
        """Whether it asked for something else, or about the question and was told."""
        asked_back = any(said.startswith(ANSWERED_BACK) for said in self.responses)
        return self.turned or asked_back


def read_turns(events: Iterable[TrackerEvent]) -> list[Turn]:
    """Returns the turns since the last boundary, oldest first."""
    reader = _Reader()
    for event in events:
        reader.read(event)
    return reader.turns


def count_in_a_row(turns: list[Turn], holds: Callable[[Turn], bool]) -> int:
    """Counts the latest turns for which something holds without a break."""
    count = 0
    for turn in reversed(turns):
        if not holds(turn):
            break
        count += 1
    return count


class _Reader:
    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self._requested: str | None = None
        self._refusals = 0
        self._handed_off = False
        self._ended_by: str | None = None

    def read(self, event: TrackerEvent) -> None:
        kind = event.get("event")
        if _is_boundary(event):
            self._forget()
            if kind == "resume":
                self._ended_by = event["metadata"].get(ENDED_BY)
        elif kind == "user":
            if self._handed_off:
                self._forget()
            turn = _turn(event, self._requested, self._refusals)
            turn.ended_by, self._ended_by = self._ended_by, None
            self.turns.append(turn)
        elif kind == "slot":
            self._slot(str(event.get("name")), event.get("value"))
        elif self.turns and kind == "action_execution_rejected":
            self._turn_away(self.turns[-1])
        elif self.turns and kind == "action":
            name = str(event.get("name"))
            self.turns[-1].actions.append(name)
            self._handed_off = name == HANDOFF_ACTION or self._handed_off
        elif self.turns and kind == "bot":
            response = (event.get("metadata") or {}).get("utter_action")
            if response:
                self.turns[-1].responses.append(str(response))

    def _forget(self) -> None:
        self.turns = []
        self._refusals = 0
        self._handed_off = False

    def _slot(self, name: str, value: Any) -> None:
        turn = self.turns[-1] if self.turns else None
        if name == "requested_slot":
            if value != self._requested:
                self._refusals = 0
            self._requested = value
        elif turn and name == turn.asked:
            turn.filled = value is not None
            if value is None and not turn.refused and not turn.is_no_answer:
                turn.refused = True
                self._refusals += 1
        elif turn and name == ARTICLE_SLOT:
            turn.article = value
        if turn:
            turn.refusals = self._refusals

    def _turn_away(self, turn: Turn) -> None:
        # what a form gives back with the message it leaves to others
        self._refusals -= turn.refused
        turn.refused, turn.turned, turn.refusals = False, True, self._refusals


def _is_boundary(event: TrackerEvent) -> bool:
    """What came before a hand-back, a catch-up or a new session is settled."""
    kind = event.get("event")
    if (event.get("metadata") or {}).get(CATCH_UP):
        return True
    if kind == "user":
        return _intent(event).get("name") == HANDBACK_INTENT
    return kind in ("session_started", "restart")


def _turn(event: TrackerEvent, asked: str | None, refusals: int) -> Turn:
    parsed = event.get("parse_data") or {}
    intent = _intent(event)
    ranking = parsed.get("intent_ranking") or [intent]
    return Turn(
        message_id=event.get("message_id"),
        intent=intent.get("name"),
        ranking={str(i.get("name")): float(i.get("confidence") or 0) for i in ranking},
        entities=frozenset(
            (str(e.get("entity")), str(e.get("value")))
            for e in parsed.get("entities") or []
        ),
        sentiment=0.0 if asked in OPINIONS else _sentiment(parsed),
        asked=asked,
        refusals=refusals,
        article=None if asked else _sure_article(parsed),
        language=Heard.read(parsed.get("language")),
        requests=tuple(parsed.get("requests") or ()),
        sensitive=parsed.get(SENSITIVE),
        sent_at=_sent_at(event),
        text=str(event.get("text") or ""),
        part=bool((event.get("metadata") or {}).get(PART)),
    )


def _sure_article(parsed: Mapping[str, Any]) -> str | None:
    """Returns the article that will be told for want of an intent, if any."""
    if (parsed.get("intent") or {}).get("name") != FALLBACK_INTENT:
        return None
    articles = parsed.get("articles") or []
    return next((a["article_id"] for a in articles if a["certainty"] == SURE), None)


def _sent_at(event: TrackerEvent) -> tuple[float, float] | None:
    times = (event.get("metadata") or {}).get(SENT_AT)
    return (float(times[0]), float(times[1])) if times else None


def _sentiment(parsed: Mapping[str, Any]) -> float:
    return float((parsed.get("sentiment") or {}).get("score") or 0.0)


def _intent(event: TrackerEvent) -> Mapping[str, Any]:
    return (event.get("parse_data") or {}).get("intent") or {}
