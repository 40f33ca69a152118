"""The bridge's own sentences, from texts/<language>.yml, which designers edit."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handoff_bridge.brand import Brand
from handoff_bridge.settings import TEXTS_DIR


class Texts:
    """Sentences by key in one language."""

    def __init__(self, content: Mapping[str, Any]) -> None:
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


class BrandTexts:
    """The sentences in all languages of a brand, with its names and its own words."""

    def __init__(self, folder: Path, brand: Brand) -> None:
        """Reads the files of the brand's languages; `brand` makes sure of them."""
        self._texts = {code: _worded(folder, code, brand) for code in brand.languages}
        self._first = brand.languages[0]

    def in_language(self, language: str | None) -> Texts:
        """Those of a language tag; of the brand's first language where it has none."""
        code = (language or "")[:2].lower()
        return self._texts.get(code, self._texts[self._first])


def _worded(folder: Path, code: str, brand: Brand) -> Texts:
    content = _read(folder / f"{code}.yml")
    voice = brand.voice.get(code)
    own = voice.model_dump(exclude_none=True) if voice else {}
    sentences = {
        key: sentence.replace("{assistant}", brand.assistant).replace(
            "{company}", brand.company
        )
        for key, sentence in {**content["sentences"], **own}.items()
    }
    return Texts({**content, "sentences": sentences})


@cache
def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def launcher_words(brand: Brand, folder: Path = TEXTS_DIR) -> dict[str, Any]:
    """What the button in the corner says, by language, the brand's first one first."""
    return {code: _read(folder / f"{code}.yml")["launcher"] for code in brand.languages}
