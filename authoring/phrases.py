"""Expressions for the phrases of the designers' lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from authoring.designers_words import bare

# French "n'annulez pas": an elision joins what it stands before.
_START = r"(?<![\w-])(?<![a-z]{2}')"
# What the signs in a phrase of the lists stand for.
_SIGNS = {" * ": r"(?:\s+[\w'-]+){1,3}\s+", "*": r"\w*", " ": r"\s+", "'": "'?"}


def pattern(expression: str) -> re.Pattern[str]:
    """Compiles an expression that begins where a word does."""
    return re.compile(_START + expression)


def any_of(words: Iterable[str]) -> str:
    """Returns an expression for any of the phrases, the longest that fits.

    Phrases that begin alike share that part: one by one they would be slow to try.
    """
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for part in _parts(bare(str(word))):
            node = node.setdefault(part, {})
    return _branches(tree) if tree else r"(?!)"


def _branches(node: dict[str, Any]) -> str:
    # the end, which has nothing behind it, comes last
    ways = sorted(node.items(), key=lambda way: not way[1])
    patterns = [part + (_branches(rest) if rest else "") for part, rest in ways]
    return patterns[0] if len(patterns) == 1 else f"(?:{'|'.join(patterns)})"


def _parts(phrase: str) -> Iterator[str]:
    """Yields the pieces of a phrase's pattern."""
    for piece in re.findall(r" \* |.", phrase.removesuffix("'")):
        yield _SIGNS.get(piece) or re.escape(piece)
    # an elision joins the next word: l'annuler
    yield "'" if phrase.endswith("'") else r"(?!\w|'(?!s\b))"
