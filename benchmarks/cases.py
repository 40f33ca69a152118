"""Cases in two halves: ours, and those that nobody looked at while building.

`benchmarks/cases/<name>.yml` is ours; `<name>_held_out.yml` was written by people who
knew only what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from benchmarks.examples import ROOT

FOLDER = ROOT / "benchmarks" / "cases"
# Every so many cases in the quick form.
QUICKLY = 5

Case = dict[str, Any]


def halves(name: str, quick: bool = False) -> Iterator[tuple[str, list[Case]]]:
    """Yields `own` and `held out` with their cases, as far as their files are there.

    Of all of them, or of one in `QUICKLY`.
    """
    for half, suffix in (("own", ""), ("held out", "_held_out")):
        path = FOLDER / f"{name}{suffix}.yml"
        if path.exists():
            yield half, read_yaml_file(path)[:: QUICKLY if quick else 1]


def alternately(cases: list[Case]) -> Iterator[tuple[str, list[Case]]]:
    """Yields `tuned on` and `kept`: by turns, of each language."""
    turns: dict[str, list[Case]] = {"tuned on": [], "kept": []}
    for language in dict.fromkeys(case["language"] for case in cases):
        spoken = [case for case in cases if case["language"] == language]
        turns["tuned on"] += spoken[::2]
        turns["kept"] += spoken[1::2]
    yield from turns.items()
