"""Postal addresses in what a customer writes."""

from __future__ import annotations

import re

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
