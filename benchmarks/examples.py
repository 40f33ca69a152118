"""Reads the examples that designers write, and the fresh messages beside them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from authoring.article_answers import article_examples
from authoring.articles import read_articles

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = Path(__file__).parent / "messages"
SHORT_ANSWERS = Path(__file__).parent / "short_answers.yml"
ANNOTATION = re.compile(r"\[([^\]]+)\](\([^)]+\)|\{[^}]+\})")


class Example(NamedTuple):
    """A text, and the intent it is (or should be) understood as."""

    text: str
    intent: str


def bullets(text: str) -> list[str]:
    """Returns the lines of a block of examples."""
    return [line.strip().removeprefix("- ") for line in text.strip().splitlines()]


def nlu_examples(root: Path = ROOT) -> Iterator[Example]:
    """Yields every NLU example without annotations, the articles' questions too."""
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        for block in _yaml(path)["nlu"]:
            if "intent" in block:
                for line in bullets(block["examples"]):
                    yield Example(ANNOTATION.sub(r"\1", line), block["intent"])
    for intent, texts in article_examples(read_articles(root / "kb")).items():
        yield from (Example(text, intent) for text in texts)


def sentiment_examples(root: Path = ROOT) -> Iterator[str]:
    """Yields every text of the sentiment classifier."""
    folders = (root / "data" / name for name in ("sentiment", "grievances"))
    for path in (path for one in folders for path in sorted(one.glob("*.yml"))):
        for block in _yaml(path)["sentiment"]:
            yield from bullets(block["examples"])


def article_questions(root: Path = ROOT) -> Iterator[str]:
    """Yields the questions that the articles of the knowledge base answer."""
    for path in sorted((root / "kb").rglob("*.md")):
        parts = path.read_text(encoding="utf-8").split("---", 2)
        if len(parts) == 3:
            front = yaml.safe_load(parts[1]) or {}
            yield from map(str, front.get("questions") or [])


def fresh_messages(language: str) -> list[Example]:
    """Returns the messages of one language; no training ever sees them."""
    entries = _yaml(MESSAGES / f"{language}.yml")["messages"]
    return [Example(entry["text"], entry["intent"]) for entry in entries]


def short_answers(language: str) -> list[Example]:
    """Returns what is said instead of answers, and requests like it; never learnt."""
    entries = _yaml(SHORT_ANSWERS)[language]
    return [Example(text, intent) for intent in entries for text in entries[intent]]


def fresh_languages() -> list[str]:
    """Returns the codes of the languages that have fresh messages."""
    return sorted(path.stem for path in MESSAGES.glob("*.yml"))


def evaluation_data() -> Path:
    """Returns the folder of other people's sets, which the project never holds."""
    return Path(os.environ.get("EVALUATION_DATA", ROOT.parent / "shared" / "data"))


def _yaml(path: Path) -> dict:
    # safe_load alone is ten times slower, and there are thousands of lines.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
