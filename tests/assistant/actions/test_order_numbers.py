"""One number, however a customer writes it."""

import time

import pytest

from authoring.order_numbers import order_number_in, order_numbers


@pytest.mark.parametrize(
    "text",
    [
        "HP-10428",
        "hp10428",
        "#10428",
        "HP10428.",
        "HP\N{NON-BREAKING HYPHEN}10428",
        "H P 1 0 4 2 8",
        "hp 10 428",
        "10 428",
        "order no 10.428",
        "１０４２８",
        "ＨＰ－１０４２８",
        "HP-1O428",
        "one oh four twenty-eight",
        "zehntausendvierhundertachtundzwanzig",
        "eins null vier zwei acht",
        "diez mil cuatrocientos veintiocho",
        "dix mille quatre cent vingt-huit",
        "not 10430, 10428",
        "no es el 10430 sino el 10428",
        "10428, and my postcode is 97205",
    ],
)
def test_a_number_is_read_however_it_is_written(text: str):
    assert order_number_in(text) == "HP-10428"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "104281",
        "1042",
        "hp",
        "i paid 10 428 for it",
        "1 0 4 2 8 dozen",
        "postcode 10428",
        "Lindenstraße 8, 10428 Berlin",
        "10428 Sunset Boulevard",
        "llamadme al 10428",
        "jo10428@mail.example",
        "facture n° 10428",
        "10.428 €",
        "10428 ist meine PLZ",
        "1.04.28",
    ],
)
def test_other_numbers_are_none(text: str):
    assert order_number_in(text) is None


def test_where_a_number_stands_and_whether_it_is_said_to_be_an_orders():
    [one, other] = order_numbers("order 10428 and 10 430")
    assert (one.number, one.start, one.end, one.is_marked) == ("HP-10428", 6, 11, True)
    assert (other.number, other.is_marked) == ("HP-10430", False)


@pytest.mark.parametrize("part", ["10428 ", "one ", "a at ", "order ", "is ", "- "])
def test_a_long_message_is_read_at_once(part: str):
    started = time.monotonic()
    order_numbers(part * (4000 // len(part)) + "10428")
    assert time.monotonic() - started < 2
