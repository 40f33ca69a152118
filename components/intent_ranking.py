"""Changes how probable one intent of a message is, beside all others."""

from __future__ import annotations

from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message


def probabilities(message: Message) -> dict[str, float]:
    """Returns the probability of each intent in the ranking."""
    return {
        guess[INTENT_NAME_KEY]: guess[PREDICTED_CONFIDENCE_KEY]
        for guess in message.get(INTENT_RANKING_KEY) or []
    }


def set_probability(message: Message, name: str, probability: float) -> None:
    """Gives one intent a probability from 0 to 1, and sorts the ranking again.

    The others make room for it. They get nothing of what it loses: that it is not this
    intent makes none of them surer.
    """
    others = probabilities(message)
    room = 1 - others.pop(name, 0.0)
    share = min(1.0, (1 - probability) / room) if room > 0 else 1.0
    shares = {other: before * share for other, before in others.items()}
    set_ranking(message, {name: probability, **shares})


def set_ranking(message: Message, known: dict[str, float]) -> None:
    """Gives a message the probability of each intent, and the likeliest as its own."""
    ordered = sorted(known.items(), key=lambda one: -one[1])
    ranking = [
        {INTENT_NAME_KEY: one, PREDICTED_CONFIDENCE_KEY: each} for one, each in ordered
    ]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
