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

from authoring.designers_words import CLAUSE_END, bare, denial, read_words, words_of
from authoring.phrases import any_of, pattern
from authoring.requests import is_request

FILE = "negation"
_CLAUSE_END = r"\s*(?:[.,;:!?\n()–—]|-\s|$)"
_CLAUSE = re.compile(
    r"(?<=[.!?])\s+|[,;:()\n–—]\s*|\s-+\s|\s(?=(?:and|but|y|pero|und|aber|et|mais)\s)"
)
# Of a message, so many clauses are read by themselves; one word asks for nothing.
_MOST_PARTS, _ASKING = 6, 2
_SENTENCE_END = re.compile(r"[.!?\n]+")
# French "jveux": no other language begins a word so.
_JOINED = re.compile(r"\bj(?=[bcdfghklmnpqrstvwxz])")
# "Order no. 10517": the abbreviation, not the word.
_NUMBER_SIGN = re.compile(r"\bno\b\.?(?=\s*(?:hp|#)?\W?\d{2})")


@dataclass(frozen=True)
class Polarity:
    """How a message speaks of what it names.

    `wanted` is the text with each negated request blanked out, of the same length;
    the text itself if nothing but a withdrawal is said, which may be an answer.
    """

    wanted: str
    is_negated: bool = False
    is_doubtful: bool = False
    # whether more than filler is left beside the negated requests
    asks_more: bool = True
    # whether a request may only be told of: "I never asked for a new password"
    is_told: bool = False
    # the clauses of `wanted`, if any was negated, doubted or told
    parts: tuple[str, ...] = ()


def polarity(text: str) -> Polarity:
    """Reads a customer's message, in whichever of the languages it is written."""
    small = _JOINED.sub(" ", bare(text))
    small = _blanked(small, (one.span() for one in _NUMBER_SIGN.finditer(small)))
    refused = {span for one in _languages() for span in one.refused(small)}
    spans = refused.union(*(one.withdrawn(small) for one in _languages()))
    left = _blanked(small, spans)
    asks_more = not spans or any(not _is_filler(word) for word in words_of(left))
    says_request = refused or any(one.names(small) for one in _languages())
    wanted = _blanked(text, spans) if asks_more or says_request else text
    is_told = any(one.tells(left) for one in _languages())
    is_plain = not spans and not is_told and not denial().search(small)
    return Polarity(
        wanted=wanted,
        is_negated=bool(spans),
        is_doubtful=any(one.doubts(left) for one in _languages()),
        asks_more=asks_more,
        is_told=is_told,
        parts=() if is_plain else tuple(_parts_of(wanted)),
    )


def asks(text: str) -> bool:
    """Whether a clause asks for something now: no refusal, no story."""
    small = bare(text)
    if any(one.tells(small) for one in _languages()):
        return False
    if denial().search(small):  # "I can't log in" does, as any complaint
        return any(one.complains(small) for one in _languages())
    return (
        "?" in text
        or is_request(text.strip())
        or any(one.asks(small) for one in _languages())
    )


def _parts_of(text: str) -> Iterator[str]:
    """Yields the clauses long enough to ask something, with their signs."""
    found = [part for part in _CLAUSE.split(text) if len(words_of(part)) >= _ASKING]
    yield from (part.strip(" ,;") for part in found[:_MOST_PARTS])


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


class _Language:
    """The patterns of one language."""

    def __init__(self, words: dict[str, Any]) -> None:
        lists = {key: words[key] for key in words if key != "object_first"}
        one_of = {name: any_of(listed) for name, listed in lists.items()}
        verbs, nouns, restart = one_of["verbs"], one_of["nouns"], one_of["restart"]
        things = any_of([*words["things"], *words["nouns"]])
        either = any_of([*words["verbs"], *words["nouns"]])
        every = rf"{things}|{either}"
        none = any_of([*words["none"], *words["not"]])
        gap = rf"(?:(?:{one_of['between']})\s*){{0,4}}"
        after = (
            rf"(?:(?:{any_of([*words['after_between'], *words['things']])})\s+){{0,6}}"
        )
        any_word = rf"(?:(?!(?:{restart})|{denial().pattern})[\w'-]+\s+|[ldn]')"
        any_more = rf"(?:(?!(?:{restart}))[\w'-]+\s+|[ldn]')"
        done = rf"(?=(?:\s+(?:{one_of['filler']}))*(?:{_CLAUSE_END}|\s+(?:{restart})))"
        then_more = rf"(?={_CLAUSE_END}\W*\w)"
        article = rf"(?:(?:{one_of['articles']})\s*)?"
        alone = any_of([*words["alone"], *words["takes_back"]])
        # A complaint or a condition before one of these makes it no refusal.
        self._refused = [
            pattern(rf"(?:{one_of['not']})\s*{any_more}{{0,4}}?{gap}(?:{verbs})"),
            pattern(rf"(?:{verbs})\s+{after}(?:{none})\s+{gap}(?:{either})"),
            pattern(rf"(?:{one_of['not_wanted']})\s*{gap}(?:{either})"),
            pattern(rf"(?:{verbs})\s+{after}(?:{one_of['after']})"),
            pattern(rf"(?:(?:{none})\s*{article}(?:{things})\s*)+{then_more}"),
            pattern(rf"(?:{things})\s+(?:{one_of['not_this']}){then_more}"),
        ]
        self._dropped = [
            pattern(
                rf"(?:{one_of['none']})\s*(?:{nouns})\s+(?:\w+\s+)?(?:{one_of['needed']})"
            ),
            pattern(rf"(?:{one_of['unasked']})\s*{any_word}{{0,4}}?(?:{every})"),
            pattern(rf"(?:{one_of['spared']})\s*{any_word}{{0,3}}?(?:{things})"),
            pattern(rf"(?:{one_of['kept']})"),
            pattern(
                rf"(?:{every})\W*[?!]+\s*(?:[\w']+\W+){{0,4}}?(?:{one_of['not_this']})"
            ),
        ]
        self._settled = [
            pattern(
                rf"(?:{named})(?:'s)?\s+{any_word}{{0,5}}?(?:{said}){done}"
                rf"(?!\s+{denial().pattern})"
            )
            for named, said in (
                (things, one_of["settled"]),
                (nouns, one_of["unneeded"]),
            )
        ]
        self._plan = pattern(
            rf"(?:{one_of['plan']})\s[^.!?\n]*?(?:{either})[^.!?\n]*?"
            rf"(?=[\s,]+(?:{one_of['but']})\s+(?P<rest>[^.!?\n]*))"
        )
        self._alone = pattern(rf"(?:{alone})")
        polite = rf"(?:[\s,]+(?:{one_of['needed']}))*\W*$"
        self._takes_back = pattern(rf"(?:{one_of['takes_back']}){polite}")
        self._doubt = pattern(
            rf"(?:{one_of['doubt']})[\s,]*"
            rf"(?:(?!(?:{restart}))[\w'-]+\s+|[ld]'){{0,6}}?(?:{either})"
        )
        self._undecided = pattern(
            rf"(?:{one_of['undecided']})(?:\s+(?:{one_of['filler']}))?{_CLAUSE_END}"
        )
        self._verbs = pattern(rf"(?:{verbs})")
        self._told = pattern(rf"(?:{one_of['told']})")
        self._named = pattern(rf"(?:{every})")
        self._idioms = pattern(rf"(?:{one_of['idioms']})")
        self._instead = re.compile(rf"(?:{one_of['instead']})")
        self._restart = pattern(rf"(?:{restart})")
        self._unless = pattern(rf"(?:{one_of['unless']})")
        self._object_first = bool(words.get("object_first"))
        self._others = frozenset(map(bare, words["others"]))
        self.filler = frozenset(bare(str(word)) for word in words["filler"])

    def refused(self, small: str) -> Iterator[tuple[int, int]]:
        """Yields where negated requests stand, each to the end of its clause."""
        small = self._without_idioms(small)
        doubts = [one.span() for one in self._doubt.finditer(small)]
        for found in _all(self._refused, small):
            in_doubt = any(start <= found.start() < end for start, end in doubts)
            if not in_doubt and self._counts(small, found):
                yield self._span(small, found, self._object_first)
        for found in _all(self._dropped, small):
            yield self._span(small, found, self._object_first)
        for found in _all(self._settled, small):
            yield self._clause_start(small, found.start()), found.end()
        for found in self._plan.finditer(small):
            rest = found.group("rest")
            if not self._unless.search(rest) and not denial().search(rest):
                yield found.start(), found.end("rest" if self._is_reason(rest) else 0)

    def _is_reason(self, small: str) -> bool:
        """Whether nothing is asked: "was going to return it, but it was just dirty"."""
        begun = {one.group() for one in self._restart.finditer(small)}
        return begun <= self.filler and not self.names(small)

    def withdrawn(self, small: str) -> Iterator[tuple[int, int]]:
        """Yields clauses like "no, leave it", and what they undo."""
        if not self._alone.search(small):
            return
        for start, end in self._clauses(small):
            clause = small[start:end]
            rest = words_of(self._alone.sub(" ", clause))
            if self._alone.search(clause) and self.filler.issuperset(rest):
                if self._takes_back.search(clause):
                    yield self._undone_from(small, start), end
                yield start, end

    def _clauses(self, small: str) -> Iterator[tuple[int, int]]:
        """Yields every clause, and the parts that a word like "but" begins in it."""
        start = 0
        for stop in (*CLAUSE_END.finditer(small), None):
            end = stop.start() if stop else len(small)
            yield start, end
            for part in self._restart.finditer(small, start, end):
                yield part.start(), end
            start = stop.end() if stop else end

    def _undone_from(self, small: str, start: int) -> int:
        """Returns where begins what a withdrawal at `start` undoes.

        Its sentence; the whole message if it is a sentence by itself.
        """
        ends = [one.end() for one in _SENTENCE_END.finditer(small, 0, start)]
        begin = ends[-1] if ends else 0
        return begin if words_of(small[begin:start]) else 0

    def names(self, small: str) -> bool:
        """Whether a request, or what requests are about, is named."""
        return self._named.search(small) is not None

    def asks(self, small: str) -> bool:
        """Whether what requests do is named, or a word begins a request or question."""
        begun = {one.group() for one in self._restart.finditer(small)}
        return self._verbs.search(small) is not None or not begun <= self.filler

    def complains(self, small: str) -> bool:
        """Whether something is said not to work."""
        return self._unless.search(small) is not None

    def tells(self, small: str) -> bool:
        """Whether the message tells what was, or what somebody does not do."""
        return self._told.search(small) is not None or any(
            self._is_by_others(small, found) for found in _all(self._refused, small)
        )

    def _without_idioms(self, small: str) -> str:
        return _blanked(small, (one.span() for one in self._idioms.finditer(small)))

    def doubts(self, small: str) -> bool:
        """Whether a request is named in doubt."""
        small = self._without_idioms(small)
        return any(one.search(small) for one in (self._doubt, self._undecided))

    def _counts(self, small: str, found: re.Match[str]) -> bool:
        clause = CLAUSE_END.split(small[: found.start()])[-1]
        reach = clause[self._last_restart(clause) :]
        # Some stand within the match: "did not get", "no podríais cambiarlo".
        unless = self._unless.search(reach) or self._unless.search(found.group())
        return unless is None and not self._is_by_others(small, found)

    def _is_by_others(self, small: str, found: re.Match[str]) -> bool:
        """Whether somebody else is said not to do it: "they don't refund"."""
        before = words_of(CLAUSE_END.split(small[: found.start()])[-1])[-2:]
        return any(word in self._others for word in before)

    def _span(
        self, small: str, found: re.Match[str], is_object_first: bool
    ) -> tuple[int, int]:
        """Returns where a negated part, in German with its object, begins and ends."""
        start, end = found.span()
        stops = [self._restart.search(small, end), CLAUSE_END.search(small, end)]
        if self._instead.match(found.group()):
            stops.append(self._verbs.search(small, end))
        elif is_object_first:
            start = self._clause_start(small, start)
        return start, min((one.start() for one in stops if one), default=len(small))

    def _clause_start(self, small: str, start: int) -> int:
        clause = CLAUSE_END.split(small[:start])[-1]
        return start - len(clause) + self._last_restart(clause)

    def _last_restart(self, clause: str) -> int:
        return max((one.start() for one in self._restart.finditer(clause)), default=0)


def _all(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    for one in patterns:
        yield from one.finditer(text)


@cache
def _languages() -> tuple[_Language, ...]:
    return tuple(_Language(words) for words in read_words(FILE).values())


def _is_filler(word: str) -> bool:
    return any(word in one.filler for one in _languages())
