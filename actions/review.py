"""A review: of an order with the buyer's first name, or of the shop without a name.

The name is shown only to whom the order was shown to belong; what is said without it
is stored as well, so nobody has to look for a number to be heard.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.confirmed_form import ConfirmedForm
from actions.forms import SURE, UNCLEAR, refuse
from actions.latest_message import (
    confidence_of,
    intent_of,
    is_button,
    typed_text,
    was_asked,
)
from actions.numbers import numbers_in
from actions.order_form import NumberOptionalForm
from actions.shop import Review
from actions.topic import Speech, TopicAction, change, order_of, shop
from actions.verification import VerifiedForm, check_verified
from authoring.designers_words import meant, numbers_meant
from authoring.order_numbers import order_number_in
from authoring.requests import is_request

BEST, WORST = 5, 1
UNHAPPY = 2
MAX_TEXT = 2000
MIN_LETTERS = 2
# "I want my money back" is an opinion here, not a wish.
OPINIONS = frozenset({"request_refund"})
# A request in the middle of an opinion is only one if there is hardly a doubt.
SURELY = 0.8
BLACK_STAR = "★"
SENTENCE_END = re.compile(r"[.!?]\s")


class ValidateLeaveReviewForm(NumberOptionalForm, VerifiedForm, ConfirmedForm):
    # Rating and text are kept for the next try if the chat is interrupted: whoever
    # was angry enough to be handed over need not write it again.
    intent = "leave_review"
    answers = (*VerifiedForm.answers, "review_by_name")

    def name(self) -> str:
        return "validate_leave_review_form"

    def _turned_to_another_topic(self, tracker: Tracker) -> bool:
        if not was_asked(tracker, "review_text"):
            return super()._turned_to_another_topic(tracker)
        text = typed_text(tracker)
        least = SURE if order_number_in(text) else SURELY
        if intent_of(tracker) in OPINIONS or confidence_of(tracker) < least:
            return False
        first = SENTENCE_END.split(text)[0]
        return is_request(first) and super()._turned_to_another_topic(tracker)

    def _is_no_answer(self, tracker: Tracker) -> bool:
        # the review may well speak of orders and returns, but not by number
        is_other = intent_of(tracker) != self.intent
        if is_other and order_number_in(typed_text(tracker)) is None:
            return False
        return super()._is_no_answer(tracker)

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Needs an order only for a name."""
        slots = await super().required_slots(domain_slots, dispatcher, tracker, domain)
        if tracker.get_slot("review_by_name") is not False:
            return slots
        return [one for one in slots if one not in ("order_number", "one_time_code")]

    def extract_review_rating(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears "a five star review" in the request itself, and in a correction."""
        text = typed_text(tracker)
        if was_asked(tracker, "review_text") or is_button(text):
            return {}
        # a number elsewhere may be of anything
        found = numbers_meant("rating", "stars", text)
        return {"review_rating": str(found[0])} if found else {}

    def extract_review_by_name(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Takes an order number for a yes."""
        text = typed_text(tracker)
        if not was_asked(tracker, "review_by_name"):
            return {}
        if order_number_in(text):
            return {"review_by_name": True}
        # whatever intent "with my first name" resembles
        return {"review_by_name": UNCLEAR} if meant("review_by_name", text) else {}

    def validate_review_rating(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts one to five, in figures, words or stars."""
        rating = rating_in(str(value))
        if rating is None:
            return refuse(dispatcher, "review_rating", "utter_review_rating_unclear")
        return {"review_rating": rating}

    def validate_review_text(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts any words."""
        if is_button(value):
            return {"review_text": None}
        text = " ".join(str(value).split())
        if sum(char.isalpha() for char in text) < MIN_LETTERS:
            return refuse(dispatcher, "review_text", "utter_review_text_unclear")
        return {"review_text": text[:MAX_TEXT]}

    def validate_review_by_name(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Takes a yes or a no only as the answer to the question."""
        if not was_asked(tracker, "review_by_name"):
            return {"review_by_name": None}
        words = meant("review_by_name", typed_text(tracker))
        if words is not None and not is_button(typed_text(tracker)):
            return {"review_by_name": words == "with"}
        if value == UNCLEAR:
            return refuse(dispatcher, "review_by_name", "utter_confirm_unclear")
        return {"review_by_name": bool(value)}

    def without_number(
        self, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Without a number there is no name, and the review goes on."""
        return {"review_by_name": False}


def rating_in(text: str) -> int | None:
    """Returns how many stars a text gives."""
    if BLACK_STAR in text:
        return min(text.count(BLACK_STAR), BEST)
    found = numbers_meant("rating", "stars", text)
    if not found and not is_request(text):
        found = numbers_in(text)
    return found[0] if len(found) == 1 and WORST <= found[0] <= BEST else None


class ActionAskLeaveReviewFormConfirm(Action):
    """Shows the review as it would be stored."""

    def name(self) -> str:
        return "action_ask_leave_review_form_confirm"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        named = tracker.get_slot("review_by_name") is True
        dispatcher.utter_message(
            response="utter_ask_leave_review_form_confirm_"
            + ("named" if named else "unnamed"),
            stars=BLACK_STAR * int(tracker.get_slot("review_rating") or 0),
            review_text=tracker.get_slot("review_text"),
            order_number=tracker.get_slot("order_number"),
        )
        return [SlotSet("blocked_by", None)]


class ActionLeaveReview(TopicAction):
    intent = "leave_review"
    forgets = ("confirm", "one_time_code")
    answers = ("review_rating", "review_text", "review_by_name")

    def name(self) -> str:
        return "action_leave_review"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        rating, text = (
            tracker.get_slot("review_rating"),
            tracker.get_slot("review_text"),
        )
        if not rating or not text or tracker.get_slot("confirm") is not True:
            dispatcher.utter_message(response="utter_review_kept")
            return
        number = None
        if tracker.get_slot("review_by_name") is True:
            order = await order_of(tracker)
            check_verified(tracker, order)
            number = order.number
        done = await change(
            shop().reviews.leave,
            rating,
            text,
            order_number=number,
            key=review_key(tracker, rating, text),
        )
        response, values = done_speech(done, rating)
        dispatcher.utter_message(response=response, **values)


def review_key(tracker: Tracker, rating: int, text: str) -> str:
    """Returns a key by which the same review is stored once in a conversation.

    The message would not do: trying again after a lost answer is another message.
    """
    named = tracker.get_slot("review_by_name")
    number = tracker.get_slot("order_number") if named else None
    told = hashlib.sha256(f"{number}\n{rating}\n{text}".encode()).hexdigest()
    return f"{tracker.sender_id}:{told[:16]}:action_leave_review"


def done_speech(done: Review, rating: int) -> Speech:
    """Thanks, and offers a person to whom was let down."""
    values = {"review_number": done.review_number}
    if rating <= UNHAPPY:
        return "utter_review_done_unhappy", values
    if done.replaced:
        return "utter_review_done_replaced", values
    return "utter_review_done", values
