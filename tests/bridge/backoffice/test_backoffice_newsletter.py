"""The newsletter: on by a link, off at once, and nothing told to strangers."""

import re
from typing import Any

import pytest

STRANGER = "ida.berg@example.com"


def put(shop: Any, subscribed: bool, **whom: str) -> Any:
    return shop.send("PUT", "/newsletter", {"subscribed": subscribed, **whom})


def is_subscribed(shop: Any, customer_id: str) -> bool:
    return shop.get(f"/accounts/{customer_id}").json()["is_subscribed"]


def open_link(shop: Any, email: str) -> Any:
    body = shop.mails(email=email)[0]["body"]
    return shop.post("/links/" + re.search(r"newsletter/(\S+)", body).group(1))


def test_a_subscription_counts_once_its_link_is_opened(shop: Any) -> None:
    answer = put(shop, True, customer_id="C-2003").json()

    assert answer == {"sent_to": "t•••@example.com", "nothing_to_do": False}
    assert not is_subscribed(shop, "C-2003")
    assert open_link(shop, "tom.becker@example.com").status_code == 200
    assert is_subscribed(shop, "C-2003")


def test_leaving_the_list_needs_no_link(shop: Any) -> None:
    answer = put(shop, False, customer_id="C-2001").json()

    assert answer == {"sent_to": "j•••@example.com", "nothing_to_do": False}
    assert not is_subscribed(shop, "C-2001")
    assert [mail["subject"] for mail in shop.mails()] == ["You are off our list"]


@pytest.mark.parametrize(
    ("subscribed", "customer"), [(True, "C-2001"), (False, "C-2003")]
)
def test_a_customer_hears_that_nothing_had_to_change(
    shop: Any, subscribed: bool, customer: str
) -> None:
    assert put(shop, subscribed, customer_id=customer).json()["nothing_to_do"] is True
    assert is_subscribed(shop, customer) is subscribed


@pytest.mark.parametrize("subscribed", [True, False])
def test_an_address_that_was_typed_hears_the_same_either_way(
    shop: Any, subscribed: bool
) -> None:
    known = put(shop, subscribed, email="jo.marsh@example.com").json()
    unknown = put(shop, subscribed, email=STRANGER).json()

    assert known == {"sent_to": "j•••@example.com"}
    assert unknown == {"sent_to": "i•••@example.com"}


def test_who_was_never_on_the_list_gets_no_mail_on_leaving(shop: Any) -> None:
    put(shop, False, email=STRANGER)

    assert shop.mails() == []


def test_leaving_ends_a_link_that_waits(shop: Any, refusal: Any) -> None:
    put(shop, True, email=STRANGER)
    put(shop, False, email=STRANGER)

    assert refusal(open_link(shop, STRANGER)) == (403, "link_expired")


@pytest.mark.parametrize(
    "whom", [{}, {"email": STRANGER, "customer_id": "C-2001"}, {"email": "ida"}]
)
def test_exactly_one_is_named(shop: Any, refusal: Any, whom: dict[str, str]) -> None:
    assert refusal(put(shop, True, **whom)) == (422, "bad_request")


def test_an_unknown_customer_is_refused(shop: Any, refusal: Any) -> None:
    assert refusal(put(shop, True, customer_id="C-1")) == (404, "customer_not_found")
