"""Checks the lists of words in `data/words/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from authoring.check_files import File, Finding, Project

# What the lists with a meaning of their own must hold; the others hold `words`.
CONFIRMATION = frozenset({"yes", "no", "against", "beside", "with_deed"})
NEGATION = frozenset(
    "verbs nouns not not_wanted between after after_between unless others doubt "
    "restart filler none needed alone things not_this unasked settled unneeded spared "
    "kept plan but takes_back undecided idioms instead articles".split()
)
OPTIONAL = frozenset(
    "object_first do_it right asks_if_right things reasons remarks deeds objects "
    "goods".split()
)
# Checked elsewhere: `authoring.check_care`.
OF_ANOTHER_SHAPE = "sensitive"


def check_words(project: Project) -> Iterator[Finding]:
    """Yields lists that are missing, unknown or no lists of words."""
    for file in project.words:
        name = file.path.stem
        if name == "negation":
            for language, lists in file.content.items():
                known = lists if isinstance(lists, Mapping) else {}
                where = file.key(file.content, language)
                yield from _sections(file, known, NEGATION, where)
        elif name == "confirmation":
            where = file.start(file.content)
            yield from _sections(file, file.content, CONFIRMATION, where)
        elif name != OF_ANOTHER_SHAPE and not file.section("words"):
            yield file.start(file.content).error("there are no 'words'.")


def _sections(
    file: File, lists: Mapping[str, Any], wanted: frozenset[str], where: Any
) -> Iterator[Finding]:
    for name in sorted(wanted - lists.keys()):
        yield where.error(f"the list '{name}' is missing.")
    for name, words in lists.items():
        place = file.key(lists, name)
        if name not in wanted | OPTIONAL:
            yield place.error(f"there is no list '{name}'.")
        elif not isinstance(words, list | bool):
            yield place.error(f"'{name}' is no list of words.")
