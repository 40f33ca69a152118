"""Accounts: made, changed, closed; nothing counts before its link is opened."""

import re
import sqlite3
from typing import Any

import pytest

NEW = {"name": "Ida Berg", "email": "Ida.Berg@Example.com"}
ADDRESS = {"address": "4 Mill Lane, Ambleside LA22 9DH"}


def account(shop: Any, customer_id: str) -> dict[str, Any]:
    return shop.get(f"/accounts/{customer_id}").json()


def newest_mail(shop: Any, email: str) -> dict[str, Any]:
    return shop.mails(email=email)[0]


def opened(shop: Any, email: str) -> Any:
    """Opens the link in somebody's newest mail."""
    link = re.search(r"https://shop\.example/\S+", newest_mail(shop, email)["body"])
    assert link
    return shop.post(f"/links/{link.group().rsplit('/', 1)[1]}")


def test_an_account_is_spoken_of_with_its_data_masked(shop: Any) -> None:
    assert account(shop, "C-2001") == {
        "customer_id": "C-2001",
        "name": "J••• M•••",
        "email": "j•••@example.com",
        "phone": "•••123",
        "state": "active",
        "is_subscribed": True,
        "addresses": ["12 Quay Street, Bristol BS1 4RB, UK"],
        "open_orders": ["HP-10434"],
    }


def test_a_new_account_awaits_the_link_in_its_mail(shop: Any) -> None:
    answer = shop.post("/accounts", NEW).json()

    assert answer == {
        "sent_to": "i•••@example.com",
        "expires_at": "2026-03-11T14:00:00Z",
    }
    assert account(shop, "C-2041")["state"] == "awaiting_activation"
    assert opened(shop, "ida.berg@example.com").json() == {"kind": "activate"}
    assert account(shop, "C-2041")["state"] == "active"


def test_registering_again_mails_another_link_and_makes_nothing(shop: Any) -> None:
    shop.post("/accounts", NEW)
    first = newest_mail(shop, "ida.berg@example.com")["body"]

    assert shop.post("/accounts", NEW).status_code == 200

    assert newest_mail(shop, "ida.berg@example.com")["body"] != first
    assert shop.get("/accounts/C-2042").status_code == 404


@pytest.mark.parametrize("email", ["jo.marsh@example.com", "hugo.costa@example.com"])
def test_an_address_in_use_is_taken(shop: Any, refusal: Any, email: str) -> None:
    answer = shop.post("/accounts", {"name": "Somebody", "email": email})

    assert refusal(answer) == (409, "email_taken")
    assert shop.mails() == []


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Ida Berg"},
        {**NEW, "name": "I"},
        {**NEW, "email": "ida"},
        {**NEW, "email": "ida@example"},
        {**NEW, "email": "ida berg@example.com"},
        {**NEW, "email": "<ida@example.com>"},
    ],
)
def test_what_is_no_account_is_refused(shop: Any, refusal: Any, body: Any) -> None:
    assert refusal(shop.post("/accounts", body)) == (422, "bad_request")


def test_a_link_works_once(shop: Any, refusal: Any) -> None:
    shop.post("/accounts", NEW)
    opened(shop, "ida.berg@example.com")

    assert refusal(opened(shop, "ida.berg@example.com")) == (403, "link_expired")


def test_a_link_dies_with_time_and_with_the_next_one(shop: Any, refusal: Any) -> None:
    shop.post("/accounts", NEW)
    first = newest_mail(shop, "ida.berg@example.com")["body"]
    shop.post("/accounts", NEW)
    token = re.search(r"activate/(\S+)", first).group(1)
    assert refusal(shop.post(f"/links/{token}")) == (403, "link_expired")

    shop.clock.advance(days=1)

    assert refusal(opened(shop, "ida.berg@example.com")) == (403, "link_expired")


def test_a_name_and_a_phone_change_at_once_and_are_told(shop: Any) -> None:
    shop.send("PUT", "/accounts/C-2001/name", {"name": "Jo Lind"})
    answer = shop.send("PUT", "/accounts/C-2001/phone", {"phone": "+4930123456"}).json()

    assert (answer["name"], answer["phone"]) == ("J••• L•••", "•••456")
    kinds = [mail["kind"] for mail in shop.mails(email="jo.marsh@example.com")]
    assert kinds == ["account_changed", "account_changed"]


def test_a_new_mail_address_counts_once_it_is_confirmed(shop: Any) -> None:
    answer = shop.send("PUT", "/accounts/C-2001/email", {"email": "jo@other.example"})

    assert answer.json() == {
        "sent_to": "j•••@other.example",
        "old_email": "j•••@example.com",
        "expires_at": "2026-03-11T14:00:00Z",
    }
    assert newest_mail(shop, "jo.marsh@example.com")["kind"] == "email_change_stop"
    assert account(shop, "C-2001")["email"] == "j•••@example.com"
    opened(shop, "jo@other.example")
    assert account(shop, "C-2001")["email"] == "j•••@other.example"


def test_the_old_address_can_stop_the_change(shop: Any, refusal: Any) -> None:
    shop.send("PUT", "/accounts/C-2001/email", {"email": "jo@other.example"})

    assert opened(shop, "jo.marsh@example.com").status_code == 200

    assert refusal(opened(shop, "jo@other.example")) == (403, "link_expired")
    assert account(shop, "C-2001")["email"] == "j•••@example.com"


def test_a_corrected_address_ends_the_mistyped_one(shop: Any, refusal: Any) -> None:
    shop.send("PUT", "/accounts/C-2001/email", {"email": "joo@other.example"})
    shop.send("PUT", "/accounts/C-2001/email", {"email": "jo@other.example"})

    assert refusal(opened(shop, "joo@other.example")) == (403, "link_expired")
    assert opened(shop, "jo@other.example").status_code == 200


def test_nobody_takes_an_address_in_use(shop: Any, refusal: Any) -> None:
    body = {"email": "ana.lima@example.com"}

    assert refusal(shop.send("PUT", "/accounts/C-2001/email", body)) == (
        409,
        "email_taken",
    )
    # it was free when the link was sent
    shop.send("PUT", "/accounts/C-2001/email", {"email": "new@other.example"})
    shop.post("/accounts", {"name": "Ida Berg", "email": "new@other.example"})
    mails = shop.mails(email="new@other.example")
    change = next(mail for mail in mails if mail["kind"] == "email_change")
    token = re.search(r"confirm-mail/(\S+)", change["body"]).group(1)
    assert refusal(shop.post(f"/links/{token}")) == (403, "link_expired")


def test_an_account_closes_in_two_weeks_and_can_be_kept(
    shop: Any, refusal: Any
) -> None:
    answer = shop.post("/accounts/C-2007/close").json()

    assert answer["closes_at"] == "2026-03-24T14:00:00Z"
    assert account(shop, "C-2007")["state"] == "closing"
    again = shop.post("/accounts/C-2007/close")
    assert refusal(again) == (409, "account_closing")
    opened(shop, "pieter.de.wit@example.com")
    kept = account(shop, "C-2007")
    assert kept["state"] == "active"
    assert "closes_at" not in kept


@pytest.mark.parametrize(
    "customer_id", ["C-2001", "C-2008", "C-2009", "C-2011", "C-2012"]
)
def test_goods_or_money_under_way_keep_an_account_open(
    shop: Any, refusal: Any, customer_id: str
) -> None:
    answer = shop.post(f"/accounts/{customer_id}/close")

    assert refusal(answer) == (409, "account_has_open_orders")
    assert account(shop, customer_id)["state"] == "active"
    assert shop.mails() == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "name", {"name": "Jo Lind"}),
        ("PUT", "phone", {"phone": "+4930123456"}),
        ("PUT", "email", {"email": "new@other.example"}),
        ("PUT", "addresses", ADDRESS),
        ("POST", "close", None),
    ],
)
def test_nothing_changes_in_a_blocked_or_unknown_account(
    shop: Any, refusal: Any, method: str, path: str, body: Any
) -> None:
    blocked = shop.send(method, f"/accounts/C-2018/{path}", body)
    unknown = shop.send(method, f"/accounts/C-1/{path}", body)

    assert refusal(blocked) == (409, "account_blocked")
    assert refusal(unknown) == (404, "customer_not_found")


def test_an_address_is_added_once(shop: Any) -> None:
    for _ in range(2):
        answer = shop.send("PUT", "/accounts/C-2001/addresses", ADDRESS)
        assert answer.json() == {**ADDRESS, "is_default": False}

    assert account(shop, "C-2001")["addresses"] == [
        "12 Quay Street, Bristol BS1 4RB, UK",
        ADDRESS["address"],
    ]
    assert len(shop.mails(email="jo.marsh@example.com")) == 1


def test_another_address_becomes_the_usual_one(shop: Any) -> None:
    body = {**ADDRESS, "is_default": True}
    shop.send("PUT", "/accounts/C-2001/addresses", body)

    assert account(shop, "C-2001")["addresses"][0] == ADDRESS["address"]
    with sqlite3.connect(shop.settings.database) as database:
        usual = database.execute(
            "SELECT text FROM addresses WHERE customer_id = 'C-2001' AND is_default"
        ).fetchall()
    assert usual == [(ADDRESS["address"],)]


def test_the_first_address_is_the_usual_one(shop: Any) -> None:
    shop.post("/accounts", NEW)

    answer = shop.send("PUT", "/accounts/C-2041/addresses", ADDRESS)

    assert answer.json()["is_default"] is True


@pytest.mark.parametrize(
    ("email", "kind"),
    [
        ("nobody@example.com", "registration_none"),
        ("mateo.brandt@example.com", "account_activation"),
        ("jo.marsh@example.com", "password_reset"),
        ("hugo.costa@example.com", "registration_closed"),
    ],
)
def test_help_with_a_registration_is_in_the_mail_only(
    shop: Any, email: str, kind: str
) -> None:
    answer = shop.post("/registrations/help", {"email": email}).json()

    assert answer == {"sent_to": f"{email[0]}•••@example.com"}
    assert [mail["kind"] for mail in shop.mails(email=email)] == [kind]


def test_nobody_floods_a_mailbox(shop: Any, refusal: Any) -> None:
    body = {"email": "nobody@example.com"}
    for _ in range(5):
        assert shop.post("/registrations/help", body).status_code == 200

    assert refusal(shop.post("/registrations/help", body)) == (429, "too_many_mails")
    new = {"name": "Ida Berg", **body}
    assert refusal(shop.post("/accounts", new)) == (429, "too_many_mails")
    wish = {"subscribed": True, **body}
    assert refusal(shop.send("PUT", "/newsletter", wish)) == (429, "too_many_mails")
    shop.clock.advance(minutes=10)
    assert shop.post("/registrations/help", body).status_code == 200


def test_the_token_of_a_link_is_kept_in_the_mail_only(shop: Any) -> None:
    shop.post("/accounts", NEW)
    mail = newest_mail(shop, "ida.berg@example.com")
    token = re.search(r"activate/(\S+)", mail["body"]).group(1)

    with sqlite3.connect(shop.settings.database) as database:
        rows = database.execute("SELECT * FROM links").fetchall()
    assert rows
    assert token not in repr(rows)
