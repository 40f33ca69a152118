"""What the forms share: changes of topic, asking again, and ending early."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.latest_message import (
    REQUESTED,
    asked_slot,
    confidence_of,
    forget_extracted,
    intent_of,
    is_first_look,
    opens,
    slots_asked_for,
    typed_text,
    value_when_asked,
)
from actions.wording import speak_to
from authoring.order_numbers import (
    is_only_order_number,
    order_number_in,
    without_order_numbers,
)
from authoring.other_orders import names_other_order, speaks_of_other
from authoring.requests import is_request

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
        "sign_out",
    }
)
UNCLEAR = "unclear"
# What customers say to a question instead of answering it, and what is said to that
# before the question comes again: a response of the asked slot's own, else the general.
HELP = ("utter_help_", "utter_help")
ASKING_BACK = {
    "ask_why": ("utter_why_", "utter_why"),
    "unsure": HELP,
    "mean_all": ("utter_all_", "utter_all"),
}
MEAN_OTHER = "mean_other"
# Answers in the customer's own words, whatever they are: no request may pass for one.
ADDRESSES = frozenset({"new_address", "account_address"})
FREE_TEXT = ADDRESSES | {"customer_name", "return_reason", "review_text"}
# What "the other one" may be about, the likeliest first.
CHOICES = ("change_item", "return_item_name", "product_name", "email", "order_number")
# Below it "no wait, it's HP-10430" is still a correction, whatever intent it resembles.
SURE = 0.6


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
    return empty(tracker, form, dropped)


def empty(tracker: Tracker, form: str, slots: Iterable[str]) -> list[EventType]:
    """Empties slots that a starting form finds."""
    gone = list(slots)
    tracker.slots.update(dict.fromkeys(gone))
    start = start_of(tracker, form) or 0
    # Rasa appends the values that it wants validated as slot events
    tracker.events[start:] = [
        event for event in tracker.events[start:] if event.get("name") not in gone
    ]
    return [SlotSet(slot, None) for slot in gone]


def _is_left_over(tracker: Tracker, form: str, slot: str) -> bool:
    """Whether a value was set within an earlier form, finished or not.

    What the customer has just said, what an agent filled in and what a failed action
    kept for the next try was set outside, so it is none.
    """
    start = start_of(tracker, form)
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


def start_of(tracker: Tracker, form: str) -> int | None:
    """Returns where this turn started the form, None if it was open before."""
    for index in range(len(tracker.events) - 1, -1, -1):
        if tracker.events[index].get("event") == "user":
            return None
        if opens(tracker.events, index, form):
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

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Validates, unless the customer has turned to another topic.

        An answer that fills nothing gets the question again, with help.
        """
        speak_to(tracker)
        if self._turned_to_another_topic(tracker):
            taken = forget_extracted(tracker, asked_slot(tracker))
            return [*taken, ActionExecutionRejected(self.form_name())]
        tracker.slots["blocked_by"] = None
        slots = self.domain_slots(domain)
        if taken_back := self._taken_back(dispatcher, tracker, slots):
            return taken_back
        dropped = drop_left_over(tracker, self.form_name(), self.answers)
        dropped += await self.prepare(dispatcher, tracker, domain)
        if self._is_no_answer(tracker):
            dropped += forget_extracted(tracker, asked_slot(tracker))
        events = await super().run(dispatcher, tracker, domain)
        if not any(_fills(event, tracker) for event in events):
            events += self._asked_again(dispatcher, tracker, domain)
        return [*dropped, *events]

    async def prepare(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Settles what the form starts with, before it reads the message."""
        return []

    def _taken_back(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, slots: list[str]
    ) -> list[EventType]:
        """Forgets what "no, the other one" is about, so that it is asked again."""
        text = typed_text(tracker)
        if not is_first_look(tracker) or not self._means_other(tracker):
            return []
        is_other_order = names_other_order(text)
        if (
            order_number_in(text)
            or asked_slot(tracker) in CHOICES
            and not is_other_order
        ):
            return []  # it says which, or is of what is asked for
        asked = slots_asked_for(tracker, self.form_name())
        known = [one for one in CHOICES if one in slots and tracker.get_slot(one)]
        meant_one = next((one for one in known if one in asked), None) or (
            known[-1] if known else None
        )
        if is_other_order and "order_number" in known:
            meant_one = "order_number"
        if asked_slot(tracker) is None or meant_one is None:
            return []
        dispatcher.utter_message(response="utter_mean_other")
        return [SlotSet(meant_one, None), SlotSet(REQUESTED, meant_one)]

    def _means_other(self, tracker: Tracker) -> bool:
        if intent_of(tracker) == MEAN_OTHER:
            return True
        # whatever intent it resembles, but not within a reason or a review
        is_free = asked_slot(tracker) in FREE_TEXT
        return not is_free and speaks_of_other(typed_text(tracker))

    def _is_no_answer(self, tracker: Tracker) -> bool:
        """Whether a request, or an order, stands where any words would do."""
        asked, text = asked_slot(tracker), typed_text(tracker)
        if asked not in FREE_TEXT:
            return False
        if is_only_order_number(text):
            return True
        told = without_order_numbers(text)
        may_hold_address = asked in ADDRESSES and any(map(str.isdigit, told))
        if not is_request(text):
            return False
        return intent_of(tracker) in TOPIC_INTENTS and not may_hold_address

    def _asked_again(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Answers the customer's own question or helps with ours, which follows."""
        asked, intent = asked_slot(tracker), intent_of(tracker)
        said = HELP if intent == self.intent else ASKING_BACK.get(str(intent))
        is_open = start_of(tracker, self.form_name()) is None
        if not (asked and said and is_open and is_first_look(tracker)):
            return []
        own, general = f"{said[0]}{asked}", said[1]
        known = own in (domain.get("responses") or {})
        return _as_events(refuse(dispatcher, asked, own if known else general))

    def _turned_to_another_topic(self, tracker: Tracker) -> bool:
        # An order number in the message would else be taken as this form's answer.
        return (
            tracker.active_loop_name == self.form_name()
            and is_first_look(tracker)
            and intent_of(tracker) in TOPIC_INTENTS
            and intent_of(tracker) != self.intent
            and confidence_of(tracker) >= SURE
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


def _as_events(slots: dict[str, Any]) -> list[EventType]:
    return [SlotSet(name, value) for name, value in slots.items()]


def _fills(event: EventType, tracker: Tracker) -> bool:
    """Whether it fills a slot anew, or refuses what was told for it."""
    name, value = str(event.get("name")), event.get("value")
    if event.get("event") != "slot" or name == REQUESTED:
        return False
    return value is None or value != value_when_asked(tracker, name)
