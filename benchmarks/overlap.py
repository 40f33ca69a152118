"""Checks that no text we train on is a sentence of the sets we measure on.

`python -m benchmarks.overlap` prints what it finds and fails if it is anything.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.examples import (
    article_questions,
    evaluation_data,
    fresh_languages,
    fresh_messages,
    nlu_examples,
    sentiment_examples,
    short_answers,
)
from benchmarks.fairness import cases

# Two words ("opening hours") are nobody's sentence, unless we report on that set.
SHORTEST = 3
# Files we report on: none of their sentences may be in training, however short
# ("order 10428" is not their "order", though).
REPORTED = ("bitext", "hint3_sofmattress_v2_test")
# What stands for a value: an order number in ours may be `{{Order Number}}` in theirs.
PLACEHOLDER = re.compile(
    r"\{\{.*?\}\}|<[^<>]*>|https?://\S+|@\w+|(?:\bhp\s?-?\s?|#)?\b\d{5,}\b"
)
NOT_A_WORD = re.compile(r"[^\w\s]|_")
# What the fresh messages check: of the rest they are no measure.
INTENTS = "data/nlu"
APOSTROPHE = re.compile(r"['’`]")


class Overlap(NamedTuple):
    """One of our texts, where it is from, and the file that has it too."""

    text: str
    ours: str
    theirs: str


def normalise(text: str) -> str:
    """Returns the words alone: no case, punctuation, placeholders, apostrophes."""
    bare = PLACEHOLDER.sub(" ", text.lower())
    return " ".join(NOT_A_WORD.sub(" ", APOSTROPHE.sub("", bare)).split())


def our_texts() -> Iterator[tuple[str, str]]:
    """Yields every text that is learnt from, and where it stands."""
    for example in nlu_examples():
        yield example.text, f"{INTENTS} ({example.intent})"
    for text in sentiment_examples():
        yield text, "data/sentiment"
    for text in article_questions():
        yield text, "kb"


def their_sentences(folder: Path) -> dict[str, set[str]]:
    """Returns for each normalised sentence the files that have it."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.json*")):
        for text in _strings(path):
            found.setdefault(normalise(text), set()).add(path.name)
    found.pop("", None)
    return found


def overlaps(
    ours: Iterable[tuple[str, str]],
    theirs: dict[str, set[str]],
    fresh: Iterable[str] = (),
) -> list[Overlap]:
    """Returns our texts that are theirs as well, or among the fresh messages."""
    held_out = {normalise(text) for text in fresh} - {""}
    found = []
    for text, place in ours:
        words = normalise(text)
        if words in held_out and place.startswith(INTENTS):
            found.append(Overlap(text, place, "benchmarks/messages"))
        for name in sorted(theirs.get(words, ())):
            if len(words.split()) >= SHORTEST or (
                name.startswith(REPORTED) and not PLACEHOLDER.search(text.lower())
            ):
                found.append(Overlap(text, place, name))
    return found


def main() -> int:
    """Prints every overlap and returns how the process should end."""
    folder = evaluation_data()
    if not folder.is_dir():
        print(f"No evaluation data in {folder}; EVALUATION_DATA names the folder.")
        return 2
    fresh = [
        e.text
        for code in fresh_languages()
        for e in (*fresh_messages(code), *short_answers(code))
    ]
    fresh += [case.text for case in cases()]
    found = overlaps(our_texts(), their_sentences(folder), fresh)
    for overlap in found:
        print(f"{overlap.text!r} of {overlap.ours} is also in {overlap.theirs}")
    print(f"{len(found)} of our texts are sentences that we measure on.")
    return 1 if found else 0


def _strings(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines() if path.suffix == ".jsonl" else [text]
    for line in lines:
        yield from _leaves(json.loads(line))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)


if __name__ == "__main__":
    sys.exit(main())
