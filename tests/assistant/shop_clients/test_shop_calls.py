"""The clients against the real back office."""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from actions.shop import (
    AddressInvalid,
    AddressLocked,
    AlreadyCancelled,
    CodeExpired,
    CodeWrong,
    CustomerNotFound,
    IdempotencyKeyReused,
    ItemNotFound,
    ItemRequired,
    NotCancellable,
    NotReturnable,
    OrderItem,
    OrderNotFound,
    RefundNotFound,
    RequestInvalid,
    ReturnAlreadyStarted,
    ReturnWindowOver,
    Shop,
    TooManyAttempts,
    TooManyCodes,
    UnexpectedAnswer,
)
from actions.shop.settings import Settings

ADDRESS = "4 Mill Lane, Ambleside LA22 9DH, UK"


def new_key() -> str:
    return f"{uuid4()}:action_test"


def code_of(backoffice: Any, number: str) -> str:
    newest = backoffice.mails(number)[0]
    found = re.search(r"\b\d{6}\b", newest["body"])
    assert found
    return found.group()


def test_an_order_is_read_into_values(shop: Shop) -> None:
    order = shop.orders.get("HP-10428")

    assert order.number == "HP-10428"
    assert order.status == "delivered"
    assert order.customer_id == "C-2001"
    assert order.total == Decimal("34.90")
    assert str(order.total) == "34.90"
    assert order.items == (
        OrderItem("KET-09", "Gull camping kettle 0.9 l", 1, Decimal("34.90")),
    )
    assert order.delivered_at and order.returnable_until
    assert order.returnable_until - order.delivered_at == timedelta(days=30)
    age = datetime.now(timezone.utc) - order.delivered_at
    assert timedelta(days=5) <= age < timedelta(days=6)
    assert order.expected_at is None
    assert not order.cancellable


def test_an_order_is_cancelled_and_refunded(shop: Shop) -> None:
    cancelled = shop.orders.cancel("HP-10422", key=new_key())

    assert cancelled.order.status == "cancelled"
    assert cancelled.refund
    assert cancelled.refund.amount == cancelled.order.total
    assert shop.refunds.get("HP-10422") == cancelled.refund


def test_an_unpaid_order_is_cancelled_without_a_refund(shop: Shop) -> None:
    assert shop.orders.cancel("HP-10431", key=new_key()).refund is None


def test_an_address_is_changed(shop: Shop) -> None:
    order = shop.orders.change_address("HP-10421", ADDRESS, key=new_key())

    assert order.shipping_address == ADDRESS
    assert shop.orders.get("HP-10421") == order


def test_a_return_is_started_with_a_photo(shop: Shop) -> None:
    started = shop.returns.start(
        "HP-10425", item="sleeping bag", reason="torn", photo="att-1", key=new_key()
    )

    assert started.item == "Heather sleeping bag -5 °C"
    assert started.has_photo
    assert started.label_sent_to == "l•••@example.com"
    assert started.refund_amount == Decimal("159.00")
    assert shop.refunds.get("HP-10425").status == "awaiting_return"


def test_a_code_verifies_its_customer(shop: Shop, backoffice: Any) -> None:
    sent = shop.codes.send("HP-10428", key=new_key())
    code = code_of(backoffice, "HP-10428")
    verified = shop.codes.verify("HP-10428", code, key=new_key())

    assert sent.sent_to == "j•••@example.com"
    assert sent.expires_at > datetime.now(timezone.utc)
    assert (verified.customer_id, verified.name) == ("C-2001", "Jo Marsh")
    assert verified.order_number == "HP-10428"


def test_a_customer_is_read_and_gets_a_reset_link(shop: Shop) -> None:
    customer = shop.customers.get("C-2001")
    reset = shop.customers.reset_password("C-2001", key=new_key())

    assert (customer.name, customer.tier, customer.language) == (
        "Jo Marsh",
        "gold",
        "en",
    )
    assert customer.orders == ("HP-10434", "HP-10428")
    assert reset.sent_to == "j•••@example.com"


def test_a_ticket_promises_an_answer(shop: Shop) -> None:
    ticket = shop.tickets.open(
        "The kettle", body="Dented", order_number="HP-10428", key=new_key()
    )

    assert re.fullmatch(r"TK-\d+", ticket.ticket_number)
    assert ticket.answer_by > ticket.opened_at


@pytest.mark.parametrize(
    ("refusal", "call"),
    [
        (OrderNotFound, lambda shop: shop.orders.get("HP-1")),
        (OrderNotFound, lambda shop: shop.orders.get("")),
        (OrderNotFound, lambda shop: shop.orders.get("..")),
        (OrderNotFound, lambda shop: shop.orders.get("HP-10428/refund")),
        (OrderNotFound, lambda shop: shop.orders.get("HP-10428?x=1#y")),
        (OrderNotFound, lambda shop: shop.orders.cancel("HP-1", key=new_key())),
        (OrderNotFound, lambda shop: shop.codes.send("HP-1", key=new_key())),
        (CustomerNotFound, lambda shop: shop.customers.get("C-1")),
        (CustomerNotFound, lambda shop: shop.customers.get("../orders/HP-10428")),
        (NotCancellable, lambda shop: shop.orders.cancel("HP-10423", key=new_key())),
        (AlreadyCancelled, lambda shop: shop.orders.cancel("HP-10427", key=new_key())),
        (
            AddressLocked,
            lambda shop: shop.orders.change_address("HP-10424", ADDRESS, key=new_key()),
        ),
        (
            AddressInvalid,
            lambda shop: shop.orders.change_address("HP-10434", "home", key=new_key()),
        ),
        (
            RequestInvalid,
            lambda shop: shop.orders.change_address("HP-10434", "", key=new_key()),
        ),
        (RefundNotFound, lambda shop: shop.refunds.get("HP-10434")),
        (
            CodeExpired,
            lambda shop: shop.codes.verify("HP-10434", "123456", key=new_key()),
        ),
    ],
)
def test_each_refusal_has_its_class(shop: Shop, refusal: Any, call: Any) -> None:
    with pytest.raises(refusal) as refused:
        call(shop)

    assert refused.type is refusal


@pytest.mark.parametrize(
    ("refusal", "number", "item"),
    [
        (NotReturnable, "HP-10424", None),
        (ReturnWindowOver, "HP-10426", None),
        (ReturnAlreadyStarted, "HP-10432", None),
        (ItemNotFound, "HP-10428", "surfboard"),
        (ItemRequired, "HP-10425", None),
    ],
)
def test_each_refused_return_has_its_class(
    shop: Shop, refusal: Any, number: str, item: Any
) -> None:
    with pytest.raises(refusal) as refused:
        shop.returns.start(number, item=item, reason="dented", key=new_key())

    assert refused.type is refusal
    assert str(refused.value) != refusal.code  # the sentence came along


def test_wrong_codes_end_in_too_many_attempts(shop: Shop, backoffice: Any) -> None:
    shop.codes.send("HP-10423", key=new_key())
    wrong = f"{(int(code_of(backoffice, 'HP-10423')) + 1) % 10**6:06d}"

    for _ in range(4):
        with pytest.raises(CodeWrong):
            shop.codes.verify("HP-10423", wrong, key=new_key())
    with pytest.raises(TooManyAttempts):
        shop.codes.verify("HP-10423", wrong, key=new_key())


def test_too_many_codes_are_refused(shop: Shop) -> None:
    for _ in range(10):
        shop.codes.send("HP-10424", key=new_key())

    with pytest.raises(TooManyCodes):
        shop.codes.send("HP-10424", key=new_key())


def test_the_same_key_acts_once(shop: Shop, backoffice: Any) -> None:
    key = new_key()
    mails = len(backoffice.mails("HP-10433"))

    first = shop.codes.send("HP-10433", key=key)

    assert shop.codes.send("HP-10433", key=key) == first
    assert len(backoffice.mails("HP-10433")) == mails + 1


def test_the_same_key_for_something_else_is_refused(shop: Shop) -> None:
    key = new_key()
    shop.codes.send("HP-10433", key=key)

    with pytest.raises(IdempotencyKeyReused):
        shop.orders.cancel("HP-10434", key=key)
    assert shop.orders.get("HP-10434").status == "placed"


def test_a_write_without_a_key_is_not_sent(shop: Shop) -> None:
    with pytest.raises(ValueError, match="idempotency key"):
        shop.orders.cancel("HP-10434", key="")

    assert shop.orders.get("HP-10434").status == "placed"


def test_a_wrong_service_token_is_no_answer_about_the_order(backoffice: Any) -> None:
    stranger = Shop(Settings(backoffice.url, "wrong"))

    with pytest.raises(UnexpectedAnswer, match="status 401"):
        stranger.orders.get("HP-10428")
