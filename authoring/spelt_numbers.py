"""Numbers that are spelt out, as the digits that somebody writes down who hears them.

"One oh five seventeen", "zehntausendfünfhundertsiebzehn" and "dix mille cinq cent
dix-sept" are all 10517, whatever language is spoken elsewhere. How else their words are
written stands in `data/words/order_number.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from text_to_num import Token, alpha2digit, find_numbers

from authoring.designers_words import read_words

FILE = "order_number"
_WORD = re.compile(r"[^\W_]+|[^\w\s–—-]")
# Doubled ones counted once, an order's number makes at least as many figures.
_FEWEST = 3
# First word, the one behind the last, and its figures.
_Number = tuple[int, int, str]
_GAP = re.compile(r"[\s,.–—-]{0,3}")


class Spelt(NamedTuple):
    """Where digits are spelt out, and whether each word stands for one digit."""

    start: int
    end: int
    digits: str
    is_single: bool


class _Ways(NamedTuple):
    others: list[tuple[re.Pattern[str], str]]
    twice: frozenset[str]


class _Word(Token):
    def __init__(self, place: re.Match[str], said: str) -> None:
        self.start, self.end = place.span()
        self._said = said

    def text(self) -> str:
        return self._said

    def nt_separated(self, previous: Token) -> bool:
        return False


def spelt_numbers(text: str) -> Iterator[Spelt]:
    """Yields the runs of number words, in a text of small letters."""
    for language in _languages():
        # a tenth of the cost where there is nothing to find
        said = alpha2digit(_as_usual(text, language), language, threshold=0)
        if sum(map(str.isdecimal, said)) >= _FEWEST:
            yield from _in_language(text, language)


def _in_language(text: str, language: str) -> Iterator[Spelt]:
    """Yields numbers side by side as one; figures may be among them."""
    words = _words(text, language)
    figures = {
        (at, at + 1, word.text())
        for at, word in enumerate(words)
        if word.text().isdecimal()
    }
    spelt = {
        (one.start, one.end, one.text)
        for one in find_numbers(words, language, 0)
        if one.text.isdecimal()
    }
    for run in _side_by_side(sorted(figures | spelt), words, text):
        if not figures.issuperset(run):
            yield _spelt(words, run)


def _side_by_side(
    numbers: list[_Number], words: list[_Word], text: str
) -> list[list[_Number]]:
    runs: list[list[_Number]] = []
    for one in numbers:
        behind = words[runs[-1][-1][1] - 1].end if runs else 0
        if runs and _GAP.fullmatch(text[behind : words[one[0]].start]):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _spelt(words: list[_Word], run: list[_Number]) -> Spelt:
    digits = "".join(said for _, _, said in run)
    first, behind = run[0][0], run[-1][1]
    is_single = len(digits) == behind - first
    return Spelt(words[first].start, words[behind - 1].end, digits, is_single)


def _words(text: str, language: str) -> list[_Word]:
    places = list(_WORD.finditer(text))
    said = [_as_usual(place.group(), language) for place in places]
    twice = _languages()[language].twice
    for at, then in enumerate(said[1:]):
        if said[at] in twice:
            said[at] = then
    return [_Word(*one) for one in zip(places, said, strict=True)]


def _as_usual(text: str, language: str) -> str:
    for pattern, usual in _languages()[language].others:
        text = pattern.sub(usual, text)
    return text


@cache
def _languages() -> dict[str, _Ways]:
    """Returns how number words are written in each language, besides the usual way."""
    lists = read_words(FILE)
    return {
        language: _Ways(
            [(_part(way), usual) for usual, ways in words.items() for way in ways],
            frozenset(lists["twice"][language]),
        )
        for language, words in lists["said_as"].items()
    }


def _part(way: str) -> re.Pattern[str]:
    begin = "" if way.startswith("*") else r"(?<!\w)"
    end = "" if way.endswith("*") else r"(?!\w)"
    return re.compile(begin + re.escape(way.strip("*")) + end)
