"""Whether a message speaks of another order than the one before. Pure.

The words are the designers', in `data/words/other_order.yml`.
"""

from __future__ import annotations

import re
from functools import cache

from authoring.designers_words import bare, is_denied, one_of, read_words

FILE = "other_order"


def names_other_order(text: str) -> bool:
    """Whether another order is named: "my other order", not "the other one"."""
    small = bare(text)
    return any(
        not is_denied(small, found.start()) for found in _named().finditer(small)
    )


def speaks_of_other(text: str) -> bool:
    """Whether another order is meant, or another of what was talked about."""
    return names_other_order(text) or _alone().search(bare(text)) is not None


@cache
def _named() -> re.Pattern[str]:
    words = read_words(FILE)["words"]
    other, things = one_of(words["other"]), one_of(words["things"])
    gap = r"(?:\s+[\w'-]+){0,2}\s+"
    return re.compile(
        rf"(?<!\w)(?:{other}{gap}{things}|{things}\s+(?:[\w'-]+\s+)?{other})(?!\w)"
    )


@cache
def _alone() -> re.Pattern[str]:
    words = read_words(FILE)
    alone, polite = one_of(words["words"]["alone"]), one_of(words["polite"])
    return re.compile(rf"(?<!\w){alone}(?:[\s,]+{polite})*\s*(?:[.,;:!?)\n]|$)")
