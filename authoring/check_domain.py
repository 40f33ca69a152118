"""Checks slots, forms and responses against the names of the project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from authoring.articles import Article
from authoring.brand import NEUTRAL_NAMES
from authoring.check_files import File, Finding, Place, Project, as_list
from authoring.check_names import Names, required
from authoring.domain_files import ASKED_ONLY, INTENT_KEYS

PAYLOAD = re.compile(r"/(\w+)\s*(\{.*\})?\s*")
VALUE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
# Said by Rasa itself, or chosen by a name that is put together.
SAID_BY_RASA = ("utter_default",)
READING = "utter_reading_"
# Names in Python that end in a value: f"utter_order_status_{status}".
PUT_TOGETHER = re.compile(r"\"(utter_\w+_)[\"{]")
WORD = re.compile(r"\butter_\w+\b")
GIVEN = re.compile(r"[\"'(\s,{](\w+)(?:=|[\"']: )")


def check_slots(names: Names) -> Iterator[Finding]:
    """Yields what is wrong with slots' mappings."""
    for slot, (file, content) in names.slots.items():
        mappings = content.get("mappings") if isinstance(content, Mapping) else None
        for index, mapping in enumerate(mappings or []):
            yield from _mapping(names, slot, file, mapping, file.item(mappings, index))


def _mapping(
    names: Names, slot: str, file: File, mapping: Any, place: Place
) -> Iterator[Finding]:
    if not isinstance(mapping, Mapping):
        yield place.error(f"a mapping of slot '{slot}' has no 'type'.")
        return
    for key in INTENT_KEYS:
        for intent in as_list(mapping.get(key)):
            yield from names.unknown("intents", intent, file.key(mapping, key))
    if "entity" in mapping:
        entity = file.key(mapping, "entity")
        yield from names.unknown("entities", mapping["entity"], entity)
    asked_only = mapping.get(ASKED_ONLY)
    if asked_only is True and not names.required_by(slot):
        where = file.key(mapping, ASKED_ONLY)
        yield where.error(f"'{slot}' is never asked: no form requires it.")
    elif asked_only not in (None, True, False):
        yield file.key(mapping, ASKED_ONLY).error(
            f"'{ASKED_ONLY}' has to be true or false."
        )
    for condition in as_list(mapping.get("conditions")):
        if isinstance(condition, Mapping) and condition.get("active_loop"):
            loop = file.key(condition, "active_loop")
            yield from names.unknown("forms", condition["active_loop"], loop)


def check_forms(names: Names) -> Iterator[Finding]:
    """Yields unknown slots of forms, and slots that no question asks for."""
    for form, (file, content) in names.forms.items():
        for index, slot in enumerate(required(content)):
            place = file.item(content["required_slots"], index)
            yield from names.unknown("slots", slot, place)
            asks = [f"ask_{form}_{slot}", f"ask_{slot}"]
            if not any(
                names.has("responses", f"utter_{ask}")
                or names.has("actions", f"action_{ask}")
                for ask in asks
            ):
                yield place.error(
                    f"nothing asks for '{slot}' in '{form}': write utter_{asks[0]}."
                )


def check_responses(names: Names, project: Project) -> Iterator[Finding]:
    """Yields responses with a bad shape, unknown buttons or values."""
    given = {*names.slots, *GIVEN.findall(project.python), *NEUTRAL_NAMES}
    for name, (file, variations) in names.responses.items():
        place = names.places["responses"][name]
        if not isinstance(variations, list) or not variations:
            yield place.error(f"'{name}' needs a list of variations.")
            continue
        yield from _tone(name, variations, place)
        for index, variation in enumerate(variations):
            where = file.item(variations, index)
            if not isinstance(variation, Mapping) or not (
                {"text", "custom", "image"} & variation.keys()
            ):
                yield where.error(f"a variation of '{name}' has no 'text'.")
                continue
            yield from _values(name, file, variation, given)
            yield from _conditions(names, file, variation)
            for button in as_list(variation.get("buttons")):
                yield from _button(names, name, file, button, where)


def _tone(name: str, variations: list[Any], place: Place) -> Iterator[Finding]:
    """Yields a response that leaves nothing to say to an aggrieved customer."""
    if all(
        isinstance(one, Mapping)
        and isinstance(one.get("metadata"), Mapping)
        and one["metadata"].get("cheerful")
        for one in variations
    ):
        yield place.error(f"'{name}' needs a variation that is not cheerful.")


def _values(
    name: str, file: File, variation: Mapping[str, Any], given: set[str]
) -> Iterator[Finding]:
    if not isinstance(variation.get("text"), str):
        return
    for value in sorted(set(VALUE.findall(variation["text"])) - given):
        yield file.key(variation, "text").error(
            f"{{{value}}} in '{name}' is no slot, and no action gives it."
        )


def _conditions(
    names: Names, file: File, variation: Mapping[str, Any]
) -> Iterator[Finding]:
    for condition in as_list(variation.get("condition")):
        if isinstance(condition, Mapping) and condition.get("type") == "slot":
            place = file.key(condition, "name")
            yield from names.unknown("slots", str(condition.get("name")), place)


def _button(
    names: Names, response: str, file: File, button: Any, where: Place
) -> Iterator[Finding]:
    if not isinstance(button, Mapping) or not {"title", "payload"} <= button.keys():
        yield where.error(f"a button of '{response}' lacks a title or a payload.")
        return
    payload = str(button["payload"])
    # Shared by `&` and `*`, it stands where it was written first.
    place = file.key(button, "payload")
    yield from check_payload(names, payload, place)


def check_payload(names: Names, payload: str, place: Place) -> Iterator[Finding]:
    """Yields what is wrong with what a button sends."""
    if VALUE.fullmatch(payload):
        return  # an action gives the whole
    parts = PAYLOAD.fullmatch(payload)
    if not parts:
        yield place.error(f"the button sends '{payload}': write a slash and an intent.")
        return
    yield from names.unknown("intents", parts[1], place)
    if parts[2]:
        try:
            entities = json.loads(parts[2].replace("{{", "{").replace("}}", "}"))
        except ValueError:
            yield place.error(f"the button's entities are no JSON: {parts[2]}.")
            return
        for entity in entities:
            yield from names.unknown("entities", entity, place)


def check_articles(names: Names, project: Project) -> Iterator[Finding]:
    """Yields buttons of articles that send unknown intents."""
    for article in names.articles:
        for button in article.english.buttons:
            place = _place_in(article, project, button["payload"])
            yield from check_payload(names, button["payload"], place)


def _place_in(article: Article, project: Project, text: str) -> Place:
    path = article.english.path
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if text in line:
            return Place(path.relative_to(project.root), number)
    return Place(path.relative_to(project.root), 1)


def check_use(names: Names, project: Project, said: set[str]) -> Iterator[Finding]:
    """Yields a warning for each response that nothing says."""
    said = said | {article.response for article in names.articles}
    said |= said_in_python(project)
    questions = {
        f"utter_ask_{ask}"
        for form, (_, content) in names.forms.items()
        for slot in required(content)
        for ask in (slot, f"{form}_{slot}")
    }
    config = project.config.text
    for name in names.responses:
        if name in said or name in questions or name in SAID_BY_RASA:
            continue
        if name.startswith(READING):
            continue
        if not re.search(rf"\b{name}\b", config):
            yield names.places["responses"][name].warning(f"nothing says '{name}'.")


def said_in_python(project: Project) -> set[str]:
    """Returns the responses that code names, or puts together the name of."""
    fronts = tuple(PUT_TOGETHER.findall(project.python))
    words = set(WORD.findall(project.python))
    return {
        name
        for file in project.domain
        for name in file.section("responses")
        if name in words or (fronts and str(name).startswith(fronts))
    }
