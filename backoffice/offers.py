"""What an agent can do about a card: offered only while it would be granted.

Each action says by itself what it asks for and what it will do: whoever shows a card
knows nothing of the shop.
"""

from datetime import datetime
from typing import Any

from backoffice.errors import Refusal
from backoffice.payments import refundable_cents
from backoffice.returns import check_return
from backoffice.shapes import CURRENCY, decimal, shown
from backoffice.tables import Customer, Order, OrderItem

MOST_PERCENT = 30
MAX_REASON = 200

Offer = dict[str, Any]


def order_offers(order: Order, now: datetime) -> list[Offer]:
    """What can be done about an order by now."""
    found = []
    if sendable := items_to_return(order, now):
        found.append(_return_label(order, sendable))
    if cents := refundable_cents(order):
        found.append(_refund(order, cents))
    if again := items_to_replace(order):
        found.append(_replacement(order, again))
    return found


def customer_offers(customer: Customer) -> list[Offer]:
    """What can be done about an account."""
    if customer.state != "active":
        return []
    percent = field(
        "percent", "Percent off", "number", minimum="1", maximum=str(MOST_PERCENT)
    )
    return [
        offer(
            "discount",
            "Give a discount code",
            [percent, _reason(is_required=False)],
            f"Makes a code for {{percent}} % off one order of {customer.name}’s, "
            "valid for 30 days. Nobody is told: pass it on in the chat.",
        )
    ]


def items_to_return(order: Order, now: datetime) -> list[OrderItem]:
    """Those that may still come back."""
    try:
        check_return(order, now)
    except Refusal:
        return []
    begun = {one.item_id for one in order.returns}
    return [item for item in order.items if item.item_id not in begun]


def items_to_replace(order: Order) -> list[OrderItem]:
    """Those that have arrived and were not sent again."""
    if order.delivered_at is None or order.status == "refunded":
        return []
    again = {one.item_id for one in order.replacements}
    return [item for item in order.items if item.item_id not in again]


def _return_label(order: Order, items: list[OrderItem]) -> Offer:
    return offer(
        "return_label",
        "Send a return label",
        [_item(items), _reason()],
        f"Mails a return label for “{{item}}” of {order.number} to the customer. The "
        "refund follows when it is back.",
    )


def _refund(order: Order, cents: int) -> Offer:
    amount = field(
        "amount",
        "Amount",
        "money",
        currency=CURRENCY,
        minimum="0.01",
        maximum=decimal(cents),
        value=decimal(cents),
    )
    return offer(
        "refund",
        "Refund",
        [amount, _reason(is_required=False)],
        f"Sends {{amount}} of {order.number} back by {order.payment_method}, within "
        "five days. It cannot be taken back.",
    )


def _replacement(order: Order, items: list[OrderItem]) -> Offer:
    return offer(
        "replacement",
        "Send a replacement, express",
        [_item(items), _reason()],
        f"Sends “{{item}}” of {order.number} again, express and free of charge.",
    )


def offer(action: str, label: str, fields: list[Offer], confirm: str) -> Offer:
    """An action of a card."""
    return {"id": action, "label": label, "fields": fields, "confirm": confirm}


def field(
    name: str, label: str, form: str, *, is_required: bool = True, **more: Any
) -> Offer:
    """What an action asks for; `form` is its type."""
    required = {"required": True} if is_required else {}
    return shown(name=name, label=label, type=form, **required, **more)


def _reason(*, is_required: bool = True) -> Offer:
    return field(
        "reason", "Reason", "text", is_required=is_required, max_length=MAX_REASON
    )


def _item(items: list[OrderItem]) -> Offer:
    options = [
        {
            "value": str(item.item_id),
            "label": f"{item.name} ({item.variant})" if item.variant else item.name,
        }
        for item in items
    ]
    only = options[0]["value"] if len(options) == 1 else None
    return field("item", "Item", "choice", options=options, value=only)
