"""The guards of `guards.yml`, and taking one of them out of the source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

GUARDS = Path(__file__).with_name("guards.yml")


class NoLongerApplies(Exception):
    """The text that a removal takes out is not in its file, or not once."""


@dataclass(frozen=True)
class Guard:
    """One guard, what happens without it, and the tests that notice."""

    guard: str
    without: str
    file: str
    takes: str
    puts: str
    tests: list[str]

    def missing_from(self, root: Path) -> str:
        """The file's text without the guard. Raises NoLongerApplies."""
        path = root / self.file
        text = path.read_text("utf-8") if path.exists() else ""
        if (found := text.count(self.takes)) != 1:
            raise NoLongerApplies(
                f"What the removal of {self.guard!r} takes out is {found} times "
                f"in {self.file}, not once: write it anew in {GUARDS.name}."
            )
        return text.replace(self.takes, self.puts)

    @contextmanager
    def removed(self, root: Path) -> Iterator[None]:
        """In the block the guard is missing. Raises NoLongerApplies."""
        path = root / self.file
        without, whole = self.missing_from(root), path.read_text("utf-8")
        _write(path, without)
        try:
            yield
        finally:
            _write(path, whole)


def load_guards(path: Path = GUARDS) -> list[Guard]:
    """All of them, in the order of the file."""
    return [Guard(**entry) for entry in yaml.safe_load(path.read_text("utf-8"))]


def _write(path: Path, text: str) -> None:
    """Also forgets what Python has compiled: it compares whole seconds and sizes."""
    path.write_text(text, "utf-8")
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        compiled.unlink()
