"""What a word in a message means, from the designers' lists in `data/words/`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).resolve().parents[1] / "data" / "words"
# Words, kept whole with their apostrophes.
_WORD = re.compile(r"[\w'-]*\w'?")
CLAUSE_END = re.compile(r"[.,;:!?\n()–—]+|\s-+\s")
# How far before a value its denial may stand: "not at all damaged".
_DENIAL_REACH = 3


def read_words(name: str) -> dict[str, Any]:
    """Returns the content of a list's file."""
    return dict(YAML(typ="safe").load(FOLDER / f"{name}.yml"))


def meant(slot: str, text: str) -> str | None:
    """Returns the value of the slot that the text speaks of, None if of none.

    What is denied does not count: "not damaged" is no damage.
    """
    for value, pattern in _patterns(slot):
        for found in pattern.finditer(text):
            if not is_denied(text, found.start()):
                return value
    return None


def bare(text: str) -> str:
    """Returns the text in small letters without accents, as long as it was."""
    return "".join(unicodedata.normalize("NFD", char)[0] for char in plain(text))


def one_of(words: Iterable[Any]) -> str:
    """Returns a pattern for any of the words, for a text that `bare` has read.

    A star stands for any letters, a blank for any blanks.
    """
    parts = (re.escape(bare(str(word))) for word in words)
    parts = (part.replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for part in parts)
    return rf"(?:{'|'.join(sorted(parts, key=len, reverse=True))})"


def is_denied(text: str, start: int, reach: int = _DENIAL_REACH) -> bool:
    """Whether the last words before `start`, in its clause, deny what begins there."""
    clause = words_of(CLAUSE_END.split(plain(text[:start]))[-1])
    before = clause[-reach:]
    if reach == 1 and clause == ["no"]:
        return False  # "no HP-10430" corrects
    return any(word in _denials() or word.endswith("n't") for word in before)


def words_of(text: str) -> list[str]:
    """Returns the words of a text in small letters."""
    return _WORD.findall(plain(text))


def plain(text: str) -> str:
    """Returns the text in small letters, with one apostrophe, as long as it was."""
    small = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return small.replace("’", "'").replace("`", "'").replace("´", "'")


@cache
def _denials() -> frozenset[str]:
    return frozenset(map(str, read_words("denial")["words"]))


@cache
def _patterns(slot: str) -> list[tuple[str, re.Pattern[str]]]:
    lists = read_words(slot)["words"]
    return [(value, _any_of(words)) for value, words in lists.items()]


def _any_of(words: list[str]) -> re.Pattern[str]:
    # the star of the lists stands for any ending
    parts = (re.escape(str(word)).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
