"""What a typed answer to a question for yes or no says.

Strict where it matters: an answer is a yes only if phrases that are plainly one, or
that stand harmlessly beside one, make up all of it. The phrases are the designers', in
`data/words/confirmation.yml`; the question adds words of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from actions.phrases import ANY, DEED, Text, is_known, of_group, single, without_slip

YES, NO, UNCLEAR = "yes", "no", "unclear"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# "yes?" and "ok..." hesitate.
_HESITATES = re.compile(r"[?¿…]|\.\.")
# Of a verb that no group of deeds has, as much as its forms have in common.
_STEM = 5

_AGAINST = ("no", "against")
_ORDERS = ("deeds", "do_it", "right")
_BESIDE_ORDERS = ("things", "with_deed")
# Of phrases as long as each other the first kind counts.
_KINDS = (
    *(*_AGAINST, *_ORDERS, "yes", "reasons", "beside", *_BESIDE_ORDERS),
    *("objects", "remarks"),
)
_LISTED = frozenset(_KINDS) - {"deeds", "objects"}
# What makes another sentence of the words before it: "I don't need it cancelled".
_RUNS_ON = {"reasons": ("deeds", *_BESIDE_ORDERS), "do_it": ("things", "objects")}


@dataclass(frozen=True)
class Question:
    """A question for yes or no, as the customer saw it."""

    text: str
    yes_title: str
    no_title: str


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


def begins_as_answer(text: str) -> bool:
    """Whether a text begins with a yes or a no, whatever it goes on with."""
    said = Text(text)
    return bool(said.words) and any(said.phrases(0, YES, NO))


class _Asked:
    """What the words of a question mean in its answer."""

    def __init__(self, question: Question) -> None:
        first, *_ = sentences = _SENTENCE_END.split(question.text)
        asks = " ".join(one for one in sentences if "?" in one) or question.text
        title, core = Text(question.yes_title), Text(f"{first} {asks}")
        # "Shall I?" asks for what was said before
        asked = Text(asks)
        about = asked if asked.groups("asked") else Text(first)
        self.deeds = {*title.groups("asked"), *about.groups("asked")}
        self.asks_if_right = bool(core.groups("asks_if_right"))
        self.title = set(title.words) - single("yes")
        # names, numbers
        words = (*core.words, *title.words)
        own = {word for word in words if word.isdigit() or not is_known(word)}
        new = set() if title.groups("asked") else self.title - single(*_KINDS)
        self.own_deeds = tuple(word[:_STEM] for word in new)
        self.things = own | {f"{word}s" for word in own}
        for group in {*about.groups("objects"), *core.groups("objects")[:1]}:
            self.things |= of_group("objects", group)
        for group in core.groups("goods"):
            self.things |= of_group("goods", group)
        self.no = set(Text(question.no_title).words) - self.title - single(*_KINDS)


@lru_cache(maxsize=64)
def _asked(question: Question) -> _Asked:
    return _Asked(question)


class _Answer(Text):
    """A typed answer, held against its question."""

    def __init__(self, asked: _Asked, text: str) -> None:
        super().__init__(text)
        self._asked = asked
        self.words = [without_slip(word, asked.things) for word in self.words]
        places = range(len(self.words))
        self._deeds = {at: self._deeds_at(at) for at in places}
        # what "..." does not stand for, since it may change what is meant
        spans = (
            range(at, end)
            for at in places
            for _, end in self.phrases(at, *_AGAINST, "asked", *_ORDERS, "yes")
        )
        self._weighty = set().union(*spans)
        self._found = [one for at in places for one in self._found_at(at)]
        self._said = self._fewest()
        self._kinds = {one.kind for one in self._said}
        self._objections = {one.kind for one in self._found if self._objects(one)}

    def is_yes(self) -> bool:
        """Whether a yes or the deed is said, and nothing that is not beside it."""
        return (
            not self._objections
            and (self._is_all_yes() or self._is_ordered_in_a_clause())
            and not any(self._runs_on(*two) for two in pairwise(self._said))
        )

    def _is_all_yes(self) -> bool:
        is_order = not self._kinds.isdisjoint(_ORDERS)
        return (
            self._is_known(0, len(self.words))
            and (is_order or "yes" in self._kinds)
            and (is_order or self._kinds.isdisjoint(_BESIDE_ORDERS))
            and ("deeds" in self._kinds or "remarks" not in self._kinds)
        )

    def _is_ordered_in_a_clause(self) -> bool:
        """Whether a clause is nothing but the deed, and the others ask for no more.

        "yes cancel it, I never camp now" is plain, whatever the reason.
        """
        clauses = [*pairwise(sorted({0, *self.after_pause, len(self.words)}))]
        known = {at for one in clauses if self._is_known(*one) for at in range(*one)}
        return any(
            one.kind == "deeds" and one.start in known for one in self._said
        ) and not any(
            # an if in Spanish is a yes without its accent
            self.words[at].isdigit() or any(self.phrases(at, "asked", "yes"))
            for at in range(len(self.words))
            if at not in known
        )

    def _is_known(self, start: int, end: int) -> bool:
        """Whether the phrases that were found make up all words there."""
        said = (one for one in self._said if start <= one.start and one.end <= end)
        return sum(one.end - one.start for one in said) == end - start

    def is_no(self) -> bool:
        """Whether a no is said, first, last or alone, and no yes."""
        kinds = [one.kind for one in self._said if one.kind not in ("beside", "things")]
        return "yes" not in kinds and (
            "no" in (*kinds[:1], *kinds[-1:]) or self._objections == {"no"}
        )

    def fits(self, sign: str, place: int) -> bool:
        if sign == ANY:
            return place not in self._weighty and self.words[place].isalpha()
        word = self.words[place]
        return word in single("things") or word in self._asked.things

    def deed_ends(self, place: int) -> Iterable[int]:
        return self._deeds.get(place, ())

    def _deeds_at(self, place: int) -> set[int]:
        found = self.phrases(place, "deeds", "asked")
        ends = {end for phrase, end in found if phrase.group in self._asked.deeds}
        own = self._asked.own_deeds
        return ends | (
            {place + 1} if own and self.words[place].startswith(own) else set()
        )

    def _found_at(self, place: int) -> Iterator[_Said]:
        """Yields what begins there and counts at this question."""
        asked, word = self._asked, self.words[place]
        yield from (_Said(place, end, "deeds") for end in self._deeds[place])
        if word in asked.no:
            yield _Said(place, place + 1, "no")
        if word in asked.things:
            yield _Said(place, place + 1, "objects")
        for phrase, end in self.phrases(place, *_LISTED):
            is_title = phrase.kind in _AGAINST and asked.title.issuperset(phrase.parts)
            if not is_title and (phrase.kind != "right" or asked.asks_if_right):
                wished = phrase.kind == "do_it" and DEED in phrase.parts
                yield _Said(place, end, "deeds" if wished else phrase.kind)

    def _fewest(self) -> tuple[_Said, ...]:
        """Returns the fewest phrases that make up as many of the words as can be."""
        starting = defaultdict(list)
        for one in self._found:
            starting[one.start].append(one)
        # for each place: words made up from there on, phrases and kinds, both negative
        best: dict[int, tuple[int, int, int, tuple[_Said, ...]]]
        best = {len(self.words): (0, 0, 0, ())}
        for place in reversed(range(len(self.words))):
            ways = [best[place + 1]]
            for one in starting[place]:
                words, number, rank, rest = best[one.end]
                rank -= _KINDS.index(one.kind)
                ways.append((words + one.end - place, number - 1, rank, (one, *rest)))
            best[place] = max(ways)
        return best[0][-1]

    def _objects(self, one: _Said) -> bool:
        """Whether it speaks against a yes: "no" does, in "no problem" it does not."""
        return one.kind in _AGAINST and not any(
            said.start <= one.start
            and one.end <= said.end
            and (one[:2] != said[:2] or (said.kind, one.kind) == _AGAINST)
            for said in self._said
        )

    def _runs_on(self, said: _Said, then: _Said) -> bool:
        goes_on = then.kind in _RUNS_ON.get(said.kind, ()) or (
            then.kind == "remarks" and said.kind != "reasons"
        )
        return goes_on and then.start not in self.after_pause
