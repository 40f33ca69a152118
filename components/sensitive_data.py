"""Reads the designers' examples of situations that need care. Knows nothing of Rasa.

    version: "3.1"
    sensitive:
    - kind: bereavement
      examples: |
        - my husband has died

`ordinary` is the kind of what only sounds like one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

ORDINARY = "ordinary"


class InvalidSensitiveData(Exception):
    """A file that cannot be read as such examples; the message names it."""


def sensitive_files(folder: str) -> list[Path]:
    """Returns the YAML files of a folder in a fixed order."""
    return sorted(Path(folder).glob("*.yml"))


def read_sensitive(folder: str) -> dict[str, str]:
    """Returns text -> kind over all files of a folder.

    Raises:
        InvalidSensitiveData: a file has another shape.
    """
    return {
        text: kind for path in sensitive_files(folder) for kind, text in _examples(path)
    }


def _examples(path: Path) -> Iterator[tuple[str, str]]:
    content = YAML(typ="safe").load(path.read_text("utf-8"))
    blocks = content.get("sensitive") if isinstance(content, dict) else None
    if not isinstance(blocks, list):
        raise InvalidSensitiveData(f"{path}: no list under 'sensitive'.")
    for block in blocks:
        kind = block.get("kind")
        if not kind:
            raise InvalidSensitiveData(f"{path}: examples without a kind.")
        for line in str(block.get("examples", "")).splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                yield str(kind), text
