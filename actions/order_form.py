"""The forms that need an order: which one is meant, and what is said of another one."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import (
    FREE_TEXT,
    MEAN_OTHER,
    TopicForm,
    block,
    empty,
    refuse,
    start_of,
)
from actions.latest_message import (
    asked_slot,
    forget_extracted,
    intent_of,
    latest_user,
    typed_text,
    was_asked,
)
from actions.shop import BackofficeUnavailable, Order, OrderNotFound
from actions.topic import REFUSED, UNAVAILABLE, look_up, shop
from authoring.designers_words import meant
from authoring.order_numbers import names_number, order_numbers
from authoring.other_orders import speaks_of_other

NO_NUMBER = "none"
# Of the button that asks for a number instead of one of the customer's own orders.
OTHER = "other"
THE_ORDER = ("order_number", "order_customer_id")
# Answers with numbers of their own: an order's has to be called one.
WITH_NUMBERS = FREE_TEXT | {"email", "order_email", "phone"}


class OrderForm(TopicForm, ABC):
    """Base of the forms that ask for an order."""

    # whether an order of an earlier topic is named before it is used
    names_kept_order: ClassVar[bool] = False
    # whether it is an order that the request is about; else it is only a proof
    is_about_order: ClassVar[bool] = True

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

    async def prepare(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Does not take over an order, or numbers, that are not meant."""
        if start_of(tracker, self.form_name()) is not None:
            return await self._kept_order(dispatcher, tracker, domain)
        if asked_slot(tracker) in WITH_NUMBERS and not _is_called_order(tracker):
            return forget_extracted(tracker, "order_number")
        return []

    async def _kept_order(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Asks for the other order, or names the one that an earlier topic left."""
        number = tracker.get_slot("order_number")
        if not number or _is_told_now(tracker, self.form_name()):
            return []
        slots = self.domain_slots(domain)
        if "order_number" not in await self.required_slots(
            slots, dispatcher, tracker, domain
        ):
            return []
        if intent_of(tracker) == MEAN_OTHER or speaks_of_other(typed_text(tracker)):
            return empty(tracker, self.form_name(), THE_ORDER)
        if self.names_kept_order:
            dispatcher.utter_message(response="utter_order_kept", order_number=number)
        return []

    def extract_order_number(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears "I don't have one", whatever intent it resembles.

        In the request itself it has to be said of the number.
        """
        if was_asked(tracker, "order_number"):
            is_none = self.has_none(tracker)
        else:
            is_none = self._starts_without(tracker)
        return {"order_number": NO_NUMBER} if is_none else {}

    def _starts_without(self, tracker: Tracker) -> bool:
        text = typed_text(tracker)
        return (
            self.is_about_order
            and start_of(tracker, self.form_name()) is not None
            and tracker.get_slot("order_number") is None
            and says_no_number(text)
            and names_number(text)
        )

    def has_none(self, tracker: Tracker) -> bool:
        """Whether the customer says that there is no order number to give."""
        return says_no_number(typed_text(tracker))

    def without_number(
        self, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Returns the slots that go on without a number."""
        return refuse(dispatcher, "order_number", "utter_order_number_unclear")

    async def validate_order_number(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts the number of an order that exists; of several, one after another."""
        if value == NO_NUMBER:
            return {"order_number": None, **self.without_number(dispatcher, tracker)}
        if value == OTHER:
            return {"order_number": None}
        numbers = _numbers_with(value, tracker)
        if not numbers:
            return refuse(dispatcher, "order_number", "utter_order_number_unclear")
        number, *later = numbers
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
        accepted = self.order_accepted(order, tracker)
        return {**accepted, **self._in_turn(number, later, dispatcher, tracker)}

    def _in_turn(
        self,
        number: str,
        later: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
    ) -> dict[str, Any]:
        """Keeps the other orders of a message until this one is done."""
        if not later:
            return {}
        waiting = [
            {
                "intent": self.intent,
                "text": one,
                "payload": f"/{self.intent}{json.dumps({'order_number': one})}",
            }
            for one in later
        ]
        dispatcher.utter_message(
            response="utter_orders_in_turn", first=number, later=", ".join(later)
        )
        known = tracker.get_slot("waiting_requests") or []
        new = [request for request in waiting if request not in known]
        return {"waiting_requests": [*known, *new]}


def _numbers_with(value: Any, tracker: Tracker) -> list[str]:
    """Returns the order of a value, and those named with it in the message.

    Of several Rasa keeps the last only.
    """
    given = [one.number for one in order_numbers(str(value))]
    told = [one.number for one in order_numbers(typed_text(tracker))]
    return list(dict.fromkeys(told if given and given[-1] in told else given))


def _is_told_now(tracker: Tracker, form: str) -> bool:
    """Whether the latest message, or what came with it, says the order."""
    start, number = start_of(tracker, form), tracker.get_slot("order_number")
    if number in [one.number for one in order_numbers(typed_text(tracker))]:
        return True
    return any(
        event.get("event") == "slot" and event.get("name") == "order_number"
        for event in tracker.events[latest_user(tracker) : start]
    )


def _is_called_order(tracker: Tracker) -> bool:
    return any(one.is_marked for one in order_numbers(typed_text(tracker)))


def says_no_number(text: str, *said: str) -> bool:
    """Whether a text says that there is no order number to give."""
    is_said = meant("order_number", text) in ("none", *said)
    return is_said and not order_numbers(text)


class NumberOptionalForm(OrderForm, ABC):
    """Base of the forms that go on without an order number."""

    @abstractmethod
    def without_number(
        self, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Returns the slots that go on without one."""

    def has_none(self, tracker: Tracker) -> bool:
        """Takes a mere no for it, too, and not knowing it."""
        text = typed_text(tracker)
        is_no = intent_of(tracker) == "deny" and not order_numbers(text)
        return is_no or says_no_number(text, "unknown")
