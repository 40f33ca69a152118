"""What counts of a message that is written while waiting for a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.escalation import Decision
from components.triggers import priority


def is_news(decision: Decision, waiting: Mapping[str, Any]) -> bool:
    """Whether a person is needed more urgently, or with care for something else.

    `waiting` has the `triggers` (names) and the `evidence` of the wait so far. What was
    said once with care is not said again at every message.
    """
    situation = decision.evidence.get("situation")
    if situation is not None:
        return bool(situation != (waiting.get("evidence") or {}).get("situation"))
    known = max(map(priority, waiting.get("triggers") or ()), default=0)
    return priority(decision.trigger) > known
