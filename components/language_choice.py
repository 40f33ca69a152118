"""Decides in which language a conversation goes on.

Pure: what a detector says of a text goes in, what to make of it comes out. Short
messages deceive every detector ("ok", "thx", a number, a name), so that only a
sentence, or two messages in a row, change the language of a conversation.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

SURE = "sure"  # one such message is enough
LIKELY = "likely"  # enough to begin with, else it takes two in a row
UNSURE = "unsure"

# What says nothing of a language: addresses, links, handles, and all with a digit.
NOISE = re.compile(r"\S*[@/\\#_]\S*|\S*\d\S*|[^\w\s'’-]+")
# Scripts that leave no blanks between words.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")

# Greek and all after it: nobody writes English in these.
NOT_LATIN = re.compile(r"[\u0370-\u1dff\u2e80-\ud7ff]")

# Who writes these is at home in the other too, and short messages mix them up.
CLOSE = {"gl": "es", "ast": "es", "als": "de", "bar": "de", "nds": "de", "oc": "fr"}


class InvalidLanguages(ValueError):
    """The configuration names an unknown option or an impossible value."""


@dataclass(frozen=True)
class Limits:
    """What `config.yml` may set under the component."""

    # The languages of the responses, see translations/.
    languages: tuple[str, ...] = ("en", "es", "de", "fr")
    # Known to be foreign. Others are not believed: rare ones are mistakes mostly.
    others: tuple[str, ...] = ()
    # Words that tell their language by themselves, though detectors doubt them.
    telling_words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # Words that detectors take for another language's.
    overlook: tuple[str, ...] = ()
    # Confidence and words of a message that is believed at once.
    sure: float = 0.8
    sure_words: int = 3
    # The same where a mistake would bring in a human for nothing.
    sure_foreign: float = 0.9
    sure_foreign_words: int = 3
    likely: float = 0.5
    likely_foreign: float = 0.7
    # Single words in a foreign language count for nothing.
    likely_foreign_words: int = 2

    def __post_init__(self) -> None:
        """Refuses what would change the language with every message."""
        if not self.languages:
            raise InvalidLanguages("languages must name one at least.")
        for name in ("sure", "sure_foreign", "likely", "likely_foreign"):
            if not 0.5 <= getattr(self, name) <= 1:
                raise InvalidLanguages(f"{name} must lie between 0.5 and 1.")

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Limits:
        """Reads the component's configuration; what is absent keeps its default."""
        names = {item.name for item in fields(cls)}
        unknown = set(config) - names
        if unknown:
            raise InvalidLanguages(f"Unknown options: {sorted(unknown)}.")
        values = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in config.items()
        }
        return cls(**values)


@dataclass(frozen=True)
class Heard:
    """What one message tells: its language, if any, and how far to believe it.

    `named` is a language that the message mentions ("auf Deutsch bitte").
    """

    code: str | None = None
    confidence: float = 0.0
    certainty: str = UNSURE
    foreign: bool = False
    named: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Returns the message property `language`, without what is not there."""
        found = {
            "code": self.code,
            "confidence": round(self.confidence, 3),
            "certainty": self.certainty,
            "foreign": self.foreign,
            "named": self.named,
        }
        return {key: value for key, value in found.items() if value is not None}

    @classmethod
    def read(cls, found: Any) -> Heard:
        """Reads the message property; absent or odd ones tell nothing."""
        if not isinstance(found, Mapping):
            return cls()
        names = {item.name for item in fields(cls)}
        return cls(**{key: value for key, value in found.items() if key in names})


def meaningful(text: str, overlook: Collection[str] = ()) -> str:
    """Returns the part of a message that is written in a language."""
    words = NOISE.sub(" ", text).lower().split()
    return " ".join(word for word in words if word not in overlook)


def word_count(text: str) -> int:
    """Counts words; in scripts without blanks two signs make one."""
    signs = len(UNSPACED.findall(text))
    rest = UNSPACED.sub(" ", text).split()
    return sum(any(map(str.isalpha, word)) for word in rest) + (signs + 1) // 2


def heard(text: str, guesses: Mapping[str, float], limits: Limits) -> Heard:
    """Weighs a detector's guesses for a `meaningful` text."""
    telling = _told_by_word(text, limits)
    if telling is not None:
        return Heard(telling, 1.0, LIKELY)
    merged: dict[str, float] = {}
    for code, confidence in guesses.items():
        code = code if code in limits.languages else CLOSE.get(code, code)
        merged[code] = merged.get(code, 0.0) + confidence
    known = {*limits.languages, *limits.others}
    code = max(merged, key=lambda name: merged[name], default=None)
    if code is None or code not in known:
        return Heard()
    foreign = code not in limits.languages
    confidence = min(merged[code], 1.0)
    certainty = _certainty(text, confidence, foreign, limits)
    return Heard(code, confidence, certainty, foreign)


def _told_by_word(text: str, limits: Limits) -> str | None:
    for code, words in limits.telling_words.items():
        if text in words:
            return code
    return None


def _certainty(text: str, confidence: float, foreign: bool, limits: Limits) -> str:
    words = word_count(text)
    sure, sure_words = limits.sure, limits.sure_words
    likely, likely_words = limits.likely, 1
    if foreign and NOT_LATIN.search(text):
        sure, sure_words = limits.likely_foreign, 1
    elif foreign:
        sure, sure_words = limits.sure_foreign, limits.sure_foreign_words
        likely, likely_words = limits.likely_foreign, limits.likely_foreign_words
    if confidence >= sure and words >= sure_words:
        return SURE
    if confidence >= likely and words >= likely_words:
        return LIKELY
    return UNSURE


def is_believed(latest: Heard, before: Heard) -> bool:
    """Whether a message, with the one before it, settles the language."""
    if latest.certainty == SURE:
        return True
    return (
        latest.certainty == LIKELY
        and before.certainty != UNSURE
        and latest.code == before.code
    )


def next_language(
    current: str | None, latest: Heard, before: Heard, hint: str | None = None
) -> str | None:
    """Returns the language to go on in; None while nobody knows.

    `hint` is the language of the customer's client, as good as a message that is
    not believed.
    """
    if latest.code and is_believed(latest, before):
        return latest.code
    if current is not None:
        return current
    if latest.certainty == LIKELY and not latest.foreign:
        return latest.code
    return hint
