"""Builds serialised tracker events as Rasa stores them."""

from __future__ import annotations

from typing import Any

Events = list[dict[str, Any]]


def said(
    intent: str = "check_order_status",
    *,
    mood: float = 0.0,
    ranking: dict[str, float] | None = None,
    entities: dict[str, str] | None = None,
    message_id: str = "m",
    catch_up: bool = False,
    text: str = "",
    article: str | None = None,
) -> dict[str, Any]:
    """A customer message as NLU understood it."""
    guesses = ranking or {intent: 0.9}
    return {
        "event": "user",
        "message_id": message_id,
        "text": text,
        "parse_data": {
            "intent": {"name": intent, "confidence": guesses.get(intent, 0.9)},
            "intent_ranking": [
                {"name": name, "confidence": p} for name, p in guesses.items()
            ],
            "entities": [
                {"entity": name, "value": value}
                for name, value in (entities or {}).items()
            ],
            "sentiment": {"label": "neutral", "score": mood},
            "articles": [{"article_id": article, "certainty": "sure"}] * bool(article),
        },
        "metadata": {"catch_up": True} if catch_up else {},
    }


def ended_by(agent: str | None) -> dict[str, Any]:
    """A conversation that is taken back, from an agent or out of the line."""
    by = {"ended_by": agent} if agent else {}
    return {"event": "resume", "metadata": {"catch_up": True, **by}}


def did(name: str) -> dict[str, Any]:
    return {"event": "action", "name": name}


def uttered(response: str) -> dict[str, Any]:
    return {"event": "bot", "text": "...", "metadata": {"utter_action": response}}


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


def session_started() -> dict[str, Any]:
    return {"event": "session_started"}


def nonsense() -> Events:
    return [said("nlu_fallback"), did("utter_fallback"), uttered("utter_fallback")]


def asked(name: str = "order_number") -> Events:
    """A form has opened and asks for a slot."""
    return [
        said("cancel_order"),
        did("cancel_order_form"),
        slot("requested_slot", name),
    ]


def refused(name: str = "order_number", intent: str = "inform") -> Events:
    """The form looked at an answer, could not use it and asked again."""
    return [
        said(intent),
        slot(name, "x"),
        did("cancel_order_form"),
        slot(name, None),
        slot("requested_slot", name),
    ]


def asked_back(how: str, name: str = "order_number") -> Events:
    """The customer asked about the question, was told, and is asked again."""
    return [
        said("ask_why" if how == "why" else "unsure"),
        slot(name, "x"),
        did("cancel_order_form"),
        uttered(f"utter_{how}_{name}"),
        slot(name, None),
        slot("requested_slot", name),
    ]


def turned(intent: str, name: str = "order_number") -> Events:
    """The form leaves the message to another topic, with what it had taken of it."""
    return [
        said(intent),
        slot(name, "x"),
        did("cancel_order_form"),
        slot(name, None),
        {"event": "action_execution_rejected", "name": "cancel_order_form"},
        did("action_check_order_status"),
        slot(name, None),
    ]


def accepted(name: str = "order_number", then: str = "one_time_code") -> Events:
    return [
        said("inform"),
        slot(name, "HP-10001"),
        did("cancel_order_form"),
        slot(name, "HP-10001"),
        slot("requested_slot", then),
    ]
