"""Reads what designers write so that every name knows its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, YAMLError
from ruamel.yaml.constructor import DuplicateKeyError

BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, order=True)
class Finding:
    """Something wrong at a place; an error stops the training."""

    path: Path
    line: int
    message: str
    is_error: bool = True

    def __str__(self) -> str:
        """Returns `file:line: message`, as editors and terminals link it."""
        kind = "" if self.is_error else "warning: "
        return f"{self.path}:{self.line}: {kind}{self.message}"


@dataclass(frozen=True)
class Place:
    """Where something stands."""

    path: Path
    line: int

    def error(self, message: str) -> Finding:
        """Returns an error at this place."""
        return Finding(self.path, self.line, message)

    def warning(self, message: str) -> Finding:
        """Returns a warning at this place."""
        return Finding(self.path, self.line, message, is_error=False)


@dataclass(frozen=True)
class File:
    """A YAML file: its content, empty where it cannot be read."""

    path: Path
    content: Mapping[str, Any]
    text: str

    def key(self, mapping: Any, key: Any) -> Place:
        """Returns where a key of one of the file's mappings stands."""
        return self._place(mapping, lambda: mapping.lc.key(key))

    def item(self, sequence: Any, index: int) -> Place:
        """Returns where an item of one of the file's lists stands."""
        return self._place(sequence, lambda: sequence.lc.item(index))

    def start(self, node: Any) -> Place:
        """Returns where a mapping or list begins."""
        return self._place(node, lambda: (node.lc.line, 0))

    def _place(self, node: Any, position: Any) -> Place:
        # Merged and aliased parts do not know their lines.
        try:
            return Place(self.path, position()[0] + 1)
        except (AttributeError, KeyError, TypeError, IndexError):
            line = getattr(getattr(node, "lc", None), "line", None)
            return Place(self.path, (line or 0) + 1)

    def section(self, name: str) -> Any:
        """Returns a part of the file; an empty one of the kind where it is absent."""
        return self.content.get(name) or {}


@dataclass
class Project:
    """All files of a designers' project, each read once."""

    root: Path
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def config(self) -> File:
        """`config.yml`."""
        return self._read(self.root / "config.yml")

    @cached_property
    def domain(self) -> list[File]:
        """`domain.yml` and the topics."""
        return self.files("domain.yml", "domain/*.yml")

    @cached_property
    def nlu(self) -> list[File]:
        """The examples."""
        return self.files("data/nlu/*.yml")

    @cached_property
    def dialogues(self) -> list[File]:
        """Rules, stories and test stories."""
        return self.files(
            "data/rules/*.yml", "data/stories/*.yml", "tests/assistant/stories/*.yml"
        )

    @cached_property
    def translations(self) -> list[File]:
        """The responses in other languages."""
        return self.files("translations/*/*.yml")

    @cached_property
    def sentiment(self) -> list[File]:
        """The examples of moods."""
        return [
            *self.files("data/sentiment/*.yml"),
            *self.files("data/grievances/*.yml"),
        ]

    @cached_property
    def not_ours(self) -> list[File]:
        """The examples of what is not the shop's business."""
        return self.files("data/not_ours/*.yml")

    @cached_property
    def words(self) -> list[File]:
        """What words mean."""
        return self.files("data/words/*.yml")

    @cached_property
    def triggers(self) -> list[File]:
        """Why a conversation goes to a person."""
        return self.files("data/triggers.yml")

    @cached_property
    def brand(self) -> list[File]:
        """The help lines."""
        return self.files("brand.yml")

    @cached_property
    def python(self) -> str:
        """All code that speaks: the actions', the connector's, the policies'."""
        folders = [self.root / name for name in ("actions", "channels", "components")]
        paths = sorted(path for folder in folders for path in folder.rglob("*.py"))
        return "\n".join(path.read_text("utf-8") for path in paths)

    def files(self, *patterns: str) -> list[File]:
        """Returns the files that fit the patterns, each pattern's in order."""
        return [
            self._read(path)
            for pattern in patterns
            for path in sorted(self.root.glob(pattern))
        ]

    def _read(self, path: Path) -> File:
        shown = path.relative_to(self.root)
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.findings.append(Finding(shown, 1, f"unreadable: {error}."))
            return File(shown, {}, "")
        try:
            content = YAML(typ="rt").load(text)
        except YAMLError as error:
            self.findings.append(_bad_yaml(shown, error))
            return File(shown, {}, text)
        if content is not None and not isinstance(content, Mapping):
            self.findings.append(Finding(shown, 1, "no mapping of sections."))
            content = None
        return File(shown, content or {}, text)


def _bad_yaml(path: Path, error: YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    problem = str(getattr(error, "problem", None) or error)
    if isinstance(error, DuplicateKeyError):
        problem = problem.split(" with value")[0]
        return Finding(path, line, f"{problem}: it is there twice.")
    return Finding(path, line, f"no YAML: {BLANKS.sub(' ', problem).strip()}.")


def entries(node: Any) -> Iterator[tuple[int, str, Any]]:
    """Yields index, name and properties of a list of names or of one-key mappings."""
    for index, entry in enumerate(node if isinstance(node, list) else []):
        if isinstance(entry, Mapping) and entry:
            yield index, str(next(iter(entry))), next(iter(entry.values()))
        elif entry is not None:
            yield index, str(entry), None


def as_list(node: Any) -> list[Any]:
    """Returns a list as it is, anything else as its only item, nothing for nothing."""
    if node is None or node == {}:
        return []
    return list(node) if isinstance(node, list) else [node]
