"""Changing what is in an order: the shelf, the money, and what is refused."""

from typing import Any

import pytest

ORDER = "HP-10475"  # placed: a rain jacket (M, navy), two bottles (green)
JACKET, BOTTLE = "Squall rain jacket", "Burn water bottle 1 l"


def change(shop: Any, number: str = ORDER, **wanted: Any) -> Any:
    return shop.send("PUT", f"/orders/{number}/items", {"item": BOTTLE, **wanted})


def left(shop: Any, sku: str, variant: str) -> int:
    shelves = shop.get(f"/products/{sku}").json()["variants"]
    return next(one["left"] for one in shelves if one.get("variant") == variant)


def test_more_of_an_item_is_paid_the_same_way(shop: Any) -> None:
    before = left(shop, "BTL-10", "green")

    done = change(shop, quantity=3).json()

    assert [item["quantity"] for item in done["order"]["items"]] == [1, 3]
    assert done["difference"] == 19.0
    assert "refund" not in done
    assert left(shop, "BTL-10", "green") == before - 1
    payments = shop.get(f"/orders/{ORDER}/payments").json()
    assert [one["amount"] for one in payments["payments"]] == [217.0, 19.0]
    assert payments["state"] == "paid"
    assert "3 x Burn water bottle" in shop.mails(order_number=ORDER)[0]["body"]


def test_an_item_left_out_is_refunded_and_back_on_the_shelf(shop: Any) -> None:
    before = left(shop, "BTL-10", "green")

    done = change(shop, quantity=0).json()

    assert [item["name"] for item in done["order"]["items"]] == [JACKET]
    assert done["difference"] == -38.0
    assert done["refund"]["amount"] == 38.0
    assert left(shop, "BTL-10", "green") == before + 2
    assert shop.get(f"/orders/{ORDER}").json() == done["order"]
    # what was refunded already is not refunded again
    cancelled = shop.post(f"/orders/{ORDER}/cancel").json()
    assert cancelled["refund"]["amount"] == 179.0
    assert shop.get(f"/orders/{ORDER}/payments").json()["state"] == "cancelled"


def test_another_size_costs_nothing(shop: Any) -> None:
    done = change(shop, item="jacket", variant="S, navy").json()

    assert done["order"]["items"][0]["variant"] == "S, navy"
    assert done["difference"] == 0


def test_what_was_not_paid_yet_only_becomes_another_sum(shop: Any) -> None:
    done = change(shop, "HP-10474", item="dry bag", quantity=1).json()

    assert "refund" not in done
    payments = shop.get("/orders/HP-10474/payments").json()
    assert payments["state"] == "pending"
    assert [one["amount"] for one in payments["payments"]] == [26.0]


@pytest.mark.parametrize(
    ("number", "wanted", "status", "code"),
    [
        ("HP-10422", {"item": "tent", "quantity": 2}, 409, "order_locked"),
        ("HP-10423", {"item": "jacket", "variant": "S, navy"}, 409, "order_locked"),
        ("HP-10427", {"item": "hammock", "quantity": 2}, 409, "order_locked"),
        (ORDER, {"item": "surfboard", "quantity": 2}, 404, "item_not_found"),
        (ORDER, {"quantity": 2}, 409, "already_so"),
        (ORDER, {"item": "jacket", "variant": "XXL, pink"}, 404, "variant_not_found"),
        (ORDER, {"item": "jacket", "variant": "L, navy"}, 409, "out_of_stock"),
        ("HP-10474", {"item": "dry bag", "quantity": 0}, 409, "last_item"),
        (ORDER, {}, 422, "bad_request"),
        (ORDER, {"quantity": 21}, 422, "bad_request"),
        (ORDER, {"quantity": -1}, 422, "bad_request"),
        ("HP-99999", {"quantity": 1}, 404, "order_not_found"),
    ],
)
def test_what_cannot_be_changed_stays(
    shop: Any, refusal: Any, number: str, wanted: Any, status: int, code: str
) -> None:
    before = shop.get(f"/orders/{number}").json()
    on_the_shelf = left(shop, "JKT-RN", "M, navy")

    assert refusal(change(shop, number, **wanted)) == (status, code)

    assert shop.get(f"/orders/{number}").json() == before
    assert left(shop, "JKT-RN", "M, navy") == on_the_shelf
    assert shop.mails() == []


def test_no_more_is_sold_than_there_is(shop: Any, refusal: Any) -> None:
    there = left(shop, "SCK-MW", "M") + 2  # two are in the order
    answer = change(shop, "HP-10421", item="socks", quantity=20)

    if there < 20:
        assert refusal(answer) == (409, "out_of_stock")
        answer = change(shop, "HP-10421", item="socks", quantity=there)
        assert left(shop, "SCK-MW", "M") == 0
    assert answer.is_success
