"""Small numbers as customers write them; the words are in data/words/number.yml."""

from __future__ import annotations

import re
from functools import cache

from authoring.designers_words import (
    number_words,
    one_of,
    plain,
    read_words,
    without_accents,
)

# "3", "three", "x3", "3x"; not "3.5" nor the number of an order
TOKEN = re.compile(
    r"(?<![\w.,-])(?:x(?=\d))?(\d{1,2}(?=x?\b)|[^\W\d_]+)x?(?![\w-]|[.,]\d)"
)


def numbers_in(text: str) -> list[int]:
    """Returns all numbers up to 99, in their order.

    "One" before a thing is no number: "one question first", "una reseña".
    """
    said = without_accents(plain(text))
    found = (_number(one[1], said[one.end() :]) for one in TOKEN.finditer(said))
    return [value for value in found if value is not None]


def _number(token: str, after: str) -> int | None:
    if token.isdecimal():
        return int(token)
    value = number_words(articles=True).get(token)
    return None if value == 1 and _before_thing().match(after) else value


@cache
def _before_thing() -> re.Pattern[str]:
    alone = one_of(read_words("number")["after_one"])
    return re.compile(rf"\s+(?!{alone}(?!\w))[^\W\d_]")
