"""The calls about money and goods; see `resources` for what all calls share."""

from __future__ import annotations

from actions.shop.results import (
    FoundProducts,
    Invoice,
    PayLink,
    Payments,
    Product,
    Review,
    SentInvoices,
    Ticket,
    Transaction,
)
from actions.shop.transport import Transport, path

MAX_QUERY = 500


class Billing:
    """Invoices and payments."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def invoices(self, number: str) -> tuple[Invoice, ...]:
        """Returns an order's invoice and credit notes; none before it was sent.

        Raises: OrderNotFound.
        """
        return self._transport.read(
            path("orders", number, "invoices"), Invoice.read_all
        )

    def mail_invoices(self, number: str, *, key: str) -> SentInvoices:
        """Mails them to the address on file.

        Raises: OrderNotFound, NoInvoiceYet.
        """
        return self._transport.write(
            path("orders", number, "invoices", "mail"), SentInvoices.read, key=key
        )

    def payments(self, number: str) -> Payments:
        """Raises: OrderNotFound."""
        return self._transport.read(path("orders", number, "payments"), Payments.read)

    def mail_pay_link(self, number: str, *, key: str) -> PayLink:
        """Raises: OrderNotFound, NothingToPay."""
        return self._transport.write(
            path("orders", number, "pay_link"), PayLink.read, key=key
        )

    def dispute_charge(
        self, number: str, *, conversation_id: str | None = None, key: str
    ) -> Ticket:
        """Opens a ticket for money taken twice; there is one for an order.

        Raises: OrderNotFound, NotChargedTwice.
        """
        return self._transport.write(
            path("orders", number, "charge_dispute"),
            Ticket.read,
            key=key,
            body={"conversation_id": conversation_id},
        )

    def transactions(self, customer_id: str) -> tuple[Transaction, ...]:
        """Returns the last five payments and refunds, newest first.

        Raises: CustomerNotFound.
        """
        return self._transport.read(
            path("customers", customer_id, "transactions"), Transaction.read_all
        )


class Products:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def search(self, query: str) -> FoundProducts:
        """Finds what a customer's words name, a whole sentence or a slip included."""
        words = {"query": query[:MAX_QUERY]}
        return self._transport.read(path("products"), FoundProducts.read, words)

    def get(self, sku: str) -> Product:
        """Raises: ProductNotFound."""
        return self._transport.read(path("products", sku), Product.read)


class Reviews:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def leave(
        self, rating: int, text: str, *, order_number: str | None = None, key: str
    ) -> Review:
        """Stores a review, with the buyer's first name if it is about an order.

        Raises: OrderNotFound.
        """
        return self._transport.write(
            path("reviews"),
            Review.read,
            key=key,
            body={"rating": rating, "text": text, "order_number": order_number},
        )
