"""One number, however a customer writes it."""

import pytest

from actions.forms import order_number_in


@pytest.mark.parametrize(
    "text",
    [
        "HP-10428",
        "HP 10428",
        "hp10428",
        "#10428",
        "order no. 10428",
        "HP10428.",
        "hp_10428",
        "HP\N{NON-BREAKING HYPHEN}10428",
        "HP - 10428",
        "H P 1 0 4 2 8",
        "hp 10 428",
        "10 428",
        "１０４２８",
        "ＨＰ－１０４２８",
    ],
)
def test_a_number_is_read_however_it_is_written(text: str):
    assert order_number_in(text) == "HP-10428"


@pytest.mark.parametrize(
    "text", ["", "104281", "1042", "hp", "i paid 10 428 for it", "1 0 4 2 8 dozen"]
)
def test_other_numbers_are_none(text: str):
    assert order_number_in(text) is None
