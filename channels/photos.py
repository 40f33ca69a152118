"""A photo with words beside it is one message: the words say what it is for.

Its id becomes an entity of the words, so that a slot or a form gets it in the same
turn. Where the words alone ask for nothing the message means what a bare photo means.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY

from channels.fragments import is_understood

PHOTO = "photo"
PHOTO_INTENT = "share_photo"
# "Hello, this is it", "here you are": said beside a photo, and asking for nothing.
MERE_WORDS = frozenset({"greet", "thank", "affirm", "inform", "mean_other"})


def with_photo(
    message: UserMessage, photo: str, tracker: DialogueStateTracker, domain: Domain
) -> UserMessage:
    """Returns the parsed message with the id of its first photo in it."""
    parsed = dict(message.parse_data or {})
    if PHOTO not in domain.entities or _has_photo(parsed):
        return message
    if PHOTO_INTENT in domain.intents and _is_about_photo(parsed, tracker):
        intent = {"name": PHOTO_INTENT, "confidence": 1.0}
        parsed |= {INTENT: intent, INTENT_RANKING_KEY: [intent]}
    entity = {"entity": PHOTO, "value": photo}
    parsed[ENTITIES] = [*parsed.get(ENTITIES, []), entity]
    shown = copy.copy(message)
    shown.parse_data = parsed
    return shown


def _has_photo(parsed: Mapping[str, Any]) -> bool:
    return any(found.get("entity") == PHOTO for found in parsed.get(ENTITIES, []))


def _is_about_photo(parsed: Mapping[str, Any], tracker: DialogueStateTracker) -> bool:
    """Whether the words add nothing: within a form they answer what it asks."""
    is_answer = tracker.active_loop is not None
    if is_answer and tracker.get_slot(REQUESTED_SLOT) != PHOTO:
        return False
    intent = (parsed.get(INTENT) or {}).get("name")
    is_bare = intent in MERE_WORDS and (is_answer or not parsed.get(ENTITIES))
    return is_bare or not is_understood(parsed)
