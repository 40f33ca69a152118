"""Where a text spells out a payment card: its number and its security code."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from handoff_bridge.packet.digits import Group, digit_runs

MIN_DIGITS, MAX_DIGITS = 13, 19
# E.164 allows 15 digits: "+" in front of no more than that is a telephone.
MAX_PHONE_DIGITS = 15
# First digits that issuers use. Asked for only where blanks divide the number,
# since an order number beside a telephone number looks like that as well.
_ISSUER = re.compile(r"2[2-7]|3|4|5|6|8[12]|9792")
_EXPIRY = r"(?:0?[1-9]|1[0-2])\s{0,2}[/.\-]\s{0,2}(?:20)?\d{2}(?!\d)"
_SECURITY_WORD = (
    r"(?:cvc2?|cvv2?|cv2|csc|cid|security\s{1,2}(?:code|number)|"
    r"pr(?:ü|ue)fziffer|kartenpr(?:ü|ue)fnummer|sicherheitscode)"
)
_BARE_CODE = re.compile(
    rf"[\s,;/\-]{{1,4}}(?:{_EXPIRY}[\s,;/\-]{{1,4}})?(\d{{3,4}})(?![\d/])"
)
_NAMED_CODE = re.compile(
    rf"\b{_SECURITY_WORD}\b[\s:=#.\-]{{0,5}}(?:(?:is|ist|nr|no)\b[\s:.]{{0,3}})?(\d{{3,4}})(?!\d)",
    re.IGNORECASE,
)
# Each digit doubled, and the two digits of the result added up.
_DOUBLED = str.maketrans("0123456789", "0246813579")
# How far behind the number a named security code is looked for.
_REACH = 80


def card_spans(text: str) -> list[tuple[int, int]]:
    """Return the places of card numbers and of the codes that follow them."""
    cards = [card for run in digit_runs(text) for card in _cards(run, text)]
    spans: list[tuple[int, int]] = []
    for (start, end), following in zip_longest(cards, cards[1:]):
        # What looks like a code may be the beginning of the next card.
        stop = following[0] if following else len(text)
        if bare := _BARE_CODE.match(text, end, stop):
            end = bare.end()
        spans.append((start, end))
        if named := _NAMED_CODE.search(text, end, min(end + _REACH, stop)):
            spans.append(named.span(1))
    return spans


def luhn_valid(digits: str) -> bool:
    """Check the last digit against the others, as all card issuers do."""
    doubled = digits[-2::-2].translate(_DOUBLED)
    return (sum(map(int, digits[::-2])) + sum(map(int, doubled))) % 10 == 0


def _cards(run: list[Group], text: str) -> Iterator[tuple[int, int]]:
    index = 0
    while index < len(run):
        size = _card_at(run, index, text)
        if size:
            yield run[index].start, run[index + size - 1].end
        index += size or 1


def _card_at(run: list[Group], index: int, text: str) -> int:
    """Return how many groups from `index` on make a card number, or 0."""
    digits, found = "", 0
    # Every group has a digit, so this looks at 19 groups at the most.
    for size, group in enumerate(run[index : index + MAX_DIGITS], start=1):
        digits += group.digits if len(group) <= MAX_DIGITS else "0" * (MAX_DIGITS + 1)
        if len(digits) > MAX_DIGITS:
            break
        if len(digits) < MIN_DIGITS or (size > 1 and not _ISSUER.match(digits)):
            continue
        if luhn_valid(digits) and not _is_phone(text, run[index].start, len(digits)):
            found = size
    return found


def _is_phone(text: str, start: int, count: int) -> bool:
    return count <= MAX_PHONE_DIGITS and text[max(start - 1, 0) : start] in ("+", "＋")
