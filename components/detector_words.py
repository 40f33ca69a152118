"""The designers' word list beside a detector's examples. Knows nothing of Rasa.

`data/words/sensitive.yml` explains the form of its phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, YAMLError

from authoring.designers_words import without_accents

# Words that "..." may stand for.
GAP_WORDS = 4
SENTENCE_END = "."
# A laugh says that the words before it are not meant.
_LAUGHTER = re.compile("[😂🤣😹💀☠😆😅]+")
_SENTENCE_ENDS = re.compile(r"[.!?;:\n…]+(?=\s|$)")
_CONTRACTION = re.compile(r"['’´`](?=(?:s|t|m|re|ve|ll|d)\b)")
_PART = re.compile(r"\([^()]*\)|\S+")


class InvalidWords(Exception):
    """The list cannot be read; the message says where, `reason` only what is wrong."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}.")
        self.reason = reason


@dataclass(frozen=True)
class DetectorWords:
    """What `plain`, `cues` and `figurative` say about a message."""

    plain: Mapping[str, re.Pattern[str]]
    cues: re.Pattern[str]
    figurative: re.Pattern[str]

    @classmethod
    def read(cls, path: Path | None) -> DetectorWords:
        """Reads the list; without one nothing is ever in it.

        Raises:
            InvalidWords: a section is missing, or a phrase names an unknown group.
        """
        if path is None:
            return cls({}, _any_of((), {}), _any_of((), {}))
        try:
            content = YAML(typ="safe").load(path.read_text("utf-8")) or {}
            groups = content.get("groups") or {}
            return cls(
                {
                    kind: _any_of(phrases, groups)
                    for kind, phrases in (content["plain"] or {}).items()
                },
                _any_of(content["cues"], groups),
                _any_of(content["figurative"], groups),
            )
        except KeyError as error:
            raise InvalidWords(path, f"there is no part or group {error}") from error
        except (AttributeError, TypeError, YAMLError, re.error) as error:
            raise InvalidWords(
                path, f"not in the form of a word list ({error})"
            ) from error

    def place_of(self, kind: str) -> int:
        """Returns where a kind stands in the list; the first one wins."""
        kinds = list(self.plain)
        return kinds.index(kind) if kind in self.plain else len(kinds)

    def hear(self, text: str) -> Heard:
        """Looks at one message."""
        words = f"{normalised(text)} "
        meant = self.figurative.sub("", words)
        return Heard(self, meant, is_changed=meant != words)


@dataclass(frozen=True)
class Heard:
    """A message without what is only said so: its words, each with a space after it."""

    words_of: DetectorWords
    words: str
    is_changed: bool

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of the plain statements in it, in the order of the list."""
        plain = self.words_of.plain.items()
        return [kind for kind, pattern in plain if pattern.search(self.words)]

    @property
    def kind(self) -> str | None:
        """The first of its kinds."""
        return self.kinds[0] if self.kinds else None

    @cached_property
    def has_cue(self) -> bool:
        """Whether a closer look is worth it."""
        return self.words_of.cues.search(self.words) is not None

    @property
    def sentences(self) -> list[str]:
        """Its sentences, without punctuation."""
        parts = (part.strip() for part in self.words.split(f"{SENTENCE_END} "))
        return [part for part in parts if part]


def normalised(text: str) -> str:
    """Returns words in small letters without accents; " ." ends a sentence."""
    laughed = _LAUGHTER.sub(" lol ", text)
    plain = _CONTRACTION.sub("", without_accents(laughed.casefold()))
    marked = _SENTENCE_ENDS.sub(" \0 ", plain)
    words = re.sub(r"[^\w\0]+", " ", marked).replace("\0", SENTENCE_END)
    return " ".join(words.split())


def _any_of(phrases: Iterable[Any], groups: Mapping[str, Any]) -> re.Pattern[str]:
    parts = [_pattern(str(phrase), groups) for phrase in phrases]
    # Without a phrase nothing is ever found.
    return re.compile(rf"(?<!\S)(?:{'|'.join(parts) or '(?!)'})")


def _pattern(phrase: str, groups: Mapping[str, Any]) -> str:
    """Returns the regular expression of a phrase; KeyError for an unknown group."""
    named = re.sub(
        r"\{(\w+)\}", lambda found: f"({'|'.join(map(str, groups[found[1]]))})", phrase
    )
    return "".join(_element(part) for part in _PART.findall(named))


def _element(part: str) -> str:
    """Returns what matches one part of a phrase, with the space after it."""
    if part == "...":
        return rf"(?:\w+ ){{0,{GAP_WORDS}}}"
    choices = part.strip("()").split("|")
    words = "|".join(_words(choice) for choice in choices if choice.strip())
    return f"(?:(?:{words}) )" + ("?" if "" in choices else "")


def _words(text: str) -> str:
    return r"\w*".join(normalised(part) for part in text.split("*"))
