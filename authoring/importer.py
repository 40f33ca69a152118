"""Rasa importer: training data as ever, and what designers write in other forms.

The domain is put together from its topics; articles of the knowledge base add their
intents, examples, responses and rules.
"""

from __future__ import annotations

from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import (
    YAMLStoryReader,
)
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from authoring.article_answers import (
    article_examples,
    article_intents,
    article_responses,
    article_rules,
)
from authoring.articles import FOLDER as ARTICLES
from authoring.articles import Article, read_articles
from authoring.brand import fill_names, read_brand
from authoring.domain_files import add_names, read_domain
from authoring.translations import FOLDER as TRANSLATIONS
from authoring.translations import translate


class DesignersImporter(RasaFileImporter):
    """Named in `config.yml`."""

    @cached_method
    def get_domain(self) -> Domain:
        """Returns the whole domain; an empty one without a path: only NLU trains.

        Raises:
            InvalidDomainFile: two topics define the same name, or a file is no domain.
            InvalidArticle: an article cannot be read.
            InvalidTranslation: a translation does not fit its English.
        """
        if not self._domain_path:
            return Domain.empty()
        path = Path(self._domain_path)
        questions = article_intents(self._articles())
        domain = read_domain(path, questions)
        responses = article_responses(self._articles())
        add_names(domain, {"intents": questions, "responses": responses}, ARTICLES)
        translate(domain.get("responses", {}), path.parent / TRANSLATIONS)
        fill_names(domain.get("responses", {}), read_brand(path.parent))
        return Domain.from_dict(domain)

    @cached_method
    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Returns the stories and rules, and a rule for every article's intent."""
        stories = super().get_stories(exclusion_percentage)
        rules = article_rules(self._articles())
        if not rules:
            return stories
        reader = YAMLStoryReader(self.get_domain())
        return stories.merge(StoryGraph(reader.read_from_parsed_yaml({"rules": rules})))

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Returns the examples, and the questions of the articles with an intent."""
        questions = [
            Message.build(text=text, intent=intent)
            for intent, texts in article_examples(self._articles()).items()
            for text in texts
        ]
        return super().get_nlu_data(language).merge(TrainingData(questions))

    @cached_method
    def _articles(self) -> list[Article]:
        """Returns the articles beside the configuration, or none."""
        if not self.config_file:
            return []
        return read_articles(Path(self.config_file).parent / ARTICLES)
