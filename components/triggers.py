"""The designers' declarations of why a human is needed: `data/triggers.yml`.

The bridge learns them with each request, so it has to know none of them. Knows
nothing of Rasa.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from authoring.agent_labels import PLACEHOLDER, agent_labels, filled

# As the bridge takes them.
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_PRIORITY = 100
FILE = Path(__file__).resolve().parents[1] / "data" / "triggers.yml"


def declared(
    names: Iterable[str], evidence: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Returns triggers in the protocol's form: name, labels, priority, skill?, reason?

    One without a declaration is its bare name. The reason is the first of the
    declaration's `reasons` whose values the evidence has.
    """
    known = {trigger["name"]: trigger for trigger in _declarations()}
    found = []
    for name in names:
        trigger = dict(known.get(name, {"name": name}))
        reason = _reason(trigger.pop("reasons", ()), evidence or {})
        found.append(trigger | ({"reason": reason} if reason else {}))
    return found


def _reason(reasons: Iterable[str], evidence: Mapping[str, Any]) -> str | None:
    for reason in reasons:
        wanted = PLACEHOLDER.findall(reason)
        values = {name: _in_words(evidence.get(name)) for name in wanted}
        if all(values.values()):
            return filled(reason, values)
    return None


def _in_words(value: Any) -> str | None:
    """Returns a name's label; a number below two is nothing to speak of."""
    if isinstance(value, int):
        return str(value) if value > 1 else None
    if isinstance(value, (list, tuple)):
        return ", ".join(agent_labels().words(str(one)) for one in value)
    return agent_labels().words(value) if isinstance(value, str) and value else None


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
