"""Takes out of a turn's events what nobody may keep: a one-time code that was used.

Runs before the turn is saved and published, so that the code is never written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

DIGIT_MASK = "•"
# By these an answer is found again.
_KEPT = {"message_id", "sender_id", "timestamp"}


def forget(tracker: DialogueStateTracker, secrets: Sequence[str]) -> None:
    """Masks each digit of these texts in all events, wherever they stand in them.

    Letters keep their places, so that what is told of entities stays true.
    """
    if not secrets:
        return
    written = {*secrets, *map(_plain_digits, secrets)}
    pattern = re.compile(
        "|".join(rf"(?<!\d){re.escape(text)}(?!\d)" for text in written if text)
    )
    for event in tracker.events:
        _forget_in(event, pattern)


def _forget_in(event: Event, pattern: re.Pattern[str]) -> None:
    for name, value in list(vars(event).items()):
        if name not in _KEPT:
            setattr(event, name, _masked(value, pattern))


def _masked(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(lambda found: re.sub(r"\d", DIGIT_MASK, found[0]), value)
    if isinstance(value, dict):
        return {
            name: item if name in _KEPT else _masked(item, pattern)
            for name, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return type(value)(_masked(item, pattern) for item in value)
    return value


def _plain_digits(text: str) -> str:
    """The form in which actions pass a code on."""
    return "".join(str(int(letter)) for letter in text if letter.isdecimal())
