"""Small numbers as customers write them; the words are in data/words/number.yml."""

from __future__ import annotations

import re

from authoring.designers_words import number_words, plain, without_accents

# "3", "three", "x3", "3x"; not "3.5" nor the number of an order
TOKEN = re.compile(
    r"(?<![\w.,-])(?:x(?=\d))?(\d{1,2}(?=x?\b)|[^\W\d_]+)x?(?![\w-]|[.,]\d)"
)


def numbers_in(text: str) -> list[int]:
    """Returns all numbers up to 99, in their order."""
    found = map(_number, TOKEN.findall(without_accents(plain(text))))
    return [value for value in found if value is not None]


def _number(token: str) -> int | None:
    words = number_words(articles=True)
    return int(token) if token.isdecimal() else words.get(token)
