"""Decides what a message means, over the classifier's head."""

from __future__ import annotations

from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message


def decide(message: Message, name: str) -> None:
    """Makes one intent certain; the others stay in the ranking behind it."""
    certain = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: 1.0}
    others = [
        {**guess, PREDICTED_CONFIDENCE_KEY: 0.0}
        for guess in message.get(INTENT_RANKING_KEY) or []
        if guess[INTENT_NAME_KEY] != name
    ]
    message.set(INTENT, certain, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [certain, *others], add_to_output=True)
