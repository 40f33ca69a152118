"""What the forms share: the order number, changes of topic, and ending early."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.shop import BackofficeUnavailable, Order, OrderNotFound
from actions.topic import REFUSED, UNAVAILABLE, look_up, shop
from actions.wording import speak_to
from authoring.designers_words import meant

TOPIC_INTENTS = frozenset(
    {
        "check_order_status",
        "cancel_order",
        "change_address",
        "return_item",
        "check_refund_status",
        "reset_password",
        "create_account",
        "edit_account",
        "switch_account",
        "delete_account",
        "report_registration_problem",
        "change_newsletter",
        "set_up_address",
        "change_order",
        "find_invoice",
        "send_invoice",
        "report_payment_problem",
        "review_transactions",
        "check_availability",
        "request_refund",
        "leave_review",
    }
)
NO_NUMBER = "none"
FIVE_DIGITS = re.compile(r"(?<!\d)(\d{5})(?!\d)")
# "HP 10 428", "H P 1 0 4 2 8", "10 428" and nothing else: one number with blanks in it.
SPACED_NUMBER = re.compile(
    r"\bh\s?p[\s_#-]*(?:\d\d\s\d{3}|\d(?:\s\d){4})(?!\d)|^\s*\d\d\s\d{3}\s*$",
    re.IGNORECASE,
)
UNCLEAR = "unclear"
# Below it "no wait, it's HP-10430" is still a correction, whatever intent it resembles.
SURE = 0.6


def order_number_in(text: Any) -> str | None:
    """Returns HP-10428 for however it was written, None if there is no number."""
    plain = unicodedata.normalize("NFKC", str(text))  # full-width digits are digits
    joined = SPACED_NUMBER.sub(lambda spaced: "".join(spaced.group().split()), plain)
    found = FIVE_DIGITS.search(joined)
    return f"HP-{found.group(1)}" if found else None


def refuse(
    dispatcher: CollectingDispatcher, slot: str, response: str, **values: Any
) -> dict[str, Any]:
    """Says why an answer does not do; the form asks again."""
    dispatcher.utter_message(response=response, **values)
    return {slot: None}


def block(reason: str) -> dict[str, Any]:
    """Ends the form; the topic's action says why."""
    return {"blocked_by": reason}


def drop_left_over(
    tracker: Tracker, form: str, slots: tuple[str, ...]
) -> list[EventType]:
    """Empties what a starting form finds but was said for an earlier form."""
    dropped = [
        slot
        for slot in slots
        if tracker.get_slot(slot) is not None and _is_left_over(tracker, form, slot)
    ]
    for slot in dropped:
        tracker.slots[slot] = None
    start = _start_of(tracker, form) or 0
    # Rasa appends the values that it wants validated as slot events
    tracker.events[start:] = [
        event for event in tracker.events[start:] if event.get("name") not in dropped
    ]
    return [SlotSet(slot, None) for slot in dropped]


def _is_left_over(tracker: Tracker, form: str, slot: str) -> bool:
    """Whether a value was set within an earlier form, finished or not.

    What the customer has just said, what an agent filled in and what a failed action
    kept for the next try was set outside, so it is none.
    """
    start = _start_of(tracker, form)
    if start is None:
        return False
    in_this_turn, found = True, False
    for event in reversed(tracker.events[:start]):
        kind = event.get("event")
        if kind == "user":
            in_this_turn = False
        elif kind == "active_loop" and not in_this_turn:
            # before it: said for an earlier form; after it: within one, if it opened
            return not found or event.get("name") is not None
        elif kind == "slot" and event.get("name") == slot and not found:
            if in_this_turn:
                return False
            found = True
    return False


def _start_of(tracker: Tracker, form: str) -> int | None:
    """Returns where this turn started the form, None if it was open before."""
    for index in range(len(tracker.events) - 1, -1, -1):
        event = tracker.events[index]
        if event.get("event") == "user":
            return None
        if event.get("event") == "active_loop" and event.get("name") == form:
            return index
    return None


class TopicForm(FormValidationAction, ABC):
    """Base of the form validators."""

    # the intent that starts this form
    intent: ClassVar[str]
    # slots that are never taken over from an earlier form
    answers: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def name(self) -> str:
        """Returns `validate_<form>`; abstract, so that bases are not registered."""

    def refuses(self, order: Order) -> bool:
        """Whether there is no use in asking on for this order."""
        return False

    def order_accepted(self, order: Order, tracker: Tracker) -> dict[str, Any]:
        """Returns the slots that a good order number sets."""
        accepted = {
            "order_number": order.number,
            "order_customer_id": order.customer_id,
        }
        return {**accepted, **block(REFUSED)} if self.refuses(order) else accepted

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Validates, unless the customer has turned to another topic."""
        speak_to(tracker)
        if self._turned_to_another_topic(tracker):
            return [ActionExecutionRejected(self.form_name())]
        tracker.slots["blocked_by"] = None
        dropped = drop_left_over(tracker, self.form_name(), self.answers)
        return [*dropped, *await super().run(dispatcher, tracker, domain)]

    def _turned_to_another_topic(self, tracker: Tracker) -> bool:
        # An order number in the message would else be taken as this form's answer.
        intent = tracker.latest_message.get("intent") or {}
        return (
            tracker.active_loop_name == self.form_name()
            and intent.get("name") in TOPIC_INTENTS
            and intent.get("name") != self.intent
            and float(intent.get("confidence") or 0) >= SURE
        )

    async def next_requested_slot(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> EventType | None:
        """Asks nothing more once the form is blocked."""
        if tracker.get_slot("blocked_by"):
            return SlotSet("requested_slot", None)
        return await super().next_requested_slot(dispatcher, tracker, domain)

    async def validate_order_number(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts the number of an order that exists."""
        number = order_number_in(value)
        if number is None:
            return refuse(dispatcher, "order_number", "utter_order_number_unclear")
        try:
            order = await look_up(shop().orders.get, number)
        except OrderNotFound:
            return refuse(
                dispatcher,
                "order_number",
                "utter_order_number_unknown",
                order_number=number,
            )
        except BackofficeUnavailable:
            return {"order_number": number, **block(UNAVAILABLE)}
        return self.order_accepted(order, tracker)


def has_no_number(tracker: Tracker) -> bool:
    """Whether the customer says that there is no order number to give."""
    text = typed_text(tracker)
    if order_number_in(text) is not None:
        return False
    intent = (tracker.latest_message.get("intent") or {}).get("name")
    return intent == "deny" or meant("order_number", text) == "none"


class NumberOptionalForm(TopicForm, ABC):
    """Base of the forms that go on without an order number."""

    @abstractmethod
    def without_number(self) -> dict[str, Any]:
        """Returns the slots that go on without one."""

    def extract_order_number(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears "I don't have one", whatever intent it resembles."""
        asked = was_asked(tracker, "order_number")
        return {"order_number": NO_NUMBER} if asked and has_no_number(tracker) else {}

    async def validate_order_number(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts the number of an order that exists, or that there is none."""
        if value == NO_NUMBER:
            return {"order_number": None, **self.without_number()}
        return await super().validate_order_number(value, dispatcher, tracker, domain)


def was_asked(tracker: Tracker, slot: str) -> bool:
    """Whether the customer's message answers the question for this slot."""
    return tracker.get_slot("requested_slot") == slot


def value_when_asked(tracker: Tracker, slot: str) -> Any:
    """Returns what the slot held before the customer's latest message."""
    before_message = False
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            before_message = True
        elif before_message and event.get("event") == "slot":
            if event.get("name") == slot:
                return event.get("value")
    return None


def typed_text(tracker: Tracker) -> str:
    """Returns what the customer's latest message says."""
    return str(tracker.latest_message.get("text") or "")


def is_button(value: Any) -> bool:
    """Whether a text is the payload of a button, tapped late: no words to use."""
    return str(value).startswith("/")


class ConfirmedForm(TopicForm, ABC):
    """Base of the forms that end with a question for yes or no."""

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
        if value == UNCLEAR:
            return refuse(dispatcher, "confirm", "utter_confirm_unclear")
        return {"confirm": bool(value)}

    def is_corrected(self, tracker: Tracker) -> bool:
        """Whether this message changes what the question was about."""
        # as typed, where the form itself needs no number and so has validated none
        number = order_number_in(tracker.get_slot("order_number"))
        return number != order_number_in(value_when_asked(tracker, "order_number"))
