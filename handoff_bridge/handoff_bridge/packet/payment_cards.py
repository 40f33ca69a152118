"""Where a folded text spells out a payment card's number.

Issuer and length decide, by the ranges of pydantic-extra-types, and the checksum. Where
these leave a doubt the words beside the number decide: a card number with a wrong digit
is still a secret if it is offered as a card's, and a parcel's number is none even if
all of this happens to fit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, zip_longest

from pydantic_core import PydanticCustomError
from pydantic_extra_types.payment import PaymentCardBrand, PaymentCardNumber

from handoff_bridge.packet.digits import Group, digit_runs
from handoff_bridge.packet.payment_card_words import Said, said_of
from handoff_bridge.packet.split_cards import (
    Part,
    is_offered,
    is_reference,
    part_runs,
    windows,
)

MIN_DIGITS, MAX_DIGITS = 12, 19
# No issuer has a longer prefix.
_PREFIX = 8
# E.164 allows 15 digits: "+" in front of no more than that is a telephone.
MAX_PHONE_DIGITS = 15
# What Mastercard gives to Maestro as a whole; the library knows the usual ones.
_MAESTRO = re.compile(r"5[0678]|6")
_EXPIRY = r"(?:0?[1-9]|1[0-2])\s{0,2}[/.\-]\s{0,2}(?:20)?\d{2}(?!\d)"
_BARE_CODE = re.compile(
    rf"[\s,;/\-]{{1,4}}(?:{_EXPIRY}[\s,;/\-]{{1,4}})?(\d{{3,4}})(?![\d/])"
)
# An expiry date or a security code right behind says that the number is a card's.
_CARD_FOLLOWS = re.compile(
    rf"[\s,;/\-(]{{1,4}}(?:(?:exp\w{{0,8}}|valid\w{{0,6}}|gultig|bis|thru|until|caduca\w{{0,4}}|"
    rf"vence|vto|vencimiento|y|hasta|fin)[\s:.]{{1,3}}){{0,2}}{_EXPIRY}",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b")
# Letters typed for digits, in what else is a group or a whole number of digits.
_MISTYPED = re.compile(
    r"(?<![^\W_])(?=[OolI]{0,2}\d[OolI\d]{0,18}\d)[\dOolI]{4,19}(?![^\W_])"
)
_LETTERS = str.maketrans("OolI", "0011")
# Each digit doubled, and the two digits of the result added up.
_DOUBLED = str.maketrans("0123456789", "0246813579")
# How issuers print numbers, beside groups of one size: American Express, Diners Club.
_PRINTED = ((4, 6, 5), (4, 6, 4))
_MIXABLE = frozenset(" \t\n-()[]")


@dataclass(frozen=True)
class Card:
    """A card number in a text, with a security code behind it that has no name."""

    start: int
    end: int
    last_four: str
    # Whether issuer, length and checksum fit.
    certain: bool = False


def cards_in(text: str, reference: re.Pattern[str] | None = None) -> list[Card]:
    """Returns the card numbers of a folded text, in order.

    What lies within a `reference` number of the shop's is none.
    """
    references = (
        [match.span() for match in reference.finditer(text)] if reference else []
    )
    text = _MISTYPED.sub(lambda token: token[0].translate(_LETTERS), text)
    if len(_DIGIT.findall(text)) < MIN_DIGITS:
        return []
    ibans = [match.span() for match in _IBAN.finditer(text)]
    found = [card for run in digit_runs(text) for card in _cards(run, text, ibans)]
    found = [
        card
        for card in _with_split_ones(found, text, ibans)
        if not any(start <= card.start and card.end <= end for start, end in references)
    ]
    return [
        _with_bare_code(text, card, following)
        for card, following in zip_longest(found, found[1:])
        if card
    ]


def luhn_valid(digits: str) -> bool:
    """Check the last digit against the others, as all card issuers do."""
    doubled = digits[-2::-2].translate(_DOUBLED)
    return (sum(map(int, digits[::-2])) + sum(map(int, doubled))) % 10 == 0


def _with_split_ones(
    found: Sequence[Card], text: str, ibans: Sequence[tuple[int, int]]
) -> list[Card]:
    """Add numbers told in parts; what was found is kept if it is one by itself."""
    taken = [*ibans, *((card.start, card.end) for card in found if card.certain)]
    split: list[Card] = []
    for run in part_runs(text):
        for parts in windows(run):
            start, end = parts[0].start, parts[-1].end
            if any(start < last and first < end for first, last in taken):
                continue
            if _is_split(parts, text):
                digits = "".join(part.digits for part in parts)
                split.append(Card(start, end, digits[-4:]))
                taken.append((start, end))
    apart = [
        card
        for card in found
        if not any(card.start < s.end and s.start < card.end for s in split)
    ]
    return sorted([*apart, *split], key=lambda card: card.start)


def _is_split(parts: Sequence[Part], text: str) -> bool:
    digits = "".join(part.digits for part in parts)
    groups = [Group(part.start, part.end, part.digits) for part in parts]
    if not _is_issued(digits, groups) or is_reference(text, parts):
        return False
    if _is_glued(groups, text) or _is_phone(text, parts[0].start, len(digits)):
        return False
    return luhn_valid(digits) or is_offered(text, parts)


def _with_bare_code(text: str, card: Card, following: Card | None) -> Card:
    # What looks like a code may be the beginning of the next card.
    stop = following.start if following else len(text)
    code = _BARE_CODE.match(text, card.end, stop)
    return Card(card.start, code.end(), card.last_four) if code else card


def _cards(
    run: Sequence[Group], text: str, ibans: Sequence[tuple[int, int]]
) -> Iterator[Card]:
    index, free = 0, 0
    while index < len(run):
        start = run[index].start
        inside = any(first <= start < last for first, last in ibans)
        size = 0 if inside else _card_at(run, index, text, index == free)
        if size:
            free = index + size
            groups = run[index : index + size]
            digits = "".join(group.digits for group in groups)
            certain = luhn_valid(digits) and _is_issued(digits, groups)
            yield Card(groups[0].start, groups[-1].end, digits[-4:], certain)
        index += size or 1


def _card_at(run: Sequence[Group], index: int, text: str, is_first: bool) -> int:
    """Return how many groups from `index` on make a card number, or 0.

    `is_first`: no group before it is left over.
    """
    certain, issued, offered = 0, 0, 0
    # Every group has a digit, so this looks at 19 groups at the most.
    for size in range(1, min(MAX_DIGITS, len(run) - index) + 1):
        groups = run[index : index + size]
        count = sum(map(len, groups))
        if count > MAX_DIGITS:
            break
        if count < MIN_DIGITS or not (_is_in_fours(groups) or _one_kind_of_gap(groups)):
            continue
        if _is_phone(text, groups[0].start, count):
            continue
        digits = "".join(group.digits for group in groups)
        offered = size if _looks_grouped(groups) else offered
        if _is_issued(digits, groups):
            issued = issued or size
            if luhn_valid(digits):
                certain = size
    if not (certain or issued or offered):
        return 0
    if certain and _is_plain(run, index, certain, text, is_first):
        end = run[index + certain - 1].end
        return 0 if _said(text, run[index], end) == Said.REFERENCE else certain
    best = certain or issued or offered
    return best if _is_offered(run, index, best, bool(certain or issued), text) else 0


def _is_offered(
    run: Sequence[Group], index: int, size: int, issued: bool, text: str
) -> bool:
    """Whether the words make a card number of what may not be one."""
    end = run[index + size - 1].end
    said = _said(text, run[index], end)
    if said == Said.REFERENCE:
        return False
    near = said == Said.CARD_NEAR or bool(_CARD_FOLLOWS.match(text, end))
    return said == Said.CARD or (issued and near)


def _said(text: str, first: Group, end: int) -> Said:
    return said_of(text, first.start, end)


def _is_issued(digits: str, groups: Sequence[Group]) -> bool:
    """Whether an issuer has numbers that begin so and are that long."""
    if _has_brand(digits[:_PREFIX], len(digits)):
        return True
    return _is_in_fours(groups) and bool(_MAESTRO.match(digits))


# Asked again for each length at each digit of a long row, and slow.
@lru_cache(maxsize=4096)
def _has_brand(prefix: str, length: int) -> bool:
    try:
        brand = PaymentCardNumber.validate_brand(prefix.ljust(length, "0"))
    except PydanticCustomError:
        return False
    return brand != PaymentCardBrand.other


def _is_in_fours(groups: Sequence[Group]) -> bool:
    return len(groups) > 3 and all(len(group) == 4 for group in groups[:-1])


def _is_plain(
    run: Sequence[Group], index: int, size: int, text: str, is_first: bool
) -> bool:
    """Whether a number that fits stands there like a card's and like nothing else."""
    groups = run[index : index + size]
    if not _is_regular(groups) or _is_glued(groups, text):
        return False
    if not is_first and _continues(run, index, size):
        return False
    digits = "".join(group.digits for group in groups)
    # A product's bar code, or its box's, has a checksum of its own.
    return size > 1 or len(digits) not in (13, 14) or not _ean_valid(digits)


def _is_glued(groups: Sequence[Group], text: str) -> bool:
    """Whether letters belong to the number: "JJD0003...", "DE44...", "...0GB"."""
    start, end = groups[0].start, groups[-1].end
    return text[max(start - 1, 0) : start].isalpha() or text[end : end + 1].isalpha()


def _continues(run: Sequence[Group], index: int, size: int) -> bool:
    """Whether the groups before belong to the number: a longer one, or decimals."""
    first, before = run[index], run[index - 1]
    if first.gap in (".", ",") and len(before) <= 3:
        return True
    return size > 1 and first.gap == run[index + 1].gap and len(before) == 4


def _looks_grouped(groups: Sequence[Group]) -> bool:
    return _is_regular(groups) or min(map(len, groups)) >= 3


def _is_regular(groups: Sequence[Group]) -> bool:
    sizes = tuple(map(len, groups))
    if len(sizes) == 1 or sizes in _PRINTED or all(n % 4 == 0 for n in sizes):
        return True
    return len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0] + 1


def _one_kind_of_gap(groups: Sequence[Group]) -> bool:
    """Whether one thing divides them: "52.520008 13.404954" is two numbers."""
    kinds = [frozenset(group.gap) - _MIXABLE for group in groups[1:]]
    return all(one == other for one, other in pairwise(kinds))


def _ean_valid(digits: str) -> bool:
    weighted = [int(d) * (3 if n % 2 else 1) for n, d in enumerate(reversed(digits))]
    return sum(weighted) % 10 == 0


def _is_phone(text: str, start: int, count: int) -> bool:
    return count <= MAX_PHONE_DIGITS and text[max(start - 1, 0) : start] == "+"
