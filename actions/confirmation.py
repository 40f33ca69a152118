"""What a typed answer to a question for yes or no says.

Strict where it matters: whatever is not plainly a yes changes nothing. The words are
the designers', in `data/words/confirmation.yml`, beside those of the question itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from authoring.designers_words import plain, read_words

YES, NO, UNCLEAR = "yes", "no", "unclear"
FILE = "confirmation"
# Words with their apostrophes, and each symbol that is not punctuation (emoji).
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*'?|[^\w\s.,;:!?¡¿'\"()\[\]/*_~…–—-]+")
# "yes?" and "ok..." hesitate.
_HESITATES = re.compile(r"[?¿…]|\.\.")
_STRETCHED = re.compile(r"(\w)\1{2,}")
# Long enough that one slip of the finger makes no other word of it.
_TYPO_FROM = 5
_ALIKE = 0.88
# Of a verb, as much as its forms have in common.
_STEM = 5
# Words of a phrase.
_LONGEST = 6

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question for yes or no, as the customer saw it."""

    text: str
    yes_title: str
    no_title: str


def answer_to(question: Question, text: str) -> str:
    """Returns `yes` or `no` if the text plainly says so, else `unclear`."""
    answer = _Answer(question, text)
    if answer.is_no():
        return NO
    return YES if answer.is_yes() and not _HESITATES.search(text) else UNCLEAR


class _Answer:
    """A typed answer, held against the words of its question."""

    def __init__(self, question: Question, text: str) -> None:
        self._tokens = _tokens(text)
        lists = _lists()
        known = lists["yes"] | lists["no"] | lists["beside"] | lists["against"]
        on_yes, on_no = _single(question.yes_title), _single(question.no_title)
        self._deed = {
            _bare(token[0]) for token in on_yes - on_no - known - lists["with_deed"]
        }
        self._no = lists["no"] | (on_no - on_yes - lists["beside"] - lists["yes"])
        named = _single(question.text) | _single(question.text.replace("-", " "))
        named -= lists["against"] | lists["with_deed"] | self._no
        self._question = named | {(f"{word}s",) for (word,) in named}

    def is_yes(self) -> bool:
        """Whether a yes or the deed is said, and nothing that is not beside it."""
        lists = _lists()
        names_deed = any(map(self._is_deed, self._tokens))
        allowed = lists["yes"] | lists["beside"] | self._question
        if names_deed:
            allowed |= lists["with_deed"]
        if _has(self._tokens, lists["against"] | self._no):
            return False
        said = _cover(self._tokens, allowed, self._is_deed)
        return said is not None and (
            names_deed or any(one in lists["yes"] for one in said)
        )

    def is_no(self) -> bool:
        """Whether it begins with a no and says no yes."""
        yes = _lists()["yes"] - self._no
        return _begins(self._tokens, self._no) and not _has(self._tokens, yes)

    def _is_deed(self, token: str) -> bool:
        """Whether it is a form of the deed's word: cancel, cancelled, cancelling."""
        bare = _bare(token)
        return bare in self._deed or any(
            len(word) >= _STEM
            and (bare[:_STEM] == word[:_STEM] or _is_slip(bare, word))
            for word in self._deed
        )


def _cover(
    tokens: Phrase, phrases: Collection[Phrase], is_deed: Callable[[str], bool]
) -> list[Phrase] | None:
    """Returns the phrases that make up the tokens, None if they do not."""
    place, found = 0, []
    while place < len(tokens):
        phrase = _phrase_at(tokens, place, phrases) or (
            tokens[place : place + 1] if is_deed(tokens[place]) else None
        )
        phrase = phrase or _mistyped(tokens[place])
        if phrase is None:
            return None
        found.append(phrase)
        place += len(phrase)
    return found


def _phrase_at(
    tokens: Phrase, place: int, phrases: Collection[Phrase]
) -> Phrase | None:
    """Returns the longest phrase that begins there."""
    for length in range(min(_LONGEST, len(tokens) - place), 0, -1):
        if tokens[place : place + length] in phrases:
            return tokens[place : place + length]
    return None


def _mistyped(token: str) -> Phrase | None:
    """Returns the word of the lists that one with a slip in it stands for."""
    if len(token) < _TYPO_FROM:
        return None
    for phrase in _lists()["yes"] | _lists()["beside"]:
        word = phrase[0]
        if len(phrase) == 1 and len(word) >= _TYPO_FROM and _is_slip(token, word):
            return phrase
    return None


def _is_slip(token: str, word: str) -> bool:
    if abs(len(token) - len(word)) > 1 or token[0] != word[0]:
        return False
    swapped = sorted(token) == sorted(word)
    return swapped or SequenceMatcher(None, token, word).ratio() >= _ALIKE


def _begins(tokens: Phrase, phrases: frozenset[Phrase]) -> bool:
    """Whether the first words that are not beside it are one of the phrases."""
    beside = _lists()["beside"]
    place = 0
    while phrase := _phrase_at(tokens, place, phrases | beside):
        if phrase in phrases:
            return True
        place += len(phrase)
    return False


def _has(tokens: Phrase, phrases: Collection[Phrase]) -> bool:
    return any(_phrase_at(tokens, place, phrases) for place in range(len(tokens)))


def _tokens(text: str) -> Phrase:
    same = plain(unicodedata.normalize("NFKC", text))
    # "yesss" and "jaaa" are a yes
    return tuple(_STRETCHED.sub(r"\1", token) for token in _TOKEN.findall(same))


def _single(text: str) -> frozenset[Phrase]:
    return frozenset((token,) for token in _tokens(text))


@cache
def _lists() -> dict[str, frozenset[Phrase]]:
    lists = {name: _phrases(words) for name, words in read_words(FILE).items()}
    # Accents are often left out; what speaks against a yes is taken to the letter:
    # without its accent Spanish "qué" is a word like any other.
    return {
        name: phrases if name == "against" else phrases | _without_accents(phrases)
        for name, phrases in lists.items()
    }


def _without_accents(phrases: Iterable[Phrase]) -> frozenset[Phrase]:
    return frozenset(tuple(map(_bare, phrase)) for phrase in phrases)


def _bare(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word)
    return "".join(char for char in parts if not unicodedata.combining(char))


def _phrases(words: Iterable[Any]) -> frozenset[Phrase]:
    return frozenset(tokens for word in words if (tokens := _tokens(str(word))))
