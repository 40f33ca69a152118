"""The phrases of `data/words/confirmation.yml`, and where a text says them.

The head of that file says how a line is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from authoring.designers_words import plain, read_words, without_accents

FILE = "confirmation"
# Parts of a line that stand for other words, and for how many at most.
_SIGNS = frozenset({THINGS := "_", ANY := "...", DEED := "+"})
_MOST = 8
# Words of the longest line without a sign.
_LONGEST = 12
# A mail address is one word, and so is each symbol that is not punctuation (emoji).
_TOKEN = re.compile(
    r"[^\s@]+@[^\s@,;!?]*[^\W_]|[^\W_]+|[^\w\s.,;:!?¡¿\"()\[\]/*~…–—«»„“”-]"
)
_PAUSE = re.compile(r"[.,;:!?\n()–—]|\s-+\s")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
# Apostrophes ("dont" is "don't"), and an emoji's colour and sex.
_UNHEARD = re.compile("['‘\u200d\ufe0f\u2640\u2642\U0001f3fb-\U0001f3ff]")
# Long enough that one slip of the finger makes no other word of it.
_TYPO_FROM = 5


class Phrase(NamedTuple):
    """A line of the lists; `group` is the place of its group in its list."""

    kind: str
    parts: tuple[str, ...]
    group: int
    needs: frozenset[str]


class Text:
    """The words of a text, as they were said and without accents."""

    def __init__(self, text: str) -> None:
        same = _UNHEARD.sub("", plain(unicodedata.normalize("NFKC", text)))
        found = list(_TOKEN.finditer(same))
        # "yesss" and "jaaa" are a yes
        self.raw = [_STRETCHED.sub(r"\1", one[0]) for one in found]
        self.words = [without_accents(word) for word in self.raw]
        gaps = (same[a.end() : b.start()] for a, b in pairwise(found))
        self.after_pause = {at for at, gap in enumerate(gaps, 1) if _PAUSE.search(gap)}

    def fits(self, sign: str, place: int) -> bool:
        """Whether "_" or "..." may stand for the word there."""
        return True

    def deed_ends(self, place: int) -> Iterable[int]:
        """Returns where a deed that begins there can end: what "+" stands for."""
        return ()

    def groups(self, kind: str) -> list[int]:
        """Returns the groups of the kind's phrases in the text, in their order."""
        found = (
            one for at in range(len(self.words)) for one, _ in self.phrases(at, kind)
        )
        return [phrase.group for phrase in found]

    def phrases(self, place: int, *kinds: str) -> Iterator[tuple[Phrase, int]]:
        """Yields the phrases of the kinds that begin there, each with where it ends."""
        literal, signed = _index()
        for end in range(place + 1, min(place + _LONGEST, len(self.words)) + 1):
            # What speaks against is taken to the letter: Spanish "qué" without its
            # accent is a word like any other.
            for words in (self.words[place:end], ["", *self.raw[place:end]]):
                for phrase in literal.get(tuple(words), ()):
                    if phrase.kind in kinds:
                        yield phrase, end
        said = set().union(*map(_stems, self.words))
        for first in (*_stems(self.words[place]), THINGS):
            for phrase in signed.get(first, ()):
                if phrase.kind in kinds and phrase.needs <= said:
                    yield from ((phrase, end) for end in self._ends_of(phrase, place))

    def _ends_of(self, phrase: Phrase, place: int) -> set[int]:
        ends = set(self._ends(phrase.parts, place, place)) - {place}
        if phrase.parts[-1] == ANY:
            ends &= {*self.after_pause, len(self.words)}
        return ends

    def _ends(self, parts: tuple[str, ...], start: int, place: int) -> Iterator[int]:
        """Yields where these parts of a phrase that began at the start can end."""
        if not parts:
            yield place
            return
        if parts[0] in (THINGS, ANY):
            yield from self._ends(parts[1:], start, place)
        for end in self._first_ends(parts[0], start, place):
            yield from self._ends(parts[1:], start, end)

    def _first_ends(self, part: str, start: int, place: int) -> Iterator[int]:
        # no sign reaches over a pause
        pauses = self.after_pause - {start}
        if part == DEED:
            yield from () if place in pauses else self.deed_ends(place)
        elif part in _SIGNS:
            for at in range(place, min(place + _MOST, len(self.words))):
                if at in pauses or not self.fits(part, at):
                    return
                yield at + 1
        elif place < len(self.words) and part in _stems(self.words[place]):
            yield place + 1


@cache
def single(*kinds: str) -> frozenset[str]:
    """Returns the lines of one word of the kinds, without accents."""
    alone = (one for one in _phrases() if one.kind in kinds and len(one.parts) == 1)
    return frozenset(without_accents(one.parts[0]) for one in alone)


@cache
def of_group(kind: str, group: int) -> frozenset[str]:
    """Returns the first words of the lines of one group."""
    found = (one for one in _phrases() if (one.kind, one.group) == (kind, group))
    return frozenset(one.parts[0] for one in found)


def is_known(word: str) -> bool:
    """Whether a line has the word."""
    return not _parts().isdisjoint(_stems(word))


def without_slip(word: str, known: Collection[str]) -> str:
    """Returns the word of the lists that one with a slip in it stands for."""
    if len(word) < _TYPO_FROM or word in known or is_known(word):
        return word
    meant = (_by_slip().get(slip) for slip in _slips(word))
    return next((one for one in meant if one and one[0] == word[0]), word)


@cache
def _stems(word: str) -> frozenset[str]:
    """Returns it, and what the lists may write for it: "canc*"."""
    return frozenset((word, *(f"{word[:end]}*" for end in range(2, len(word) + 1))))


def _slips(word: str) -> list[str]:
    """Returns it without a letter; two words with one in common are a slip apart."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


@cache
def _by_slip() -> dict[str, str]:
    harmless = (one for one in _phrases() if one.kind not in ("against", "no"))
    words = {part.rstrip("*") for one in harmless for part in one.parts}
    long = sorted(word for word in words if len(word) >= _TYPO_FROM)
    return {slip: word for word in long for slip in _slips(word)}


@cache
def _parts() -> frozenset[str]:
    return frozenset(
        without_accents(part) for phrase in _phrases() for part in phrase.parts
    )


@cache
def _index() -> tuple[dict[tuple[str, ...], list[Phrase]], dict[str, list[Phrase]]]:
    """Returns the phrases of plain words by these, the others by their first part."""
    literal, signed = defaultdict(list), defaultdict(list)
    for phrase in _phrases():
        if any(part in _SIGNS or "*" in part for part in phrase.parts):
            signed[phrase.parts[0]].append(phrase)
        else:
            by_letter: tuple[str, ...] = ("",) if phrase.kind == "against" else ()
            literal[by_letter + phrase.parts].append(phrase)
    return literal, signed


@cache
def _phrases() -> frozenset[Phrase]:
    return frozenset(
        Phrase(kind, parts, number, frozenset(parts) - _SIGNS)
        for name, groups in read_words(FILE).items()
        for number, group in enumerate(groups)
        for kind, line in _lines(name, group)
        if (parts := _parts_of(kind, str(line)))
    )


def _lines(kind: str, group: Any) -> Iterator[tuple[str, Any]]:
    """Yields the lines of a group, or the one that is no group, with their kinds."""
    lists = group if isinstance(group, dict) else {kind: group}
    for name, lines in lists.items():
        yield from (
            (name, one) for one in (lines if isinstance(lines, list) else [lines])
        )


def _parts_of(kind: str, line: str) -> tuple[str, ...]:
    parts: list[str] = []
    for part in line.split():
        parts += [part] if part in _SIGNS else Text(part).raw
        if part.endswith("*"):
            parts[-1] += "*"
    return tuple(parts if kind == "against" else map(without_accents, parts))
