"""Checks triggers and help lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from authoring.check_files import File, Finding, Place, Project, as_list
from authoring.check_translations import languages
from components.triggers import MAX_PRIORITY, NAME

LINE_KEYS = ("name", "number")


def check_triggers(project: Project) -> Iterator[Finding]:
    """Yields what is wrong with data/triggers.yml."""
    for file in project.triggers:
        seen: set[str] = set()
        listed = file.section("triggers")
        for index, trigger in enumerate(as_list(listed)):
            place = file.item(listed, index)
            name = trigger.get("name") if isinstance(trigger, Mapping) else None
            if not NAME.fullmatch(str(name)):
                yield place.error("a trigger needs a name of small letters and '_'.")
                continue
            if name in seen:
                yield place.error(f"trigger '{name}' is there twice.")
            seen.add(str(name))
            yield from _declared(file, trigger, place)
            yield from _unlabelled(trigger, languages(project), place)


def _unlabelled(
    trigger: Mapping[str, Any], codes: list[str], place: Place
) -> Iterator[Finding]:
    """A trigger works without: agents of that language then read the English label."""
    labels = trigger.get("labels")
    known = labels if isinstance(labels, Mapping) else {}
    if lacking := [code for code in codes if not known.get(code)]:
        named = ", ".join(lacking)
        yield place.warning(f"'{trigger['name']}' has no label in {named}.")


def _declared(
    file: File, trigger: Mapping[str, Any], place: Place
) -> Iterator[Finding]:
    labels = trigger.get("labels")
    if not isinstance(labels, Mapping) or not labels.get("en"):
        yield place.error(f"'{trigger['name']}' needs an English label.")
    priority = trigger.get("priority")
    if not _is_whole(priority) or not 0 <= priority <= MAX_PRIORITY:
        yield place.error(
            f"'{trigger['name']}' needs a priority from 0 to {MAX_PRIORITY}."
        )
    reasons = trigger.get("reasons", [])
    if not isinstance(reasons, list) or not all(isinstance(r, str) for r in reasons):
        yield file.key(trigger, "reasons").error("'reasons' has to be a list of texts.")
    skill = trigger.get("skill")
    if skill is not None and not NAME.fullmatch(str(skill)):
        yield file.key(trigger, "skill").error(
            "a skill is a name of small letters and '_'."
        )


def check_help_lines(project: Project) -> Iterator[Finding]:
    """Yields what is wrong with the help lines of brand.yml."""
    for file in project.brand:
        listed = file.section("help_lines")
        countries = listed.get("countries") or {}
        if not countries:
            yield Place(file.path, 1).error("there are no countries in 'help_lines'.")
            continue
        by_language = listed.get("unknown_country") or {}
        if "en" not in by_language:
            yield file.start(listed).error("'unknown_country' needs a list for 'en'.")
        if not listed.get("elsewhere"):
            yield file.start(listed).error("'elsewhere' says where to look otherwise.")
        for language, codes in by_language.items():
            for code in as_list(codes):
                if code not in countries:
                    yield file.key(by_language, language).error(
                        f"there are no help lines for '{code}'."
                    )
        for code, country in countries.items():
            yield from _country(file, countries, str(code), country)


def _country(
    file: File, countries: Mapping[str, Any], code: str, country: Any
) -> Iterator[Finding]:
    place = file.key(countries, code)
    if not isinstance(country, Mapping) or not country.get("emergency"):
        yield place.error(f"'{code}' needs the number for an emergency.")
        return
    lines = [country, *as_list(country.get("lines"))]
    numbers = [("emergency", country), *(("number", line) for line in lines[1:])]
    for key, line in numbers:
        # 024 without quotes is 20 to YAML.
        if not isinstance(line, Mapping) or not isinstance(line.get(key), str):
            yield place.error(f"'{code}': each number stands in quotes.")
        elif key == "number" and not line.get("name"):
            yield place.error(f"'{code}': a line needs a name.")


def _is_whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
