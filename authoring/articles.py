"""Reads the knowledge base: `kb/<article>.md` and its translations.

An article is YAML front matter between two lines of `---`, then Markdown. The first
paragraph is the short answer that the assistant says; the rest is for agents. A
translation, `kb/<language>/<article>.md`, has a title and a short answer at least.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, YAMLError

FOLDER = "kb"
FENCE = "---"
ARTICLE_KEYS = frozenset({"title", "intent", "questions", "buttons", "keywords"})
TRANSLATION_KEYS = frozenset({"title", "questions", "buttons"})
NAME = re.compile(r"[a-z][a-z0-9_]*")
LANGUAGE = re.compile(r"[a-z]{2}")

Button = dict[str, str]


class InvalidArticle(ValueError):
    """An article that cannot be read; the message begins `file:line:`."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        """Keeps the place, for whoever lists several problems."""
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Wording:
    """An article in one language."""

    path: Path
    title: str
    answer: str
    questions: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
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
    page = _Page.read(path, ARTICLE_KEYS)
    english = Wording(
        path=path,
        title=page.text("title"),
        answer=page.answer,
        questions=page.texts("questions", required=True),
        buttons=page.buttons(),
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
        page = _Page.read(path, TRANSLATION_KEYS)
        yield (
            path.parent.name,
            Wording(
                path=path,
                title=page.text("title"),
                answer=page.answer,
                questions=page.texts("questions"),
                buttons=page.translated(english.buttons),
                details=page.details,
            ),
        )


@dataclass(frozen=True)
class _Page:
    """A file taken apart; every check here knows its line."""

    path: Path
    fields: Any
    answer: str
    details: str

    @classmethod
    def read(cls, path: Path, keys: frozenset[str]) -> _Page:
        head, body, body_line = _split(path)
        fields = _load(path, head)
        for key in fields:
            if key not in keys:
                reason = f"unknown key '{key}'; known are {', '.join(sorted(keys))}."
                raise InvalidArticle(path, fields.lc.key(key)[0] + 2, reason)
        answer, _, details = body.strip().partition("\n\n")
        answer = " ".join(answer.split())
        first = body_line + len(body) - len(body.lstrip("\n"))
        if not answer or answer.startswith("#"):
            reason = "the text has to begin with the short answer."
            raise InvalidArticle(path, first, reason)
        if re.search(r"[{}]", answer):
            reason = (
                "braces in the short answer stand for values, which it has none of."
            )
            raise InvalidArticle(path, first, reason)
        return cls(path, fields, answer, details.strip())

    def invalid(self, key: str, reason: str, item: int | None = None) -> InvalidArticle:
        line = self.fields.lc.key(key)[0] if key in self.fields else -1
        if item is not None:
            line = self.fields[key].lc.item(item)[0]
        return InvalidArticle(self.path, line + 2, reason)

    def text(self, key: str) -> str:
        value = self.fields.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.invalid(key, f"'{key}' is missing or no text.")
        return value.strip()

    def name(self, key: str) -> str | None:
        value = self.fields.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not NAME.fullmatch(value):
            reason = f"'{key}' has to be small letters, digits and underscores."
            raise self.invalid(key, reason)
        return value

    def texts(self, key: str, required: bool = False) -> tuple[str, ...]:
        values = self._items(key)
        if required and not values:
            reason = f"'{key}' is missing: how customers ask for it, one per line."
            raise self.invalid(key, reason)
        for index, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                reason = f"every item of '{key}' has to be text; quote this one."
                raise self.invalid(key, reason, index)
        return tuple(value.strip() for value in values)

    def buttons(self) -> tuple[Button, ...]:
        for index, button in enumerate(self._items("buttons")):
            if not isinstance(button, dict) or set(button) != {"title", "payload"}:
                reason = "a button has a title and a payload, nothing else."
                raise self.invalid("buttons", reason, index)
            if not str(button["payload"]).startswith("/"):
                reason = "a button's payload is a slash and an intent."
                raise self.invalid("buttons", reason, index)
        return tuple(
            {"title": str(button["title"]), "payload": str(button["payload"])}
            for button in self._items("buttons")
        )

    def translated(self, english: tuple[Button, ...]) -> tuple[Button, ...]:
        """Returns the English buttons under this file's titles."""
        titles = self.texts("buttons")
        if titles and len(titles) != len(english):
            reason = f"{len(titles)} button titles for {len(english)} buttons."
            raise self.invalid("buttons", reason)
        return tuple(
            {**button, "title": title}
            for button, title in zip(
                english, titles or [b["title"] for b in english], strict=True
            )
        )

    def _items(self, key: str) -> list[Any]:
        value = self.fields.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.invalid(key, f"'{key}' has to be a list.")
        return value


def _split(path: Path) -> tuple[str, str, int]:
    """Returns front matter, body and the body's first line number."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidArticle(path, 1, "the file is not UTF-8.") from error
    if lines[0].rstrip() != FENCE:
        raise InvalidArticle(path, 1, f"the first line has to be {FENCE}.")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            head, body = lines[1:number], lines[number + 1 :]
            return "\n".join(head), "\n".join(body), number + 2
    raise InvalidArticle(path, 1, f"no line of {FENCE} ends the front matter.")


def _load(path: Path, head: str) -> Any:
    try:
        fields = YAML(typ="rt").load(head)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        reason = f"no YAML: {getattr(error, 'problem', None) or 'unreadable'}."
        raise InvalidArticle(path, line, reason) from error
    if not isinstance(fields, dict):
        raise InvalidArticle(path, 1, "the front matter has to be keys and values.")
    return fields
