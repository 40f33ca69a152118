"""Groups of digits in a text, and runs of groups that belong together."""

import re
from dataclasses import dataclass

# One unbounded repeat of one character class: linear however it is fed.
_DIGITS = re.compile(r"\d+")
# Blanks of any kind (NBSP and newlines count), dots, dashes, zero-width marks.
_GAP = re.compile(
    r"[\s.\-_\u00b7\u00ad\u200b-\u200d\u2010-\u2015\u2060\ufeff\uff0e]{1,5}"
)


@dataclass(frozen=True)
class Group:
    """Digits without anything in between, and where they stand."""

    start: int
    end: int
    digits: str

    def __len__(self) -> int:
        """Count the digits."""
        return len(self.digits)


def digit_runs(text: str) -> list[list[Group]]:
    """Group the text's digits into runs with nothing but short gaps inside."""
    runs: list[list[Group]] = []
    for match in _DIGITS.finditer(text):
        group = Group(match.start(), match.end(), _ascii(match[0]))
        if runs and _GAP.fullmatch(text, runs[-1][-1].end, group.start):
            runs[-1].append(group)
        else:
            runs.append([group])
    return runs


def _ascii(digits: str) -> str:
    # int() reads every script's decimal digits, which are what \d matches.
    return "".join(str(int(digit)) for digit in digits)
