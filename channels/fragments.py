"""Tells a fragment of a thought from a message that is understood by itself."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker

from channels.bridge_requests import JoinedMessage
from channels.plain_text import as_plain_text
from components.escalation_turns import FALLBACK_INTENT, SENSITIVE

# Answers to a form's question: without one, and without a value, no thought.
ANSWERS = frozenset({"inform", "mean_other"})


def is_fragment(parts: Sequence[UserMessage], tracker: DialogueStateTracker) -> bool:
    """Whether the customer may still be writing: nothing of it is understood.

    Within a form every message is an answer.
    """
    parsed = parts[0].parse_data or {}
    return tracker.active_loop is None and not is_understood(parsed)


async def heard_by_its_end(
    processor: MessageProcessor, message: UserMessage, joined: Sequence[JoinedMessage]
) -> UserMessage:
    """Returns the message as its last part is understood, if the whole is not."""
    if not joined:
        return message
    last = UserMessage(as_plain_text(joined[-1].message))
    own = await processor.parse_message(last)
    if not is_understood(own):
        return message
    whole = message.parse_data or {}
    part = copy.copy(message)
    part.parse_data = {**whole, **own, "language": whole.get("language")}
    return part


def is_understood(parsed: Mapping[str, Any]) -> bool:
    """Whether a parsed message says by itself what is wanted."""
    articles = parsed.get("articles") or []
    intent = (parsed.get("intent") or {}).get("name")
    is_answer = intent in ANSWERS and not parsed.get("entities")
    return bool(
        (intent != FALLBACK_INTENT and not is_answer)
        or parsed.get(SENSITIVE)
        or (articles and articles[0].get("certainty") == "sure")
    )
