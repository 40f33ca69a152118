"""Asking which order is meant: a verified customer chooses among their own."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import MEAN_OTHER
from actions.latest_message import intent_of, is_button, latest_user, typed_text
from actions.order_form import OTHER, THE_ORDER
from actions.proof import fresh_customer, now_utc
from actions.shop import BackofficeUnavailable, CustomerNotFound, Order, OrderNotFound
from actions.topic import look_up, shop
from actions.wording import short_day, speak_to, word
from authoring.order_numbers import order_numbers

LATEST = 5
# What can be done again for another order; to the others an order is only a proof.
ABOUT_AN_ORDER = frozenset(
    f"{topic}_form"
    for topic in (
        "order_status",
        "cancel_order",
        "change_address",
        "change_order",
        "return_item",
        "request_refund",
        "refund_status",
        "find_invoice",
        "send_invoice",
        "payment_problem",
    )
)
MOST_LETTERS = 60
LAST_DIGITS = 3


class ActionAskOrderNumber(Action):
    """Offers a verified customer their latest orders, asks others for a number."""

    def name(self) -> str:
        return "action_ask_order_number"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Asks; the order that was just left is not among the buttons."""
        speak_to(tracker)
        await _ask(dispatcher, tracker, "utter_ask_order_number")
        return [SlotSet("blocked_by", None)]


async def _ask(
    dispatcher: CollectingDispatcher, tracker: Tracker, response: str
) -> None:
    """Offers a verified customer's other orders, else asks in the response's words.

    So it does once they have said that it is none of those.
    """
    if _pressed_other(tracker):
        dispatcher.utter_message(response=response)
        return
    orders = await latest_orders(tracker, left_order(tracker))
    if not orders:
        dispatcher.utter_message(response=response)
        return
    buttons = [order_button(order) for order in orders]
    buttons.append(_button(word("order_button", "other"), OTHER))
    dispatcher.utter_message(response="utter_ask_which_order", buttons=buttons)


def order_button(order: Order) -> dict[str, str]:
    """Returns a button that names the order by what is in it, its day and its end."""
    first, *others = order.items
    tail = {
        "more": len(others),
        "day": short_day(order.placed_at),
        "end": order.number[-LAST_DIGITS:],
    }
    words = partial(word, "order_button", "more" if others else "one", **tail)
    room = max(0, MOST_LETTERS - len(words(first="")))
    name = first.name
    if len(name) > room:
        name = f"{name[: room - 1].rstrip()}…"
    return _button(words(first=name), order.number)


def _button(title: str, number: str) -> dict[str, str]:
    payload = json.dumps({"order_number": number})
    return {"title": title, "payload": f"/inform{payload}"}


async def latest_orders(tracker: Tracker, but: str | None = None) -> list[Order]:
    """Returns the latest orders of whoever is verified; none if nobody is."""
    customer_id = fresh_customer(tracker.get_slot("authentication"), now_utc())
    if customer_id is None:
        return []
    try:
        customer = await look_up(shop().customers.get, customer_id)
        numbers = [number for number in customer.orders if number != but]
        latest = (look_up(shop().orders.get, one) for one in numbers[:LATEST])
        return [*await asyncio.gather(*latest)]
    except (BackofficeUnavailable, CustomerNotFound, OrderNotFound):
        return []


def left_order(tracker: Tracker) -> str | None:
    """Returns the order that the latest message gave up, None if none."""
    held = None
    for event in tracker.events[: latest_user(tracker)]:
        if event.get("event") == "slot" and event.get("name") == "order_number":
            held = event.get("value")
    is_left = tracker.get_slot("order_number") is None or _means_other(tracker)
    return held if is_left else None


def _pressed_other(tracker: Tracker) -> bool:
    pressed = is_button(tracker.latest_message.get("text"))
    return pressed and OTHER in tracker.get_latest_entity_values("order_number")


def _means_other(tracker: Tracker) -> bool:
    return intent_of(tracker) == MEAN_OTHER


class ActionNoteOrderNumber(Action):
    """Asks what a number is for that came without a wish."""

    def name(self) -> str:
        return "action_note_order_number"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        speak_to(tracker)
        if tracker.get_slot("order_number"):
            dispatcher.utter_message(response="utter_order_number_noted")
        else:
            dispatcher.utter_message(response="utter_order_number_missing")
        return [SlotSet("blocked_by", None)]


class ActionNoteOtherOrder(Action):
    """Forgets the order that was talked about, and asks on for the other one."""

    def name(self) -> str:
        return "action_note_other_order"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Does again for it what was done last; without that, asks which it is."""
        speak_to(tracker)
        if order_numbers(typed_text(tracker)):
            dispatcher.utter_message(response="utter_order_number_noted")
            return [SlotSet("blocked_by", None)]
        forgotten = [SlotSet(slot, None) for slot in THE_ORDER]
        form = _last_form(tracker)
        if form in ABOUT_AN_ORDER:
            return [*forgotten, FollowupAction(form)]
        await _ask(dispatcher, tracker, "utter_other_order")
        return forgotten


def _last_form(tracker: Tracker) -> str | None:
    """Returns the form that was open last."""
    for event in reversed(tracker.events):
        if event.get("event") == "active_loop" and event.get("name"):
            return str(event["name"])
    return None
