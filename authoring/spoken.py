"""Which variation of a response is said in which language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LANGUAGE_SLOT = "language"


def spoken_in(code: str) -> list[dict[str, str]]:
    """Returns the condition of a variation in a language other than English."""
    return [{"type": "slot", "name": LANGUAGE_SLOT, "value": code}]


def text_in(variations: Sequence[Mapping[str, Any]], language: str | None) -> str:
    """Returns the first text for a language, else the first without a condition."""
    condition = spoken_in(language or "")
    fitting = [v for v in variations if v.get("condition") == condition]
    plain = [v for v in variations if not v.get("condition")]
    return str((fitting or plain or variations)[0].get("text") or "")
