"""A text in the plain form that rules read: one script of digits, no invisible marks.

Whoever types a secret may do it with any keyboard. The rules see plain letters
without accents, ASCII digits, one dash, one slash, one dot, one kind of quotation
mark; what they find is told in places of the original text.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DASHES = "\u02d7\u2043\u207b\u208b\u2212\u2500\u2501\u2796\u30fc\ufe63\uff0d\uff70"
_SLASHES = "\u2044\u2215\u2571\u29f8\uff0f"
_DOTS = "\u00b7\u2022\u2024\u2027\u2219\u22c5\u2e31\u30fb\u3002\uff0e\uff61\uff65\u06d4"
_DOUBLE = "“”„‟«»‹›「」『』″＂"
_SINGLE = "‘’‚‛′´`＇"
# Letters and symbols that show nothing; U+FFFD stands for what could not be stored.
_INVISIBLE = "\u115f\u1160\u3164\uffa0\ufffd"
_LINES = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


@dataclass(frozen=True)
class Folded:
    """The plain form, and where each of its letters stands in the original."""

    text: str
    # One more than letters: the last is the original's length.
    at: range | list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span of a span found here, with invisible marks in it."""
        return self.at[start], self.at[end]


def fold(text: str) -> Folded:
    """Returns the plain form of a text, letter for letter or none for one."""
    if text.isascii() and text.isprintable():
        return Folded(text.replace("`", "'"), range(len(text) + 1))
    letters: list[str] = []
    at: list[int] = []
    for index, letter in enumerate(text):
        if plain := _plain(letter):
            letters.append(plain)
            at.append(index)
    return Folded("".join(letters), [*at, len(text)])


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """One letter for a letter, or none for a mark that shows nothing."""
    for plain, known in (
        ("\n", _LINES),
        ("-", _DASHES),
        ("/", _SLASHES),
        (".", _DOTS),
        ('"', _DOUBLE),
        ("'", _SINGLE),
        ("", _INVISIBLE),
    ):
        if letter in known:
            return plain
    category = unicodedata.category(letter)
    if letter.isspace() or category.startswith("Z") or letter == "\u2800":
        return " "
    if category in ("Cc", "Cf", "Mn", "Me"):
        return ""
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    if category == "Pd":
        return "-"
    base = unicodedata.normalize("NFKD", letter)[0]
    # Not of "½" or "⑫": what is no digit must not turn into one.
    return letter if base.isdigit() or base.isspace() else base
