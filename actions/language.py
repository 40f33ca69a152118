"""Answering a customer who asks for another language."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ActionSwitchLanguage(Action):
    """Says it in the new language, which the language policy has set by now."""

    def name(self) -> str:
        return "action_switch_language"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        language = tracker.get_slot("language")
        is_in_form = bool(tracker.active_loop_name)
        response = answer_to(tracker.latest_message, language, is_in_form=is_in_form)
        dispatcher.utter_message(response=response)
        return [SlotSet("language", language)]


def answer_to(
    message: dict[str, Any], language: str | None, *, is_in_form: bool = False
) -> str:
    """Chooses the response: switched, not spoken, or which one it shall be.

    In a form the next question is the form's.
    """
    named = language_named(message)
    if named is None:
        return "utter_language_choice"
    if named != language:
        return "utter_language_not_spoken"
    if is_in_form:
        return "utter_language_switched_in_form"
    return "utter_language_switched"


def language_named(message: dict[str, Any]) -> str | None:
    """Returns the code from a button, or of the language that a text mentions."""
    for entity in message.get("entities") or []:
        if entity.get("entity") == "language":
            return str(entity.get("value"))
    named = (message.get("language") or {}).get("named")
    return None if named is None else str(named)
