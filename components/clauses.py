"""Splits a message into parts that can be read by themselves. Decides nothing.

The words for it are the designers', in `data/words/clauses.yml`, which is read once.
Most messages have no such place, and cost no more than a regular expression or two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from authoring.designers_words import bare, one_of, read_words

FILE = "clauses"
_SENTENCE = r"(?<=[.!?;\n])\s+"
_QUESTION = r",\s+(?=(?:where|when|what|how|which|tell|can|could|please)\b)"
_SENTENCE_END = re.compile(r"(?<=[.!?;\n…])\s+")
_MARK = re.compile(r"[,:()]\s+|\s+[-–—]+\s+")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»')
# "cancel it", but not "a tent": fewer words are no request of their own.
MIN_WORDS = 2
MIN_WORDS_TOGETHER = 6
# A letter is not taken apart: it is one matter, told at length.
MAX_CLAUSES = 6
# Of a story only the last parts are looked at: there it comes to the point.
MAX_PARTS = 10
MAX_WORDS = 120


def clauses(text: str) -> list[str]:
    """Returns the parts that may be requests of their own, none if it is but one."""
    if len(text.split()) < MIN_WORDS_TOGETHER:
        return []
    parts = [part for part in _pieces(text, _another()) if _is_long_enough(part)]
    return parts if 2 <= len(parts) <= MAX_CLAUSES else []


def parts(text: str) -> list[str]:
    """Returns every part in which a request may stand among other words.

    They overlap: without a mark between, a part begins wherever a request may, and runs
    to the next mark. What is quoted, told of or imagined is left out.
    """
    if not MIN_WORDS_TOGETHER <= len(text.split()) <= MAX_WORDS:
        return []
    found = dict.fromkeys(
        part
        for sentence in _asked(text)
        for piece in _pieces(sentence, _joint())
        for part in _tails(piece)
        if _is_long_enough(part) and part != text.strip()
    )
    return list(found)[-MAX_PARTS:]


def without_told(text: str) -> str:
    """Returns a message without what is quoted, told of or imagined in it."""
    if not (_QUOTED.search(text) or _words("told").search(bare(text))):
        return text
    return " ".join(filter(None, _asked(text)))


def _asked(text: str) -> list[str]:
    unquoted = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), text)
    return [_before_told(one).strip() for one in _pieces(unquoted, _SENTENCE_END)]


def _pieces(text: str, ends: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for end in ends.finditer(bare(text)):
        yield text[start : end.start()].strip()
        start = end.end()
    yield text[start:].strip()


def _before_told(sentence: str) -> str:
    """Blanks what is told of, to the end or to a word like "so", which draws on it."""
    told = _words("told").search(bare(sentence))
    if told is None:
        return sentence
    ends = _words("joins").search(bare(sentence), told.end())
    end = ends.start() if ends else len(sentence)
    return sentence[: told.start()] + " " * (end - told.start()) + sentence[end:]


def _tails(piece: str) -> Iterator[str]:
    yield piece
    for begin in _words("begins").finditer(bare(piece)):
        yield piece[begin.start() :]


def _is_long_enough(part: str) -> bool:
    return len(part.split()) >= MIN_WORDS


@cache
def _words(role: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'-]){_any_of(role)}(?![\w-])")


def _any_of(*roles: str) -> str:
    lists = read_words(FILE)["words"]
    return one_of(
        [word for role in roles for one in lists[role].values() for word in one]
    )


@cache
def _joint() -> re.Pattern[str]:
    return re.compile(rf"{_MARK.pattern}|,?\s+{_any_of('adds', 'joins')}[,\s]\s*")


@cache
def _another() -> re.Pattern[str]:
    adds = (
        rf",?\s+{_any_of('adds')}\s+"
        r"(?:(?:also|then|too|tambien|auch|noch|dann|aussi)\s+)?"
    )
    return re.compile(rf"{_SENTENCE}|{adds}|{_QUESTION}")
