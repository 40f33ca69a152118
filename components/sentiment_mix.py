"""Joins examples into longer messages for the sentiment classifier to learn from.

Designers write single sentences; customers write three, of which one carries the
mood. Knows nothing of Rasa. The same examples always give the same messages.
"""

from collections.abc import Mapping
from random import Random

from components.sentiment_data import (
    ANGRY,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    TROUBLE,
    UNHAPPY,
)

# The whole message feels as the first of these that is in it.
STRENGTH = (ANGRY, NEGATIVE, TROUBLE, POSITIVE, NEUTRAL)
PARTS = (2, 2, 3)
JOINTS = (". ", ". ", ", ", " ")
SEED = 1


def joined(examples: Mapping[str, str], count: int) -> list[tuple[str, str]]:
    """Returns `count` (text, label) made of two or three examples each.

    Praise is never joined with trouble: that could be sarcasm or comfort.
    """
    random, pool = Random(SEED), list(examples.items())
    messages: list[tuple[str, str]] = []
    while len(messages) < count:
        parts = [random.choice(pool) for _ in range(random.choice(PARTS))]
        labels = {label for _, label in parts}
        if POSITIVE in labels and labels & set(UNHAPPY):
            continue
        text = random.choice(JOINTS).join(text.rstrip(".") for text, _ in parts)
        messages.append((text, min(labels, key=STRENGTH.index)))
    return messages
