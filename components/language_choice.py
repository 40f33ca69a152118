"""Decides in which language a conversation goes on.

Pure: what a detector and the designers' words say of a text goes in, what to make of
it comes out. Short messages deceive every detector ("wait", a number, a name), so that
only a sentence, or two messages in a row, change the language of a conversation, and a
word alone is weaker than the language of the customer's browser.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

SURE = "sure"  # one such message is enough
LIKELY = "likely"  # enough to begin with, else it takes two in a row
POSSIBLE = "possible"  # enough to begin with where the browser tells nothing
UNSURE = "unsure"

# A word of the list with so many letters, beside an order's number, is a request and no
# slip: "annulez HP-10421". Shorter ones may be of another language after all.
CLEAR_LETTERS = 5

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
    # Confidence and words of a message that is believed at once, and how many words it
    # takes if none of them is in the designers' list.
    sure: float = 0.8
    sure_words: int = 3
    sure_words_unaided: int = 5
    # The same where a mistake would bring in a human for nothing.
    sure_foreign: float = 0.9
    sure_foreign_words: int = 3
    likely: float = 0.5
    likely_foreign: float = 0.7
    # The detector's guess at fewer words counts for nothing.
    likely_words: int = 2

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
        values: dict[str, Any] = {
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


def heard(
    text: str,
    guesses: Mapping[str, float],
    limits: Limits,
    leader: tuple[str, int] | None = None,
    names_order: bool = False,
) -> Heard:
    """Weighs a detector's guesses for a `meaningful` text.

    `leader` is the language that most of the designers' words in it tell, and by how
    many it is ahead of the next; `names_order`: an order's number stands beside.
    """
    detected = _detected(text, guesses, limits)
    if leader is None:
        return detected
    code, ahead = leader
    count = word_count(text)
    if detected.foreign and detected.certainty == SURE and 2 * ahead < count:
        return detected
    confidence = detected.confidence if detected.code == code else 0.0
    if count >= limits.sure_words and (ahead > 1 or confidence >= limits.sure):
        certainty = SURE
    else:
        is_request = names_order and len(text) >= CLEAR_LETTERS
        is_enough = count >= limits.likely_words or is_request
        certainty = LIKELY if is_enough else POSSIBLE
    return Heard(code, max(confidence, 1 - 0.5**ahead), certainty)


def _detected(text: str, guesses: Mapping[str, float], limits: Limits) -> Heard:
    merged: dict[str, float] = {}
    for code, confidence in guesses.items():
        code = code if code in limits.languages else CLOSE.get(code, code)
        merged[code] = merged.get(code, 0.0) + confidence
    known = {*limits.languages, *limits.others}
    if not merged:
        return Heard()
    code = max(merged, key=lambda name: merged[name])
    if code not in known:
        return Heard()
    foreign = code not in limits.languages
    confidence = min(merged[code], 1.0)
    rate = _certainty_foreign if foreign else _certainty_spoken
    return Heard(code, confidence, rate(text, confidence, limits), foreign)


def _certainty_spoken(text: str, confidence: float, limits: Limits) -> str:
    words = word_count(text)
    if words < limits.likely_words or confidence < limits.likely:
        return UNSURE
    if confidence < limits.sure or words < limits.sure_words:
        return POSSIBLE
    return SURE if words >= limits.sure_words_unaided else LIKELY


def _certainty_foreign(text: str, confidence: float, limits: Limits) -> str:
    words = word_count(text)
    sure, sure_words = limits.sure_foreign, limits.sure_foreign_words
    if NOT_LATIN.search(text):
        sure, sure_words = limits.likely_foreign, 1
    if confidence >= sure and words >= sure_words:
        return SURE
    if confidence >= limits.likely_foreign and words >= limits.likely_words:
        return LIKELY
    return UNSURE


def is_believed(latest: Heard, before: Heard, home: str | None = None) -> bool:
    """Whether a message, with the one before it, settles the language.

    Back to the language of the customer's client the way is shorter.
    """
    if latest.certainty != LIKELY:
        return latest.certainty == SURE
    in_a_row = before.certainty in (SURE, LIKELY) and latest.code == before.code
    return in_a_row or latest.code == home


def next_language(
    current: str | None, latest: Heard, before: Heard, home: str | None = None
) -> str | None:
    """Returns the language to go on in; None while nobody knows.

    `home` is the language of the customer's client; `before` the last earlier message
    that told anything.
    """
    if latest.code and is_believed(latest, before, home):
        return latest.code
    if current is not None:
        return current
    if latest.certainty == LIKELY and not latest.foreign:
        return latest.code
    if home is None and latest.certainty == POSSIBLE:
        return latest.code
    return home
