"""Changing what is in an order, as long as nobody has packed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.confirmed_form import ConfirmedForm
from actions.forms import SURE, block, refuse
from actions.items import (
    MOST,
    Change,
    answer_button,
    change_in,
    fitting_item,
    item_named,
)
from actions.latest_message import (
    is_button,
    opening_words,
    typed_text,
    value_when_asked,
    was_asked,
)
from actions.lines import line
from actions.order_question import OrderQuestion
from actions.shop import (
    AlreadySo,
    BackofficeUnavailable,
    ItemChange,
    ItemNotFound,
    ItemRequired,
    LastItem,
    Order,
    OrderItem,
    OrderLocked,
    OrderNotFound,
    OutOfStock,
    Product,
    Shelf,
    VariantNotFound,
)
from actions.topic import (
    REFUSED,
    UNAVAILABLE,
    Speech,
    change,
    idempotency_key,
    look_up,
    order_of,
    shop,
)
from actions.verification import (
    OrderAction,
    VerifiedForm,
    is_verified,
    now_utc,
)
from actions.wording import day, goods, money, paid_by
from authoring.order_numbers import order_number_in, without_order_numbers

ON_THE_ROAD = frozenset({"shipped", "out_for_delivery"})
# Other messages within the form are about something else.
WORDS_OF_THE_TOPIC = frozenset(
    {"change_order", "inform", "affirm", "deny", "nlu_fallback"}
)
MOST_BUTTONS = 5


class ValidateChangeOrderForm(VerifiedForm, ConfirmedForm):
    intent = "change_order"
    answers = (*VerifiedForm.answers, "change_item", "order_change")

    def name(self) -> str:
        return "validate_change_order_form"

    def refuses(self, order: Order) -> bool:
        return not order.items_changeable

    def order_accepted(self, order: Order, tracker: Tracker) -> dict[str, Any]:
        """Does not ask which item when there is only one."""
        accepted = super().order_accepted(order, tracker)
        known = item_named(order.items, tracker.get_slot("change_item"))
        is_same = order.number == value_when_asked(tracker, "order_number")
        if is_same and is_gone(order, tracker):
            return {**accepted, **block(REFUSED)}
        if len(order.items) == 1:
            accepted["change_item"] = order.items[0].name
        elif known is None and tracker.get_slot("change_item"):
            # may be words still to be looked up in this order
            item = fitting_item(order.items, str(tracker.get_slot("change_item")))
            accepted["change_item"] = item.name if item else None
        if not is_same:
            accepted["order_change"] = None
        return accepted

    async def extract_change_item(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears the item in the request itself, or in a correction."""
        order = await _order_if_known(tracker)
        words = self._words(tracker)
        if order is None or words is None or was_asked(tracker, "change_item"):
            return {}
        item = fitting_item(order.items, words)
        known = tracker.get_slot("change_item")
        return {"change_item": item.name} if item and item.name != known else {}

    async def extract_order_change(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears the wish in the request itself, or in a correction."""
        words = self._words(tracker)
        if was_asked(tracker, "order_change"):
            words = typed_text(tracker)  # "remove it" resembles "stop"
        if words is None or is_button(words):
            return {}
        wanted = await self._wish(words, tracker, was_asked(tracker, "confirm"))
        known = tracker.get_slot("order_change")
        return {"order_change": words} if wanted and wanted != known else {}

    def _words(self, tracker: Tracker) -> str | None:
        """Returns the request until its wish is known, then corrections."""
        text = typed_text(tracker)
        if not _is_about_this(tracker) or is_button(text):
            text = ""
        if not was_asked(tracker, "confirm") and not text_of_wish(text):
            text = opening_words(tracker, self.form_name())
        return text if text_of_wish(text) else None

    async def _wish(
        self, words: str, tracker: Tracker, is_answer: bool
    ) -> Change | None:
        order = await _order_if_known(tracker)
        said = str(tracker.get_slot("change_item") or "")
        # the name, or still the words that will be looked up
        item = order and (
            item_named(order.items, said) or fitting_item(order.items, said)
        )
        if not item:
            return None
        try:
            product = await look_up(shop().products.get, item.sku)
        except BackofficeUnavailable:
            return None
        return change_in(words, item, _variants(product), is_answer=is_answer)

    async def validate_change_item(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts an item of the order, by its name or a word of it."""
        if is_button(value):
            return {"change_item": None}
        try:
            order = await order_of(tracker)
        except OrderNotFound:
            # the number comes first
            return {"change_item": value}
        except BackofficeUnavailable:
            return {"change_item": None, **block(UNAVAILABLE)}
        item = fitting_item(order.items, str(value))
        if item is None and is_gone(order, tracker):
            return {"change_item": value}
        if item is None and not is_verified(tracker, order.customer_id, now_utc()):
            return {"change_item": None}  # strangers learn nothing of the order
        if item is None:
            return refuse(
                dispatcher,
                "change_item",
                "utter_change_order_not_in_order",
                order_number=order.number,
            )
        if item.name == value_when_asked(tracker, "change_item"):
            return {"change_item": item.name}
        return {"change_item": item.name, "order_change": None}

    async def validate_order_change(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts what can be done with the item, and says what cannot."""
        if isinstance(value, Mapping):
            return {"order_change": dict(value)}  # kept for another try
        if is_button(value):
            return {"order_change": None}
        try:
            order = await order_of(tracker)
            item = item_named(order.items, tracker.get_slot("change_item"))
            if item is None:
                return {"order_change": None}
            product = await look_up(shop().products.get, item.sku)
        except OrderNotFound:
            return {"order_change": None}
        except BackofficeUnavailable:
            return {"order_change": None, **block(UNAVAILABLE)}
        wanted = change_in(str(value), item, _variants(product), is_answer=True)
        if wanted is None and order_number_in(value):
            return {"order_change": None}  # a correction of the order, no wish
        problem = problem_with(wanted, item, product)
        if problem is None:
            return {"order_change": wanted}
        if not is_verified(tracker, order.customer_id, now_utc()):
            return {"order_change": None}  # strangers learn nothing of the order
        response, values = problem
        return refuse(dispatcher, "order_change", response, **values)

    async def validate_confirm(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Takes "no, make it three" for a correction, not for a no."""
        text = self._words(tracker) if was_asked(tracker, "confirm") else None
        if text:
            wanted = await self._wish(text, tracker, is_answer=True)
            if wanted and wanted != value_when_asked(tracker, "order_change"):
                return {"confirm": None}
            known = value_when_asked(tracker, "change_item")
            order = await _order_if_known(tracker)
            item = order and fitting_item(order.items, text)
            if item and item.name != known:
                return {"confirm": None}
        return await super().validate_confirm(value, dispatcher, tracker, domain)


def _is_about_this(tracker: Tracker) -> bool:
    # "leave the socks out" resembles a return, so only a sure guess counts
    intent = tracker.latest_message.get("intent") or {}
    sure = float(intent.get("confidence") or 0) >= SURE
    return intent.get("name") in WORDS_OF_THE_TOPIC or not sure


def is_gone(order: Order, tracker: Tracker) -> bool:
    """Whether an item that was to be left out is, as after an answer that got lost."""
    name = tracker.get_slot("change_item")
    leaves_out = tracker.get_slot("order_change") == {"quantity": 0}
    return leaves_out and bool(name) and item_named(order.items, name) is None


async def _order_if_known(tracker: Tracker) -> Order | None:
    number = order_number_in(tracker.get_slot("order_number"))
    if number is None:
        return None
    try:
        return await look_up(shop().orders.get, number)
    except (BackofficeUnavailable, OrderNotFound):
        return None  # validating says so


def text_of_wish(text: str) -> bool:
    """Whether a text is more than a number of an order or a button."""
    rest = without_order_numbers(text)
    return not is_button(text) and any(char.isalnum() for char in rest)


def _variants(product: Product) -> tuple[str, ...]:
    return tuple(shelf.variant for shelf in product.shelves if shelf.variant)


def _shelf(product: Product, variant: str | None) -> Shelf | None:
    return next((one for one in product.shelves if one.variant == variant), None)


def problem_with(
    wanted: Change | None, item: OrderItem, product: Product
) -> Speech | None:
    """Says why a wish cannot be met, None if it can."""
    if wanted is None:
        return "utter_change_order_unclear", {}
    quantity = wanted.get("quantity", item.quantity)
    variant = wanted.get("variant", item.variant)
    if (quantity, variant) == (item.quantity, item.variant):
        return "utter_change_order_same", {"item": goods((item,))}
    if int(quantity) > MOST:
        return "utter_change_order_too_many", {"most": MOST}
    shelf = _shelf(product, str(variant) if variant else None)
    own = item.quantity if variant == item.variant else 0
    if shelf is None or shelf.left + own >= int(quantity):
        return None
    if shelf.left:
        return "utter_change_order_not_enough", {"left": shelf.left}
    if shelf.back_on:
        return "utter_change_order_back_on", {"back_on": day(shelf.back_on)}
    return "utter_change_order_sold_out", {}


def removes_last(order: Order, wanted: Change | None) -> bool:
    """Whether nothing would be left in the order."""
    return wanted is not None and wanted.get("quantity") == 0 and len(order.items) == 1


class ActionAskChangeOrderFormChangeItem(OrderQuestion):
    """Offers the order's items as buttons."""

    def name(self) -> str:
        return "action_ask_change_order_form_change_item"

    async def question(
        self, order: Order, tracker: Tracker, domain: dict[str, Any]
    ) -> Speech | None:
        buttons = [
            answer_button("change_item", item.name, goods((item,)))
            for item in order.items
        ]
        return "utter_ask_change_order_form_change_item", {"buttons": buttons}


class ActionAskChangeOrderFormOrderChange(OrderQuestion):
    """Offers what can be done with the item."""

    def name(self) -> str:
        return "action_ask_change_order_form_order_change"

    async def question(
        self, order: Order, tracker: Tracker, domain: dict[str, Any]
    ) -> Speech | None:
        item = item_named(order.items, tracker.get_slot("change_item"))
        if item is None:
            return None
        product = await look_up(shop().products.get, item.sku)
        return "utter_ask_change_order_form_order_change", {
            "item": goods((item,)),
            "buttons": _options(item, product, domain, tracker),
        }


def _options(
    item: OrderItem, product: Product, domain: dict[str, Any], tracker: Tracker
) -> list[dict[str, str]]:
    def title(option: str) -> str:
        return line(domain, tracker, f"utter_change_order_option_{option}")

    variants: list[tuple[Change, str, str]] = [
        ({"variant": one}, one, one) for one in _variants(product)
    ]
    wishes: list[tuple[Change, str, str]] = [
        ({"quantity": item.quantity + 1}, str(item.quantity + 1), title("more")),
        ({"quantity": item.quantity - 1}, str(item.quantity - 1), title("fewer")),
        ({"quantity": 0}, "0", title("remove")),
        *variants,
    ]
    if item.quantity == 1:
        del wishes[1]  # that is leaving it out
    return [
        answer_button("order_change", value, words)
        for wish, value, words in wishes
        if problem_with(wish, item, product) is None
    ][:MOST_BUTTONS]


class ActionAskChangeOrderFormConfirm(OrderQuestion):
    """Shows what it will be, and what it then costs."""

    def name(self) -> str:
        return "action_ask_change_order_form_confirm"

    async def question(
        self, order: Order, tracker: Tracker, domain: dict[str, Any]
    ) -> Speech | None:
        item = item_named(order.items, tracker.get_slot("change_item"))
        wanted = tracker.get_slot("order_change")
        if item is None or not wanted or is_already(item, wanted):
            return None
        return None if removes_last(order, wanted) else question(order, item, wanted)


def is_already(item: OrderItem, wanted: Change) -> bool:
    """Whether the order holds just that, after an answer that got lost, say."""
    return wanted in ({"quantity": item.quantity}, {"variant": item.variant})


def question(order: Order, item: OrderItem, wanted: Change) -> Speech:
    """Chooses the question for a yes and its values."""
    after = replace(item, **wanted)
    difference = (after.quantity - item.quantity) * item.price
    values = {
        "order_number": order.number,
        "before": goods((item,)),
        "after": goods((after,)),
        "total": money(order.total + difference, order.currency),
        "amount": money(abs(difference), order.currency),
        "payment_method": paid_by(order.payment_method),
    }
    if after.quantity == 0:
        return "utter_ask_change_order_form_confirm_remove", values
    kind = "more" if difference > 0 else "less" if difference < 0 else "same"
    return f"utter_ask_change_order_form_confirm_{kind}", values


class ActionChangeOrder(OrderAction):
    intent = "change_order"
    forgets = ("confirm", "one_time_code")
    answers = ("change_item", "order_change")
    refusals = {
        OrderLocked: "utter_change_order_packed",
        LastItem: "utter_change_order_last_item",
        AlreadySo: "utter_change_order_already",
        OutOfStock: "utter_change_order_sold_out",
        VariantNotFound: "utter_change_order_sold_out",
        ItemNotFound: "utter_change_order_not_in_order",
        ItemRequired: "utter_change_order_not_in_order",
    }

    def name(self) -> str:
        return "action_change_order"

    def reason_against(self, order: Order) -> str | None:
        return refusal_response(order)

    async def act(self, order: Order, tracker: Tracker) -> Speech:
        wanted = tracker.get_slot("order_change")
        item = item_named(order.items, tracker.get_slot("change_item"))
        if wanted and (item is None or is_already(item, wanted)):
            return "utter_change_order_already", {}
        if wanted and removes_last(order, wanted):
            return "utter_change_order_last_item", {}
        if item is None or not wanted or tracker.get_slot("confirm") is not True:
            return "utter_change_order_kept", {}
        done = await change(
            shop().orders.change_item,
            order.number,
            item.sku,
            **wanted,
            key=idempotency_key(tracker, self.name()),
        )
        return done_speech(done)


def done_speech(done: ItemChange) -> Speech:
    """Says what the order is now, and where money goes."""
    order = done.order
    values: dict[str, Any] = {
        "items": goods(order.items),
        "total": money(order.total, order.currency),
        "amount": money(abs(done.difference), order.currency),
        "payment_method": paid_by(order.payment_method),
    }
    if done.difference < Decimal(0) and done.refund is not None:
        values["expected_on"] = day(done.refund.expected_at)
        return "utter_change_order_done_refund", values
    return "utter_change_order_done", values


def refusal_response(order: Order) -> str | None:
    """Says why nothing of an order can be changed, None if it can."""
    if order.items_changeable:
        return None
    if order.status == "packed":
        return "utter_change_order_packed"
    if order.status == "payment_failed":
        return "utter_change_order_unpaid"
    if order.status in ON_THE_ROAD:
        return "utter_change_order_shipped"
    if order.status == "delivered":
        return "utter_change_order_delivered"
    return "utter_change_order_closed"
