"""Reads the knowledge base: `kb/<article>.md` and its translations.

An article is YAML front matter between two lines of `---`, then Markdown. The first
paragraph is the short answer that the assistant says. The points under the first
heading are said too, where one of them is what was asked for; the rest is for agents.
A translation, `kb/<language>/<article>.md`, has a title and a short answer at least.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from authoring.article_pages import NAME, Button, InvalidArticle, Page

FOLDER = "kb"
ARTICLE_KEYS = frozenset({"title", "intent", "questions", "buttons", "keywords"})
TRANSLATION_KEYS = frozenset({"title", "questions", "buttons"})
LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True)
class Wording:
    """An article in one language."""

    path: Path
    title: str
    answer: str
    questions: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    points: tuple[str, ...] = ()
    details: str = ""


@dataclass(frozen=True)
class Article:
    """What the assistant says about a question, and what agents can read on it."""

    article_id: str
    english: Wording
    intent: str | None = None
    keywords: tuple[str, ...] = ()
    translations: Mapping[str, Wording] = field(default_factory=dict)

    @property
    def response(self) -> str:
        """Names the response that says the short answer."""
        return f"utter_{self.intent or 'article_' + self.article_id}"

    @property
    def reading(self) -> str:
        """Names the response that is the article's title, for a button."""
        return reading_of(self.response)

    @property
    def by_language(self) -> dict[str, Wording]:
        """Returns the article in all its languages, English first."""
        return {"en": self.english, **self.translations}

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """Returns what `by_language` does, without the languages."""
        return tuple(self.by_language.values())

    def wording(self, language: str | None) -> Wording:
        """Returns the article in a language, in English where there is none."""
        return self.translations.get(language or "", self.english)


def reading_of(response: str) -> str:
    """Names the response that holds the title of what a response answers."""
    return response.replace("utter_", "utter_reading_", 1)


def article_files(folder: Path) -> list[Path]:
    """Returns all files of the knowledge base in a fixed order; none, no folder."""
    return sorted([*folder.glob("*.md"), *folder.glob("*/*.md")])


def read_articles(folder: Path) -> list[Article]:
    """Returns the articles by name; none if there is no such folder.

    Raises:
        InvalidArticle: the first file that cannot be read.
    """
    articles = []
    for found in read_each_article(folder):
        if isinstance(found, InvalidArticle):
            raise found
        articles.append(found)
    return articles


def read_each_article(folder: Path) -> Iterator[Article | InvalidArticle]:
    """Yields each article, or what is wrong with it."""
    answered: dict[str, Path] = {}
    for path in sorted(folder.glob("*.md")):
        try:
            article = _article(path, folder)
        except InvalidArticle as error:
            yield error
            continue
        other = answered.setdefault(article.intent or path.name, path)
        if other is path:
            yield article
        else:
            reason = f"intent '{article.intent}' is answered by {other} already."
            yield InvalidArticle(path, 1, reason)
    for path in sorted(folder.glob("*/*.md")):
        if LANGUAGE.fullmatch(path.parent.name) and not (folder / path.name).exists():
            yield InvalidArticle(path, 1, f"there is no {folder / path.name}.")


def _article(path: Path, folder: Path) -> Article:
    if not NAME.fullmatch(path.stem):
        reason = "a file's name is small letters, digits and underscores."
        raise InvalidArticle(path, 1, reason)
    page = Page.read(path, ARTICLE_KEYS)
    english = Wording(
        path=path,
        title=page.text("title"),
        answer=page.answer,
        questions=page.texts("questions", required=True),
        buttons=page.buttons(),
        points=page.points,
        details=page.details,
    )
    return Article(
        article_id=path.stem,
        english=english,
        intent=page.name("intent"),
        keywords=page.texts("keywords"),
        translations=dict(_translations(folder, path.name, english)),
    )


def _translations(
    folder: Path, name: str, english: Wording
) -> Iterator[tuple[str, Wording]]:
    for path in sorted(folder.glob(f"*/{name}")):
        if not LANGUAGE.fullmatch(path.parent.name):
            continue  # not a language's folder
        page = Page.read(path, TRANSLATION_KEYS)
        yield (
            path.parent.name,
            Wording(
                path=path,
                title=page.text("title"),
                answer=page.answer,
                questions=page.texts("questions"),
                buttons=page.translated(english.buttons),
                points=page.translated_points(english.points),
                details=page.details,
            ),
        )
