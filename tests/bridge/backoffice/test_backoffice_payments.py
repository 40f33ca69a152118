"""Payments, invoices and what a customer's account has seen."""

import re
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("HP-10434", "paid"),
        ("HP-10474", "pending"),
        ("HP-10431", "declined"),
        ("HP-10473", "charged_twice"),
        ("HP-10427", "cancelled"),
        ("HP-10430", "paid"),
    ],
)
def test_the_state_of_a_payment_is_told(shop: Any, number: str, state: str) -> None:
    assert shop.get(f"/orders/{number}/payments").json()["state"] == state


def test_what_was_paid_too_much_is_told(shop: Any) -> None:
    told = shop.get("/orders/HP-10473/payments").json()

    assert told["total"] == told["overpaid"] == 77.0
    assert told["method"] == "card ending 1881"
    assert len(told["payments"]) == 2


def test_a_declined_payment_gets_a_link_by_mail(shop: Any) -> None:
    sent = shop.post("/orders/HP-10431/pay_link").json()

    assert sent == {
        "sent_to": "s•••@example.com",
        "expires_at": "2026-03-11T14:00:00Z",
    }
    mail = shop.mails(order_number="HP-10431")[0]
    assert mail["kind"] == "pay_link"
    assert re.search(r"https://shop\.example/pay/\S{16,}", mail["body"])
    assert shop.get("/orders/HP-10431/payments").json()["state"] == "declined"


@pytest.mark.parametrize("number", ["HP-10434", "HP-10474", "HP-10473", "HP-10427"])
def test_what_was_not_declined_gets_no_link(
    shop: Any, refusal: Any, number: str
) -> None:
    assert refusal(shop.post(f"/orders/{number}/pay_link")) == (409, "nothing_to_pay")
    assert shop.mails() == []


def test_money_taken_twice_becomes_one_ticket(shop: Any) -> None:
    first = shop.post("/orders/HP-10473/charge_dispute", {"conversation_id": "c-1"})
    shop.clock.advance(hours=1)
    again = shop.post("/orders/HP-10473/charge_dispute", {"conversation_id": "c-2"})

    assert first.json()["ticket_number"] == "TK-1001"
    assert first.json()["answer_by"] == "2026-03-10T16:00:00Z"
    assert again.json() == first.json()


def test_money_taken_once_becomes_none(shop: Any, refusal: Any) -> None:
    answer = shop.post("/orders/HP-10434/charge_dispute", {})

    assert refusal(answer) == (409, "not_charged_twice")


def test_transactions_of_all_orders_come_newest_first(shop: Any) -> None:
    told = shop.get("/customers/C-2010/transactions", limit="3").json()["transactions"]

    assert [one["at"] for one in told] == sorted(
        (one["at"] for one in told), reverse=True
    )
    assert len(told) == 3
    assert told[0] == {
        "kind": "payment",
        "order_number": "HP-10475",
        "amount": 217.0,
        "currency": "EUR",
        "method": "card ending 4242",
        "state": "paid",
        "at": "2026-03-10T06:48:00Z",
    }
    kinds = {(one["kind"], one["state"]) for one in told}
    assert ("refund", "processing") in kinds


def test_transactions_are_only_the_customers_own(shop: Any, refusal: Any) -> None:
    own = shop.get("/customers/C-2001").json()["orders"]
    told = shop.get("/customers/C-2001/transactions", limit="50").json()

    assert {one["order_number"] for one in told["transactions"]} == set(own)
    nobody = shop.get("/customers/C-1/transactions")
    assert refusal(nobody) == (404, "customer_not_found")


def test_an_invoice_is_there_once_the_parcel_left(shop: Any) -> None:
    assert shop.get("/orders/HP-10428/invoices").json()["invoices"] == [
        {
            "number": "IN-10428",
            "kind": "invoice",
            "order_number": "HP-10428",
            "issued_at": "2026-03-03T14:00:00Z",
            "total": 34.9,
            "currency": "EUR",
        }
    ]
    assert shop.get("/orders/HP-10434/invoices").json() == {"invoices": []}


def test_a_paid_refund_adds_a_credit_note(shop: Any) -> None:
    papers = shop.get("/orders/HP-10430/invoices").json()["invoices"]

    assert [one["kind"] for one in papers] == ["invoice", "credit_note"]
    assert papers[0]["issued_at"] < papers[1]["issued_at"]


def test_an_invoice_is_mailed_once_for_a_key(shop: Any) -> None:
    sent = shop.post("/orders/HP-10428/invoices/mail", key="m1").json()

    assert sent["sent_to"] == "j•••@example.com"
    assert [one["number"] for one in sent["invoices"]] == ["IN-10428"]
    assert shop.post("/orders/HP-10428/invoices/mail", key="m1").json() == sent
    mails = shop.mails(order_number="HP-10428")
    assert [mail["kind"] for mail in mails] == ["invoice"]
    assert "IN-10428: EUR 34.90" in mails[0]["body"]


def test_no_invoice_is_mailed_before_there_is_one(shop: Any, refusal: Any) -> None:
    answer = shop.post("/orders/HP-10434/invoices/mail")

    assert refusal(answer) == (404, "no_invoice_yet")
    assert shop.mails() == []
