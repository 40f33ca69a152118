"""Cards beside an answer: what is shown, to whom, in which language."""

from dataclasses import replace
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from actions.cards import order_card, payments_card, refund_card, return_card
from actions.order_status import ActionCheckOrderStatus
from actions.refund_status import ActionCheckRefundStatus
from actions.shop import Return
from actions.transactions import ActionReviewTransactions


def cards_of(ran):
    return [one for said in ran.messages for one in said["custom"].get("cards", [])]


def rows(card):
    return {row["label"]: (row["type"], row["value"]) for row in card["rows"]}


async def test_where_an_order_is_comes_with_its_card(backoffice, shop, chat):
    order = shop.orders.get("HP-10423")
    chat.knows(order_number=order.number).says("where is it", "check_order_status")
    ran = await chat.run(ActionCheckOrderStatus())
    assert ran.responses == ["utter_order_status_shipped"]
    [card] = cards_of(ran)
    assert (card["kind"], card["id"]) == ("order", "HP-10423")
    assert (card["title"], card["status"]) == ("Order HP-10423", "On its way")
    assert rows(card) == {
        "Expected by": ("date", order.expected_at.date().isoformat()),
        "Carrier": ("text", order.carrier),
        "Follow the parcel": ("link", order.tracking_url),
    }


async def test_only_its_own_customer_sees_what_is_in_an_order(backoffice, shop, chat):
    order = shop.orders.get("HP-10423")
    chat.verified(order.customer_id).knows(order_number=order.number)
    [theirs] = cards_of(await chat.run(ActionCheckOrderStatus()))
    total = {"amount": str(order.total), "currency": order.currency}
    assert rows(theirs)["Total"] == ("money", total)
    chat.verified("C-2001")
    [strangers] = cards_of(await chat.run(ActionCheckOrderStatus()))
    assert "Total" not in rows(strangers)
    assert order.items[0].name not in str(strangers)


@pytest.mark.parametrize(
    ("code", "title", "status", "expected"),
    [
        ("es", "Pedido HP-10423", "En camino", "Llega antes del"),
        ("de", "Bestellung HP-10423", "Unterwegs", "Erwartet bis"),
        ("fr", "Commande HP-10423", "En route", "Prévu pour le"),
    ],
)
async def test_cards_are_in_the_customers_language(
    backoffice, chat, code, title, status, expected
):
    chat.knows(order_number="HP-10423", language=code)
    [card] = cards_of(await chat.run(ActionCheckOrderStatus()))
    assert (card["title"], card["status"]) == (title, status)
    assert card["rows"][0]["label"] == expected


async def test_every_status_has_a_word_of_its_own(backoffice, shop):
    order = shop.orders.get("HP-10423")
    for status in (
        "placed packed shipped out_for_delivery delivered cancelled return_started "
        "refunded payment_failed"
    ).split():
        card = order_card(replace(order, status=status), is_theirs=False)
        assert card["status"] != status


async def test_a_delivered_order_says_when_and_expects_no_more(backoffice, shop):
    order = shop.orders.get("HP-10428")
    shown = rows(order_card(order, is_theirs=True))
    assert shown["Delivered"] == ("datetime", order.delivered_at.isoformat())
    assert "Expected by" not in shown


async def test_several_alike_tell_what_one_costs(backoffice, shop):
    order = shop.orders.get("HP-10428")
    mugs = replace(order.items[0], quantity=3, price=Decimal("4.50"))
    [row, *_] = order_card(replace(order, items=(mugs,)), is_theirs=True)["rows"]
    assert row["value"] == {
        "amount": "13.50",
        "currency": order.currency,
        "quantity": 3,
        "unit_amount": "4.50",
    }


async def test_a_refund_comes_with_its_card(backoffice, shop, chat):
    order = shop.orders.get("HP-10430")
    chat.verified(order.customer_id).knows(
        order_number=order.number, order_customer_id=order.customer_id
    )
    [card] = cards_of(await chat.run(ActionCheckRefundStatus()))
    assert (card["kind"], card["title"]) == ("refund", "Refund for HP-10430")
    refund = shop.refunds.get(order.number)
    assert card == refund_card(refund)
    assert rows(card)["Amount"][1]["amount"] == str(refund.amount)


async def test_a_refund_is_not_shown_to_others(backoffice, chat):
    chat.verified("C-2001").knows(order_number="HP-10430")
    ran = await chat.run(ActionCheckRefundStatus())
    assert ran.responses == ["utter_verification_missing"]
    assert cards_of(ran) == []


def test_a_return_says_until_when_and_how_much():
    started = Return(
        *("R-1", "HP-10428", "Kettle", "damaged", False, "j***@mail.example"),
        *(date(2026, 12, 1), Decimal("34.90"), "EUR"),
    )
    card = return_card(started)
    assert card["title"] == "Return R-1"
    assert rows(card) == {
        "Item": ("text", "Kettle"),
        "Send back by": ("date", "2026-12-01"),
        "Refund": ("money", {"amount": "34.90", "currency": "EUR"}),
    }


async def test_payments_are_listed_as_sums(backoffice, shop, chat):
    ran = await chat.verified("C-2004").run(ActionReviewTransactions())
    [card] = cards_of(ran)
    moves = shop.billing.transactions("C-2004")
    assert card == payments_card(moves)
    assert len(card["rows"]) == len(moves)
    [said] = ran.messages
    assert said["custom"]["brief"].startswith("Your latest payments")
    assert {row["type"] for row in card["rows"]} == {"money"}
    assert moves[0].order_number in card["rows"][0]["label"]


@pytest.mark.parametrize("kind", ["payment_paid", "refund_awaiting_return"])
def test_every_payment_has_words(backoffice, shop, kind):
    move = shop.billing.transactions("C-2004")[0]
    kind, _, state = kind.partition("_")
    at = datetime(2026, 11, 24, tzinfo=timezone.utc)
    card = payments_card((replace(move, kind=kind, state=state, at=at),))
    assert card["rows"][0]["label"].startswith(f"24 Nov, {move.order_number}, ")
