"""Checks translations against the English, and says what is not translated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from authoring.check_files import Finding, Place, Project, as_list
from authoring.check_names import Names

SHOWN = 3


def check_translations(names: Names, project: Project) -> Iterator[Finding]:
    """Yields translations that do not fit, then those that are missing."""
    translated: dict[str, set[str]] = defaultdict(set)
    for file in project.translations:
        code = file.path.parent.name
        responses = file.section("responses")
        if not responses and file.text.strip():
            yield Place(file.path, 1).error("there are no 'responses'.")
        for name, variations in responses.items():
            place = file.key(responses, name)
            if name in translated[code]:
                yield place.error(f"'{name}' is translated to {code} already.")
            translated[code].add(name)
            if name not in names.responses:
                yield from names.unknown("responses", name, place)
                continue
            english = as_list(names.responses[name][1])
            for index, item in enumerate(as_list(variations)):
                where = file.item(variations, index)
                original = english[min(index, len(english) - 1)] if english else {}
                for problem in _problems(item, original):
                    yield where.error(f"'{name}': {problem}")
    yield from _missing(names, project, translated)


def _problems(item: Any, english: Any) -> Iterator[str]:
    if not isinstance(item, Mapping) or not isinstance(item.get("text"), str):
        yield "a variation needs a 'text'."
        return
    try:
        found = values_of(item["text"])
    except ValueError:
        yield "a brace stands alone."
        return
    wanted = values_of(str(english.get("text") or ""))
    if found != wanted:
        yield f"the English has {_braced(wanted)}, this has {_braced(found)}."
    titles, buttons = as_list(item.get("buttons")), as_list(english.get("buttons"))
    if len(titles) != len(buttons):
        yield f"the English has {len(buttons)} buttons, this has {len(titles)}."


def values_of(text: str) -> set[str]:
    """Returns the names in braces. Raises ValueError for a brace that stands alone."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _braced(values: set[str]) -> str:
    return " and ".join(f"{{{value}}}" for value in sorted(values)) or "no values"


def languages(project: Project) -> list[str]:
    """Returns the languages that the assistant answers in, but for its own."""
    own = str(project.config.content.get("language") or "en")
    spoken: list[str] = []
    for component in as_list(project.config.content.get("pipeline")):
        if isinstance(component, Mapping):
            spoken += [str(code) for code in as_list(component.get("languages"))]
    return [code for code in dict.fromkeys(spoken) if code != own]


def _missing(
    names: Names, project: Project, translated: Mapping[str, set[str]]
) -> Iterator[Finding]:
    for code in languages(project):
        lacking: dict[Path, list[Place]] = defaultdict(list)
        told: dict[Path, list[str]] = defaultdict(list)
        for name, (file, _) in names.responses.items():
            if name not in translated[code]:
                lacking[file.path].append(names.places["responses"][name])
                told[file.path].append(name)
        for path, places in sorted(lacking.items()):
            yield places[0].warning(f"not in {code}: {_some(told[path])}.")
        pages = [a for a in names.articles if code not in a.translations]
        if pages:
            path = pages[0].english.path.relative_to(project.root)
            ids = _some([article.article_id for article in pages])
            yield Place(path, 1).warning(f"articles not in {code}: {ids}.")


def _some(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
