"""What is said in a situation that needs a person with care, before one comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker

from actions.care_lines import country_of, help_lines
from actions.wording import speak_to


def words_of_care(
    tracker: Tracker, domain: Mapping[str, Any], situation: str
) -> list[tuple[str, dict[str, str]]]:
    """Returns responses and their values; these are true whoever comes, or nobody.

    A situation without words of its own has the common ones.
    """
    speak_to(tracker)
    own = f"utter_sensitive_{situation}"
    known = own in domain.get("responses", {})
    said: list[tuple[str, dict[str, str]]] = [(own if known else "utter_sensitive", {})]
    country = country_of(tracker.latest_message.get("metadata") or {})
    language = str(tracker.get_slot("language") or "en")
    lines = help_lines(situation, language, country)
    return said if lines is None else [*said, lines]
