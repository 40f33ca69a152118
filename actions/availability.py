"""Whether a product is in stock. Needs no verification: it is on the shop's pages."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import TopicForm, block
from actions.items import answer_button
from actions.latest_message import intent_of, is_button
from actions.lines import ListingAction, Wording, bullets
from actions.shop import BackofficeUnavailable, FoundProducts, Product, Shelf
from actions.topic import UNAVAILABLE, Speech, look_up, shop
from actions.verification import end_form
from actions.wording import day, money, speak_to

# So few that it is fair to say so.
FEW = 3
# Other messages within the form name no product.
NAMING = frozenset({"check_availability", "inform", "affirm", "deny", "nlu_fallback"})


class ValidateAvailabilityForm(TopicForm):
    intent = "check_availability"
    answers = ("product_name",)

    def name(self) -> str:
        return "validate_availability_form"

    def extract_product_name(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears the product in the question itself, and in the next one."""
        intent = intent_of(tracker)
        text = str(tracker.latest_message.get("text") or "")
        if intent != self.intent or is_button(text) or not text.strip():
            return {}
        return {"product_name": text}

    async def validate_product_name(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts what names one product; the question offers what is like it."""
        if is_button(value) or not str(value).strip():
            return {"product_name": None}
        try:
            found = await look_up(shop().products.search, str(value))
        except BackofficeUnavailable:
            return {"product_name": None, **block(UNAVAILABLE)}
        if len(found.products) == 1:
            return {"product_name": found.products[0].name}
        return {"product_name": None}


class ActionAskAvailabilityFormProductName(Action):
    """Asks which product, with those that the customer may have meant."""

    def name(self) -> str:
        return "action_ask_availability_form_product_name"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        speak_to(tracker)
        words = _words(tracker)
        try:
            found = await look_up(shop().products.search, words) if words else None
        except BackofficeUnavailable:
            return end_form(UNAVAILABLE)
        response, names = offer(found)
        dispatcher.utter_message(
            response=response,
            buttons=[answer_button("product_name", name) for name in names],
        )
        return [SlotSet("blocked_by", None)]


def _words(tracker: Tracker) -> str:
    intent = intent_of(tracker)
    text = str(tracker.latest_message.get("text") or "").strip()
    return text if intent in NAMING and not is_button(text) else ""


def offer(found: FoundProducts | None) -> tuple[str, tuple[str, ...]]:
    """Chooses the question and the names that go with it."""
    if found is None or not found.named:
        return "utter_availability_which", ()
    if found.products:
        names = tuple(product.name for product in found.products)
        return "utter_availability_several", names
    return "utter_availability_not_found", found.nearest


class ActionCheckAvailability(ListingAction):
    intent = "check_availability"
    answers = ("product_name",)

    def name(self) -> str:
        return "action_check_availability"

    async def answer(self, tracker: Tracker, wording: Wording) -> Speech:
        wanted = tracker.get_slot("product_name")
        found = await look_up(shop().products.search, wanted) if wanted else None
        for product in found.products if found else ():
            if product.name == wanted:
                return stock_speech(product, wording)
        return "utter_availability_which", {}


def stock_speech(product: Product, wording: Wording) -> Speech:
    """Chooses the response for a product and its values."""
    values: dict[str, Any] = {
        "product": product.name,
        "price": money(product.price, product.currency),
    }
    if any(shelf.variant for shelf in product.shelves):
        lines = [wording(name, **line) for name, line in _lines(product)]
        return "utter_availability_variants", {**values, "lines": bullets(lines)}
    left = sum(shelf.left for shelf in product.shelves)
    back_on = next((shelf.back_on for shelf in product.shelves), None)
    if left > FEW:
        return "utter_availability_in_stock", values
    if left:
        return "utter_availability_few", {**values, "left": left}
    if back_on:
        return "utter_availability_back_on", {**values, "back_on": day(back_on)}
    return "utter_availability_sold_out", values


def _lines(product: Product) -> list[Speech]:
    shelves = product.shelves
    there = [one for one in shelves if one.left]
    gone = [one for one in shelves if not one.left and not one.back_on]
    lines: list[Speech] = [
        ("utter_availability_line_in_stock", {"variants": _named(there)}),
        ("utter_availability_line_sold_out", {"variants": _named(gone)}),
    ]
    lines += [
        (
            "utter_availability_line_back_on",
            {"variants": _named([one]), "back_on": day(one.back_on)},
        )
        for one in shelves
        if not one.left and one.back_on
    ]
    return [speech for speech in lines if speech[1]["variants"]]


def _named(shelves: list[Shelf]) -> str:
    return " · ".join(shelf.variant for shelf in shelves if shelf.variant)
