"""Collects the names that a project defines, and finds those defined twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from authoring.articles import FOLDER as ARTICLES
from authoring.articles import Article, InvalidArticle, read_each_article
from authoring.check_files import File, Finding, Place, Project, entries

LISTS = ("intents", "entities", "actions")
MAPPINGS = ("slots", "forms", "responses")
SINGULAR = {
    "intents": "intent",
    "entities": "entity",
    "actions": "action",
    "slots": "slot",
    "forms": "form",
    "responses": "response",
}
# Rasa's own.
ACTIONS = frozenset(
    "action_listen action_restart action_session_start action_default_fallback "
    "action_deactivate_loop action_revert_fallback_events action_default_ask_rephrase "
    "action_default_ask_affirmation action_two_stage_fallback action_back "
    "action_unlikely_intent action_extract_slots".split()
)
INTENTS = frozenset("session_start restart back out_of_scope nlu_fallback".split())
SLOTS = frozenset({"requested_slot", "session_started_metadata"})


@dataclass
class Names:
    """Every defined name with its place, by the domain's sections."""

    places: dict[str, dict[str, Place]] = field(default_factory=dict)
    articles: list[Article] = field(default_factory=list)
    responses: dict[str, tuple[File, Any]] = field(default_factory=dict)
    slots: dict[str, tuple[File, Any]] = field(default_factory=dict)
    forms: dict[str, tuple[File, Any]] = field(default_factory=dict)

    def has(self, section: str, name: str) -> bool:
        """Whether a name is defined, or Rasa's own."""
        own = {"actions": ACTIONS, "intents": INTENTS, "slots": SLOTS}
        return name in self.places.get(section, {}) or name in own.get(section, ())

    def unknown(self, section: str, name: str, place: Place) -> Iterator[Finding]:
        """Yields an error if a name is not defined."""
        if not self.has(section, name):
            kind = SINGULAR[section]
            hint = _nearest(name, self.places.get(section, {}))
            yield place.error(f"there is no {kind} '{name}'{hint}.")

    def required_by(self, slot: str) -> list[str]:
        """Returns the forms that ask for a slot."""
        return [
            form
            for form, (_, content) in self.forms.items()
            if slot in required(content)
        ]


def required(form: Any) -> list[str]:
    """Returns the slots of a form."""
    slots = form.get("required_slots") if isinstance(form, Mapping) else None
    return [str(slot) for slot in slots] if isinstance(slots, list) else []


def collect(project: Project) -> tuple[Names, list[Finding]]:
    """Returns the names, and what is defined twice or cannot be an article."""
    names = Names({section: {} for section in (*LISTS, *MAPPINGS)})
    findings = []
    for file in project.domain:
        for section, name, place in _defined(file, names):
            known = names.places[section].setdefault(name, place)
            if known != place:
                there = f"{known.path}:{known.line}"
                kind = SINGULAR[section]
                findings.append(place.error(f"{kind} '{name}' is in {there} already."))
    findings += _add_articles(names, project.root)
    return names, findings


def _defined(file: File, names: Names) -> Iterator[tuple[str, str, Place]]:
    for section in LISTS:
        node = file.section(section)
        for index, name, _ in entries(node):
            yield section, name, file.item(node, index)
    for section in MAPPINGS:
        node = file.section(section)
        if not isinstance(node, Mapping):
            continue
        for name, content in node.items():
            getattr(names, section)[str(name)] = (file, content)
            yield section, str(name), file.key(node, name)


def _add_articles(names: Names, root: Path) -> Iterator[Finding]:
    for found in read_each_article(root / ARTICLES):
        if isinstance(found, InvalidArticle):
            yield Finding(found.path.relative_to(root), found.line, found.reason)
            continue
        place = Place(found.english.path.relative_to(root), 1)
        names.articles.append(found)
        for response in (found.response, found.reading):
            known = names.places["responses"].setdefault(response, place)
            if known != place:
                there = f"{known.path}:{known.line}"
                yield place.error(f"response '{response}' is in {there} already.")
        if found.intent:
            names.places["intents"].setdefault(found.intent, place)


def _nearest(name: str, known: Mapping[str, Place]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.75)
    return f"; is it '{near[0]}'" if near else ""
