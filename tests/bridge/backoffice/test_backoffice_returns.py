"""Returns and refunds."""

from typing import Any

import pytest

DENTED = {"reason": "It arrived dented"}


def returns(number: str) -> str:
    return f"/orders/{number}/returns"


def test_a_dented_kettle_starts_a_return_with_a_photo(shop: Any) -> None:
    body = {"item": "the kettle", "photo": "att-1", **DENTED}

    answer = shop.post(returns("HP-10428"), body).json()

    assert answer == {
        "return_number": answer["return_number"],
        "order_number": "HP-10428",
        "item": "Gull camping kettle 0.9 l",
        "reason": "It arrived dented",
        "has_photo": True,
        "label_sent_to": "j•••@example.com",
        "send_back_by": "2026-03-24",
        "refund_amount": 34.9,
        "currency": "EUR",
    }
    assert shop.get("/orders/HP-10428").json()["status"] == "return_started"
    refund = shop.get("/orders/HP-10428/refund").json()
    assert (refund["status"], refund["amount"]) == ("awaiting_return", 34.9)
    label = shop.mails(order_number="HP-10428")[0]
    assert answer["return_number"] in label["body"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("HP-10421", "not_returnable"),
        ("HP-10422", "not_returnable"),
        ("HP-10423", "not_returnable"),
        ("HP-10424", "not_returnable"),
        ("HP-10426", "return_window_over"),
        ("HP-10427", "not_returnable"),
        ("HP-10430", "return_already_started"),
        ("HP-10431", "not_returnable"),
        ("HP-10432", "return_already_started"),
    ],
)
def test_each_state_refuses_in_its_own_way(
    shop: Any, refusal: Any, number: str, code: str
) -> None:
    before = shop.get(f"/orders/{number}").json()

    answer = shop.post(returns(number), DENTED)

    assert refusal(answer) == (409, code)
    assert shop.get(f"/orders/{number}").json() == before
    assert shop.mails() == []


def test_the_window_ends_thirty_days_after_delivery(shop: Any, refusal: Any) -> None:
    shop.clock.advance(days=25)
    assert shop.post(returns("HP-10425"), {"item": "mat", **DENTED}).status_code == 200

    shop.clock.advance(seconds=1)

    answer = shop.post(returns("HP-10428"), DENTED)
    assert refusal(answer) == (409, "return_window_over")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("sleeping bag", "Heather sleeping bag -5 °C"),
        ("the BAG", "Heather sleeping bag -5 °C"),
        ("moss mat", "Moss sleeping mat"),
        ("MAT-R3", "Moss sleeping mat"),
        ("water bottles", "Burn water bottle 1 l"),
    ],
)
def test_an_item_is_found_by_what_the_customer_calls_it(
    shop: Any, said: str, found: str
) -> None:
    answer = shop.post(returns("HP-10425"), {"item": said, **DENTED})

    assert answer.json()["item"] == found


@pytest.mark.parametrize("said", [None, "", "sleeping"])
def test_several_fitting_items_are_asked_about(
    shop: Any, refusal: Any, said: str | None
) -> None:
    answer = shop.post(returns("HP-10425"), {"item": said, **DENTED})

    assert refusal(answer) == (422, "item_required")


def test_an_item_of_no_kind_is_not_found(shop: Any, refusal: Any) -> None:
    answer = shop.post(returns("HP-10425"), {"item": "surfboard", **DENTED})

    assert refusal(answer) == (404, "item_not_found")


def test_an_item_comes_back_once_and_the_others_may_follow(
    shop: Any, refusal: Any
) -> None:
    first = shop.post(returns("HP-10425"), {"item": "bag", **DENTED}).json()
    again = shop.post(returns("HP-10425"), {"item": "bag", **DENTED})
    other = shop.post(returns("HP-10425"), {"item": "bottle", **DENTED}).json()

    assert refusal(again) == (409, "return_already_started")
    assert other["refund_amount"] == 38.0  # two bottles
    refund = shop.get("/orders/HP-10425/refund").json()
    assert refund["amount"] == first["refund_amount"] + other["refund_amount"]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("HP-10427", "processing"),
        ("HP-10429", "awaiting_return"),
        ("HP-10430", "paid"),
        ("HP-10432", "processing"),
    ],
)
def test_a_refund_is_told_with_its_dates(shop: Any, number: str, status: str) -> None:
    refund = shop.get(f"/orders/{number}/refund").json()

    assert refund["status"] == status
    assert ("paid_at" in refund) is (status == "paid")
    assert ("expected_at" in refund) is (status == "processing")


def test_an_order_without_a_refund_says_so(shop: Any, refusal: Any) -> None:
    answer = shop.get("/orders/HP-10421/refund")

    assert refusal(answer) == (404, "refund_not_found")
