"""Compiles `translations/<code>/<topic>.yml` into the domain's responses.

A file translates responses of the domain by their names. Its buttons are titles only,
in the order of the English ones, whose payloads they get:

    responses:
      utter_stopped:
      - text: "Vale, lo dejo. ¿Qué más puedo hacer?"
        buttons: [Seguir un pedido, Devolver algo, Hablar con una persona]

Each becomes a variation on the condition that the slot `language` holds the code. The
English ones stay without a condition: Rasa says them where nothing else fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from authoring.spoken import spoken_in

FOLDER = "translations"

Variation = dict[str, Any]
Responses = dict[str, list[Variation]]


class InvalidTranslation(ValueError):
    """A translation that does not fit its English; the message names file and line."""

    def __init__(self, path: Path, line: int, what: str) -> None:
        """Lines count from 1."""
        super().__init__(f"{path}:{line}: {what}")


def translate(responses: Responses, folder: Path) -> None:
    """Adds to each response the variations that the folder's languages have for it.

    Raises:
        InvalidTranslation: a file is no translation, or it does not fit the English.
    """
    english = {name: list(variations) for name, variations in responses.items()}
    for code, path in translation_files(folder):
        for name, variations in _read(path).items():
            if name not in english:
                line = _line(variations, 0)
                raise InvalidTranslation(path, line, f"there is no '{name}'.")
            for n, item in enumerate(variations):
                # where the English says it in fewer ways, its last has the buttons
                original = english[name][min(n, len(english[name]) - 1)]
                for problem in _problems(item, original):
                    raise InvalidTranslation(path, _line(variations, n), problem)
                responses[name].append(_variation(item, original, code))


def translation_files(folder: Path) -> list[tuple[str, Path]]:
    """Returns the files with their language codes, in a fixed order."""
    return [(path.parent.name, path) for path in sorted(folder.glob("*/*.yml"))]


def placeholders(text: str) -> set[str]:
    """Returns the names in braces.

    Raises:
        ValueError: a brace stands alone.
    """
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _read(path: Path) -> Mapping[str, Sequence[Any]]:
    content = read_yaml_file(path, reader_type="rt")  # which remembers the lines
    found = content.get("responses") if isinstance(content, Mapping) else None
    if not isinstance(found, Mapping):
        raise InvalidTranslation(path, 1, "there are no 'responses'.")
    for name, variations in found.items():
        if not isinstance(variations, list) or not variations:
            line = _line(found, name)
            raise InvalidTranslation(path, line, f"'{name}' has no variations.")
    return found


def _line(within: Any, key: Any) -> int:
    """Returns where an item stands: what was read remembers the lines of its items."""
    return int(within.lc.data[key][0]) + 1


def _variation(item: Mapping[str, Any], original: Variation, code: str) -> Variation:
    """Returns a variation as Rasa wants it, with what the English one has beside it."""
    variation: Variation = {"text": str(item["text"]), "condition": spoken_in(code)}
    if original.get("metadata"):
        variation["metadata"] = original["metadata"]
    if original.get("buttons"):
        variation["buttons"] = [
            {**button, "title": str(title)}
            for title, button in zip(item["buttons"], original["buttons"], strict=True)
        ]
    return variation


def _problems(item: Any, original: Variation) -> Iterator[str]:
    if not isinstance(item, Mapping) or not isinstance(item.get("text"), str):
        yield "a variation needs a 'text'."
        return
    if original.get("condition"):
        yield "an English variation with a condition cannot be translated."
    if item.keys() - {"text", "buttons"}:
        yield f"unknown: {', '.join(sorted(item.keys() - {'text', 'buttons'}))}."
    yield from _wrong_placeholders(item["text"], original)
    titles, buttons = item.get("buttons") or [], original.get("buttons") or []
    if not isinstance(titles, list) or len(titles) != len(buttons):
        yield f"the English has {len(buttons)} buttons."


def _wrong_placeholders(text: str, original: Variation) -> Iterator[str]:
    try:
        found = placeholders(text)
    except ValueError as error:
        yield f"{error}: '{text}'."
        return
    wanted = placeholders(original.get("text") or "")
    if found != wanted:
        names = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "none"
        yield f"the English has the placeholders: {names}."
