"""What the assistant takes from `brand.yml`: the shop's name and its own.

The bridge reads all of the file and checks it (`make check`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

# In the texts these stand in braces.
NEUTRAL_NAMES = {"assistant": "Assistant", "company": "Example Shop"}


def read_brand(root: Path) -> dict[str, Any]:
    """Returns the brand of a project, empty where it has none.

    `BRAND_FILE` names another file, for the bridge too.
    """
    path = Path(os.environ.get("BRAND_FILE") or root / "brand.yml")
    if not path.exists():
        return {}
    return dict(YAML(typ="safe").load(path.read_text("utf-8")) or {})


def fill_names(
    responses: Mapping[str, Iterable[dict[str, Any]]], brand: Mapping[str, Any]
) -> None:
    """Puts the names for `{assistant}` and `{company}` into texts and buttons."""
    names = {name: brand.get(name, neutral) for name, neutral in NEUTRAL_NAMES.items()}
    for variations in responses.values():
        for variation in variations:
            _fill(variation, "text", names)
            for button in variation.get("buttons") or []:
                _fill(button, "title", names)


def _fill(holder: dict[str, Any], key: str, names: Mapping[str, str]) -> None:
    if not isinstance(holder.get(key), str):
        return
    for name, value in names.items():
        holder[key] = holder[key].replace(f"{{{name}}}", value)
