"""Cards: orders and accounts in the one form that the bridge knows."""

from decimal import Decimal
from typing import Any

import pytest


def cards(shop: Any, **asked: str) -> list[dict[str, Any]]:
    answer = shop.get("/cards", **asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["cards"]
    return found


def rows(card: dict[str, Any]) -> dict[str, Any]:
    return {row["label"]: row["value"] for row in card["rows"]}


def test_reference_alone_gives_the_card_that_it_names(shop: Any) -> None:
    [card] = cards(shop, reference=" hp-10423 ")
    assert (card["kind"], card["id"], card["status"]) == (
        "order",
        "HP-10423",
        "Shipped",
    )
    told = rows(card)
    assert told["Tracking"].startswith("https://tracking.example/")
    assert told["Tracking"].endswith(told["Parcel"])
    assert (told["Carrier"], told["Expected"]) == ("Swift Parcel", "2026-03-12")
    assert set(told) >= {"Placed", "Shipped", "Send to", "Email", "Paid by"}
    assert "Delivered" not in told


@pytest.mark.parametrize("number", ["HP-10425", "HP-10434", "HP-10475"])
def test_line_totals_and_the_total_add_up(shop: Any, number: str) -> None:
    order = shop.get(f"/orders/{number}").json()
    [card] = cards(shop, reference=number)
    sums = [row["value"] for row in card["rows"] if row["type"] == "money"]
    *lines, total = sums
    assert len(lines) == len(order["items"])
    for line, item in zip(lines, order["items"], strict=True):
        assert Decimal(line["amount"]) == Decimal(str(item["price"])) * item["quantity"]
        assert line.get("quantity", 1) == item["quantity"]
        if item["quantity"] > 1:
            assert Decimal(line["unit_amount"]) == Decimal(str(item["price"]))
    assert sum(Decimal(line["amount"]) for line in lines) == Decimal(total["amount"])
    assert Decimal(total["amount"]) == Decimal(str(order["total"]))
    [marked] = [row for row in card["rows"] if row.get("emphasis")]
    assert (marked["label"], marked["value"]) == ("Total", total)


def test_customer_gets_their_own_cards_the_named_one_first(shop: Any) -> None:
    answer = shop.get("/cards", customer_id="c-2001", reference="HP-10428").json()
    assert answer["customer"] == {
        "customer_id": "C-2001",
        "name": "Jo Marsh",
        "email": "jo.marsh@example.com",
        "tier": "gold",
        "language": "en",
    }
    *orders, account = answer["cards"]
    assert [card["id"] for card in orders[:2]] == ["HP-10428", "HP-10434"]
    assert len(orders) <= 5
    assert (account["kind"], account["title"]) == ("customer", "Jo Marsh")
    unasked = cards(shop, customer_id="C-2001")
    assert [card["id"] for card in unasked][0] == "HP-10434"


def test_nobody_elses_order_is_among_a_customers_cards(shop: Any) -> None:
    ids = {
        card["id"] for card in cards(shop, customer_id="C-2001", reference="HP-10423")
    }
    assert "HP-10423" not in ids
    assert "HP-10428" in ids


def test_what_is_not_known_is_no_card(shop: Any, refusal: Any) -> None:
    assert cards(shop, reference="HP-99999") == []
    assert cards(shop, customer_id="C-9999", reference="HP-10428") == []
    assert refusal(shop.get("/cards")) == (422, "bad_request")


def test_addresses_and_mail_are_marked_as_private(shop: Any) -> None:
    for card in cards(shop, customer_id="C-2001"):
        private = {row["label"] for row in card["rows"] if row.get("private")}
        expected = (
            {"Email", "Phone"} if card["kind"] == "customer" else {"Send to", "Email"}
        )
        assert private == expected, card["id"]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("HP-10427", "Refund, processing"),
        ("HP-10429", "Coming back"),
        ("HP-10430", "Refund, paid"),
        ("HP-10431", "Payment"),
        ("HP-10473", "Paid too much"),
    ],
)
def test_what_became_of_the_money_and_the_goods_is_told(
    shop: Any, number: str, told: str
) -> None:
    [card] = cards(shop, reference=number)
    assert told in rows(card)


def test_a_return_that_was_just_started_is_on_the_card(shop: Any) -> None:
    done = shop.post("/orders/HP-10428/returns", {"reason": "dented"}, key="k1").json()
    [card] = cards(shop, reference="HP-10428")
    assert card["status"] == "Return started"
    told = rows(card)
    assert (told["Return"], told["Hand in by"]) == (
        done["return_number"],
        done["send_back_by"],
    )
    assert told["Refund, awaiting return"]["amount"] == f"{done['refund_amount']:.2f}"
