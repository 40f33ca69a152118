"""Every refusal of the back office: a stable code, a status and a sentence."""

from typing import ClassVar


class Refusal(Exception):
    """Root of what a caller may be told; anything else is a 500."""

    code: ClassVar[str]
    status: ClassVar[int] = 409

    def __init__(self, message: str) -> None:
        """Takes the sentence for whoever reads the answer."""
        super().__init__(message)
        self.message = message

    def answer(self) -> dict[str, object]:
        """The one shape of all errors."""
        return error_answer(self.code, self.message)


def error_answer(code: str, message: str) -> dict[str, object]:
    """The one shape of all errors."""
    return {"ok": False, "error": code, "message": message}


class BadRequest(Refusal):
    """A field is missing, too long or of the wrong type."""

    code, status = "bad_request", 422


class IdempotencyKeyReused(Refusal):
    """The key came before with another request."""

    code, status = "idempotency_key_reused", 422


class OrderNotFound(Refusal):
    """No order has this number."""

    code, status = "order_not_found", 404


class CustomerNotFound(Refusal):
    """No customer has this id."""

    code, status = "customer_not_found", 404


class RefundNotFound(Refusal):
    """No refund was asked for this order."""

    code, status = "refund_not_found", 404


class ItemNotFound(Refusal):
    """The order holds no such item."""

    code, status = "item_not_found", 404


class ItemRequired(Refusal):
    """Several items fit what was said."""

    code, status = "item_required", 422


class NotCancellable(Refusal):
    """The parcel has left, or the order is closed."""

    code = "not_cancellable"


class AlreadyCancelled(Refusal):
    """The order was cancelled before."""

    code = "already_cancelled"


class AddressLocked(Refusal):
    """The parcel is labelled, or the order is closed."""

    code = "address_locked"


class AddressInvalid(Refusal):
    """The text cannot be a postal address."""

    code, status = "address_invalid", 422


class NotReturnable(Refusal):
    """The order was not delivered (yet)."""

    code = "not_returnable"


class ReturnWindowOver(Refusal):
    """Delivered longer ago than returns are taken."""

    code = "return_window_over"


class ReturnAlreadyStarted(Refusal):
    """A return of this item is under way or done."""

    code = "return_already_started"


class OrderLocked(Refusal):
    """The order is packed, or closed: its items stay."""

    code = "order_locked"


class LastItem(Refusal):
    """Without it nothing would be left: that is a cancellation."""

    code = "last_item"


class AlreadySo(Refusal):
    """The order holds just that already."""

    code = "already_so"


class VariantNotFound(Refusal):
    """The product does not come in this size or colour."""

    code, status = "variant_not_found", 404


class OutOfStock(Refusal):
    """Fewer are left than wanted."""

    code = "out_of_stock"


class ProductNotFound(Refusal):
    """We sell nothing with this number."""

    code, status = "product_not_found", 404


class NoInvoiceYet(Refusal):
    """The invoice is written when the parcel leaves."""

    code, status = "no_invoice_yet", 404


class NothingToPay(Refusal):
    """Nothing of this order is unpaid."""

    code = "nothing_to_pay"


class CardNotFound(Refusal):
    """The customer has no such card."""

    code, status = "card_not_found", 404


class ActionNotOffered(Refusal):
    """Nothing of that name can be done about the card, or not any more."""

    code = "action_not_offered"


class NotRefundable(Refusal):
    """More than was paid and has not gone back."""

    code = "not_refundable"


class AlreadyReplaced(Refusal):
    """This item was sent again before."""

    code = "already_replaced"


class NotChargedTwice(Refusal):
    """No more was paid than the order costs."""

    code = "not_charged_twice"


class CodeWrong(Refusal):
    """Not the code that was sent."""

    code, status = "code_wrong", 403


class CodeExpired(Refusal):
    """Too old, used, or none was sent."""

    code, status = "code_expired", 403


class TooManyAttempts(Refusal):
    """Too many wrong codes; this one is dead."""

    code, status = "too_many_attempts", 429


class TooManyCodes(Refusal):
    """Too many codes were sent for this order or address in a short time."""

    code, status = "too_many_codes", 429


class EmailTaken(Refusal):
    """An account with this address exists."""

    code = "email_taken"


class AccountBlocked(Refusal):
    """Our team has blocked the account."""

    code = "account_blocked"


class AccountClosing(Refusal):
    """The account is being closed already."""

    code = "account_closing"


class AccountHasOpenOrders(Refusal):
    """Goods or money are still under way."""

    code = "account_has_open_orders"


class LinkExpired(Refusal):
    """Too old, used, replaced, or never sent."""

    code, status = "link_expired", 403


class TooManyMails(Refusal):
    """Too many were sent to this address in a short time."""

    code, status = "too_many_mails", 429
