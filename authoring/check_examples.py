"""Checks the examples of intents, entities, moods, and of what is not ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from authoring.check_files import File, Finding, Place, Project, as_list
from authoring.check_names import INTENTS, Names

ENTITY = re.compile(r"\[[^\]\n]+\](?:\((\w+)[^)\n]*\)|\{[^}\n]*\"entity\": *\"(\w+)\")")
BLOCK_KINDS = ("intent", "synonym", "regex", "lookup")
MOODS = ("angry", "negative", "trouble", "neutral", "positive")
# The bridge sends these; no customer says them and no button does.
SENT_BY_THE_BRIDGE = ("share_photo", "EXTERNAL_")


def check_examples(names: Names, project: Project) -> Iterator[Finding]:
    """Yields what is wrong with data/nlu."""
    spoken = {article.intent or "" for article in names.articles}
    for file in project.nlu:
        blocks = file.section("nlu")
        for index, block in enumerate(as_list(blocks)):
            place = file.item(blocks, index)
            if not isinstance(block, Mapping) or not any(
                kind in block for kind in BLOCK_KINDS
            ):
                yield place.error(f"a block needs one of {', '.join(BLOCK_KINDS)}.")
                continue
            if not str(block.get("examples") or "").strip():
                yield place.error("there are no examples.")
                continue
            if "intent" in block:
                spoken.add(str(block["intent"]))
                yield from names.unknown("intents", str(block["intent"]), place)
                yield from _not_items(file, block)
        yield from _entities(names, file)
    yield from _silent(names, project, spoken)


def check_not_ours(project: Project) -> Iterator[Finding]:
    """Yields what is wrong with data/not_ours."""
    for file in project.not_ours:
        blocks = file.section("not_ours")
        if not isinstance(blocks, list):
            yield Place(file.path, 1).error("there is no list under 'not_ours'.")
            continue
        for index, block in enumerate(blocks):
            told = block.get("examples") if isinstance(block, Mapping) else None
            if not str(told or "").strip():
                yield file.item(blocks, index).error("there are no examples.")
            else:
                yield from _not_items(file, block)


def _not_items(file: File, block: Mapping[str, Any]) -> Iterator[Finding]:
    first = file.key(block, "examples")
    for offset, line in enumerate(str(block["examples"]).splitlines(), start=1):
        if line.strip() and not line.startswith(("- ", "  ", "-\n")):
            place = Place(first.path, first.line + offset)
            yield place.error("an example begins with '- '.")


def _entities(names: Names, file: File) -> Iterator[Finding]:
    for number, line in enumerate(file.text.splitlines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        for one, other in ENTITY.findall(line):
            yield from names.unknown("entities", one or other, Place(file.path, number))


def _silent(names: Names, project: Project, spoken: set[str]) -> Iterator[Finding]:
    pressed = "\n".join(file.text for file in project.domain) + project.python
    for intent, place in names.places["intents"].items():
        if intent in spoken or intent in INTENTS - {"nlu_fallback"}:
            continue
        if intent.startswith(SENT_BY_THE_BRIDGE):
            continue
        if not re.search(rf"/{intent}\b", pressed):
            yield place.error(f"'{intent}' has no examples in data/nlu.")


def check_sentiment(project: Project) -> Iterator[Finding]:
    """Yields what is wrong with data/sentiment."""
    for file in project.sentiment:
        blocks = file.section("sentiment")
        if not isinstance(blocks, list):
            yield Place(file.path, 1).error("there is no list under 'sentiment'.")
            continue
        for index, block in enumerate(blocks):
            place = file.item(blocks, index)
            label = block.get("label") if isinstance(block, Mapping) else None
            if label not in MOODS:
                known = ", ".join(MOODS)
                yield place.error(f"label '{label}' is none of {known}.")
            elif not str(block.get("examples") or "").strip():
                yield place.error("there are no examples.")
