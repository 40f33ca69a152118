"""Typed clients of the shop's back office; they know nothing of Rasa.

    shop = Shop.from_env()
    order = shop.orders.get("HP-10428")
    shop.orders.cancel(order.number, key=f"{message_id}:action_cancel_order")

Every call blocks for about four seconds at most, so run it in a thread. It returns
a frozen dataclass or raises a `ShopError`: a `Refused` when the shop said no (one
subclass for each reason), a `BackofficeUnavailable` when nobody knows.
"""

from actions.shop.client import Shop
from actions.shop.errors import (
    AddressInvalid,
    AddressLocked,
    AlreadyCancelled,
    BackofficeTimedOut,
    BackofficeUnavailable,
    CodeExpired,
    CodeWrong,
    CustomerNotFound,
    IdempotencyKeyReused,
    ItemNotFound,
    ItemRequired,
    NotCancellable,
    NotReturnable,
    OrderNotFound,
    RefundNotFound,
    Refused,
    RequestInvalid,
    ReturnAlreadyStarted,
    ReturnWindowOver,
    SettingsInvalid,
    ShopError,
    TooManyAttempts,
    TooManyCodes,
    UnexpectedAnswer,
)
from actions.shop.results import (
    Cancellation,
    Customer,
    Order,
    OrderItem,
    PasswordReset,
    Refund,
    Return,
    SentCode,
    Ticket,
    Verification,
)

__all__ = [
    "AddressInvalid",
    "AddressLocked",
    "AlreadyCancelled",
    "BackofficeTimedOut",
    "BackofficeUnavailable",
    "Cancellation",
    "CodeExpired",
    "CodeWrong",
    "Customer",
    "CustomerNotFound",
    "IdempotencyKeyReused",
    "ItemNotFound",
    "ItemRequired",
    "NotCancellable",
    "NotReturnable",
    "Order",
    "OrderItem",
    "OrderNotFound",
    "PasswordReset",
    "Refund",
    "RefundNotFound",
    "Refused",
    "RequestInvalid",
    "Return",
    "ReturnAlreadyStarted",
    "ReturnWindowOver",
    "SentCode",
    "SettingsInvalid",
    "Shop",
    "ShopError",
    "Ticket",
    "TooManyAttempts",
    "TooManyCodes",
    "UnexpectedAnswer",
    "Verification",
]
