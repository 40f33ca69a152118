"""Which numbers in a message are an order's, however they are written. Pure.

The one reader of order numbers: the pipeline, the forms and the measurements use it.
An order's number has five digits; which other numbers of five digits are none is told
by the words around them, in `data/words/order_number.yml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from authoring.designers_words import (
    bare,
    is_denied,
    one_of,
    plain,
    read_words,
)
from authoring.spelt_numbers import FILE, spelt_numbers

DIGITS = 5
# How much beside a number tells what it is of.
_REACH = 120
_HIDDEN = re.compile(
    r"[^\s@,;]+\s?@\s?[^\s@,;]+"
    r"|[^\s@,;]{1,60}\s+at\s+\w{1,40}\s+(?:dot|punkt|punto)\s+\w+"
    r"|(?:https?://|www\.)\S+"
)
# Groups of figures that one sign joins: "10 517", "0171-10517", "10517 10518".
_GROUP = r"[\do]*\d[\do]*"
_FIGURES = re.compile(
    rf"(?:(?<![^\W_])|(?<=hp)|(?<=nr)|(?<=no)){_GROUP}"
    rf"(?:\s?[ .,'’/·‐-―−-]\s?{_GROUP}(?![^\W_]))*(?![^\W_])"
)
# Ways to write a number in parts; others are dates and prices.
_PARTS = ([2, 3], [3, 2], [1, 4], [4, 1], [1] * DIGITS)
_DECIMAL = frozenset(".,'’")
_PART_OF_MORE = re.compile(r"[a-z][-‐-―/]$|[+$€£¥]\s?$")
_MORE_BEHIND = re.compile(r"[°@]|[-‐-―]\w|\s?[%€$£¥]")
_STATE = re.compile(r"[A-Z][a-z]+,?\s[A-Z]{2}\s$")
_TOWN = re.compile(
    r" +([A-ZÀ-Þ][\w'’-]+)(?: +[A-ZÀ-Þ][\w'’-]+)?\s*(?:[,.;!?)\n]|$)",
)
_SENTENCE_END = re.compile(r"[!?;\n]|[a-z]{3}\.\s(?!\d)")
_HOUSE_NUMBER = re.compile(r"(?<![\w.,])\d{1,4}\s?[a-z]?(?![\w.,]\w)")


class OrderNumber(NamedTuple):
    """A number in a text, and whether "HP" or a word like "order" is before it."""

    number: str
    start: int
    end: int
    is_marked: bool


class _Figures(NamedTuple):
    """Five digits; `is_plain`: one group, or spelt out digit by digit."""

    start: int
    end: int
    digits: str
    is_plain: bool


def order_numbers(text: str, with_denied: bool = False) -> list[OrderNumber]:
    """Returns the orders that a text means, in their order.

    A number that is denied ("not 10428, 10430") is left out unless asked for.
    """
    same = _same_length(text)
    typed = _HIDDEN.sub(lambda one: "\0" * len(one.group()), plain(same))
    small = bare(typed)
    found: list[OrderNumber] = []
    for one in sorted(_five_digits(typed, small)):
        if found and one.start < found[-1].end:
            continue
        before = small[max(one.start - _REACH, 0) : one.start]
        prefix = _words().prefix.search(before)
        sign = prefix or re.search(r"#\s?$", before)
        start = one.start - len(before) + sign.start() if sign else one.start
        is_marked = bool(prefix or _words().order.search(before))
        around = _around(same, small, one)
        is_denied_here = _is_denied(before[: len(before) - (one.start - start)])
        if (with_denied or not is_denied_here) and (
            prefix or _may_be_order(around, one.is_plain, is_marked)
        ):
            found.append(OrderNumber(f"HP-{one.digits}", start, one.end, is_marked))
    return found


def without_order_numbers(text: str) -> str:
    """Returns the text with a blank for each character of an order's number."""
    for one in order_numbers(text):
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def is_only_order_number(text: str) -> bool:
    """Whether a text names an order and says nothing else: "it's order HP-10421"."""
    if not order_numbers(text):
        return False
    return _words().beside.fullmatch(bare(without_order_numbers(text))) is not None


def order_number_in(text: Any) -> str | None:
    """Returns the first order that a text means, None if it means none."""
    return next((one.number for one in order_numbers(str(text))), None)


def names_number(text: str) -> bool:
    """Whether a text speaks of a number, "my order number", without giving it."""
    return _words().named.search(bare(text)) is not None


def _is_denied(before: str) -> bool:
    """Whether the words before deny it: "not the order 10428"."""
    words, begin = _words(), len(before)
    for lead in (words.order, words.lead):
        found = lead.search(before[:begin])
        begin = found.start() if found else begin
    return is_denied(before, begin, reach=1) or bool(words.not_this.search(before))


def _same_length(text: str) -> str:
    """Returns full-width letters and digits as the usual ones."""
    read = (unicodedata.normalize("NFKC", char) for char in text)
    plain = (
        one if len(one) == 1 else char for one, char in zip(read, text, strict=True)
    )
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain
    )


def _five_digits(typed: str, small: str) -> Iterator[_Figures]:
    for cluster in _FIGURES.finditer(small):
        yield from _in_figures(small, cluster)
    for said in spelt_numbers(typed):
        if len(said.digits) == DIGITS:
            yield _Figures(*said)


def _in_figures(small: str, cluster: re.Match[str]) -> Iterator[_Figures]:
    """Yields each group of five figures among others alike, or parts of one number."""
    groups = [
        (cluster.start() + one.start(), cluster.start() + one.end())
        for one in re.finditer(_GROUP, cluster.group())
    ]
    sizes = [end - start for start, end in groups]
    if len(groups) > 1 and sum(sizes) == DIGITS:
        if _is_in_parts(small, groups, sizes):
            yield _figures(small, groups[0][0], groups[-1][1], False)
        return
    for place, (start, end) in enumerate(groups):
        beside = (*sizes[max(place - 1, 0) : place], *sizes[place + 1 : place + 2])
        is_alone = all(size == DIGITS for size in beside)
        goes_on = re.match(r"[-.,/]\d", small[end : end + 2])
        if sizes[place] == DIGITS and (
            is_alone or not goes_on and _is_marked(small, start)
        ):
            yield _figures(small, start, end, True)


def _is_in_parts(small: str, groups: list[tuple[int, int]], sizes: list[int]) -> bool:
    if _words().prefix.search(small[max(groups[0][0] - _REACH, 0) : groups[0][0]]):
        return True
    signs = {small[a[1] : b[0]].strip() for a, b in pairwise(groups)}
    is_price = sizes[-1] == 2 and not signs.isdisjoint(_DECIMAL)
    return sizes in _PARTS and len(signs) == 1 and not is_price


def _figures(small: str, start: int, end: int, is_plain: bool) -> _Figures:
    digits = re.sub(r"[^\do]", "", small[start:end]).replace("o", "0")
    return _Figures(start, end, digits, is_plain)


def _is_marked(small: str, start: int) -> bool:
    before = small[max(start - _REACH, 0) : start]
    return any(one.search(before) for one in (_words().prefix, _words().order))


class _Around(NamedTuple):
    """What stands beside a number: as it was written, and in small letters."""

    typed_before: str
    typed_after: str
    before: str
    after: str


def _around(same: str, small: str, one: _Figures) -> _Around:
    before = slice(max(one.start - _REACH, 0), one.start)
    after = slice(one.end, one.end + _REACH)
    return _Around(same[before], same[after], small[before], small[after])


def _may_be_order(around: _Around, is_plain: bool, is_marked: bool) -> bool:
    before, after, words = around.before, around.after, _words()
    if _PART_OF_MORE.search(before) or _MORE_BEHIND.match(after):
        return False
    if words.units.match(after):
        return False
    if is_marked:
        return True
    if words.other.search(before) or words.is_other.match(after) or _is_place(around):
        return False
    return is_plain or words.polite.match(after) is not None


def _is_place(around: _Around) -> bool:
    """Whether it is a postcode or a house's number."""
    before, words = around.before, _words()
    if words.street_behind.match(around.after) or _STATE.search(around.typed_before):
        return True
    town = _TOWN.match(around.typed_after)
    if town and words.no_town.fullmatch(bare(town[1])) is None:
        return True
    breaks = (*_SENTENCE_END.finditer(before), *words.any_order.finditer(before))
    place = before[max((one.end() for one in breaks), default=0) :]
    return bool(words.street.search(place) and _HOUSE_NUMBER.search(place))


class _Words(NamedTuple):
    """The patterns made of the designers' words."""

    prefix: re.Pattern[str]
    lead: re.Pattern[str]
    not_this: re.Pattern[str]
    order: re.Pattern[str]
    beside: re.Pattern[str]
    any_order: re.Pattern[str]
    other: re.Pattern[str]
    is_other: re.Pattern[str]
    units: re.Pattern[str]
    street: re.Pattern[str]
    street_behind: re.Pattern[str]
    no_town: re.Pattern[str]
    polite: re.Pattern[str]
    named: re.Pattern[str]


@cache
def _words() -> _Words:
    known = {
        name: rf"{one_of(words)}(?![^\W_])"
        for name, words in read_words(FILE).items()
        if name not in ("words", "said_as")
    }
    number, linked, articles = (
        known[name] for name in ("number", "linked", "articles")
    )
    orders, others, streets = known["orders"], known["others"], known["streets"]
    start, gap = r"(?<![^\W_])", r"[\s:=.#°º(\"'-]"
    behind = rf"(?:{gap}+(?:{number}|{linked}|{articles}))*{gap}*$"
    says = rf"\W*(?:[(=]|{linked}|(?:as|als|como|comme)\b)\W*"
    return _Words(
        prefix=re.compile(rf"{start}h[\s.]?p(?:[\W_]{{0,3}}|[\W_]+{number}[\W_]+)$"),
        lead=re.compile(rf"{start}(?:(?:{linked}|{articles}|{orders})\s+)+$"),
        not_this=re.compile(
            rf"{start}{known['not_this']}\s+(?:(?:{articles}|{orders})\s+)*$"
        ),
        order=re.compile(rf"{start}{orders}{behind}"),
        beside=re.compile(rf"(?:\W|(?:{orders}|{number}|{linked}|{articles}|hp)\b)*"),
        any_order=re.compile(start + orders),
        other=re.compile(rf"{start}{others}{behind}"),
        is_other=re.compile(rf"{says}(?:{articles}\W+)*{others}"),
        units=re.compile(rf"\W?{known['units']}"),
        street=re.compile(start + streets),
        street_behind=re.compile(rf"(?:\s+[\w.'’-]+){{0,3}}\s+{streets}"),
        no_town=re.compile(known["no_town"]),
        polite=re.compile(rf"\s*(?:[.,;:!?)\n]|$)|\s+{known['polite']}"),
        named=re.compile(start + known["named"]),
    )
