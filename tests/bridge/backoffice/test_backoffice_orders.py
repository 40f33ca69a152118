"""Orders: what is told, and which state refuses what."""

from typing import Any

import pytest

# every fixed order, with its state
STATES = {
    "HP-10421": "placed",
    "HP-10422": "packed",
    "HP-10423": "shipped",
    "HP-10424": "out_for_delivery",
    "HP-10425": "delivered",
    "HP-10426": "delivered",
    "HP-10427": "cancelled",
    "HP-10428": "delivered",
    "HP-10429": "return_started",
    "HP-10430": "refunded",
    "HP-10431": "payment_failed",
    "HP-10432": "return_started",
    "HP-10433": "shipped",
    "HP-10434": "placed",
    "HP-10473": "packed",
    "HP-10474": "placed",
    "HP-10475": "placed",
}
CANCELLABLE = {"placed", "packed", "payment_failed"}
ADDRESS_CHANGEABLE = {"placed", "payment_failed"}
ITEMS_CHANGEABLE = {"placed"}
UNPAID = {"HP-10431", "HP-10474"}
NEW_ADDRESS = "4 Mill Lane, Ambleside LA22 9DH, UK"


def pick(states: set[str]) -> list[str]:
    return [number for number, state in STATES.items() if state in states]


def leave(states: set[str]) -> list[str]:
    return [number for number, state in STATES.items() if state not in states]


def test_every_fixed_order_is_in_its_state(shop: Any) -> None:
    told = {number: shop.get(f"/orders/{number}").json() for number in STATES}

    assert {number: order["status"] for number, order in told.items()} == STATES
    for order in told.values():
        assert order["cancellable"] is (order["status"] in CANCELLABLE)
        assert order["address_changeable"] is (order["status"] in ADDRESS_CHANGEABLE)
        assert order["items_changeable"] is (order["status"] in ITEMS_CHANGEABLE)


def test_the_dented_kettle_is_as_the_demo_tells_it(shop: Any) -> None:
    order = shop.get("/orders/HP-10428").json()

    assert "Wasserkessel" in order["items"][0].pop("also_called").split()
    assert order == {
        "number": "HP-10428",
        "status": "delivered",
        "customer_id": "C-2001",
        "placed_at": "2026-03-01T14:00:00Z",
        "shipped_at": "2026-03-03T14:00:00Z",
        "delivered_at": "2026-03-05T14:00:00Z",
        "returnable_until": "2026-04-04T14:00:00Z",
        "carrier": order["carrier"],
        "tracking_url": order["tracking_url"],
        "total": 34.9,
        "currency": "EUR",
        "items": [
            {
                "sku": "KET-09",
                "name": "Gull camping kettle 0.9 l",
                "quantity": 1,
                "price": 34.9,
            }
        ],
        "shipping_address": "12 Quay Street, Bristol BS1 4RB, UK",
        "payment_method": order["payment_method"],
        "cancellable": False,
        "address_changeable": False,
        "items_changeable": False,
    }
    customer = shop.get("/customers/C-2001").json()
    assert (customer["name"], customer["tier"]) == ("Jo Marsh", "gold")
    assert customer["orders"] == ["HP-10434", "HP-10428"]


def test_an_order_not_sent_has_no_carrier_and_no_return_window(shop: Any) -> None:
    order = shop.get("/orders/HP-10421").json()

    absent = {"shipped_at", "delivered_at", "carrier", "tracking_url"}
    assert not (absent | {"returnable_until"}) & set(order)


@pytest.mark.parametrize("number", ["hp-10428", " HP-10428 "])
def test_letters_and_blanks_do_not_matter(shop: Any, number: str) -> None:
    assert shop.get(f"/orders/{number}").json()["number"] == "HP-10428"


@pytest.mark.parametrize("number", ["HP-99999", "10428", "%00", "' OR 1=1", "Ø"])
def test_an_unknown_order_is_not_found(shop: Any, refusal: Any, number: str) -> None:
    for method, path in (
        ("GET", ""),
        ("GET", "/refund"),
        ("POST", "/cancel"),
        ("PUT", "/address"),
        ("POST", "/returns"),
    ):
        body = {"address": NEW_ADDRESS, "reason": "dented"}
        answer = shop.send(method, f"/orders/{number}{path}", body)
        assert refusal(answer) == (404, "order_not_found")


@pytest.mark.parametrize("number", pick(CANCELLABLE))
def test_an_order_that_has_not_left_is_cancelled(shop: Any, number: str) -> None:
    before = shop.get(f"/orders/{number}").json()

    answer = shop.post(f"/orders/{number}/cancel").json()

    assert answer["order"]["status"] == "cancelled"
    assert shop.get(f"/orders/{number}").json() == answer["order"]
    assert shop.mails(order_number=number)[0]["kind"] == "order_cancelled"
    if number in UNPAID:
        assert "refund" not in answer
    else:
        assert answer["refund"]["amount"] == before["total"]
        assert answer["refund"]["status"] == "processing"
        assert shop.get(f"/orders/{number}/refund").json() == answer["refund"]


@pytest.mark.parametrize("number", leave(CANCELLABLE))
def test_no_other_order_is_cancelled(shop: Any, refusal: Any, number: str) -> None:
    before = shop.get(f"/orders/{number}").json()
    is_cancelled = STATES[number] == "cancelled"

    answer = shop.post(f"/orders/{number}/cancel")

    code = "already_cancelled" if is_cancelled else "not_cancellable"
    assert refusal(answer) == (409, code)
    assert shop.get(f"/orders/{number}").json() == before
    assert shop.mails() == []


@pytest.mark.parametrize("number", pick(ADDRESS_CHANGEABLE))
def test_an_order_not_packed_goes_to_the_new_address(shop: Any, number: str) -> None:
    order = shop.send(
        "PUT", f"/orders/{number}/address", {"address": f"  {NEW_ADDRESS} "}
    ).json()

    assert order["shipping_address"] == NEW_ADDRESS
    assert shop.get(f"/orders/{number}").json() == order
    assert NEW_ADDRESS in shop.mails(order_number=number)[0]["body"]


@pytest.mark.parametrize("number", leave(ADDRESS_CHANGEABLE))
def test_the_address_of_any_other_order_is_locked(
    shop: Any, refusal: Any, number: str
) -> None:
    before = shop.get(f"/orders/{number}").json()

    answer = shop.send("PUT", f"/orders/{number}/address", {"address": NEW_ADDRESS})

    assert refusal(answer) == (409, "address_locked")
    assert shop.get(f"/orders/{number}").json() == before


@pytest.mark.parametrize("text", ["home", "1234567890", "my mother's place please"])
def test_what_is_no_address_is_refused(shop: Any, refusal: Any, text: str) -> None:
    answer = shop.send("PUT", "/orders/HP-10421/address", {"address": text})

    assert refusal(answer) == (422, "address_invalid")


def test_an_address_of_several_lines_becomes_one(shop: Any) -> None:
    address = "Rose Cottage\n\n  Mill   Lane\nAmbleside"

    order = shop.send("PUT", "/orders/HP-10421/address", {"address": address}).json()

    assert order["shipping_address"] == "Rose Cottage, Mill Lane, Ambleside"


def test_a_cancelled_order_is_not_cancelled_again(shop: Any, refusal: Any) -> None:
    shop.post("/orders/HP-10421/cancel")

    again = shop.post("/orders/HP-10421/cancel")

    assert refusal(again) == (409, "already_cancelled")
    assert len(shop.mails(order_number="HP-10421")) == 1
