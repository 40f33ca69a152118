"""Forms that end with a question for yes or no, and the only way to a yes."""

from __future__ import annotations

from abc import ABC
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.confirmation import NO, YES, Question, answer_to, begins_as_answer
from actions.forms import UNCLEAR, TopicForm, refuse, start_of
from actions.latest_message import (
    has_seen_question,
    intent_of,
    is_button,
    is_first_look,
    latest_user,
    typed_text,
    value_when_asked,
    was_asked,
)
from authoring.designers_words import CLAUSE_END
from authoring.negation import asks
from authoring.order_numbers import order_number_in

TOO_EARLY = "too_early"
# Of these nothing else comes, so an answer like it gets the question again.
UNREAD_ANSWERS = frozenset({"affirm", "deny", "inform", "nlu_fallback"})


class ConfirmedForm(TopicForm, ABC):
    """Base of the forms that end with a question for yes or no.

    The one place where an answer becomes a yes: a press on the question's own button,
    or words that plainly say so, given to the question that was asked last.
    """

    def extract_confirm(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Reads the answer; what is neither yes nor no is left to other topics."""
        is_open = start_of(tracker, self.form_name()) is None  # else another form asked
        if not (was_asked(tracker, "confirm") and is_open and is_first_look(tracker)):
            return {}
        answer = answer_of(tracker)
        if answer is None:
            return {"confirm": UNCLEAR} if self._is_unclear(tracker) else {}
        if answer and not has_seen_question(tracker):
            return {"confirm": TOO_EARLY}
        return {"confirm": answer}

    async def validate_confirm(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Takes a yes or no only as the answer to the question, not to an older one."""
        if self.is_corrected(tracker) or not was_asked(tracker, "confirm"):
            return {"confirm": None}
        if value in (UNCLEAR, TOO_EARLY):
            return refuse(dispatcher, "confirm", f"utter_confirm_{value}")
        return {"confirm": value}

    def is_corrected(self, tracker: Tracker) -> bool:
        """Whether this message changes what the question was about."""
        # as typed, where the form itself needs no number and so has validated none
        number = order_number_in(tracker.get_slot("order_number"))
        return number != order_number_in(value_when_asked(tracker, "order_number"))

    def _turned_to_another_topic(self, tracker: Tracker) -> bool:
        # "take it off" is the answer, whatever request it resembles
        if was_asked(tracker, "confirm") and (
            answer_of(tracker) or self._is_unclear(tracker)
        ):
            return False
        return super()._turned_to_another_topic(tracker)

    def _is_unclear(self, tracker: Tracker) -> bool:
        """Whether it answers, though neither yes nor no: "yes, but keep my reviews"."""
        text = typed_text(tracker)
        return (
            intent_of(tracker) in UNREAD_ANSWERS
            or intent_of(tracker) == self.intent
            or begins_as_answer(text)
            and not any(map(asks, [text, *CLAUSE_END.split(text)]))
        )


def answer_of(tracker: Tracker) -> bool | None:
    """Returns what was answered to the question for yes or no, None if neither."""
    question = last_question(tracker)
    text = typed_text(tracker)
    if question is None:
        return None  # something else was said since: nobody knows what is answered
    if is_button(text):
        return {"affirm": True, "deny": False}.get(str(intent_of(tracker)))
    return {YES: True, NO: False}.get(answer_to(question, text))


def last_question(tracker: Tracker) -> Question | None:
    """Returns the question for yes or no, if the assistant said it last."""
    for event in reversed(tracker.events[: latest_user(tracker)]):
        if event.get("event") == "user":
            return None
        if event.get("event") == "bot":
            buttons = (event.get("data") or {}).get("buttons") or []
            titles = {one.get("payload"): str(one.get("title")) for one in buttons}
            if "/affirm" not in titles:
                return None
            text = str(event.get("text") or "")
            return Question(text, titles["/affirm"], titles.get("/deny", ""))
    return None
