"""Numbers that are spelt out, as the digits that somebody writes down who hears them.

"One oh five seventeen", "zehntausendfünfhundertsiebzehn" and "dix mille cinq cent
dix-sept" are all 10517. The words are the designers', in `data/words/order_number.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from authoring.designers_words import bare, read_words

FILE = "order_number"
_GAP = re.compile(r"[\s,.–—-]{0,3}")


class Spelt(NamedTuple):
    """Where digits are spelt out, and whether each word stands for one digit."""

    start: int
    end: int
    digits: str
    is_single: bool


class _Word(NamedTuple):
    start: int
    end: int
    text: str


def spelt_numbers(text: str) -> Iterator[Spelt]:
    """Yields the runs of number words in a text without accents or capitals."""
    run: list[_Word] = []
    for word in [*_words(text), None]:
        if run and (word is None or not _GAP.fullmatch(text[run[-1].end : word.start])):
            yield from _read(run)
            run = []
        if word is not None:
            run.append(word)


def _words(text: str) -> Iterator[_Word]:
    """Yields number words, each part of a German one, and figures."""
    for found in _compound().finditer(text):
        for part in _part().finditer(text, *found.span()):
            yield _Word(*part.span(), re.sub(r"\s+", "-", part.group()))


def _read(run: list[_Word]) -> Iterator[Spelt]:
    while run and run[0].text in _list("joined"):
        run = run[1:]
    at, digits, begin, is_single, is_spelt = 0, "", 0, True, False
    while at < len(run):
        end, said = _number(run, at)
        if end == at:  # "and" between two numbers
            yield from _spelt(run[begin:at], digits, is_single, is_spelt)
            at, digits, begin, is_single, is_spelt = at + 1, "", at + 1, True, False
            continue
        is_single = is_single and len(said) == 1
        is_spelt = is_spelt or not run[at].text.isdecimal()
        at, digits = end, digits + said
    yield from _spelt(run[begin:], digits, is_single, is_spelt)


def _spelt(
    words: list[_Word], digits: str, is_single: bool, is_spelt: bool
) -> Iterator[Spelt]:
    if is_spelt:
        yield Spelt(words[0].start, words[-1].end, digits, is_single)


def _number(run: list[_Word], at: int) -> tuple[int, str]:
    """Returns where the number ends that begins there, and its digits."""
    text = run[at].text
    if text.isdecimal():
        return at + 1, text
    if text in _list("twice"):
        end, said = _number(run, at + 1) if at + 1 < len(run) else (at + 1, "")
        return end, said * 2 if len(said) == 1 else said
    end, thousands = _below_thousand(run, at)
    if _value(run, end) != 1000:
        return (at, "") if end == at else (end, str(thousands))
    start = end + 1
    end, rest = _below_thousand(run, start + _joins(run, start))
    end = end if rest is not None else start
    return end, str((1 if thousands is None else thousands) * 1000 + (rest or 0))


def _below_thousand(run: list[_Word], at: int) -> tuple[int, int | None]:
    first, value = _value(run, at), None
    if first is not None and first < 10 and _value(run, at + 1) == 100:
        at, value = at + 2, first * 100
    elif first is not None and 100 <= first < 1000:
        at, value = at + 1, first
    if value is None:
        return _below_hundred(run, at)
    end, rest = _below_hundred(run, at + _joins(run, at))
    return (at, value) if rest is None or rest == 0 else (end, value + rest)


def _below_hundred(run: list[_Word], at: int) -> tuple[int, int | None]:
    first, second = _value(run, at), _value(run, at + 1)
    if first is None or first >= 100:
        return at, None
    joins = _joins(run, at + 1)
    last = _value(run, at + 1 + joins) if joins else second
    is_ten = first >= 20 and first % 10 == 0
    if is_ten and last is not None and 0 < last < 10:
        return at + 2 + joins, first + last
    if joins and 0 < first < 10 and last is not None and 20 <= last < 100:
        return at + 3, first + last  # "siebenundzwanzig"
    return at + 1, first


def _joins(run: list[_Word], at: int) -> int:
    return int(at < len(run) and run[at].text in _list("joined"))


def _value(run: list[_Word], at: int) -> int | None:
    return _figures().get(run[at].text) if at < len(run) else None


@cache
def _figures() -> dict[str, int]:
    lists = read_words(FILE)["figures"]
    return {bare(str(one)): int(value) for value in lists for one in lists[value]}


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(bare(str(word)) for word in read_words(FILE)[name])


@cache
def _part() -> re.Pattern[str]:
    words = sorted({*_figures(), *_list("joined"), *_list("twice")}, key=len)
    one = "|".join(re.escape(word).replace(r"\-", r"[\s-]") for word in words[::-1])
    return re.compile(rf"\d+|{one}")


@cache
def _compound() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{_part().pattern})+(?![^\W_])")
