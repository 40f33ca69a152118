"""What a typed answer to a question for yes or no says.

Strict where it matters: an answer is a yes only if phrases that are plainly one, or
that stand harmlessly beside one, make up all of it. The phrases are the designers', in
`data/words/confirmation.yml`; the question adds words of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from authoring.designers_words import plain, read_words

YES, NO, UNCLEAR = "yes", "no", "unclear"
FILE = "confirmation"
# A mail address is one word, and so is each symbol that is not punctuation (emoji).
_TOKEN = re.compile(
    r"[^\s@]+@[^\s@,;!?]*[^\W_]|[^\W_]+|[^\w\s.,;:!?¡¿\"()\[\]/*~…–—«»„“”-]"
)
_PAUSE = re.compile(r"[.,;:!?\n()–—]|\s-+\s")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# "yes?" and "ok..." hesitate.
_HESITATES = re.compile(r"[?¿…]|\.\.")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
# Apostrophes ("dont" is "don't"), and an emoji's colour and sex.
_UNHEARD = re.compile("['‘\u200d\ufe0f\u2640\u2642\U0001f3fb-\U0001f3ff]")
# Long enough that one slip of the finger makes no other word of it.
_TYPO_FROM = 5
# Of a verb that no group of deeds has, as much as its forms have in common.
_STEM = 5
# What "_" stands for at most.
_MOST_THINGS = 5

# Of phrases as long as each other the first kind counts.
_AGAINST = ("no", "against")
_ORDERS = ("deeds", "do_it", "right")
_BESIDE_ORDERS = ("things", "with_deed")
_SAID = (*_AGAINST, *_ORDERS, "yes", "reasons", "beside", *_BESIDE_ORDERS)
_ASKED = ("asked", "objects", "goods", "asks_if_right")


@dataclass(frozen=True)
class Question:
    """A question for yes or no, as the customer saw it."""

    text: str
    yes_title: str
    no_title: str


class _Phrase(NamedTuple):
    kind: str
    parts: tuple[str, ...]
    group: int


class _Said(NamedTuple):
    start: int
    end: int
    kind: str


def answer_to(question: Question, text: str) -> str:
    """Returns `yes` or `no` if the text plainly says so, else `unclear`."""
    answer = _Answer(_asked(question), text)
    if answer.is_no():
        return NO
    return YES if answer.is_yes() and not _HESITATES.search(text) else UNCLEAR


class _Words:
    """A text's words, and the phrases of the lists in it."""

    def __init__(self, text: str) -> None:
        same = _UNHEARD.sub("", plain(unicodedata.normalize("NFKC", text)))
        found = list(_TOKEN.finditer(same))
        # "yesss" and "jaaa" are a yes
        self.raw = [_STRETCHED.sub(r"\1", one[0]) for one in found]
        self.bare = [_bare(word) for word in self.raw]
        gaps = [same[a.end() : b.start()] for a, b in pairwise(found)]
        self.after_pause = {at for at, gap in enumerate(gaps, 1) if _PAUSE.search(gap)}

    def is_thing(self, place: int) -> bool:
        """Whether "_" may stand for the word there."""
        return True

    def deed_ends(self, place: int) -> Iterable[int]:
        """Returns where a deed that begins there can end: what "+" stands for."""
        return ()

    def groups(self, kind: str) -> list[int]:
        """Returns the groups of the kind's phrases, in their order."""
        found = (one for at in range(len(self.bare)) for one, _ in self.phrases(at))
        return [phrase.group for phrase in found if phrase.kind == kind]

    def phrases(
        self, place: int, kinds: Iterable[str] = _ASKED
    ) -> Iterator[tuple[_Phrase, int]]:
        """Yields the phrases that begin there, each with where it ends."""
        for first in {self.raw[place], *_stems(self.bare[place]), "_"}:
            for phrase in _index().get(first, ()):
                if phrase.kind in kinds:
                    ends = self._ends(phrase.kind, phrase.parts, place)
                    yield from ((phrase, end) for end in {*ends} if end > place)

    def _ends(self, kind: str, parts: tuple[str, ...], place: int) -> Iterator[int]:
        if not parts:
            yield place
            return
        if parts[0] == "_":
            yield from self._ends(kind, parts[1:], place)
        for end in self._first_ends(kind, parts[0], place):
            yield from self._ends(kind, parts[1:], end)

    def _first_ends(self, kind: str, part: str, place: int) -> Iterator[int]:
        if part == "_":
            for at in range(place, min(place + _MOST_THINGS, len(self.bare))):
                if not self.is_thing(at):
                    return
                yield at + 1
        elif part == "+":
            yield from self.deed_ends(place)
        elif place < len(self.bare):
            # What speaks against is taken to the letter: Spanish "qué" without its
            # accent is a word like any other.
            word = (self.raw if kind == "against" else self.bare)[place]
            if word.startswith(part[:-1]) if part.endswith("*") else word == part:
                yield place + 1


class _Asked:
    """What the words of a question mean in its answer."""

    def __init__(self, question: Question) -> None:
        first, *_ = sentences = _SENTENCE_END.split(question.text)
        asks = " ".join(one for one in sentences if "?" in one) or question.text
        title, core = _Words(question.yes_title), _Words(f"{first} {asks}")
        # "Shall I?" asks for what was said before
        about = _Words(asks)
        about = about if about.groups("asked") else _Words(first)
        self.deeds = {*title.groups("asked"), *about.groups("asked")}
        self.asks_if_right = bool(core.groups("asks_if_right"))
        self.title = set(title.bare) - _alone("yes")
        # words that the lists do not know: names, numbers, other deeds
        self.own_deeds = (
            ()
            if title.groups("asked")
            else tuple(word[:_STEM] for word in self.title if not _is_known(word))
        )
        own = {word for word in (*core.bare, *title.bare) if not _is_known(word)}
        named = {
            "objects": {*about.groups("objects"), *core.groups("objects")[:1]},
            "goods": {*core.groups("goods")},
        }
        self.words = (
            own
            | {f"{word}s" for word in own}
            | {
                one.parts[0]
                for one in _phrases()
                if one.group in named.get(one.kind, ())
            }
        )
        no_title = set(_Words(question.no_title).bare) - self.title
        self.no = {word for word in no_title if word not in _alone(*_SAID)}


class _Answer(_Words):
    """A typed answer, held against its question."""

    def __init__(self, asked: _Asked, text: str) -> None:
        super().__init__(text)
        self._asked = asked
        self.bare = [self._corrected(word) for word in self.bare]
        places = range(len(self.bare))
        # a phrase may hold the deed that ends it
        self._deeds: dict[int, set[int]] = {
            at: self._deeds_at(at) for at in reversed(places)
        }
        self._found = [one for at in places for one in self._all_at(at)]
        self._said = self._fewest()
        self._kinds = {said.kind for said in self._said}
        self._objections = {one.kind for one in self._found if self._objects(one)}

    def is_yes(self) -> bool:
        """Whether a yes or the deed is said, and nothing that is not beside it."""
        is_order = not self._kinds.isdisjoint(_ORDERS)
        return (
            not self._objections
            and sum(said.end - said.start for said in self._said) == len(self.bare)
            and (is_order or "yes" in self._kinds)
            and (is_order or self._kinds.isdisjoint(_BESIDE_ORDERS))
            and not any(self._runs_on(*two) for two in pairwise(self._said))
        )

    def is_no(self) -> bool:
        """Whether a no is said, first, last or alone, and no yes."""
        kinds = [one.kind for one in self._said if one.kind not in ("beside", "things")]
        return "yes" not in kinds and (
            "no" in (*kinds[:1], *kinds[-1:]) or self._objections == {"no"}
        )

    def is_thing(self, place: int) -> bool:
        return (
            self.bare[place] in _alone("things")
            or self.bare[place] in self._asked.words
        )

    def deed_ends(self, place: int) -> Iterable[int]:
        return self._deeds.get(place, ())

    def _deeds_at(self, place: int) -> set[int]:
        asked, word = self._asked, self.bare[place]
        own = {place + 1} if word.startswith(asked.own_deeds or ("\n",)) else set()
        found = self.phrases(place, ("deeds", "asked"))
        return own | {end for phrase, end in found if phrase.group in asked.deeds}

    def _all_at(self, place: int) -> Iterator[_Said]:
        """Yields what begins there and counts at this question."""
        yield from (_Said(place, end, "deeds") for end in self._deeds[place])
        if self.bare[place] in self._asked.no:
            yield _Said(place, place + 1, "no")
        if self.bare[place] in self._asked.words:
            yield _Said(place, place + 1, "objects")
        for phrase, end in self.phrases(place, _SAID):
            kind = (
                "deeds"
                if "+" in phrase.parts and phrase.kind == "do_it"
                else phrase.kind
            )
            is_title = self._asked.title.issuperset(phrase.parts)
            if phrase.kind in _AGAINST and is_title or phrase.kind == "deeds":
                continue
            if phrase.kind != "right" or self._asked.asks_if_right:
                yield _Said(place, end, kind)

    def _fewest(self) -> tuple[_Said, ...]:
        """Returns the fewest phrases that make up as much as can be."""
        best: list[tuple[tuple[int, int, int], tuple[_Said, ...]]] = [((0, 0, 0), ())]
        starting = defaultdict(list)
        for one in self._found:
            starting[one.start].append(one)
        for place in reversed(range(len(self.bare))):
            ways = [best[0]]
            for one in starting[place]:
                (words, number, rank), rest = best[one.end - place - 1]
                kind = _ORDER.index(one.kind)
                ways.append(
                    ((words + one.end - place, number - 1, rank - kind), (one, *rest))
                )
            best.insert(0, max(ways))
        return best[0][1]

    def _objects(self, one: _Said) -> bool:
        """Whether it speaks against a yes: "no" does, in "no problem" it does not."""
        return one.kind in _AGAINST and not any(
            said.start <= one.start
            and one.end <= said.end
            and (one[:2] != said[:2] or said.kind == "no" != one.kind)
            for said in self._said
        )

    def _runs_on(self, said: _Said, then: _Said) -> bool:
        """Whether the sentence means more: "I don't need it cancelled"."""
        on = {"reasons": ("deeds", *_BESIDE_ORDERS), "do_it": ("things", "objects")}
        return then.kind in on.get(said.kind, ()) and then.start not in self.after_pause

    def _corrected(self, word: str) -> str:
        """Returns the word of the lists that one with a slip in it stands for."""
        if len(word) < _TYPO_FROM or word in self._asked.words or _is_known(word):
            return word
        meant = (_slips_of_words().get(slip) for slip in _slips(word))
        return next((one for one in meant if one and one[0] == word[0]), word)


_ORDER = (*_SAID, "objects")


@lru_cache(maxsize=64)
def _asked(question: Question) -> _Asked:
    return _Asked(question)


def _slips(word: str) -> list[str]:
    """Returns it without a letter; two words with one in common are a slip apart."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


@cache
def _slips_of_words() -> dict[str, str]:
    known = {
        part.rstrip("*")
        for one in _phrases()
        if one.kind not in _AGAINST
        for part in one.parts
    }
    words = sorted(word for word in known if len(word) >= _TYPO_FROM)
    return {slip: word for word in words for slip in _slips(word)}


def _stems(word: str) -> set[str]:
    """Returns it, and what the lists may write for it: "canc*"."""
    return {word, *(f"{word[:length]}*" for length in range(2, len(word) + 1))}


def _is_known(word: str) -> bool:
    return not _parts().isdisjoint(_stems(word))


@cache
def _parts() -> frozenset[str]:
    return frozenset(_bare(part) for phrase in _phrases() for part in phrase.parts)


@cache
def _alone(*kinds: str) -> frozenset[str]:
    """Returns the phrases of one word."""
    alone = (one for one in _phrases() if one.kind in kinds and len(one.parts) == 1)
    return frozenset(_bare(one.parts[0]) for one in alone)


@cache
def _index() -> dict[str, list[_Phrase]]:
    """Returns the phrases by their first part."""
    index = defaultdict(list)
    for phrase in _phrases():
        index[phrase.parts[0]].append(phrase)
    return index


@cache
def _phrases() -> frozenset[_Phrase]:
    return frozenset(
        _Phrase(kind, parts, number)
        for kind, lines in read_words(FILE).items()
        for number, group in enumerate(lines)
        for kind, line in _lines(kind, group)
        if (parts := _parts_of(kind, str(line)))
    )


def _lines(kind: str, group: Any) -> Iterator[tuple[str, Any]]:
    """Yields the lines of a group, or the line that stands in none, with their kind."""
    if isinstance(group, dict):
        yield from ((name, line) for name, lines in group.items() for line in lines)
    else:
        yield from (
            (kind, line) for line in (group if isinstance(group, list) else [group])
        )


def _parts_of(kind: str, line: str) -> tuple[str, ...]:
    parts: list[str] = []
    for part in line.split():
        words = [part] if part in ("_", "+") else _Words(part).raw
        parts += words
        if part.endswith("*"):
            parts[-1] += "*"
    return tuple(parts if kind == "against" else map(_bare, parts))


def _bare(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word.replace("ß", "ss"))
    return "".join(char for char in parts if not unicodedata.combining(char))
