"""Keeps negated requests from being understood as requests; asks back doubted ones.

Two components of one pipeline. The first blanks out what the customer does not want
before anything else reads the message: "don't cancel it, just tell me when it comes" is
understood as its second half, and no entity is found in the first. The clauses that are
left go through the pipeline as messages of their own. The second, at the end, puts the
text back and decides: what is left may be understood only clause by clause, may be no
request, or may only be told ("I never asked for a new password").

No list of words has every refusal ("the tent stays with me"). So a second opinion,
taught with `data/polarity`, is asked before anything begins that is not to begin on a
guess.
"""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    INTENT,
    INTENT_NAME_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from authoring.designers_words import is_denied
from authoring.negation import Polarity, asks, polarity
from components.clause_reader import ONLY_TOLD
from components.detector_data import read_detector_data
from components.detector_grammar import Grammar
from components.encoder import DEFAULT_ENCODER, load_encoder
from components.example_files import fingerprint, yaml_files
from components.fallback import READINGS
from components.intent_ranking import probabilities, set_probability
from components.others_business import SURELY_NOT_OURS
from components.several_requests import ORDER_NUMBER
from components.wishes import WANTED, Wishes

logger = logging.getLogger(__name__)

TYPED = "typed_text"
POLARITY = "polarity"
PARTS, IS_PART = "clauses", "is_clause"
# A clause decides if it is this certain, unless it would only be answered.
SURE, QUESTIONS = 0.6, "ask_"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False
)
class NegationMask(GraphComponent):
    """Blanks out negated requests. Stands before the tokenizer."""

    def __init__(self) -> None:
        """Reads the lists now, not while the first customer waits."""
        polarity("")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NegationMask:
        """Creates the component for the graph."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads each message's polarity and leaves only what is wanted to be read."""
        return [one for message in messages for one in self._masked(message)]

    def _masked(self, message: Message) -> list[Message]:
        """Returns the message, and after it the clauses to be read by themselves."""
        text = message.get(TEXT) or ""
        if text.lstrip().startswith("/"):
            return [message]  # a button
        found = polarity(text)
        message.set(POLARITY, found)
        if found.is_negated:
            message.set(TYPED, text)
            message.set(TEXT, found.wanted)
        parts = [Message(data={TEXT: part, IS_PART: True}) for part in found.parts]
        message.set(PARTS, parts)
        return [message, *parts]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves examples alone: what they mean is said by their intent."""
        return training_data


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class NegationReader(GraphComponent):
    """Puts the text back, and judges what is left of a request. Stands last."""

    @classmethod
    def required_components(cls) -> list[type]:
        """None: it reads the text itself."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Packages needed for training and prediction."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options: intents by name, where the examples are, and a margin.

        A message left with nothing but `left_over_intents` is `withdrawal_intent`,
        unless it names no request and is one of `answer_intents`: "no thanks" remains a
        no. One of `asked_back_intents` that is doubted, only told of, or no further on
        the side of what is wanted than `hardly_wanted` (0 is the border, 1 typical), is
        left to `fallback_intent`. Their examples count as wanted.
        """
        return {
            "withdrawal_intent": "stop",
            "fallback_intent": "nlu_fallback",
            "left_over_intents": [],
            "answer_intents": [],
            "asked_back_intents": [],
            "data": "data/polarity",
            "encoder": DEFAULT_ENCODER,
            "hardly_wanted": -0.2,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed examples retrain; by itself Rasa looks at its own data only."""
        config = {**cls.get_default_config(), **config}
        return fingerprint(config["encoder"], yaml_files(config["data"]))

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        wishes: Wishes | None = None,
    ) -> None:
        """Holds what the examples taught, or nothing before training."""
        self.component_config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._wishes = wishes

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NegationReader:
        """Creates an untrained component for the graph."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns what is wanted from the designers' files and the intents' examples."""
        config = self.component_config
        refused = read_detector_data(config["data"])
        if not refused:
            logger.warning("No examples in '%s'.", config["data"])
            return self._resource
        wanted = {
            str(example.get(TEXT)): WANTED
            for example in training_data.intent_examples
            if example.get(INTENT) in config["asked_back_intents"]
        }
        encoder = load_encoder(config["encoder"])
        self._wishes = Wishes.fit(encoder, {**wanted, **refused})
        with self._model_storage.write_to(self._resource) as folder:
            self._wishes.grammar.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NegationReader:
        """Loads what was trained."""
        encoder = load_encoder({**cls.get_default_config(), **config}["encoder"])
        try:
            with model_storage.read_from(resource) as folder:
                wishes = Wishes(encoder, Grammar.load(folder))
        except ValueError:  # nothing was stored: trained without examples
            wishes = None
        return cls(config, model_storage, resource, wishes)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves examples alone."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent where the polarity decides it."""
        whole = [message for message in messages if not message.get(IS_PART)]
        for message in whole:
            found = message.get(POLARITY)
            if found is None:
                continue
            if message.get(TYPED):
                message.set(TEXT, message.get(TYPED))
            self._drop_denied(message)
            self._judge(message, found)
            message.set(
                POLARITY,
                {"negated": found.is_negated, "doubtful": found.is_doubtful},
                add_to_output=True,
            )
        return whole

    def _judge(self, message: Message, found: Polarity) -> None:
        intent = _intent(message)
        fallback = self.component_config["fallback_intent"]
        asking = [one for one in message.get(PARTS) or [] if asks(one.get(TEXT))]
        surest = None if message.get(SURELY_NOT_OURS) else self._surest(asking)
        if surest and intent in {*self.component_config["left_over_intents"], fallback}:
            intent = surest
            set_probability(message, intent, 1)
        is_careful = intent in self.component_config["asked_back_intents"]
        if found.is_negated and (
            self._nothing_left(message, found, intent)
            or not asking
            and intent.startswith(QUESTIONS)
        ):
            set_probability(message, self.component_config["withdrawal_intent"], 1)
        elif is_careful and (
            found.is_doubtful
            or message.get(ONLY_TOLD)
            or (found.is_told or found.is_negated)
            and not asking
            or not self._is_wanted(message, found, intent)
        ):
            message.set(READINGS, [intent], add_to_output=True)
            set_probability(message, fallback, 1)

    def _is_wanted(self, message: Message, found: Polarity, intent: str) -> bool:
        """Whether examples say so of the clauses that ask for it, or of the whole."""
        if self._wishes is None:
            return True
        parts = message.get(PARTS) or []
        asking = [str(one.get(TEXT)) for one in parts if _intent(one) == intent]
        texts = asking or [" ".join(found.wanted.split())]
        wish = max(map(self._wishes.margin, texts))
        return wish > self.component_config["hardly_wanted"]

    def _surest(self, parts: list[Message]) -> str | None:
        """Returns the intent that a clause asks for most certainly."""
        heard = [
            (probabilities(one).get(_intent(one), 0.0), _intent(one))
            for one in parts
            if _intent(one) not in self.component_config["left_over_intents"]
            and _intent(one) not in self.component_config["answer_intents"]
            and not _intent(one).startswith(QUESTIONS)
        ]
        sure = [intent for probability, intent in sorted(heard) if probability >= SURE]
        return sure[-1] if sure else None

    def _nothing_left(self, message: Message, found: Polarity, intent: str) -> bool:
        if not found.asks_more or not intent:
            is_answer = intent in self.component_config["answer_intents"]
            return not is_answer or found.wanted != message.get(TEXT)
        left_over = self.component_config["left_over_intents"]
        return intent in left_over and not message.get(ENTITIES)

    def _drop_denied(self, message: Message) -> None:
        """Forgets entities like the first in "not the mug but the kettle".

        What is an order's number is decided where numbers are read.
        """
        entities, text = message.get(ENTITIES) or [], message.get(TEXT) or ""
        kept = [
            one
            for one in entities
            if one.get(ENTITY_ATTRIBUTE_TYPE) == ORDER_NUMBER
            or not is_denied(text, one.get(ENTITY_ATTRIBUTE_START, 0), reach=1)
        ]
        if len(kept) != len(entities):
            message.set(ENTITIES, kept, add_to_output=True)


def _intent(message: Message) -> str:
    return str((message.get(INTENT) or {}).get(INTENT_NAME_KEY) or "")
