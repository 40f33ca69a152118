"""Lets a part of a message be read by the components that have read the whole.

Each of them leaves its `process` on the message. Only messages in hand have it, not
training data, whose fingerprint must be the same in every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

READERS = "readers"

Reader = Callable[[list[Message]], list[Message]]


def leave_reader(messages: Iterable[Message], reader: Reader) -> None:
    """Notes on every message that the reader has read it."""
    for message in messages:
        message.set(READERS, (*message.get(READERS, ()), reader))


def read_alike(message: Message, texts: Iterable[str]) -> list[Message]:
    """Returns a message for each text, read in one batch as the message was."""
    parts = [Message({TEXT: text}) for text in texts]
    if parts:
        for reader in message.get(READERS, ()):
            parts = reader(parts)
    return parts
