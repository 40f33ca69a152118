"""The calls, one class for each noun of the shop.

Every call may raise `BackofficeUnavailable` (or its subclasses); what else it raises
is listed with it. `key` is an idempotency key: the same key acts once.
"""

from __future__ import annotations

from actions.shop.results import (
    Cancellation,
    Customer,
    ItemChange,
    Order,
    PasswordReset,
    Refund,
    Return,
    SentCode,
    Ticket,
    Verification,
)
from actions.shop.transport import Transport, path


class Orders:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, number: str) -> Order:
        """Raises: OrderNotFound."""
        return self._transport.read(path("orders", number), Order.read)

    def cancel(self, number: str, *, key: str) -> Cancellation:
        """Raises: OrderNotFound, AlreadyCancelled, NotCancellable."""
        return self._transport.write(
            path("orders", number, "cancel"), Cancellation.read, key=key
        )

    def change_address(self, number: str, address: str, *, key: str) -> Order:
        """Raises: OrderNotFound, AddressLocked, AddressInvalid."""
        return self._transport.write(
            path("orders", number, "address"),
            Order.read,
            key=key,
            body={"address": address},
            method="PUT",
        )

    def change_item(
        self,
        number: str,
        item: str,
        *,
        quantity: int | None = None,
        variant: str | None = None,
        key: str,
    ) -> ItemChange:
        """Changes how many of an item there are, or its size and colour.

        Raises: OrderNotFound, OrderLocked, ItemNotFound, ItemRequired, LastItem,
            AlreadySo, VariantNotFound, OutOfStock.
        """
        return self._transport.write(
            path("orders", number, "items"),
            ItemChange.read,
            key=key,
            body={"item": item, "quantity": quantity, "variant": variant},
            method="PUT",
        )


class Returns:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def start(
        self,
        number: str,
        *,
        item: str | None,
        reason: str,
        photo: str | None = None,
        key: str,
    ) -> Return:
        """Starts a return and mails the label.

        `item` is a name as the customer says it, a full name or a SKU; None takes
        the order's only item. `photo` is the id of an attachment.

        Raises: OrderNotFound, NotReturnable, ReturnWindowOver, ItemNotFound,
            ItemRequired, ReturnAlreadyStarted.
        """
        return self._transport.write(
            path("orders", number, "returns"),
            Return.read,
            key=key,
            body={"item": item, "reason": reason, "photo": photo},
        )


class Refunds:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, number: str) -> Refund:
        """Raises: OrderNotFound, RefundNotFound."""
        return self._transport.read(path("orders", number, "refund"), Refund.read)


class Codes:
    """One-time codes: six digits by mail, to prove who the customer is.

    Each is about an order, or about the mail address that was ordered with.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(
        self, order_number: str | None = None, *, email: str | None = None, key: str
    ) -> SentCode:
        """Sends a new code, which ends the one before it.

        Does not tell whether a mail address is a customer's.

        Raises: OrderNotFound, TooManyCodes.
        """
        return self._transport.write(
            path("codes"), SentCode.read, key=key, body=_about(order_number, email)
        )

    def verify(
        self,
        order_number: str | None = None,
        code: str = "",
        *,
        email: str | None = None,
        key: str,
    ) -> Verification:
        """Uses the code up.

        Raises: OrderNotFound, CodeWrong, CodeExpired, TooManyAttempts.
        """
        return self._transport.write(
            path("codes", "verify"),
            Verification.read,
            key=key,
            body={**_about(order_number, email), "code": code},
        )


def _about(order_number: str | None, email: str | None) -> dict[str, str | None]:
    return {"email": email} if email else {"order_number": order_number}


class Customers:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, customer_id: str) -> Customer:
        """Raises: CustomerNotFound."""
        return self._transport.read(path("customers", customer_id), Customer.read)

    def reset_password(self, customer_id: str, *, key: str) -> PasswordReset:
        """Mails a link for a new password.

        Raises: CustomerNotFound.
        """
        return self._transport.write(
            path("customers", customer_id, "password_reset"),
            PasswordReset.read,
            key=key,
        )


class Tickets:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def open(
        self,
        subject: str,
        *,
        body: str | None = None,
        customer_id: str | None = None,
        order_number: str | None = None,
        conversation_id: str | None = None,
        key: str,
    ) -> Ticket:
        """Leaves something for the team; the answer says by when it is answered.

        Raises: CustomerNotFound, OrderNotFound.
        """
        return self._transport.write(
            path("tickets"),
            Ticket.read,
            key=key,
            body={
                "subject": subject,
                "body": body,
                "customer_id": customer_id,
                "order_number": order_number,
                "conversation_id": conversation_id,
            },
        )
