"""The designers' declarations of why a human is needed: `data/triggers.yml`.

The bridge learns them with each request, so it has to know none of them. Knows
nothing of Rasa.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

# As the bridge takes them.
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_PRIORITY = 100
FILE = Path(__file__).resolve().parents[1] / "data" / "triggers.yml"


def declared(names: Iterable[str]) -> list[dict[str, Any]]:
    """Returns triggers in the protocol's form: name, labels, priority, skill?

    One without a declaration is its bare name.
    """
    known = {trigger["name"]: trigger for trigger in _declarations()}
    return [known.get(name, {"name": name}) for name in names]


def priority(name: str) -> int:
    """Returns how urgent a trigger is; 0 for one without a declaration."""
    return max((t["priority"] for t in _declarations() if t["name"] == name), default=0)


@cache
def precedence() -> tuple[str, ...]:
    """Returns the names, the most urgent first; alike, in the order of the file."""
    ordered = sorted(_declarations(), key=lambda trigger: -trigger["priority"])
    return tuple(trigger["name"] for trigger in ordered)


@cache
def _declarations() -> list[dict[str, Any]]:
    content = YAML(typ="safe").load(FILE.read_text("utf-8"))
    return [dict(trigger) for trigger in content["triggers"]]
