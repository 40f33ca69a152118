"""Finds what customers say they do not want, or are unsure of wanting.

The words are the designers', in `data/words/negation.yml`, which says how they work
together. Pure but for reading that file once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from authoring.designers_words import CLAUSE_END, plain, read_words, words_of

FILE = "negation"
# French "n'annulez pas": an elision joins what it stands before.
_START = r"(?<![\w-])(?<![a-z]{2}')"


@dataclass(frozen=True)
class Polarity:
    """How a message speaks of what it names.

    `wanted` is the text with each negated request blanked out, of the same length.
    """

    wanted: str
    is_negated: bool = False
    is_doubtful: bool = False
    # whether more than filler is left beside the negated requests
    asks_more: bool = True


def polarity(text: str) -> Polarity:
    """Reads a customer's message, in whichever of the languages it is written."""
    small = plain(text)
    spans = sorted({span for one in _languages() for span in one.negated(small)})
    wanted = _blanked(text, spans)
    return Polarity(
        wanted=wanted,
        is_negated=bool(spans),
        is_doubtful=any(one.doubts(_blanked(small, spans)) for one in _languages()),
        asks_more=not spans or any(not _is_filler(word) for word in words_of(wanted)),
    )


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


class _Language:
    """The patterns of one language."""

    def __init__(self, words: dict[str, Any]) -> None:
        verbs, either = words["verbs"], [*words["verbs"], *words["nouns"]]
        restart = _any(words["restart"])
        gap = rf"(?:(?:{_any(words['between'])})\s*){{0,4}}"
        after = rf"(?:(?:{_any(words['after_between'])})\s+){{0,5}}"
        self._negated = [
            re.compile(_START + pattern)
            for pattern in (
                rf"(?:{_any(words['not'])})\s*{gap}(?:{_any(verbs)})",
                rf"(?:{_any(words['not_wanted'])})\s*{gap}(?:{_any(either)})",
                rf"(?:{_any(verbs)})\s+{after}(?:{_any(words['after'])})",
                rf"(?:{_any(words['none'])})\s*(?:{_any(words['nouns'])})\s+"
                rf"(?:\w+\s+)?(?:{_any(words['needed'])})",
            )
        ]
        self._alone = re.compile(_any(words["alone"]))
        self._doubt = re.compile(
            rf"{_START}(?:{_any(words['doubt'])})[\s,]*"
            rf"(?:(?!(?:{restart}))[\w'-]+\s+|[ld]'){{0,6}}?(?:{_any(either)})"
        )
        self._restart = re.compile(rf"{_START}(?:{restart})")
        self._unless = re.compile(rf"{_START}(?:{_any(words['unless'])})")
        self._object_first = bool(words.get("object_first"))
        self._others = frozenset(words["others"])
        self.filler = frozenset(map(str, words["filler"]))

    def negated(self, small: str) -> Iterator[tuple[int, int]]:
        """Yields where negated requests stand, each to the end of its clause."""
        for pattern in self._negated:
            for found in pattern.finditer(small):
                if self._counts(small, found):
                    start = self._start(small, found.start())
                    yield start, self._end(small, found.end())
        if any(self._alone.search(part) for part in CLAUSE_END.split(small)):
            yield from self._withdrawn_clauses(small)

    def _withdrawn_clauses(self, small: str) -> Iterator[tuple[int, int]]:
        """Yields clauses like "no, leave it" that say nothing else."""
        start = 0
        for stop in (*CLAUSE_END.finditer(small), None):
            end = stop.start() if stop else len(small)
            clause = small[start:end]
            rest = words_of(self._alone.sub(" ", clause))
            if self._alone.search(clause) and self.filler.issuperset(rest):
                yield start, end
            start = stop.end() if stop else end

    def doubts(self, small: str) -> bool:
        """Whether a request is named in doubt."""
        return self._doubt.search(small) is not None

    def _counts(self, small: str, found: re.Match[str]) -> bool:
        clause = CLAUSE_END.split(small[: found.start()])[-1]
        reach = clause[self._last_restart(clause) :]
        before = words_of(clause)[-2:]
        by_others = any(word in self._others for word in before)
        # Some begin within the match: "did not get".
        unless = self._unless.search(reach) or self._unless.match(found.group())
        return not by_others and unless is None

    def _start(self, small: str, start: int) -> int:
        """Returns where the negated part begins: German names its object first."""
        if not self._object_first:
            return start
        clause = CLAUSE_END.split(small[:start])[-1]
        return start - len(clause) + self._last_restart(clause)

    def _last_restart(self, clause: str) -> int:
        return max((one.start() for one in self._restart.finditer(clause)), default=0)

    def _end(self, small: str, end: int) -> int:
        stops = (
            self._restart.search(small, end),
            CLAUSE_END.search(small, end),
        )
        return min((stop.start() for stop in stops if stop), default=len(small))


def _any(words: Iterable[str]) -> str:
    # the longest first, so that "want to" is not cut short by "want"
    phrases = sorted({str(word).lower() for word in words}, key=len, reverse=True)
    return "|".join(_phrase(phrase) for phrase in phrases) or r"(?!)"


def _phrase(phrase: str) -> str:
    parts = re.escape(phrase).replace(r"\ \*\ ", r"(?:\s+[\w'-]+){1,3}\s+")
    parts = parts.replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    # an elision joins the next word: l'annuler
    return parts if phrase.endswith("'") else rf"{parts}(?![\w'])"


@cache
def _languages() -> tuple[_Language, ...]:
    return tuple(_Language(words) for words in read_words(FILE).values())


def _is_filler(word: str) -> bool:
    return any(word in one.filler for one in _languages())
