"""Reads `domain.yml` and the topics in `domain/` into one Rasa domain.

Two short forms save the topics from knowing of each other. Under a slot's mapping,
`when: asked` stands for Rasa's `conditions`: one for every form that requires the
slot, while the form asks for it. `not_intent: said_beside` stands for the intents
that the configuration lists under that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

TOPICS = "domain"
WHEN_ASKED = "asked"
SAID_BESIDE = "said_beside"

DomainDict = dict[str, Any]


class InvalidDomainFile(ValueError):
    """A file of the domain that cannot be merged; the message names it."""


def domain_files(domain_path: Path) -> list[Path]:
    """Returns the base file and the topics beside it, in a fixed order."""
    if domain_path.is_dir():
        return sorted(domain_path.glob("*.yml"))
    return [domain_path, *sorted((domain_path.parent / TOPICS).glob("*.yml"))]


def read_domain(domain_path: Path, said_beside: Iterable[str] = ()) -> DomainDict:
    """Returns the domain as Rasa's dictionary, short forms written out.

    Raises:
        InvalidDomainFile: a file is no mapping, or two files define the same name.
    """
    domain: DomainDict = {}
    for path in domain_files(domain_path):
        add_names(domain, read_yaml_file(path) or {}, path)
    for slot, properties in domain.get("slots", {}).items():
        for mapping in properties.get("mappings", []):
            _write_out(mapping, slot, domain.get("forms", {}), list(said_beside))
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


def _write_out(
    mapping: dict[str, Any], slot: str, forms: Mapping[str, Any], beside: list[str]
) -> None:
    if mapping.get("not_intent") == SAID_BESIDE:
        mapping["not_intent"] = list(beside)
    if mapping.pop("when", None) == WHEN_ASKED:
        mapping["conditions"] = [
            {"active_loop": form, "requested_slot": slot}
            for form, properties in forms.items()
            if slot in properties.get("required_slots", [])
        ]
