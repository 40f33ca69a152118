"""Postal addresses in what a customer writes."""

from __future__ import annotations

import re
from functools import cache

from authoring.designers_words import bare, one_of, read_words
from authoring.order_numbers import without_order_numbers

FILE = "new_address"
FIVE_DIGITS = re.compile(r"(?i)(?:\bh\s?p[\s_#-]*|#)?(?<!\d)\d{5}(?!\d)")
MIN_LETTERS = 6
MIN_WORDS = 3
MAX_LENGTH = 300


def is_address(text: str) -> bool:
    """Whether a text can be a street with its number, or a house with a name."""
    # A postcode of five digits looks like an order number, so neither counts as a
    # house number: "no wait, it's 10430" has words enough to be taken for a street.
    rest = FIVE_DIGITS.sub("", text)
    if len(text) > MAX_LENGTH or len(rest.split()) < MIN_WORDS:
        return False
    has_parts = any(char.isdigit() for char in rest) or rest.count(",") >= 2
    return has_parts and sum(char.isalpha() for char in rest) >= MIN_LETTERS


def told_address(text: str) -> str | None:
    """Returns the address within a request, None if there is none for sure."""
    words = " ".join(without_order_numbers(text).split())
    begins = [found.end() for found in _before().finditer(bare(words))]
    for begin in reversed(begins):
        address = words[begin:]
        end = _after().search(bare(address))
        address = address[: end.start() if end else None].strip(" .,!")
        if is_address(address) and any(map(str.isdigit, address)):
            return address
    return None


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){one_of(read_words(FILE)['words']['before'])}\s+")


@cache
def _after() -> re.Pattern[str]:
    words = one_of(read_words(FILE)["words"]["after"])
    return re.compile(rf"(?:[\s,]+{words})+\W*$")
