"""Writes `benchmarks/results.md`: each measurement owns one section and no other.

Runs in both environments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

RESULTS = Path(__file__).with_name("results.md")
TITLE = (
    "# Measured\n\n"
    "Written by `make bench`, `make estimates`, `make evaluate` and `make faults`; "
    "not to be edited.\n"
)
COLUMNS = ("what", "figure", "target", "verdict")

REACHED = "reached"
MISSED = "missed"


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, how much, what it should be, whether it is."""

    what: str
    figure: str
    target: str = ""
    verdict: str = ""


def verdict(is_reached: bool) -> str:
    """Returns the word for a figure that has a target."""
    return REACHED if is_reached else MISSED


def table(rows: Iterable[Sequence[str]], columns: Sequence[str] = COLUMNS) -> str:
    """Returns a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def write(
    section: str,
    rows: Iterable[Row],
    note: str = "",
    path: Path = RESULTS,
    now: datetime | None = None,
) -> None:
    """Replaces the section of this name, or adds it; leaves all others as they are."""
    day = (now or datetime.now(timezone.utc)).strftime("%Y-%m-%d %H:%M UTC")
    told = [(row.what, row.figure, row.target, row.verdict) for row in rows]
    parts = [f"## {section}", f"Measured {day}. {note}".strip(), table(told)]
    body = "\n\n".join(parts) + "\n"
    sections = _sections(path.read_text(encoding="utf-8") if path.exists() else "")
    sections[section] = body
    fresh = path.with_suffix(".new")
    fresh.write_text("\n".join([TITLE, *sections.values()]), encoding="utf-8")
    fresh.replace(path)


def _sections(text: str) -> dict[str, str]:
    """Returns each section's text by its name, in their order."""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {part.splitlines()[0][3:].strip(): part.rstrip() + "\n" for part in parts}


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")
