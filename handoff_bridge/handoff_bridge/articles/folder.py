"""Reads the articles' folder: `<article>.md`, `<language>/<article>.md`, `topics.yml`.

    python -m handoff_bridge.articles.folder

prints what is wrong with `topics.yml` in `ARTICLES_DIR`, `file:line: sentence`, and
ends with status 1. What is wrong with articles the assistant's own check says.
"""

import os
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from handoff_bridge.articles.page import (
    NAME,
    Body,
    Head,
    InvalidArticle,
    Page,
    TranslatedHead,
)
from handoff_bridge.errors import InvalidDocument
from handoff_bridge.models import Written
from handoff_bridge.settings import ARTICLES_DIR
from handoff_bridge.yaml_places import compose, mark_of, read_document

# Of the files beside the folders of translations.
FIRST_LANGUAGE = "en"
TOPICS = "topics.yml"
LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True)
class Wording:
    """An article in one language."""

    language: str
    title: str
    body: Body
    questions: Sequence[str] = ()


@dataclass(frozen=True)
class Article:
    """An article in all its languages; codes are among its `keywords`."""

    article_id: str
    wordings: Mapping[str, Wording]
    keywords: Sequence[str] = ()

    def wording(self, language: str) -> Wording:
        """The article in a language; in the first where it has not been translated."""
        return self.wordings.get(language, self.wordings[FIRST_LANGUAGE])


class Topic(Written):
    """Articles under one heading; the heading by language."""

    title: Annotated[dict[str, str], Field(min_length=1)]
    articles: Annotated[list[str], Field(min_length=1)]

    def named(self, language: str) -> str:
        """The heading in a language; in the first that it has where it lacks it."""
        return self.title.get(language) or next(iter(self.title.values()))


class Topics(Written):
    """The file: topics in the order in which pages show them."""

    topics: list[Topic] = []


@dataclass(frozen=True)
class Articles:
    """The whole folder."""

    by_id: Mapping[str, Article] = field(default_factory=dict)
    topics: Sequence[Topic] = ()


def read_articles(folder: Path) -> Articles:
    """Reads the folder; nothing where there is none. Raises InvalidArticle."""
    articles: dict[str, Article] = {}
    intents: dict[str, Path] = {}
    for path in sorted(folder.glob("*.md")):
        page = Page.read(path, Head)
        if (intent := page.head.intent) is not None:
            if intent in intents:
                reason = f"intent '{intent}' is answered by {intents[intent]} already."
                raise InvalidArticle(path, 1, reason)
            intents[intent] = path
        articles[path.stem] = _article(folder, page)
    for path in sorted(folder.glob("*/*.md")):
        if LANGUAGE.fullmatch(path.parent.name) and path.stem not in articles:
            raise InvalidArticle(path, 1, f"there is no {folder / path.name}.")
    return Articles(articles, read_topics(folder, articles.keys()))


def _article(folder: Path, page: Page[Head]) -> Article:
    path, head = page.path, page.head
    if not NAME.fullmatch(path.stem):
        reason = "a file's name is small letters, digits and underscores."
        raise InvalidArticle(path, 1, reason)
    first = Wording(FIRST_LANGUAGE, head.title, page.body, head.questions)
    wordings = {FIRST_LANGUAGE: first}
    for wording in _translations(folder, page):
        wordings[wording.language] = wording
    return Article(path.stem, wordings, head.keywords)


def _translations(folder: Path, first: Page[Head]) -> Iterator[Wording]:
    for path in sorted(folder.glob(f"*/{first.path.name}")):
        language = path.parent.name
        if not LANGUAGE.fullmatch(language):
            continue  # not a language's folder
        page = Page.read(path, TranslatedHead)
        titles, buttons = page.head.buttons, first.head.buttons
        if titles and len(titles) != len(buttons):
            line = _line_of(path, "buttons")
            reason = f"{len(titles)} button titles for {len(buttons)} buttons."
            raise InvalidArticle(path, line, reason)
        count, wanted = page.body.point_count, first.body.point_count
        if count and count != wanted:
            reason = f"{count} points under its heading, English {wanted}."
            raise InvalidArticle(path, page.body.line, reason)
        yield Wording(language, page.head.title, page.body, page.head.questions)


def _line_of(path: Path, key: str) -> int:
    lines = path.read_text("utf-8").split("\n")
    return next(n for n, line in enumerate(lines, 1) if line.startswith(f"{key}:"))


def read_topics(folder: Path, known: Collection[str]) -> list[Topic]:
    """The topics; none where there is no file. Raises InvalidArticle."""
    path = folder / TOPICS
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidArticle(path, 1, "the file cannot be read as UTF-8.") from error
    try:
        topics = read_document(Topics, text, (Topics, Topic)).topics
    except InvalidDocument as error:
        first = error.mistakes[0]
        raise InvalidArticle(path, first.line, first.reason) from error
    placed: set[str] = set()
    node = compose(text)
    for number, topic in enumerate(topics):
        for index, article_id in enumerate(topic.articles):
            line = mark_of(node, ("topics", number, "articles", index))[0]
            if article_id not in known:
                raise InvalidArticle(path, line, f"there is no article '{article_id}'.")
            if article_id in placed:
                reason = f"'{article_id}' is in a topic already."
                raise InvalidArticle(path, line, reason)
            placed.add(article_id)
    return topics


def main() -> int:
    """Prints what is wrong with the topics; gives the status to end with."""
    folder = Path(os.environ.get("ARTICLES_DIR") or ARTICLES_DIR.name)
    try:
        read_topics(folder, {path.stem for path in folder.glob("*.md")})
    except InvalidArticle as invalid:
        print(invalid, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
