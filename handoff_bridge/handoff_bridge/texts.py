"""The bridge's own sentences, from texts/<language>.yml, which designers edit."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEFAULT_LANGUAGE = "en"


class Texts:
    """Sentences by key in one language."""

    def __init__(self, content: dict[str, Any]) -> None:
        """`content` is the file: sentences, ordinals, weekdays, words for times."""
        self.sentences: dict[str, str] = content["sentences"]
        self._ordinals: dict[int, str] = content["ordinals"]
        self._ordinal_beyond: str = content["ordinal_beyond"]
        self._weekdays: list[str] = content["weekdays"]
        self.months: list[str] = content["months"]
        self.times: list[str] = [*content["times"], *self._weekdays]

    def say(self, key: str, **values: object) -> str:
        """The sentence of `key` with `values` filled in; KeyError if there is none."""
        return self.sentences[key].format(**values)

    def ordinal(self, place: int) -> str:
        """A place in line, as it stands in a sentence."""
        return self._ordinals.get(place) or self._ordinal_beyond.format(place=place)

    def weekday(self, number: int) -> str:
        """The word for a day, Monday being 0."""
        return self._weekdays[number]


def load_texts(folder: Path, language: str) -> Texts:
    """Texts of `language`, or English where that file is missing."""
    known = language in _languages(folder)
    return _read(folder, language if known else DEFAULT_LANGUAGE)


# By what is there, not by what was asked for: anyone may ask for anything.
@cache
def _languages(folder: Path) -> frozenset[str]:
    return frozenset(path.stem for path in folder.glob("*.yml"))


@cache
def _read(folder: Path, language: str) -> Texts:
    content = yaml.safe_load((folder / f"{language}.yml").read_text(encoding="utf-8"))
    return Texts(content)
