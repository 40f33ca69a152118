"""The calls about money and goods against the real back office."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from actions.shop import (
    AlreadySo,
    CustomerNotFound,
    ItemNotFound,
    LastItem,
    NoInvoiceYet,
    NotChargedTwice,
    NothingToPay,
    OrderLocked,
    OrderNotFound,
    OutOfStock,
    ProductNotFound,
    RequestInvalid,
    Shop,
    VariantNotFound,
)

JACKET, BOTTLE = "JKT-RN", "BTL-10"


def new_key() -> str:
    return f"{uuid4()}:action_test"


def test_an_item_is_changed_once_for_a_key(shop: Shop) -> None:
    key = new_key()
    done = shop.orders.change_item("HP-10475", BOTTLE, quantity=1, key=key)

    assert done.difference == Decimal("-19.00")
    assert done.refund and done.refund.amount == Decimal("19.00")
    assert [item.quantity for item in done.order.items] == [1, 1]
    assert shop.orders.change_item("HP-10475", BOTTLE, quantity=1, key=key) == done
    assert shop.orders.get("HP-10475") == done.order


def test_another_size_is_read_back(shop: Shop) -> None:
    done = shop.orders.change_item("HP-10475", JACKET, variant="S, moss", key=new_key())

    assert done.order.items[0].variant == "S, moss"
    assert done.difference == 0
    assert done.refund is None


def test_an_invoice_is_read_and_mailed(shop: Shop, backoffice: Any) -> None:
    (invoice,) = shop.billing.invoices("HP-10428")
    sent = shop.billing.mail_invoices("HP-10428", key=new_key())

    assert (invoice.number, invoice.kind) == ("IN-10428", "invoice")
    assert invoice.total == Decimal("34.90")
    assert invoice.issued_at < datetime.now(timezone.utc)
    assert (sent.sent_to, sent.invoices) == ("j•••@example.com", (invoice,))
    assert backoffice.mails("HP-10428")[0]["kind"] == "invoice"


def test_payments_are_read(shop: Shop) -> None:
    twice, paid = (shop.billing.payments(n) for n in ("HP-10473", "HP-10434"))

    assert (twice.state, twice.method) == ("charged_twice", "card ending 1881")
    assert twice.overpaid == twice.total == Decimal("77.00")
    assert (paid.state, paid.overpaid) == ("paid", None)


def test_a_pay_link_is_mailed(shop: Shop) -> None:
    link = shop.billing.mail_pay_link("HP-10431", key=new_key())

    assert link.sent_to == "s•••@example.com"
    assert link.expires_at - datetime.now(timezone.utc) > timedelta(hours=23)


def test_a_dispute_is_one_ticket(shop: Shop) -> None:
    first = shop.billing.dispute_charge("HP-10473", key=new_key())
    again = shop.billing.dispute_charge(
        "HP-10473", conversation_id="c-1", key=new_key()
    )

    assert first == again
    assert first.answer_by > first.opened_at


def test_transactions_are_read_newest_first(shop: Shop) -> None:
    moves = shop.billing.transactions("C-2008")

    assert 2 <= len(moves) <= 5
    assert {move.kind for move in moves} == {"payment", "refund"}
    times = [move.at for move in moves]
    assert times == sorted(times, reverse=True)


def test_products_are_found_by_a_sentence_of_any_length(shop: Shop) -> None:
    found = shop.products.search("do you have the rain jacket? " + "please " * 500)

    assert found.named
    (jacket,) = found.products
    assert (jacket.sku, jacket.price) == (JACKET, Decimal("179.00"))
    assert shop.products.get(JACKET) == jacket
    sold_out = [shelf for shelf in jacket.shelves if not shelf.left]
    assert [shelf.variant for shelf in sold_out] == ["L, navy"]
    assert sold_out[0].back_on and sold_out[0].back_on > datetime.now().date()


def test_what_is_not_found_comes_with_names(shop: Shop) -> None:
    found = shop.products.search("surfboard & sail? #1")

    assert (found.named, found.products) == (True, ())
    assert len(found.nearest) == 3
    assert not shop.products.search("is it in stock?").named


def test_a_review_is_left(shop: Shop) -> None:
    mine = shop.reviews.leave(5, "Lovely.", order_number="HP-10428", key=new_key())
    nobodys = shop.reviews.leave(1, "Slow.", key=new_key())

    assert (mine.shown_as, mine.replaced) == ("Jo", False)
    assert nobodys.shown_as is None
    assert mine.review_number != nobodys.review_number


@pytest.mark.parametrize(
    ("refusal", "number", "item", "wish"),
    [
        (OrderNotFound, "HP-1", BOTTLE, {"quantity": 1}),
        (OrderLocked, "HP-10422", "TNT-2P", {"quantity": 2}),
        (ItemNotFound, "HP-10475", "surfboard", {"quantity": 2}),
        (LastItem, "HP-10474", "DRY-20", {"quantity": 0}),
        (AlreadySo, "HP-10474", "DRY-20", {"quantity": 2}),
        (VariantNotFound, "HP-10475", JACKET, {"variant": "XXL"}),
        (OutOfStock, "HP-10475", JACKET, {"variant": "L, navy"}),
        (RequestInvalid, "HP-10475", JACKET, {"quantity": 99}),
    ],
)
def test_each_refused_change_has_its_class(
    shop: Shop, refusal: Any, number: str, item: str, wish: Any
) -> None:
    with pytest.raises(refusal) as refused:
        shop.orders.change_item(number, item, **wish, key=new_key())

    assert refused.type is refusal


@pytest.mark.parametrize(
    ("refusal", "call"),
    [
        (
            NoInvoiceYet,
            lambda shop: shop.billing.mail_invoices("HP-10434", key=new_key()),
        ),
        (
            NothingToPay,
            lambda shop: shop.billing.mail_pay_link("HP-10434", key=new_key()),
        ),
        (
            NotChargedTwice,
            lambda shop: shop.billing.dispute_charge("HP-10434", key=new_key()),
        ),
        (CustomerNotFound, lambda shop: shop.billing.transactions("C-1")),
        (ProductNotFound, lambda shop: shop.products.get("XXX")),
        (OrderNotFound, lambda shop: shop.billing.payments("HP-10428/refund")),
        (
            OrderNotFound,
            lambda shop: shop.reviews.leave(1, "x", order_number="1", key=new_key()),
        ),
        (RequestInvalid, lambda shop: shop.reviews.leave(9, "x", key=new_key())),
    ],
)
def test_each_refusal_has_its_class(shop: Shop, refusal: Any, call: Any) -> None:
    with pytest.raises(refusal) as refused:
        call(shop)

    assert refused.type is refusal
