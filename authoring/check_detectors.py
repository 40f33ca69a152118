"""Checks the examples and words of the detectors that `config.yml` names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from authoring.check_files import File, Finding, Place, Project, as_list
from authoring.check_names import Names
from components.detector_data import ORDINARY
from components.detector_words import DetectorWords, InvalidWords

DETECTOR = "components.detector.ExampleDetector"
# What NegationReader learns from.
POLARITY = "data/polarity"
WISHES = {"wanted", "refused", "doubted"}


def check_detectors(names: Names, project: Project) -> Iterator[Finding]:
    """Yields what is wrong with each detector's folder and its word list."""
    config = project.config
    for detector in as_list(config.content.get("pipeline")):
        if not isinstance(detector, Mapping) or detector.get("name") != DETECTOR:
            continue
        folder, words = str(detector.get("data") or ""), detector.get("words")
        files = project.files(f"{folder}/*.yml") if folder else []
        if not files:
            yield config.start(detector).error(f"there are no examples in '{folder}'.")
        intent = detector.get("intent")
        kinds = {ORDINARY}
        for file in files:
            yield from _examples(names, file, intent, kinds)
        for file in project.files(str(words)) if words else ():
            yield from _words(file, project.root, kinds)
    for file in project.files(f"{POLARITY}/*.yml"):
        yield from _wishes(file)


def _wishes(file: File) -> Iterator[Finding]:
    """Yields what is wrong with examples of what is wanted and what is not."""
    for place, kind in _blocks(file):
        if isinstance(kind, Finding):
            yield kind
        elif kind not in WISHES:
            yield place.error(f"'{kind}' is none of {', '.join(sorted(WISHES))}.")


def _examples(
    names: Names, file: File, intent: Any, kinds: set[str]
) -> Iterator[Finding]:
    """Yields what is wrong with one file, and adds its kinds."""
    section = file.path.parent.name
    for place, kind in _blocks(file):
        if isinstance(kind, Finding):
            yield kind
        elif kind in kinds:
            continue
        elif intent is None:
            kinds.add(kind)
            yield from names.unknown("responses", f"utter_{section}_{kind}", place)
        elif kind != intent:
            yield place.error(f"'{kind}' is neither '{intent}' nor '{ORDINARY}'.")


def _blocks(file: File) -> Iterator[tuple[Place, str | Finding]]:
    """Yields where each block of examples stands, and its kind or what is wrong."""
    section = file.path.parent.name
    blocks = file.section(section)
    if not isinstance(blocks, list):
        start = Place(file.path, 1)
        yield start, start.error(f"there is no list under '{section}'.")
        return
    for index, block in enumerate(blocks):
        place = file.item(blocks, index)
        kind = block.get("kind") if isinstance(block, Mapping) else None
        if not kind:
            yield place, place.error("examples need a 'kind'.")
        elif not str(block.get("examples") or "").strip():
            yield place, place.error("there are no examples.")
        else:
            yield place, str(kind)


def _words(file: File, root: Path, kinds: set[str]) -> Iterator[Finding]:
    if not file.content:
        return  # not readable, which is a finding already
    try:
        DetectorWords.read(root / file.path)
    except InvalidWords as error:
        yield Place(file.path, 1).error(f"{error.reason}.")
    plain = file.section("plain")
    for kind in plain if isinstance(plain, Mapping) else ():
        if kind not in kinds:
            yield file.key(plain, kind).error(f"'{kind}' has no examples.")
