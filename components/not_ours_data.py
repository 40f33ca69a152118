"""Reads the designers' examples of what is not the shop's business.

    version: "3.1"
    not_ours:
    - language: en
      examples: |
        - my gym keeps charging me

Knows nothing of Rasa.
"""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from components.example_files import yaml_files


class InvalidNotOurs(Exception):
    """A file that cannot be read as such examples; the message names it."""


def read_not_ours(folder: str) -> list[str]:
    """Returns the examples of all files of a folder.

    Raises:
        InvalidNotOurs: a file has another shape.
    """
    return list(dict.fromkeys(t for p in yaml_files(folder) for t in _examples(p)))


def _examples(path: Path) -> list[str]:
    content = YAML(typ="safe").load(path.read_text("utf-8"))
    blocks = content.get("not_ours") if isinstance(content, dict) else None
    if not isinstance(blocks, list):
        raise InvalidNotOurs(f"{path}: no list under 'not_ours'.")
    lines = [line.strip() for b in blocks for line in str(b["examples"]).splitlines()]
    return [line.removeprefix("-").strip() for line in lines if line]
