"""One file of an article: front matter between two lines of `---`, then Markdown.

The same format as the assistant's, `authoring/article_pages.py`; neither imports the
other, and `tests/article_cases.yml` holds both to the same verdicts.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from handoff_bridge.errors import InvalidDocument
from handoff_bridge.models import Written
from handoff_bridge.yaml_places import read_document

FENCE = "---"
NAME = re.compile(r"[a-z][a-z0-9_]*")
_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
_POINT = re.compile(r"^[*-] +", re.MULTILINE)


class InvalidArticle(ValueError):
    """A file of the articles' folder is wrong; the message begins `file:line:`."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        """Names the place, for whoever lists several."""
        super().__init__(f"{path}:{line}: {reason}")


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise ValueError("it has to be small letters, digits and underscores.")
    return value


def _payload(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError("a button's payload is a slash and an intent.")
    return value


Text = Annotated[str, Field(min_length=1)]


class Button(Written):
    """What the assistant offers with the answer."""

    title: Text
    payload: Annotated[Text, AfterValidator(_payload)]


class Head(Written):
    """The front matter of an article in English."""

    title: Text
    intent: Annotated[str, AfterValidator(_name)] | None = None
    questions: Annotated[list[Text], Field(min_length=1)]
    buttons: list[Button] = []
    keywords: list[Text] = []


class TranslatedHead(Written):
    """The front matter of a translation."""

    title: Text
    questions: list[Text] = []
    buttons: list[Text] = []


@dataclass(frozen=True)
class Body:
    """The text of a file.

    `details` is the section under the first heading. What follows a further heading is
    for colleagues and not here.
    """

    answer: str
    details: str
    line: int

    @property
    def text(self) -> str:
        """All that customers may read, as Markdown."""
        return f"{self.answer}\n\n{self.details}".strip()

    @property
    def point_count(self) -> int:
        """How many points stand under the first heading."""
        _, *sections = _HEADING.split(self.details)
        return len(_POINT.split("\n" + sections[0])) - 1 if sections else 0


@dataclass(frozen=True)
class Page[H: Written]:
    """A file taken apart."""

    path: Path
    head: H
    body: Body

    @classmethod
    def read(cls, path: Path, head: type[H]) -> Self:
        """Raises InvalidArticle."""
        front, text, line = _split(path)
        try:
            fields = read_document(head, front, (head, Button))
        except InvalidDocument as error:
            first = error.mistakes[0]
            raise InvalidArticle(path, first.line + 1, first.reason) from error
        return cls(path, fields, _body(path, text, line))


def _split(path: Path) -> tuple[str, str, int]:
    """Returns front matter, body and the body's first line number."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidArticle(path, 1, "the file cannot be read as UTF-8.") from error
    if lines[0].rstrip() != FENCE:
        raise InvalidArticle(path, 1, f"the first line has to be {FENCE}.")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            head, body = lines[1:number], lines[number + 1 :]
            return "\n".join(head), "\n".join(body), number + 2
    raise InvalidArticle(path, 1, f"no line of {FENCE} ends the front matter.")


def _body(path: Path, text: str, line: int) -> Body:
    line += len(text) - len(text.lstrip("\n"))
    answer, _, details = text.strip().partition("\n\n")
    if not answer or answer.startswith("#"):
        raise InvalidArticle(path, line, "the text has to begin with the short answer.")
    if re.search(r"[{}]", text):
        reason = "braces in the text stand for values, which it has none of."
        raise InvalidArticle(path, line, reason)
    after = line + answer.count("\n") + 2
    return Body(" ".join(answer.split()), _for_customers(details.strip()), after)


def _for_customers(details: str) -> str:
    further = [*_HEADING.finditer(details)][1:]
    return details[: further[0].start()].strip() if further else details
