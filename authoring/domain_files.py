"""Reads `domain.yml` and the topics in `domain/` into one Rasa domain.

Designers write keys of their own there, so that no topic has to know another. Rasa gets
none of them:

* `agent_label`, `topic` and the like: what agents read (`authoring/agent_labels.py`).
* `interrupts_forms: true` under an intent: said in the middle of a form it is answered,
  and is no value for the slot that the form asks for.
* `asked_only: true` under a slot's mapping stands for Rasa's `conditions`: one for
  every form that requires the slot, while the form asks for it. With `type: from_text`
  and no intents of its own, it also leaves out all intents that interrupt forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

TOPICS = "domain"
INTERRUPTS = "interrupts_forms"
ASKED_ONLY = "asked_only"
INTENT_KEYS = ("intent", "not_intent")
# By the domain's section: what is ours and not Rasa's.
OWN_KEYS: dict[str, frozenset[str]] = {
    "intents": frozenset({"agent_label", "topic", "small_talk", INTERRUPTS}),
    "actions": frozenset({"agent_label", "topic", "internal"}),
    "forms": frozenset({"agent_label"}),
    "slots": frozenset(
        {"agent_label", "subject", "reference", "internal", "secret", "fixed"}
    ),
}

DomainDict = dict[str, Any]


class InvalidDomainFile(ValueError):
    """A file of the domain that cannot be merged; the message names it."""


def domain_files(domain_path: Path) -> list[Path]:
    """Returns the base file and the topics beside it, in a fixed order."""
    if domain_path.is_dir():
        return sorted(domain_path.glob("*.yml"))
    return [domain_path, *sorted((domain_path.parent / TOPICS).glob("*.yml"))]


def named(section: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yields name and properties, of a mapping as well as of a list of names."""
    if isinstance(section, Mapping):
        entries = list(section.items())
    else:
        entries = [
            next(iter(entry.items())) if isinstance(entry, Mapping) else (entry, None)
            for entry in section or ()
        ]
    for name, properties in entries:
        yield str(name), properties if isinstance(properties, Mapping) else {}


def read_domain(domain_path: Path, interrupting: Iterable[str] = ()) -> DomainDict:
    """Returns the domain as Rasa's dictionary, without keys of our own.

    `interrupting` are further intents that interrupt forms.

    Raises:
        InvalidDomainFile: a file is no mapping, or two files define the same name.
    """
    domain: DomainDict = {}
    for path in domain_files(domain_path):
        add_names(domain, read_yaml_file(path) or {}, path)
    intents = [
        name
        for name, properties in named(domain.get("intents"))
        if properties.get(INTERRUPTS)
    ]
    for section in OWN_KEYS:
        if section in domain:
            domain[section] = _without_own_keys(section, domain[section])
    for slot, properties in domain.get("slots", {}).items():
        for mapping in properties.get("mappings", []):
            _write_out(
                mapping, slot, domain.get("forms", {}), [*intents, *interrupting]
            )
    return domain


def add_names(domain: DomainDict, part: Any, path: Path | str) -> None:
    """Adds a part's sections to the domain; `path` is where the part comes from.

    Raises:
        InvalidDomainFile: the part is no mapping, or defines a known name again.
    """
    if not isinstance(part, Mapping):
        raise InvalidDomainFile(f"{path}: not a mapping of sections.")
    for section, content in part.items():
        if isinstance(content, list):
            domain.setdefault(section, []).extend(content)
        elif isinstance(content, Mapping):
            known = domain.setdefault(section, {})
            for name in known.keys() & content.keys():
                raise InvalidDomainFile(
                    f"{path}: '{name}' of '{section}' is defined in another file too."
                )
            known.update(content)
        else:
            domain[section] = content


def _without_own_keys(section: str, content: Any) -> Any:
    found = [
        (name, {k: v for k, v in properties.items() if k not in OWN_KEYS[section]})
        for name, properties in named(content)
    ]
    if isinstance(content, Mapping):
        return dict(found)
    return [{name: rest} if rest else name for name, rest in found]


def _write_out(
    mapping: dict[str, Any], slot: str, forms: Mapping[str, Any], beside: list[str]
) -> None:
    if not mapping.pop(ASKED_ONLY, False):
        return
    mapping["conditions"] = [
        {"active_loop": form, "requested_slot": slot}
        for form, properties in forms.items()
        if slot in properties.get("required_slots", [])
    ]
    if mapping.get("type") == "from_text" and not mapping.keys() & {*INTENT_KEYS}:
        mapping["not_intent"] = list(beside)
