"""Who the customers of a drill are, as `drill.yml` says it."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from handoff_bridge.errors import InvalidDocument
from handoff_bridge.models import Written
from handoff_bridge.yaml_places import read_document

Line = Annotated[str, Field(min_length=1, max_length=1000)]
Secs = Annotated[float, Field(gt=0, le=3600)]


class Answer(Written):
    """What they `say` once to an agent's message with any of these words."""

    when: Annotated[list[Line], Field(min_length=1)]
    say: Line


class Story(Written):
    """A customer: what they want, and what they write next.

    They leave the line after `patience_secs`. Without an answer for `impatient_secs` in
    a chat they say so.
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    language: Annotated[str, Field(min_length=2, max_length=20)] = "en"
    opens: Line
    lines: list[Line] = []
    answers: list[Answer] = []
    impatient: Line
    impatient_secs: Secs = 60
    patience_secs: Secs = 600
    thanks: Line


class Stories(Written):
    """All of them; each is played as often as there are customers for."""

    stories: Annotated[list[Story], Field(min_length=1)]


def read_stories(path: Path) -> list[Story]:
    """Raises OSError, InvalidDocument."""
    parts = (Stories, Story, Answer)
    return list(read_document(Stories, path.read_text("utf-8"), parts).stories)


def mistakes_of(path: Path, error: InvalidDocument) -> str:
    """A line for each, `file:line: sentence`."""
    return "\n".join(f"{path}:{one.line}: {one.reason}" for one in error.mistakes)
