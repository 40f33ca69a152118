"""Puts the best articles of the knowledge base on every message.

The index is built at training and travels in the model. It is an output property like
the sentiment: it is stored in the user event and influences no dialogue by itself.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from authoring.articles import article_files, read_articles
from components.article_index import ArticleIndex, Match
from components.article_points import ArticlePoints
from components.encoder import DEFAULT_ENCODER, load_encoder
from components.example_files import fingerprint
from components.others_business import NOT_OURS

logger = logging.getLogger(__name__)

ARTICLES = "articles"
LANGUAGE = "language"

# What an article is good for: answering with it, or offering it.
SURE = "sure"
DECENT = "decent"
UNLIKELY = "unlikely"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class KnowledgeBase(GraphComponent):
    """Looks each message up, with the vector that the featurizer has left on it."""

    @classmethod
    def required_components(cls) -> list[type]:
        """None: without a dense feature the words alone are compared."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options: the articles' folder, the featurizer's encoder, and limits.

        An article of at least `sure`, with a `lead` over the next, answers a message
        that no intent was found for; from `decent` on it is offered as a button. A
        point with a `point_lead` over the short answer is said before it.
        """
        return {
            "articles": "kb",
            "encoder": DEFAULT_ENCODER,
            "limit": 3,
            "sure": 0.45,
            "lead": 0.05,
            "decent": 0.3,
            "point_lead": 0.0,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed articles retrain; by itself Rasa looks at its own data only."""
        config = {**cls.get_default_config(), **config}
        return fingerprint(config["encoder"], article_files(Path(config["articles"])))

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        index: ArticleIndex | None = None,
        points: ArticlePoints | None = None,
    ) -> None:
        """Holds an index and points, or none before training and without articles."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._index = index
        self._points = points

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeBase:
        """Creates a component without an index for the graph."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Builds the index from the articles, not from Rasa's training data."""
        articles = read_articles(Path(self._config["articles"]))
        if not articles:
            logger.warning("No articles in '%s'.", self._config["articles"])
            return self._resource
        encoder = load_encoder(self._config["encoder"])
        self._index = ArticleIndex.build(articles, encoder.encode)
        self._points = ArticlePoints.build(articles, encoder.encode)
        with self._model_storage.write_to(self._resource) as folder:
            self._index.save(folder)
            self._points.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgeBase:
        """Loads the index."""
        try:
            with model_storage.read_from(resource) as folder:
                index = ArticleIndex.load(folder)
                points = ArticlePoints.load(folder)
        except ValueError:  # nothing was stored: trained without articles
            index, points = None, None
        return cls(config, model_storage, resource, index, points)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the articles on every message."""
        for message in messages:
            message.set(ARTICLES, self._articles(message), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training data alone: nothing there needs an article."""
        return training_data

    def _articles(self, message: Message) -> list[dict[str, Any]]:
        text = message.get(TEXT) or ""
        if self._index is None or not text.strip() or text.lstrip().startswith("/"):
            return []
        if message.get(NOT_OURS) is not None:
            return []  # the post's opening hours are not in it
        vector = _vector(message)
        ranked = self._index.search(text, vector, len(self._index.cards))
        limit = self._config["limit"]
        answer = f"utter_{(message.get(INTENT) or {}).get(INTENT_NAME_KEY)}"
        found = ranked[:limit] + [m for m in ranked[limit:] if m.response == answer]
        language = (message.get(LANGUAGE) or {}).get("code", "en")
        return [
            {
                "article_id": match.article_id,
                "title": match.titles.get(language) or match.titles["en"],
                "score": round(match.score, 3),
                "response": match.response,
                "certainty": self._certainty(found, place),
                # Only the best and the intent's may be told at once.
                **(
                    self._point(match, text, vector)
                    if place == 0 or match.response == answer
                    else {}
                ),
            }
            for place, match in enumerate(found)
        ]

    def _point(
        self, match: Match, text: str, vector: np.ndarray | None
    ) -> dict[str, dict[str, str]]:
        if self._points is None or vector is None:
            return {}
        lead = self._config["point_lead"]
        point = self._points.asked_for(match.article_id, text, vector, lead)
        return {"point": point} if point else {}

    def _certainty(self, found: list[Match], place: int) -> str:
        score = found[place].score
        rivals = [match.score for match in found[1:2]]
        leads = place == 0 and all(
            score - rival >= self._config["lead"] for rival in rivals
        )
        if leads and score >= self._config["sure"]:
            return SURE
        return DECENT if score >= self._config["decent"] else UNLIKELY


def _vector(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        return None
    row = np.asarray(sentence.features, dtype=np.float32).ravel()
    return row / (np.linalg.norm(row) or 1.0)
