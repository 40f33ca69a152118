"""Checks rules, stories and test stories against the names of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from authoring.check_files import File, Finding, Place, Project, as_list, entries
from authoring.check_names import Names

KINDS = {"rules": "rule", "stories": "story"}
STEP_KEYS = frozenset(
    "intent user entities action bot active_loop slot_was_set checkpoint or metadata "
    "wait_for_user_input".split()
)
DIALOGUE_KEYS = frozenset(
    "rule story steps condition metadata conversation_start wait_for_user_input".split()
)


def check_dialogues(names: Names, project: Project) -> Iterator[Finding]:
    """Yields unknown names in steps, unknown keys, and dialogues of one name."""
    seen: dict[tuple[str, str], Place] = {}
    for file in project.dialogues:
        for section, kind in KINDS.items():
            found = file.section(section)
            for index, dialogue in enumerate(as_list(found)):
                place = file.item(found, index)
                if not isinstance(dialogue, Mapping) or not dialogue.get(kind):
                    yield place.error(f"a {kind} without a name.")
                    continue
                known = seen.setdefault((kind, str(dialogue[kind])), place)
                if known != place:
                    there = f"{known.path}:{known.line}"
                    yield place.warning(f"a {kind} of this name is in {there} already.")
                yield from _dialogue(names, file, dialogue)


def said_in_dialogues(project: Project) -> set[str]:
    """Returns the actions and responses that rules and stories name."""
    return {
        str(step["action"])
        for file in project.dialogues
        for section in KINDS
        for dialogue in as_list(file.section(section))
        if isinstance(dialogue, Mapping)
        for step in as_list(dialogue.get("steps"))
        if isinstance(step, Mapping) and step.get("action")
    }


def _dialogue(
    names: Names, file: File, dialogue: Mapping[str, Any]
) -> Iterator[Finding]:
    for key in dialogue:
        if key not in DIALOGUE_KEYS:
            yield file.key(dialogue, key).error(f"unknown key '{key}'.")
    if not dialogue.get("steps"):
        yield file.start(dialogue).error("there are no steps.")
    for part in ("condition", "steps"):
        for step in as_list(dialogue.get(part)):
            yield from _step(names, file, step)


def _step(names: Names, file: File, step: Any) -> Iterator[Finding]:
    if not isinstance(step, Mapping):
        return
    for key in step:
        if key not in STEP_KEYS:
            yield file.key(step, key).error(f"unknown kind of step '{key}'.")
    for option in as_list(step.get("or")):
        yield from _step(names, file, option)
    if isinstance(step.get("intent"), str):
        place = file.key(step, "intent")
        yield from names.unknown("intents", step["intent"].lstrip("/"), place)
    for index, name, _ in entries(step.get("entities")):
        place = file.item(step["entities"], index)
        yield from names.unknown("entities", name, place)
    yield from _action(names, file, step)
    if isinstance(step.get("active_loop"), str):
        place = file.key(step, "active_loop")
        yield from names.unknown("forms", step["active_loop"], place)
    for name, place in _slots(file, step):
        yield from names.unknown("slots", name, place)


def _action(names: Names, file: File, step: Mapping[str, Any]) -> Iterator[Finding]:
    name = step.get("action")
    if not isinstance(name, str):
        return
    if any(names.has(kind, name) for kind in ("actions", "forms", "responses")):
        return
    section = "actions"
    if name.startswith("utter_"):
        section = "responses"
    elif name.endswith("_form"):
        section = "forms"
    yield from names.unknown(section, name, file.key(step, "action"))


def _slots(file: File, step: Mapping[str, Any]) -> Iterator[tuple[str, Place]]:
    slots = step.get("slot_was_set")
    if isinstance(slots, Mapping):
        for name in slots:
            yield str(name), file.key(slots, name)
    for index, name, _ in entries(slots):
        yield name, file.item(slots, index)
