"""Reads the designers' sentiment examples. Knows nothing of Rasa's graph.

    version: "3.1"
    sentiment:
    - label: negative
      examples: |
        - not impressed

`negative` is a grievance, `angry` a stronger one, `trouble` a problem told soberly. A
message that is listed under several labels counts as the first of them in `LABELS`.
"""

from pathlib import Path

from rasa.shared.utils.io import read_yaml_file

from components.example_files import yaml_files

ANGRY, NEGATIVE, TROUBLE = "angry", "negative", "trouble"
NEUTRAL, POSITIVE = "neutral", "positive"
LABELS = (ANGRY, NEGATIVE, TROUBLE, NEUTRAL, POSITIVE)
# What a customer has against us.
GRIEVANCES = (ANGRY, NEGATIVE)
# Something is wrong for the customer, however they take it.
UNHAPPY = (ANGRY, NEGATIVE, TROUBLE)


class InvalidSentimentData(Exception):
    """A file that cannot be read as sentiment examples; the message names it."""


def read_examples(folder: str) -> dict[str, str]:
    """Returns text -> label over all files of a folder.

    Raises:
        InvalidSentimentData: a file has another shape or an unknown label.
    """
    examples: dict[str, str] = {}
    for path in yaml_files(folder):
        for label, text in _examples_of(path):
            known = examples.get(text, label)
            examples[text] = min(known, label, key=LABELS.index)
    return examples


def _examples_of(path: Path) -> list[tuple[str, str]]:
    content = read_yaml_file(path)
    blocks = content.get("sentiment") if isinstance(content, dict) else None
    if not isinstance(blocks, list):
        raise InvalidSentimentData(f"{path}: no list under 'sentiment'.")
    found = []
    for block in blocks:
        label = block.get("label")
        if label not in LABELS:
            raise InvalidSentimentData(f"{path}: label {label!r} is not in {LABELS}.")
        for line in str(block.get("examples", "")).splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                found.append((label, text))
    return found
