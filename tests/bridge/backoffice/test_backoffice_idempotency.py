"""A write acts once for each key: one after the other, at once, after a lost answer."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

DENTED = {"reason": "It arrived dented"}
ROUNDS = 5
AT_ONCE = 8

WRITES = [
    ("POST", "/orders/HP-10421/cancel", None),
    ("PUT", "/orders/HP-10434/address", {"address": "4 Mill Lane, Ambleside"}),
    ("POST", "/orders/HP-10428/returns", DENTED),
    ("POST", "/codes", {"order_number": "HP-10428"}),
    ("POST", "/codes/verify", {"order_number": "HP-10428", "code": "000000"}),
    ("POST", "/customers/C-2001/password_reset", None),
    ("POST", "/tickets", {"subject": "A word about the kettle"}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_every_write_repeats_its_first_answer(
    shop: Any, method: str, path: str, body: Any
) -> None:
    first = shop.send(method, path, body, key="m1:action")
    mails = shop.mails()
    shop.clock.advance(minutes=1)

    again = shop.send(method, path, body, key="m1:action")

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert shop.mails() == mails


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_another_request_with_the_same_key_is_refused(
    shop: Any, refusal: Any, method: str, path: str, body: Any
) -> None:
    shop.post("/tickets", {"subject": "First"}, key="m1:action")

    answer = shop.send(method, path, body, key="m1:action")

    assert refusal(answer) == (422, "idempotency_key_reused")
    assert shop.mails() == []


def test_the_order_of_fields_makes_no_other_request(shop: Any) -> None:
    headers = {"Idempotency-Key": "m1", "Content-Type": "application/json"}
    first = shop.client.post(
        "/tickets", content=b'{"subject": "A", "body": "B"}', headers=headers
    )
    again = shop.client.post(
        "/tickets", content=b'{"body":"B","subject":"A"}', headers=headers
    )

    assert again.json() == first.json()


def test_another_key_acts_again(shop: Any) -> None:
    first = shop.post("/tickets", {"subject": "A"}, key="m1").json()
    second = shop.post("/tickets", {"subject": "A"}, key="m2").json()

    assert first["ticket_number"] != second["ticket_number"]


def test_a_wrong_code_with_the_same_key_counts_once(shop: Any, refusal: Any) -> None:
    shop.post("/codes", {"order_number": "HP-10428"})
    code = re.search(r"\b\d{6}\b", shop.mails()[0]["body"]).group()
    wrong = {"order_number": "HP-10428", "code": f"{(int(code) + 1) % 10**6:06d}"}

    for _ in range(7):
        answer = shop.post("/codes/verify", wrong, key="m1")
        assert refusal(answer) == (403, "code_wrong")

    right = {"order_number": "HP-10428", "code": code}
    assert shop.post("/codes/verify", right, key="m2").status_code == 200


def test_a_request_not_understood_may_be_corrected_under_its_key(
    shop: Any, refusal: Any
) -> None:
    assert refusal(shop.post("/tickets", {}, key="m1")) == (422, "bad_request")

    assert shop.post("/tickets", {"subject": "A"}, key="m1").status_code == 200


def test_an_answer_lost_on_its_way_is_given_again(shop: Any) -> None:
    shop.post("/sandbox/failure", {"mode": "lost", "times": 1})
    lost = shop.post("/orders/HP-10428/returns", DENTED, key="m1")
    again = shop.post("/orders/HP-10428/returns", DENTED, key="m1")

    assert lost.status_code == 500
    assert again.status_code == 200
    assert len(shop.mails()) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_equal_requests_at_once_act_once(shop: Any, round_: int) -> None:
    answers = at_once(shop, lambda index: "the-same-key")

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["return_number"] for answer in answers}) == 1
    assert len(shop.mails()) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_rivals_at_once_start_one_return(shop: Any, round_: int) -> None:
    answers = at_once(shop, lambda index: f"key-{index}")

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [409] * (AT_ONCE - 1)
    assert len(shop.mails()) == 1
    assert shop.get("/orders/HP-10428/refund").json()["amount"] == 34.9


def at_once(shop: Any, key: Any) -> list[httpx.Response]:
    start = Barrier(AT_ONCE, timeout=20)

    def ask(index: int) -> httpx.Response:
        start.wait()
        return shop.post("/orders/HP-10428/returns", DENTED, key=key(index))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(ask, range(AT_ONCE)))
