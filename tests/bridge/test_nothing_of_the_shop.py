"""The bridge and its pages name nothing of the shop: meaning comes with the turn.

Single everyday words mean nothing by themselves: `stop`, `email`.
"""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    ROOT / "handoff_bridge" / "handoff_bridge",
    ROOT / "handoff_bridge" / "web" / "src",
]
SUFFIXES = {".py", ".ts", ".tsx", ".css", ".html"}
# By name: what the connector's contract or the published protocol has of it.
EXCEPTIONS = {
    "request_human": "the customers' call of the protocol",
    "share_photo": "the intent that the bridge makes of a photo",
    "customer_id": "a field of the identity",
    "order_number": "a field of version 1's row",
    "customer_name": "a variable of canned replies, filled from the packet's customer",
}


def shop_names() -> set[str]:
    """Responses, actions and forms; intents and slots of two words or more."""
    names: set[str] = set()
    for path in [ROOT / "domain.yml", *(ROOT / "domain").glob("*.yml")]:
        domain = yaml.safe_load(path.read_text(encoding="utf-8"))
        for section in ("responses", "actions", "forms"):
            names |= listed(domain.get(section))
        for section in ("intents", "slots", "entities"):
            names |= {name for name in listed(domain.get(section)) if "_" in name}
    for path in (ROOT / "kb").glob("*.md"):
        head = yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])
        intent = head.get("intent") or f"article_{path.stem}"
        names |= {intent, f"utter_{intent}"}
    return names


def listed(section: object) -> set[str]:
    if not isinstance(section, dict | list):
        return set()
    return {next(iter(one)) if isinstance(one, dict) else str(one) for one in section}


def sources() -> list[Path]:
    found = [path for folder in SOURCES for path in sorted(folder.rglob("*.*"))]
    return [p for p in found if p.suffix in SUFFIXES and ".test." not in p.name]


def named_in(path: Path, names: set[str]) -> set[str]:
    return names & set(re.findall(r"\w+", path.read_text(encoding="utf-8")))


def test_there_are_names_and_sources_to_look_at() -> None:
    names = shop_names()
    assert len(names) > 400
    assert {"utter_cancel_order_done", "action_cancel_order", "one_time_code"} <= names
    assert {"ask_opening_hours", "utter_ask_opening_hours", "return_item_form"} <= names
    assert len(sources()) > 150


def test_no_source_names_anything_of_the_shop() -> None:
    names = shop_names() - EXCEPTIONS.keys()
    found = {
        str(path.relative_to(ROOT)): sorted(named)
        for path in sources()
        if (named := named_in(path, names))
    }
    assert found == {}


def test_the_exceptions_are_still_needed() -> None:
    used = {n for path in sources() for n in named_in(path, set(EXCEPTIONS))}
    assert used == set(EXCEPTIONS)
    assert set(EXCEPTIONS) <= shop_names()
