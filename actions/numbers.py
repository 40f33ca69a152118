"""Small numbers as customers write them."""

from __future__ import annotations

import re

# in the languages that the assistant speaks; digits work in all
WORDS = {
    word: value
    for value, words in enumerate(
        (
            "zero none cero null zéro",
            "one once uno una ein eins eine einen un une",
            "two twice dos zwei deux",
            "three thrice tres drei trois",
            "four cuatro vier quatre",
            "five cinco fünf cinq",
            "six seis sechs",
            "seven siete sieben sept",
            "eight ocho acht huit",
            "nine nueve neun neuf",
            "ten diez zehn dix",
        )
    )
    for word in words.split()
}
TOKEN = re.compile(r"(?<![\w.,-])(\d{1,2}|[^\W\d_]+)(?![\w-])")


def number(token: str) -> int | None:
    """Returns what a figure or a word stands for."""
    return int(token) if token.isdecimal() else WORDS.get(token.lower())


def numbers_in(text: str) -> list[int]:
    """Returns all numbers up to 99, in their order."""
    found = (number(token) for token in TOKEN.findall(text))
    return [value for value in found if value is not None]
