"""Articles of the knowledge base: what they become, and what is refused where."""

from pathlib import Path
from textwrap import dedent

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from authoring.article_answers import article_responses, article_rules
from authoring.articles import InvalidArticle, read_articles
from authoring.spoken import text_in

ROOT = Path(__file__).resolve().parents[3]

MOON = """\
---
title: Delivery to the moon
intent: ask_moon_delivery
questions:
- do you deliver to the moon
buttons:
- title: Talk to a person
  payload: /request_human
---
Not yet: our carriers
turn back at the clouds.

## Details

* The rocket is at the workshop.
"""
LUNA = """\
---
title: Envíos a la luna
buttons: [Hablar con una persona]
---
Todavía no.
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / "kb" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
    return folder / "kb"


def test_an_article_is_read_whole(tmp_path: Path):
    kb = write(tmp_path, {"moon.md": MOON, "es/moon.md": LUNA})
    [article] = read_articles(kb)
    assert (article.article_id, article.intent) == ("moon", "ask_moon_delivery")
    assert article.english.answer == "Not yet: our carriers turn back at the clouds."
    assert article.english.details.startswith("## Details")
    assert article.wording("es").title == "Envíos a la luna"
    assert article.wording("de") is article.english


def test_its_answer_comes_in_every_language_and_english_last(tmp_path: Path):
    kb = write(tmp_path, {"moon.md": MOON, "es/moon.md": LUNA})
    responses = article_responses(read_articles(kb))
    titles = responses["utter_reading_ask_moon_delivery"]
    assert [text_in(titles, code) for code in ("es", "de", None)] == [
        "Envíos a la luna",
        "Delivery to the moon",
        "Delivery to the moon",
    ]
    spanish, english = responses["utter_ask_moon_delivery"]
    condition = {"type": "slot", "name": "language", "value": "es"}
    assert spanish["condition"] == [condition]
    assert spanish["buttons"] == [
        {"title": "Hablar con una persona", "payload": "/request_human"}
    ]
    assert english["text"].startswith("Not yet")
    assert "condition" not in english


def test_only_the_points_under_the_first_heading_are_said(tmp_path: Path):
    text = MOON + "\n## For colleagues\n\n* Never promise a date.\n"
    luna = LUNA + "\n## Detalles\n\n* El cohete está\n  en el taller.\n"
    [article] = read_articles(write(tmp_path, {"moon.md": text, "es/moon.md": luna}))
    assert article.english.points == ("The rocket is at the workshop.",)
    assert article.wording("es").points == ("El cohete está en el taller.",)
    assert list(article_responses([article])) == [article.response, article.reading]


def test_without_an_intent_there_is_an_answer_and_no_rule(tmp_path: Path):
    text = MOON.replace("intent: ask_moon_delivery\n", "")
    articles = read_articles(write(tmp_path, {"moon.md": text}))
    names = ["utter_article_moon", "utter_reading_article_moon"]
    assert list(article_responses(articles)) == names
    assert article_rules(articles) == []


@pytest.mark.parametrize(
    ("files", "place", "words"),
    [
        ({"moon.md": MOON[4:]}, "moon.md:1", "first line"),
        ({"moon.md": MOON.replace("title: D", "titel: D")}, "moon.md:2", "'titel'"),
        ({"moon.md": MOON.replace("title: D", "#")}, "moon.md:1", "'title'"),
        ({"moon.md": MOON.replace("ask_m", "Ask m")}, "moon.md:3", "'intent'"),
        ({"moon.md": MOON.replace("- do", "- 7: do")}, "moon.md:5", "'questions'"),
        ({"moon.md": MOON.replace(": Talk", " Talk")}, "moon.md:8", "YAML"),
        ({"moon.md": MOON.replace("/req", "req")}, "moon.md:7", "payload"),
        ({"moon.md": MOON.replace("Not yet", "Not {yet}")}, "moon.md:10", "braces"),
        ({"moon.md": MOON.split("Not yet")[0]}, "moon.md:10", "short answer"),
        ({"Moon 2.md": MOON}, "Moon 2.md:1", "name"),
        ({"es/moon.md": LUNA}, "es/moon.md:1", "there is no"),
        ({"moon.md": MOON, "sun.md": MOON}, "sun.md:1", "ask_moon_delivery"),
        (
            {"moon.md": MOON, "es/moon.md": LUNA.replace("[H", "[No, H")},
            "es/moon.md:3",
            "button titles",
        ),
        (
            {"moon.md": MOON, "es/moon.md": LUNA + "\n## Más\n\n* Uno.\n* Dos.\n"},
            "es/moon.md:7",
            "2 points",
        ),
    ],
)
def test_a_broken_article_is_named_with_its_line(
    tmp_path: Path, files: dict[str, str], place: str, words: str
):
    kb = write(tmp_path, files)
    with pytest.raises(InvalidArticle, match=words) as caught:
        read_articles(kb)
    assert str(caught.value).startswith(f"{kb / place}:")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, {"moon.md": MOON})
    files = {
        "config.yml": """\
            recipe: default.v1
            importers:
            - name: authoring.importer.DesignersImporter
            """,
        "domain.yml": """\
            intents:
            - stop: {interrupts_forms: true}
            slots:
              town:
                type: text
                mappings:
                - type: from_text
                  asked_only: true
            forms:
              town_form:
                required_slots: [town]
            responses:
              utter_bye:
              - text: Bye.
            """,
        "data/rules.yml": """\
            rules:
            - rule: Leaving
              steps:
              - intent: stop
              - action: utter_bye
            """,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text))
    return tmp_path


def importer_of(project: Path) -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project)]
    )


def test_the_importer_adds_intent_response_rule_and_interruption(project: Path):
    importer = importer_of(project)
    domain = importer.get_domain()
    assert "ask_moon_delivery" in domain.intents
    assert domain.responses["utter_ask_moon_delivery"][0]["buttons"]
    [mapping] = domain.as_dict()["slots"]["town"]["mappings"]
    assert mapping["not_intent"] == ["stop", "ask_moon_delivery"]
    rules = [step.block_name for step in importer.get_stories().story_steps]
    assert rules == ["Leaving", "ask_moon_delivery is answered with moon"]


def test_an_articles_questions_are_examples_of_its_intent(project: Path):
    data = importer_of(project).get_nlu_data()
    texts = [e.get("text") for e in data.intent_examples]
    assert texts == ["do you deliver to the moon"]
    assert data.intent_examples[0].get("intent") == "ask_moon_delivery"


def test_without_a_domain_there_are_no_articles(project: Path):
    importer = TrainingDataImporter.load_nlu_importer_from_config(
        str(project / "config.yml"), training_data_paths=[str(project / "data")]
    )
    assert importer.get_domain().is_empty()
    assert importer.get_stories().story_steps == []


def test_every_article_of_ours_can_be_read():
    articles = read_articles(ROOT / "kb")
    assert len(articles) >= 24
    assert all(len(article.english.questions) >= 5 for article in articles)
