"""Takes an article's file apart, and says what is wrong with it at which line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, YAMLError

FENCE = "---"
NAME = re.compile(r"[a-z][a-z0-9_]*")
HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
BULLET = re.compile(r"^[*-] +", re.MULTILINE)

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
class Page:
    """A file taken apart; every check here knows its line."""

    path: Path
    fields: Any
    answer: str
    details: str
    details_line: int

    @classmethod
    def read(cls, path: Path, keys: frozenset[str]) -> Page:
        head, body, body_line = _split(path)
        fields = _load(path, head)
        for key in fields:
            if key not in keys:
                reason = f"unknown key '{key}'; known are {', '.join(sorted(keys))}."
                raise InvalidArticle(path, fields.lc.key(key)[0] + 2, reason)
        told, _, details = body.strip().partition("\n\n")
        answer = " ".join(told.split())
        first = body_line + len(body) - len(body.lstrip("\n"))
        if not answer or answer.startswith("#"):
            reason = "the text has to begin with the short answer."
            raise InvalidArticle(path, first, reason)
        if re.search(r"[{}]", body):
            reason = "braces in the text stand for values, which it has none of."
            raise InvalidArticle(path, first, reason)
        return cls(path, fields, answer, details.strip(), first + told.count("\n") + 2)

    @property
    def points(self) -> tuple[str, ...]:
        """The points under the first heading."""
        _, *sections = HEADING.split(self.details)
        if not sections:
            return ()
        _, *points = BULLET.split("\n" + sections[0])
        return tuple(" ".join(point.split()) for point in points)

    def translated_points(self, english: tuple[str, ...]) -> tuple[str, ...]:
        """Returns this file's points, which have to be as many as the English ones."""
        if self.points and len(self.points) != len(english):
            reason = (
                f"{len(self.points)} points under its heading, English {len(english)}."
            )
            raise InvalidArticle(self.path, self.details_line, reason)
        return self.points

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
