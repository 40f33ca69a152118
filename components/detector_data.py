"""Reads the designers' examples for a detector. Knows nothing of Rasa.

    version: "3.1"
    sensitive:                       # the name of the folder
    - kind: bereavement
      examples: |
        - my husband has died

`ordinary` is the kind of what only sounds like one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

from ruamel.yaml import YAML

from components.example_files import yaml_files

ORDINARY = "ordinary"
SEED = 1
JOINTS = (". ", ", ", " ")


class InvalidDetectorData(Exception):
    """A file that cannot be read as such examples; the message names it."""


def read_detector_data(folder: str) -> dict[str, str]:
    """Returns text -> kind over all files of a folder.

    Raises:
        InvalidDetectorData: a file has another shape.
    """
    return {text: kind for path in yaml_files(folder) for kind, text in _examples(path)}


def _examples(path: Path) -> Iterator[tuple[str, str]]:
    content = YAML(typ="safe").load(path.read_text("utf-8"))
    name = path.parent.name
    blocks = content.get(name) if isinstance(content, dict) else None
    if not isinstance(blocks, list):
        raise InvalidDetectorData(f"{path}: no list under '{name}'.")
    for block in blocks:
        kind = block.get("kind")
        if not kind:
            raise InvalidDetectorData(f"{path}: examples without a kind.")
        for line in str(block.get("examples", "")).splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                yield str(kind), text


def joined(examples: Mapping[str, str], count: int) -> list[tuple[str, str]]:
    """Returns `count` (text, kind), each an ordinary example beside any other one.

    Every second one has what is to be heard in it, before or behind the ordinary one.
    The same examples always give the same messages.
    """
    random = Random(SEED)
    ordinary = [text for text, kind in examples.items() if kind == ORDINARY]
    meant = [text for text, kind in examples.items() if kind != ORDINARY]
    made = []
    for number in range(count):
        other = random.choice(meant if number % 2 else ordinary)
        parts = [random.choice(ordinary), other]
        random.shuffle(parts)
        text = random.choice(JOINTS).join(part.rstrip(".") for part in parts)
        made.append((text, examples[other]))
    return made
