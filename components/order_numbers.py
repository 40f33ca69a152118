"""Puts the orders that a message means on it, as entities `order_number`.

Whatever way a number is written, the entity's value is like HP-10428, and what comes
later in the pipeline reads it like that.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from authoring.negation import Polarity, asks
from authoring.order_numbers import OrderNumber, order_numbers
from authoring.other_orders import speaks_of_other
from components.negation import POLARITY, TYPED
from components.several_requests import ORDER_NUMBER

# Written about as in the examples, so it may stay.
_USUAL = re.compile(r"(?:(?:hp[ -]?|#)?\d{5})", re.IGNORECASE | re.ASCII)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False
)
class OrderNumberExtractor(GraphComponent):
    """Finds order numbers with the reader that the forms use.

    Stands before the tokenizer, behind the mask of negated requests: a number in one
    of these is no order that is meant, unless something else is asked about it: "don't
    cancel HP-10428, just tell me when it comes".
    """

    def __init__(self) -> None:
        """Reads the lists of words now, not while the first customer waits."""
        order_numbers("")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OrderNumberExtractor:
        """Creates the component for the graph."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities to every message that has text."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text.lstrip().startswith("/"):
                continue  # a button
            # the mask may have blanked out what tells what a number is of
            typed = message.get(TYPED) or text
            found = [one for one in order_numbers(typed) if _is_left(text, one)]
            found = found or _asked_about_instead(typed, message.get(POLARITY))
            if not found:
                continue
            entities = [*message.get(ENTITIES, []), *map(_entity, found)]
            message.set(ENTITIES, entities, add_to_output=True)
            message.set(TYPED, typed)
            message.set(TEXT, _as_usual(text, found))
        return messages


def _is_left(text: str, one: OrderNumber) -> bool:
    return bool(text[one.start : one.end].strip())


def _asked_about_instead(typed: str, found: Polarity | None) -> list[OrderNumber]:
    """Returns the one order of a negated request whose message goes on to ask."""
    if found is None or not found.is_negated or speaks_of_other(found.wanted):
        return []
    if not any(asks(part) for part in found.parts):
        return []
    numbers = order_numbers(typed, with_denied=True)
    return numbers[:1] if len({one.number for one in numbers}) == 1 else []


def _as_usual(text: str, found: list[OrderNumber]) -> str:
    """Returns the text with spelt-out numbers in figures."""
    for one in reversed(found):
        if not _USUAL.fullmatch(text[one.start : one.end]):
            text = f"{text[: one.start]}{one.number}{text[one.end :]}"
    return text


def _entity(one: OrderNumber) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: ORDER_NUMBER,
        ENTITY_ATTRIBUTE_START: one.start,
        ENTITY_ATTRIBUTE_END: one.end,
        ENTITY_ATTRIBUTE_VALUE: one.number,
        EXTRACTOR: OrderNumberExtractor.__name__,
    }
