"""What a word in a message means, from the designers' lists in `data/words/`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

FOLDER = Path(__file__).resolve().parents[1] / "data" / "words"


def meant(slot: str, text: str) -> str | None:
    """Returns the value of the slot that the text speaks of, None if of none."""
    for value, pattern in _patterns(slot):
        if pattern.search(text):
            return value
    return None


@cache
def _patterns(slot: str) -> list[tuple[str, re.Pattern[str]]]:
    lists = YAML(typ="safe").load(FOLDER / f"{slot}.yml")["words"]
    return [(value, _one_of(words)) for value, words in lists.items()]


def _one_of(words: list[str]) -> re.Pattern[str]:
    # the star of the lists stands for any ending
    parts = (re.escape(str(word)).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
