"""Groups of digits in a folded text, and runs of groups that belong together."""

import re
from collections.abc import Container
from dataclasses import dataclass

# One unbounded repeat of one character class: linear however it is fed.
_DIGITS = re.compile(r"\d+")
# Whatever is no letter: people divide digits by dots, arrows, hearts.
_GAP = re.compile(r"[\W_]{1,8}")


@dataclass(frozen=True)
class Group:
    """Digits without anything in between, and where they stand."""

    start: int
    end: int
    digits: str
    # What stands between this group and the one before it in its run.
    gap: str = ""

    def __len__(self) -> int:
        """Count the digits."""
        return len(self.digits)


def digit_runs(text: str, gaps: Container[str] | None = None) -> list[list[Group]]:
    """Group a folded text's digits into runs with nothing but short gaps inside.

    `gaps` are the characters that may stand in one; None: all but letters.
    """
    runs: list[list[Group]] = []
    for match in _DIGITS.finditer(text):
        before = runs[-1][-1].end if runs else 0
        gap = text[before : match.start()] if runs else ""
        joined = bool(gap and _GAP.fullmatch(gap))
        joined = joined and (gaps is None or all(char in gaps for char in gap))
        group = Group(match.start(), match.end(), match[0], gap if joined else "")
        if joined:
            runs[-1].append(group)
        else:
            runs.append([group])
    return runs
