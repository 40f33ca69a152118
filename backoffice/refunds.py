"""Refunds: where the money is."""

from typing import Any

from backoffice.shapes import CURRENCY, money, shown
from backoffice.tables import Order, Refund


def refund_shape(order: Order, refund: Refund) -> dict[str, Any]:
    """The refund as callers see it."""
    return shown(
        order_number=order.number,
        status=refund.status,
        amount=money(refund.amount_cents),
        currency=CURRENCY,
        method=order.payment_method,
        requested_at=refund.requested_at,
        expected_at=refund.expected_at,
        paid_at=refund.paid_at,
    )
