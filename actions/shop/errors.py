"""One exception class for each way in which a call to the shop can fail.

`Refused` means that the shop understood and said no: asking again changes nothing.
`BackofficeUnavailable` means that nobody knows: nothing may be told to the customer
as done or as refused.
"""

from __future__ import annotations

from typing import ClassVar


class ShopError(Exception):
    """Root of everything that the clients raise; `code` is stable."""

    code: ClassVar[str] = "shop_error"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.code)


class SettingsInvalid(ShopError):
    """A variable of the environment is missing or makes no sense."""

    code = "settings_invalid"


class BackofficeUnavailable(ShopError):
    """Not reached, connection cut, or a 5xx answer, retry included."""

    code = "backoffice_unavailable"


class BackofficeTimedOut(BackofficeUnavailable):
    """No answer in time."""

    code = "backoffice_timed_out"


class UnexpectedAnswer(BackofficeUnavailable):
    """An answer that is not of the agreed shape, or our service token refused."""

    code = "unexpected_answer"


class Refused(ShopError):
    """The shop understood and said no."""

    code = "refused"


class RequestInvalid(Refused):
    """A field is missing, too long or of the wrong type."""

    code = "bad_request"


class IdempotencyKeyReused(Refused):
    """The same key came before with another request."""

    code = "idempotency_key_reused"


class OrderNotFound(Refused):
    """No order has this number."""

    code = "order_not_found"


class CustomerNotFound(Refused):
    """No customer has this id."""

    code = "customer_not_found"


class NotCancellable(Refused):
    """The parcel has left, or the order is closed."""

    code = "not_cancellable"


class AlreadyCancelled(Refused):
    """The order was cancelled before."""

    code = "already_cancelled"


class AddressLocked(Refused):
    """The parcel is already labelled, or the order is closed."""

    code = "address_locked"


class AddressInvalid(Refused):
    """The text cannot be a postal address."""

    code = "address_invalid"


class ReturnWindowOver(Refused):
    """Delivered longer ago than returns are taken."""

    code = "return_window_over"


class NotReturnable(Refused):
    """The order was not delivered (yet)."""

    code = "not_returnable"


class ReturnAlreadyStarted(Refused):
    """A return of this item is under way or done."""

    code = "return_already_started"


class ItemNotFound(Refused):
    """The order holds no such item."""

    code = "item_not_found"


class ItemRequired(Refused):
    """Several items fit: the customer must say which."""

    code = "item_required"


class RefundNotFound(Refused):
    """No refund was asked for this order."""

    code = "refund_not_found"


class OrderLocked(Refused):
    """The order is packed, or closed: its items stay."""

    code = "order_locked"


class LastItem(Refused):
    """Without it nothing would be left: that is a cancellation."""

    code = "last_item"


class AlreadySo(Refused):
    """The order holds just that already."""

    code = "already_so"


class VariantNotFound(Refused):
    """The product does not come in this size or colour."""

    code = "variant_not_found"


class OutOfStock(Refused):
    """Fewer are left than wanted."""

    code = "out_of_stock"


class ProductNotFound(Refused):
    """The shop sells nothing with this number."""

    code = "product_not_found"


class NoInvoiceYet(Refused):
    """The invoice is written when the parcel leaves."""

    code = "no_invoice_yet"


class NothingToPay(Refused):
    """No payment of the order was declined."""

    code = "nothing_to_pay"


class NotChargedTwice(Refused):
    """No more was paid than the order costs."""

    code = "not_charged_twice"


class CodeWrong(Refused):
    """Not the code that was sent; more attempts are left."""

    code = "code_wrong"


class CodeExpired(Refused):
    """The code is too old, was used, or none was sent."""

    code = "code_expired"


class TooManyAttempts(Refused):
    """Too many wrong codes: this code is dead, a new one may be sent."""

    code = "too_many_attempts"


class TooManyCodes(Refused):
    """Too many codes were sent for this order in a short time."""

    code = "too_many_codes"


class EmailTaken(Refused):
    """An account with this mail address exists."""

    code = "email_taken"


class AccountBlocked(Refused):
    """The shop's team has blocked the account."""

    code = "account_blocked"


class AccountClosing(Refused):
    """The account is being closed already."""

    code = "account_closing"


class AccountHasOpenOrders(Refused):
    """Goods or money are still under way."""

    code = "account_has_open_orders"


class TooManyMails(Refused):
    """Too many mails were sent to this address in a short time."""

    code = "too_many_mails"


REFUSALS: dict[str, type[Refused]] = {
    refusal.code: refusal for refusal in Refused.__subclasses__()
}
