"""The clients of accounts against the real back office."""

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest

from actions.shop import (
    AccountBlocked,
    AccountClosing,
    AccountHasOpenOrders,
    AddressInvalid,
    CustomerNotFound,
    EmailTaken,
    RequestInvalid,
    Shop,
    TooManyMails,
)

ADDRESS = "4 Mill Lane, Ambleside LA22 9DH, UK"
BLOCKED = "C-2018"


def new_key() -> str:
    return f"{uuid4()}:action_test"


def test_an_account_is_read_with_its_data_masked(shop: Shop) -> None:
    account = shop.accounts.get("C-2001")

    assert (account.name, account.email) == ("J••• M•••", "j•••@example.com")
    assert (account.phone, account.state) == ("•••123", "active")
    assert account.is_subscribed
    assert account.addresses == ("12 Quay Street, Bristol BS1 4RB, UK",)
    assert account.open_orders == ("HP-10434",)
    assert account.closes_at is None


def test_an_account_is_made(shop: Shop) -> None:
    sent = shop.accounts.create("Ida Berg", "ida@other.example", key=new_key())

    assert sent.sent_to == "i•••@other.example"
    assert sent.expires_at > datetime.now(timezone.utc) + timedelta(hours=23)


def test_name_and_phone_are_changed(shop: Shop) -> None:
    assert shop.accounts.rename("C-2004", "Jo Lind", key=new_key()).name == "J••• L•••"
    changed = shop.accounts.change_phone("C-2004", "+4930123456", key=new_key())
    assert changed.phone == "•••456"


def test_a_new_mail_address_is_asked_of_both(shop: Shop) -> None:
    change = shop.accounts.change_email("C-2004", "new@other.example", key=new_key())

    assert change.sent_to == "n•••@other.example"
    assert change.old_email == "c•••@example.com"
    assert shop.accounts.get("C-2004").email == "c•••@example.com"


def test_an_account_closes(shop: Shop) -> None:
    closing = shop.accounts.close("C-2007", key=new_key())

    assert closing.sent_to == "p•••@example.com"
    left = closing.closes_at - datetime.now(timezone.utc)
    assert timedelta(days=13) < left <= timedelta(days=14)
    assert shop.accounts.get("C-2007").closes_at == closing.closes_at
    with pytest.raises(AccountClosing):
        shop.accounts.close("C-2007", key=new_key())


def test_an_address_becomes_the_usual_one(shop: Shop) -> None:
    put = shop.accounts.put_address("C-2004", ADDRESS, is_default=True, key=new_key())

    assert (put.address, put.is_default) == (ADDRESS, True)
    assert shop.accounts.get("C-2004").addresses[0] == ADDRESS


def test_help_with_a_registration_answers_alike(shop: Shop) -> None:
    emails = ("nobody@example.com", "mateo.brandt@example.com")

    answers = [shop.accounts.help_registration(one, key=new_key()) for one in emails]

    assert [one.sent_to for one in answers] == ["n•••@example.com", "m•••@example.com"]


def test_the_newsletter_is_changed(shop: Shop) -> None:
    accounts = shop.accounts
    own = accounts.change_newsletter(
        subscribed=True, customer_id="C-2001", key=new_key()
    )
    typed = accounts.change_newsletter(
        subscribed=False, email="x@other.example", key=new_key()
    )

    assert (own.sent_to, own.nothing_to_do) == ("j•••@example.com", True)
    assert (typed.sent_to, typed.nothing_to_do) == ("x•••@other.example", None)


def test_the_same_key_makes_one_account(shop: Shop, backoffice: Any) -> None:
    key = new_key()
    first = shop.accounts.create("Ida Berg", "twice@other.example", key=key)

    assert shop.accounts.create("Ida Berg", "twice@other.example", key=key) == first


@pytest.mark.parametrize(
    ("refusal", "call"),
    [
        (CustomerNotFound, lambda accounts: accounts.get("C-1")),
        (CustomerNotFound, lambda accounts: accounts.get("../customers/C-2001")),
        (
            EmailTaken,
            lambda accounts: accounts.create(
                "Jo", "jo.marsh@example.com", key=new_key()
            ),
        ),
        (RequestInvalid, lambda accounts: accounts.create("Jo", "jo", key=new_key())),
        (
            RequestInvalid,
            lambda accounts: accounts.change_phone("C-2001", "12", key=new_key()),
        ),
        (
            EmailTaken,
            lambda accounts: accounts.change_email(
                "C-2001", "ana.lima@example.com", key=new_key()
            ),
        ),
        (
            AccountHasOpenOrders,
            lambda accounts: accounts.close("C-2001", key=new_key()),
        ),
        (AccountBlocked, lambda accounts: accounts.close(BLOCKED, key=new_key())),
        (
            AddressInvalid,
            lambda accounts: accounts.put_address(
                "C-2001", "home", is_default=False, key=new_key()
            ),
        ),
    ],
)
def test_each_refusal_has_its_class(shop: Shop, refusal: Any, call: Any) -> None:
    with pytest.raises(refusal) as refused:
        call(shop.accounts)

    assert refused.type is refusal


def test_too_many_mails_are_refused(shop: Shop) -> None:
    for _ in range(5):
        shop.accounts.help_registration("often@other.example", key=new_key())

    with pytest.raises(TooManyMails):
        shop.accounts.help_registration("often@other.example", key=new_key())
