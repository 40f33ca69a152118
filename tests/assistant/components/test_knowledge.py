"""The index of articles: what it finds, and how sure it is."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from authoring.articles import read_articles
from benchmarks.retrieval import REACH_RECALL, ranks_of, read_questions
from components.article_index import ArticleIndex
from components.encoder import load_encoder
from components.knowledge import KnowledgeBase

ROOT = Path(__file__).resolve().parents[3]
ARTICLE = "---\ntitle: {title}\nquestions:\n- {question}\n---\n{answer}\n"


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    folder.mkdir()
    for name, question, answer in (
        ("boots", "how do I wax my boots", "Brush them dry, then wax them."),
        ("stoves", "which gas fits the stove", "Every gas with a screw thread."),
    ):
        text = ARTICLE.format(title=name.title(), question=question, answer=answer)
        (folder / f"{name}.md").write_text(text)
    german = "---\ntitle: Stiefel\n---\nTrocken bürsten, dann wachsen.\n"
    (folder / "de").mkdir()
    (folder / "de" / "boots.md").write_text(german)
    return folder


@pytest.fixture
def component(kb: Path, tmp_path: Path) -> KnowledgeBase:
    """Trained, stored and loaded again."""
    storage = LocalModelStorage(tmp_path)
    config = {**KnowledgeBase.get_default_config(), "articles": str(kb)}
    resource = Resource("knowledge")
    KnowledgeBase(config, storage, resource).train(TrainingData())
    return KnowledgeBase.load(config, storage, resource, None)  # type: ignore[arg-type]


def heard(text: str, language: str = "en", dense: bool = True) -> Message:
    message = Message({"text": text, "language": {"code": language}})
    if dense:
        vector = load_encoder().encode([text])
        message.add_features(Features(vector, "sentence", "text", "encoder"))
    return message


def articles(component: KnowledgeBase, message: Message) -> list[dict[str, Any]]:
    component.process([message])
    assert "articles" in message.as_dict(only_output_properties=True)
    return message.get("articles")


def test_the_best_article_comes_first_and_is_sure(component: KnowledgeBase):
    [best, other] = articles(component, heard("how can i wax boots"))
    assert (best["article_id"], best["certainty"]) == ("boots", "sure")
    assert best["response"] == "utter_article_boots"
    assert best["title"] == "Boots"
    assert best["score"] > other["score"]
    assert other["certainty"] == "unlikely"


def test_another_language_finds_it_and_gets_its_own_title(component: KnowledgeBase):
    [best, _] = articles(component, heard("wie wachse ich meine stiefel", "de"))
    assert (best["article_id"], best["title"]) == ("boots", "Stiefel")


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("how do I dry my boots near the radiator", "Never on a radiator."),
        ("kann man die stiefel auf die heizung stellen", "Never on a radiator."),
        ("should I wax the boots", None),
    ],
)
def test_the_point_that_is_asked_for_is_named(
    kb: Path, tmp_path: Path, text: str, point: str | None
):
    path = kb / "boots.md"
    path.write_text(path.read_text() + "\n## Details\n\n* Never on a radiator.\n")
    storage, resource = LocalModelStorage(tmp_path), Resource("knowledge")
    config = {**KnowledgeBase.get_default_config(), "articles": str(kb)}
    KnowledgeBase(config, storage, resource).train(TrainingData())
    trained = KnowledgeBase.load(config, storage, resource, None)  # type: ignore[arg-type]
    found = articles(trained, heard(text))[0].get("point", {})
    assert found.get("en") == point


def test_the_article_of_the_intent_is_among_them(component: KnowledgeBase):
    component._config["limit"] = 1
    message = heard("how can i wax boots")
    message.set("intent", {"name": "article_stoves"})
    found = [one["article_id"] for one in articles(component, message)]
    assert found == ["boots", "stoves"]


def test_without_a_vector_words_find_it_but_it_is_not_sure(component: KnowledgeBase):
    [best, _] = articles(component, heard("waxing boots", dense=False))
    assert best["article_id"] == "boots"
    assert best["certainty"] != "sure"


def test_without_a_lead_nothing_is_sure(kb: Path, component: KnowledgeBase):
    component._config["lead"] = 0.9
    assert articles(component, heard("how do I wax my boots"))[0]["certainty"] != "sure"


@pytest.mark.parametrize("text", ["", "  ", "/ask_warranty", " /inform"])
def test_what_is_no_question_gets_no_articles(component: KnowledgeBase, text: str):
    assert articles(component, heard(text, dense=False)) == []


def test_without_articles_it_keeps_quiet(tmp_path: Path):
    storage = LocalModelStorage(tmp_path)
    config = {**KnowledgeBase.get_default_config(), "articles": str(tmp_path / "no")}
    resource = Resource("knowledge")
    KnowledgeBase(config, storage, resource).train(TrainingData())
    component = KnowledgeBase.load(config, storage, resource, None)  # type: ignore[arg-type]
    assert articles(component, heard("how do I wax my boots")) == []


def test_a_changed_or_translated_article_retrains(kb: Path):
    config = {"articles": str(kb)}
    before = KnowledgeBase.fingerprint_addon(config)
    assert KnowledgeBase.fingerprint_addon(config) == before
    path = kb / "de" / "boots.md"
    path.write_text(path.read_text().replace("Trocken", "Erst"))
    changed = KnowledgeBase.fingerprint_addon(config)
    path.rename(kb / "de" / "stoves.md")
    assert len({before, changed, KnowledgeBase.fingerprint_addon(config)}) == 3


def test_paraphrases_find_their_article():
    questions = read_questions()
    ours = read_articles(ROOT / "kb")
    known = {q.lower() for article in ours for q in article.english.questions}
    assert not known & {question.text.lower() for question in questions}
    assert {q.article_id for q in questions} == {a.article_id for a in ours}
    encode = load_encoder().encode
    index = ArticleIndex.build(ours, encode)
    ranks = ranks_of(questions, index, encode([q.text for q in questions]))
    assert np.mean(ranks < 3) >= REACH_RECALL
