"""Checks the lists of words in `data/words/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from authoring.check_files import File, Finding, Project, as_list
from authoring.designers_words import without_accents

# What the lists with a meaning of their own must hold; the others hold `words`.
CONFIRMATION = frozenset({"yes", "no", "against", "beside", "with_deed"})
NEGATION = frozenset(
    "verbs nouns not not_wanted between after after_between unless others doubt "
    "restart filler none needed alone things not_this unasked settled unneeded spared "
    "kept told plan but takes_back undecided idioms instead articles".split()
)
OPTIONAL = frozenset(
    "object_first do_it right asks_if_right things reasons remarks deeds objects "
    "goods".split()
)
# Checked elsewhere: `authoring.check_care`.
OF_ANOTHER_SHAPE = "sensitive"
OF_NO_LANGUAGE = frozenset({"anywhere", "not_asked_for"})


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
        elif name == "language":
            yield from _telling_words(file, _spoken(project))
        elif name != OF_ANOTHER_SHAPE and not file.section("words"):
            yield file.start(file.content).error("there are no 'words'.")
        elif name != OF_ANOTHER_SHAPE:
            yield from _by_language(file, _spoken(project))


def _spoken(project: Project) -> list[str]:
    parts = as_list(project.config.content.get("pipeline"))
    named = [part["languages"] for part in parts if "languages" in part]
    return [str(code) for code in named[0]] if named else []


def _by_language(file: File, spoken: list[str]) -> Iterator[Finding]:
    """A list's words stand in it, or in one for each language that is spoken."""
    for lists in (file.section("words"), file.content):
        for name, words in lists.items() if isinstance(lists, Mapping) else ():
            if name == "words" or not isinstance(words, Mapping):
                continue
            for code in spoken:
                if not words.get(code):
                    place = file.key(lists, name)
                    yield place.error(f"'{name}' has no words in '{code}'.")


def _telling_words(file: File, spoken: list[str]) -> Iterator[Finding]:
    """No word tells two languages, or one and none."""
    for name in (*spoken, *OF_NO_LANGUAGE):
        if name not in file.content:
            yield file.start(file.content).error(f"'{name}' is missing.")
    told = {_word(one): "anywhere" for one in file.section("anywhere")}
    for code in (one for one in file.content if one not in OF_NO_LANGUAGE):
        lists = file.section(code) if isinstance(file.section(code), Mapping) else {}
        where = file.key(file.content, code)
        yield from _sections(file, lists, frozenset({"greetings", "words"}), where)
        for index, one in enumerate(lists.get("words") or ()):
            if (other := told.setdefault(_word(one), code)) != code:
                place = file.item(lists["words"], index)
                yield place.error(f"'{one}' is in the list of '{other}' as well.")


def _word(word: Any) -> str:
    return without_accents(str(word).lower())


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
