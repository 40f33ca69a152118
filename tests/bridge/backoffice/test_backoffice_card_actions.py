"""What an agent can have done about a card."""

from typing import Any

import pytest


def card(shop: Any, customer: str, card_id: str) -> dict[str, Any]:
    cards = shop.get("/cards", customer_id=customer).json()["cards"]
    [found] = [one for one in cards if one["id"] == card_id]
    return dict(found)


def actions(shop: Any, customer: str, card_id: str) -> dict[str, Any]:
    return {one["id"]: one for one in card(shop, customer, card_id).get("actions", [])}


def act(shop: Any, what: str, customer: str, key: str = "k", **fields: str) -> Any:
    body = {"customer_id": customer, "fields": fields, "agent": "Maria"}
    kind, number, action = what.split()
    return shop.post(f"/cards/{kind}/{number}/actions/{action}", body, key=key)


def rows(told: dict[str, Any]) -> dict[str, Any]:
    return {row["label"]: row["value"] for row in told["rows"]}


REFUND = "order HP-10428 refund"


def test_a_refund_is_up_to_what_was_paid_and_only_once(shop: Any, refusal: Any) -> None:
    [amount, _] = actions(shop, "C-2001", "HP-10428")["refund"]["fields"]
    assert (amount["type"], amount["currency"]) == ("money", "EUR")
    paid = amount["maximum"]
    first = act(shop, REFUND, "C-2001", amount="10.50").json()
    assert first["result"].startswith("EUR 10.50 goes back")
    assert rows(first["card"])["Refund, processing"]["amount"] == "10.50"
    assert act(shop, REFUND, "C-2001", amount="10.50").json() == first
    [left, _] = actions(shop, "C-2001", "HP-10428")["refund"]["fields"]
    assert float(left["maximum"]) == pytest.approx(float(paid) - 10.5)
    too_much = act(shop, REFUND, "C-2001", key="k2", amount=paid)
    assert refusal(too_much) == (409, "not_refundable")
    assert act(shop, REFUND, "C-2001", key="k3", amount=left["maximum"]).is_success
    assert "refund" not in actions(shop, "C-2001", "HP-10428")
    again = act(shop, REFUND, "C-2001", key="k4", amount="1")
    assert refusal(again) == (409, "not_refundable")


@pytest.mark.parametrize("amount", ["", "-1", "0", "1.234", "1e3", "a", "٣", "9" * 12])
def test_what_is_no_sum_of_money_is_refused(
    shop: Any, refusal: Any, amount: str
) -> None:
    answer = act(shop, REFUND, "C-2001", amount=amount)
    assert refusal(answer) == (422, "bad_request")


def test_a_label_is_mailed_and_the_return_is_on_the_card(shop: Any) -> None:
    item = actions(shop, "C-2001", "HP-10428")["return_label"]["fields"][0]
    [option] = item["options"]
    assert item["value"] == option["value"]
    told = act(
        shop,
        "order HP-10428 return_label",
        "C-2001",
        item=option["value"],
        reason="dented",
    ).json()
    assert "Return" in rows(told["card"])
    mails = shop.get("/outbox.json", order_number="HP-10428").json()["mails"]
    assert mails[0]["kind"] == "return_label"
    assert "return_label" not in actions(shop, "C-2001", "HP-10428")


def test_a_replacement_is_sent_once(shop: Any, refusal: Any) -> None:
    what = "order HP-10428 replacement"
    [option] = actions(shop, "C-2001", "HP-10428")["replacement"]["fields"][0][
        "options"
    ]
    fields = {"item": option["value"], "reason": "dented"}
    told = act(shop, what, "C-2001", **fields).json()
    assert rows(told["card"])["New one arrives"] == "2026-03-11"
    again = act(shop, what, "C-2001", key="k2", **fields)
    assert refusal(again) == (409, "already_replaced")


def test_a_discount_is_a_code_on_the_account(shop: Any, refusal: Any) -> None:
    what = "customer C-2001 discount"
    told = act(shop, what, "C-2001", percent="15").json()
    code = rows(told["card"])["Discount, 15 %"]
    assert told["result"].startswith(code)
    for percent in ("0", "31", "x", ""):
        answer = act(shop, what, "C-2001", key=f"not-{percent}", percent=percent)
        assert refusal(answer) == (422, "bad_request")


def test_nothing_is_done_about_what_is_not_the_customers(
    shop: Any, refusal: Any
) -> None:
    for what, customer, code in (
        (REFUND, "C-2002", (404, "card_not_found")),
        (REFUND, "C-9999", (404, "card_not_found")),
        ("order HP-1 refund", "C-2001", (404, "card_not_found")),
        ("stay HP-10428 refund", "C-2001", (404, "card_not_found")),
        ("order HP-10428 erase", "C-2001", (409, "action_not_offered")),
        ("customer C-2001 erase", "C-2001", (409, "action_not_offered")),
    ):
        answer = act(shop, what, customer, key=what + customer, amount="1")
        assert refusal(answer) == code, what


def test_what_has_not_arrived_is_neither_returned_nor_sent_again(shop: Any) -> None:
    assert set(actions(shop, "C-2001", "HP-10434")) == {"refund"}
    assert "refund" not in actions(shop, "C-2011", "HP-10431")
