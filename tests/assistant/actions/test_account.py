"""What customers tell of themselves, and whose account a chat is about."""

import pytest

from actions.account import (
    account_of,
    address_in,
    email_in,
    name_in,
    phone_in,
    told_name_in,
)
from authoring.designers_words import meant


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("jo.marsh@example.com", "jo.marsh@example.com"),
        ("no wait, it's Jo.Marsh@Example.com.", "jo.marsh@example.com"),
        ("mailto:jo+shop@mail.example!", "jo+shop@mail.example"),
        ("<10428@example.com>", "10428@example.com"),
        ("jo@example", None),
        ("jo at example dot com", None),
        ("jo@@example.com", None),
        ("jo@localhost", None),
        ("", None),
    ],
)
def test_a_mail_address_is_found_in_other_words(text, email):
    assert email_in(text) == email


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+44 117 496 0123", "+441174960123"),
        ("my number is 0049 30 123456", "+4930123456"),
        ("(+351) 22 123 4567", "+351221234567"),
        ("0117 496 0123", None),
        ("+44", None),
        ("HP-10428", None),
    ],
)
def test_a_phone_number_needs_its_country(text, phone):
    assert phone_in(text) == phone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jo Marsh", "Jo Marsh"),
        ("my name is Jo Marsh.", "Jo Marsh"),
        ("no wait, it's José María O'Neill", "José María O'Neill"),
        ("ich heiße Jürgen", "Jürgen"),
        ("je m'appelle Zoë", "Zoë"),
        ("Es Devlin", "Es Devlin"),
        ("No", "No"),
        ("王小明", "王小明"),
        ("what do you need my name for?", None),
        ("hunter2!", None),
        ("my password is secret", None),
        ("[password removed]", None),
        ("x" * 90, None),
        ("-", None),
    ],
)
def test_a_name_is_told_from_other_words(text, name):
    assert name_in(text) == name


def test_only_words_that_tell_a_name_do_so_unasked():
    assert told_name_in("open an account, my name is Jo Marsh") == "Jo Marsh"
    assert told_name_in("open an account") is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("12 Quay Street,\nBristol  BS1 4RB", "12 Quay Street, Bristol BS1 4RB"),
        ("no, it's 14 Quay Street, Bristol", "14 Quay Street, Bristol"),
        ("yes that's right", None),
    ],
)
def test_an_address_is_kept_on_one_line(text, address):
    assert address_in(text) == address


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        ("newsletter_wish", "unsubscribe me from your newsletter", "unsubscribe"),
        ("newsletter_wish", "newsletter off", "unsubscribe"),
        ("newsletter_wish", "subscribe me pls", "subscribe"),
        ("newsletter_wish", "ich möchte den Newsletter abbestellen", "unsubscribe"),
        ("newsletter_wish", "den Newsletter bestellen", "subscribe"),
        ("newsletter_wish", "darme de baja del boletín", "unsubscribe"),
        ("newsletter_wish", "suscribirme", "subscribe"),
        ("newsletter_wish", "je veux me désabonner", "unsubscribe"),
        ("newsletter_wish", "m'abonner", "subscribe"),
        ("newsletter_wish", "newsletter settings", None),
        ("account_field", "change my e-mail address", "email"),
        ("account_field", "new mobile number", "phone"),
        ("account_field", "meine Telefonnummer", "phone"),
        ("account_field", "mi nombre", "name"),
        ("account_field", "my details are wrong", None),
        ("address_wish", "new default address", "usual"),
        ("address_wish", "add another address", "add"),
        ("address_wish", "une autre adresse", "add"),
        ("address_wish", "my address", None),
    ],
)
def test_the_designers_words_say_what_is_meant(slot, text, value):
    assert meant(slot, text) == value


class Tracked:
    def __init__(self, **slots):
        self.get_slot = slots.get


def test_an_account_is_that_of_whom_the_site_or_a_code_names(chat):
    chat.verified("C-2001")
    code = chat.slots["authentication"]
    signed = {**code, "method": "signed_identity"}
    old = {**code, "at": "2020-01-01T00:00:00+00:00"}
    others = {"order_customer_id": "C-2002"}

    assert account_of(Tracked(authentication=code)) == "C-2001"
    assert account_of(Tracked(authentication=code, **others)) is None
    assert account_of(Tracked(authentication=signed, **others)) == "C-2001"
    assert account_of(Tracked(authentication=old)) is None
    assert (
        account_of(Tracked(authentication={**old, "method": "signed_identity"})) is None
    )
    assert account_of(Tracked(order_customer_id="C-2001", customer_id="C-2001")) is None
