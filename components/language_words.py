"""The designers' words that tell a language, from `data/words/language.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from authoring.designers_words import (
    CLAUSE_END,
    is_denied,
    plain,
    read_words,
    without_accents,
)

FILE = "language"
WORD = re.compile(r"[^\W\d_]+")
# Where the words stand that belong to no language.
ANYWHERE, NOT_ASKED_FOR = "anywhere", "not_asked_for"


@dataclass(frozen=True)
class LanguageWords:
    """Words and greetings without accents, each with the code of its language."""

    anywhere: frozenset[str]
    words: Mapping[str, str]
    greetings: Mapping[str, str]
    not_asked_for: re.Pattern[str]

    @classmethod
    def from_lists(cls, lists: Mapping[str, Any]) -> LanguageWords:
        """Reads the content of the file."""
        spoken = {
            code: one
            for code, one in lists.items()
            if code not in (ANYWHERE, NOT_ASKED_FOR)
        }
        behind = "|".join(map(re.escape, _folded(lists[NOT_ASKED_FOR])))
        return cls(
            anywhere=frozenset(_folded(lists[ANYWHERE])),
            words=_by_word(spoken, "words"),
            greetings=_by_word(spoken, "greetings"),
            not_asked_for=re.compile(rf"\b(?:{behind})\b"),
        )

    def greeting(self, text: str) -> str | None:
        """Returns the language of a text that is nothing but a greeting."""
        return self.greetings.get(" ".join(words_in(text)))

    def leader(self, text: str) -> tuple[str, int] | None:
        """Returns the language with most words in the text, and by how many."""
        found = [self.words[word] for word in words_in(text) if word in self.words]
        counts = sorted(((found.count(code), code) for code in {*found}), reverse=True)
        if not counts:
            return None
        most, code = counts[0]
        ahead = most - (counts[1][0] if len(counts) > 1 else 0)
        return (code, ahead) if ahead else None

    def asks_for(self, text: str, start: int) -> bool:
        """Whether a language that is named at `start` may be asked for.

        Not so "no hablo inglés" and "why do you write in German".
        """
        clause = CLAUSE_END.split(without_accents(plain(text[:start])))[-1]
        return not is_denied(text, start) and not self.not_asked_for.search(clause)


@cache
def language_words() -> LanguageWords:
    """Returns the words of the file."""
    return LanguageWords.from_lists(read_words(FILE))


def words_in(text: str) -> list[str]:
    """Returns the words of a text in small letters, without accents."""
    return WORD.findall(without_accents(plain(text)))


def _by_word(spoken: Mapping[str, Any], name: str) -> dict[str, str]:
    return {
        word: code for code, lists in spoken.items() for word in _folded(lists[name])
    }


def _folded(words: Iterable[Any]) -> list[str]:
    return [" ".join(words_in(str(word))) for word in words]
