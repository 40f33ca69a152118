"""The bridge's own sentences, from texts/<language>.yml, which designers edit."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal
from unicodedata import bidirectional

import yaml

from handoff_bridge.brand import Brand
from handoff_bridge.settings import TEXTS_DIR

# Whose words stand in the texts, each in a part of its own.
PAGES = ("widget", "help")
# What customers may write instead of pressing a button of ours.
type Command = Literal["human", "leave"]
# Around what has a direction of its own, and what is no longer a name.
ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
LONGEST_NAME = 100


class Texts:
    """Sentences by key in one language."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """`content` is the file: sentences, ordinals, weekdays, pages' words, ..."""
        self.sentences: dict[str, str] = content["sentences"]
        self._ordinals: dict[int, str] = content["ordinals"]
        self._ordinal_beyond: str = content["ordinal_beyond"]
        self._weekdays: list[str] = content["weekdays"]
        self._pages = {page: content[page] for page in PAGES}
        self.language: str = content["language"]
        self.direction: Literal["ltr", "rtl"] = content["direction"]
        self.months: list[str] = content["months"]
        self.times: list[str] = [*content["times"], *self._weekdays]
        self.commands: dict[Command, list[str]] = content["commands"]

    def say(self, key: str, **values: object) -> str:
        """The sentence of `key` with `values` filled in; KeyError if there is none."""
        filled = {name: self._isolated(value) for name, value in values.items()}
        return self.sentences[key].format(**filled)

    def _isolated(self, value: object) -> object:
        """A name of the other direction turns no sentence around, nor its full stop."""
        if not isinstance(value, str) or len(value) > LONGEST_NAME:
            return value
        other = {"L"} if self.direction == "rtl" else {"R", "AL"}
        turns = not other.isdisjoint(map(bidirectional, value))
        return f"{ISOLATE}{value}{POP_ISOLATE}" if turns else value

    def page(self, page: str) -> dict[str, Any]:
        """One of PAGES: `language`, `direction`, `words`, and how places are said."""
        return {
            "language": self.language,
            "direction": self.direction,
            "words": self._pages[page],
            "ordinals": [*self._ordinals.values()],
            "ordinal_beyond": self._ordinal_beyond,
        }

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

    def command_of(self, text: str) -> Command | None:
        """The command that a text is as a whole, in any of the languages."""
        said = text.strip().removeprefix("/").rstrip(".!?").strip().casefold()
        for texts in self._texts.values():
            for command, words in texts.commands.items():
                if said in words:
                    return command
        return None

    def in_language(self, language: str | None) -> Texts:
        """Those of a language tag; of the brand's first language where it has none."""
        code = (language or "")[:2].lower()
        return self._texts.get(code, self._texts[self._first])


def _worded(folder: Path, code: str, brand: Brand) -> Texts:
    content = read_texts(code, folder)
    voice = brand.voice.get(code)
    own = voice.model_dump(exclude_none=True) if voice else {}
    sentences = {**content["sentences"], **own}
    named = _named({**content, "sentences": sentences}, brand)
    return Texts({**named, "language": code})


def _named(words: Any, brand: Brand) -> Any:
    """Texts, lists and mappings of them, with the brand's names filled in."""
    if isinstance(words, dict):
        return {key: _named(value, brand) for key, value in words.items()}
    if isinstance(words, str):
        named = words.replace("{assistant}", brand.assistant)
        return named.replace("{company}", brand.company)
    return words


@cache
def read_texts(code: str, folder: Path = TEXTS_DIR) -> dict[str, Any]:
    """The file of a language as it is written."""
    text = (folder / f"{code}.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def launcher_words(brand: Brand, folder: Path = TEXTS_DIR) -> dict[str, Any]:
    """What the button in the corner says, by language, the brand's first one first."""
    files = {code: read_texts(code, folder) for code in brand.languages}
    return {
        code: {"direction": file["direction"], **_named(file["launcher"], brand)}
        for code, file in files.items()
    }
