"""Checks what agents read: labels beside names, outcomes and promises of responses.

What lacks a label still works, under its name, so that is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from authoring.agent_labels import KINDS, PLACEHOLDER, is_internal
from authoring.check_domain import READING, said_in_python
from authoring.check_files import File, Finding, Place, Project, as_list, entries
from authoring.check_names import Names
from authoring.domain_files import OWN_KEYS

SECTIONS = ("intents", "actions")
RASAS_KEYS = {
    "intents": {"use_entities", "ignore_entities", "triggers"},
    "actions": {"send_domain"},
}
SWITCHES = frozenset(
    {"small_talk", "interrupts_forms", "internal", "reference", "secret", "fixed"}
)
SENTENCES = ("done", "tried", "noun")
EXTERNAL = "EXTERNAL_"
MEANING = ("outcome", "label", "promise")
# What a response's name says came of it, by a word of the name.
NAMED_OUTCOMES = {
    "done": "done",
    "kept": "nothing_to_do",
    "already": "nothing_to_do",
    "unclear": "unclear",
}
# Said before a question, on a button, or as one: nothing comes of them.
NO_OUTCOME = re.compile(rf"utter_(?:ask|why|help|all)(?:_|$)|{READING}")


def check_labels(names: Names, project: Project) -> Iterator[Finding]:
    """Yields what is wrong with labels, then what has none."""
    asked = {slot for slot in names.slots if names.required_by(slot)}
    for file in project.domain:
        for section in SECTIONS:
            node = file.section(section)
            for index, name, own in entries(node):
                place = file.item(node, index)
                own = own if isinstance(own, Mapping) else {}
                yield from _unknown(section, own, place)
                yield from _own(names, file, name, own, place)
                if _lacks_label(section, name, own):
                    yield place.warning(_advice(section, name))
    for section in ("forms", "slots"):
        for name, (file, content) in getattr(names, section).items():
            own = content if isinstance(content, Mapping) else {}
            place = names.places[section][name]
            yield from _own(names, file, name, own, place)
            if not own.get("agent_label") and (section == "forms" or name in asked):
                yield place.warning(_advice(section, name))
    yield from _responses(names, project)


def _lacks_label(section: str, name: str, own: Mapping[str, Any]) -> bool:
    if own.get("agent_label"):
        return False
    if section == "intents":
        return not own.get("small_talk") and not name.startswith(EXTERNAL)
    return not is_internal(name, own)


def _advice(section: str, name: str) -> str:
    instead = {"intents": " or 'small_talk'", "actions": " or 'internal'"}
    key = f"'agent_label'{instead.get(section, '')}"
    return f"agents read '{name}' as it stands: it has no {key}."


def _unknown(section: str, own: Mapping[str, Any], place: Place) -> Iterator[Finding]:
    for key in sorted(own.keys() - OWN_KEYS[section] - RASAS_KEYS[section]):
        yield place.error(f"there is no key '{key}' of {section}.")


def _own(
    names: Names, file: File, name: str, own: Mapping[str, Any], place: Place
) -> Iterator[Finding]:
    label = own.get("agent_label")
    is_action = name in names.places["actions"]
    if label is not None and not _is_label(label, is_action):
        wanted = "the texts 'done', 'tried' and 'noun'" if is_action else "a text"
        yield place.error(f"'agent_label' of '{name}' has to be {wanted}.")
    elif label and (own.get("small_talk") or own.get("internal")):
        yield place.error(f"'{name}' has a label that nobody reads.")
    for text in [*_texts(label), *_texts(own.get("subject"))]:
        for slot in PLACEHOLDER.findall(text):
            yield from names.unknown("slots", slot, place)
    for key in sorted(SWITCHES & own.keys()):
        if not isinstance(own[key], bool):
            yield place.error(f"'{key}' of '{name}' has to be true or false.")
    topic = own.get("topic", False)
    if topic is not False and not isinstance(topic, str):
        yield place.error(f"'topic' of '{name}' has to be a name, or false.")


def _is_label(label: Any, is_action: bool) -> bool:
    if not is_action:
        return isinstance(label, str) and bool(label.strip())
    return (
        isinstance(label, Mapping)
        and label.keys() == {*SENTENCES}
        and all(isinstance(text, str) and text.strip() for text in label.values())
    )


def _texts(label: Any) -> list[str]:
    values = label.values() if isinstance(label, Mapping) else [label]
    return [text for text in values if isinstance(text, str)]


def _responses(names: Names, project: Project) -> Iterator[Finding]:
    said = said_in_python(project)
    telling = set(_telling(project))
    for name, (file, variations) in names.responses.items():
        listed = [one for one in as_list(variations) if isinstance(one, Mapping)]
        beside = [one.get("metadata") or {} for one in listed]
        for one, metadata in zip(listed, beside, strict=True):
            place = file.key(one, "metadata") if metadata else file.start(one)
            for problem in [*_problems(metadata), *_misnamed(name, metadata)]:
                yield place.error(f"'{name}': {problem}")
        place = names.places["responses"][name]
        told = [{key: _of(one, key) for key in MEANING} for one in beside]
        if any(one != told[0] for one in told):
            yield place.error(f"the variations of '{name}' differ in what they mean.")
        if (
            file.path in telling
            and name in said
            and not NO_OUTCOME.match(name)
            and not any(one["outcome"] for one in told)
        ):
            yield place.warning(
                f"an action says '{name}', and nothing tells an agent what came of it: "
                "it has no 'outcome' ('none' for a question or a part)."
            )


def _telling(project: Project) -> Iterator[Any]:
    """Yields the files of topics that agents read about."""
    for file in project.domain:
        actions = [
            name
            for _, name, own in entries(file.section("actions"))
            if not is_internal(name, own)
        ]
        outcomes = (
            _of(one.get("metadata"), "outcome")
            for variations in file.section("responses").values()
            for one in as_list(variations)
            if isinstance(one, Mapping)
        )
        if actions or any(outcomes):
            yield file.path


def _of(metadata: Any, key: str) -> Any:
    return metadata.get(key) if isinstance(metadata, Mapping) else None


def _misnamed(name: str, metadata: Any) -> Iterator[str]:
    """Yields where the name says another outcome, such as `utter_x_kept` as done."""
    outcome = _of(metadata, "outcome")
    for word, meant in NAMED_OUTCOMES.items():
        if word in name.split("_") and outcome not in (None, "none", meant):
            yield f"its name says '{meant}', its outcome '{outcome}'."


def _problems(metadata: Any) -> Iterator[str]:
    if not isinstance(metadata, Mapping):
        yield "'metadata' has to be keys and values."
        return
    outcome, promise = metadata.get("outcome"), metadata.get("promise")
    if outcome is not None and outcome not in KINDS:
        known = ", ".join(sorted(KINDS))
        yield f"there is no outcome '{outcome}'; write one of {known}."
    if "label" in metadata and outcome in (None, "none"):
        yield "a 'label' says what came of it: it needs an 'outcome'."
    for key in ("label", "attempt"):
        if key in metadata and not isinstance(metadata[key], str):
            yield f"'{key}' has to be a text."
    if promise is not None and not isinstance(promise, bool):
        yield "'promise' has to be true or false."
    if promise and outcome == "none":
        yield "a question or a part is no promise: mark the sentence that makes it."
