"""What a word in a message means, from the designers' lists in `data/words/`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).resolve().parents[1] / "data" / "words"
# Words, kept whole with their apostrophes.
_WORD = re.compile(r"[\w'-]*\w'?")
# In a line: a number in figures or words. Of the numbers: what also is an article.
NUMBER, ARTICLE = "<n>", "article"
# The words of a list, or of the lists of all languages.
Words = list[Any] | dict[str, list[Any]]
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
    return next(iter(all_meant(slot, text)), None)


def all_meant(slot: str, text: str) -> list[str]:
    """Returns all values of the slot that the text speaks of, in the list's order."""
    said = without_accents(plain(text))
    return [value for value in _patterns(slot) if any(_places(slot, value, said))]


def without(slot: str, values: Iterable[str], text: str) -> str:
    """Returns the text, without accents, with blanks for the values' words."""
    said = without_accents(plain(text))
    for value in values:
        said = _patterns(slot)[value].sub(" ", said)
    return said


def numbers_meant(slot: str, value: str, text: str) -> list[int]:
    """Returns the numbers at <n> in the value's words; words without <n> mean one."""
    said = without_accents(plain(text))
    return [
        int(number) if number.isdecimal() else number_words()[number]
        for found in _places(slot, value, said)
        for number in [found[found.lastindex] if found.lastindex else "1"]
    ]


@cache
def number_words(*, articles: bool = False) -> dict[str, int]:
    """Returns what small numbers in words stand for; articles may stand for one."""
    lists = read_words("number")["words"]
    return {
        without_accents(word): 1 if value == ARTICLE else int(value)
        for value, words in lists.items()
        if articles or value != ARTICLE
        for word in _all_of(words)
    }


def _places(slot: str, value: str, said: str) -> Iterator[re.Match[str]]:
    found = _patterns(slot)[value].finditer(said)
    return (one for one in found if not is_denied(said, one.start()))


def bare(text: str) -> str:
    """Returns the text in small letters without accents, as long as it was."""
    return "".join(unicodedata.normalize("NFD", char)[0] for char in plain(text))


def one_of(words: Words) -> str:
    """Returns a pattern for any of the words, for a text that `bare` has read.

    A star stands for any letters, a blank for any blanks.
    """
    parts = (re.escape(bare(word)) for word in _all_of(words))
    parts = (part.replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for part in parts)
    return rf"(?:{'|'.join(sorted(parts, key=len, reverse=True))})"


def is_denied(text: str, start: int, reach: int = _DENIAL_REACH) -> bool:
    """Whether the last words before `start`, in its clause, deny what begins there."""
    clause = words_of(CLAUSE_END.split(plain(text[:start]))[-1])
    before = clause[-reach:]
    if reach == 1 and clause == ["no"]:
        return False  # "no HP-10430" corrects
    return any(map(_denies, before))


def without_denials(text: str) -> str:
    """Returns the words of a text, in small letters, but those that deny."""
    return " ".join(word for word in words_of(text) if not _denies(word))


def words_of(text: str) -> list[str]:
    """Returns the words of a text in small letters."""
    return _WORD.findall(plain(text))


def plain(text: str) -> str:
    """Returns the text in small letters, with one apostrophe, as long as it was."""
    small = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return small.replace("’", "'").replace("`", "'").replace("´", "'")


def without_accents(text: str) -> str:
    """Returns `espanol` for `español`: accents are often left out."""
    parts = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def _denies(word: str) -> bool:
    return denial().fullmatch(bare(word)) is not None


@cache
def denial() -> re.Pattern[str]:
    """Returns what finds a word that denies, in a text that `bare` has read."""
    return re.compile(
        rf"(?<![\w'])(?:\w+n't|{one_of(read_words('denial')['words'])})\b"
    )


@cache
def _patterns(slot: str) -> dict[str, re.Pattern[str]]:
    lists = read_words(slot)["words"]
    return {str(value): _any_of(_all_of(words)) for value, words in lists.items()}


def _all_of(words: Words) -> list[str]:
    """Returns the words of a list, or of the lists of all languages."""
    lists = words.values() if isinstance(words, dict) else [words]
    return [str(word) for one in lists for word in one]


def _any_of(lines: list[str]) -> re.Pattern[str]:
    # Of lines that begin alike, the one with a number and the longer one count.
    ordered = sorted(lines, key=lambda line: (line.count(NUMBER), len(line)))
    parts = (_part(without_accents(line.lower())) for line in reversed(ordered))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _part(line: str) -> str:
    part = re.escape(line).replace(r"\*", r"\w*").replace(r"\.\.\.", ".{1,40}?")
    if NUMBER not in line:
        return part
    numbers = "|".join(sorted(number_words(), key=len, reverse=True))
    part = part.replace(rf"{NUMBER}\ {NUMBER}", rf"{NUMBER}\W+{NUMBER}")
    return part.replace(NUMBER, rf"(?:x(?=\d))?(\d{{1,2}}(?=x?\b)|{numbers})x?")
