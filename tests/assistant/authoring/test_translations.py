"""Translations become variations for their language, and must fit their English."""

from __future__ import annotations

from pathlib import Path

import pytest

from authoring.importer import DesignersImporter
from authoring.translations import InvalidTranslation, translate

ENGLISH = """
version: "3.1"
slots:
  language:
    type: text
    mappings:
    - type: custom
responses:
  utter_sent:
  - text: "Sent to {sent_to}."
    buttons:
    - title: Again
      payload: /again
    - title: Stop
      payload: /stop
  - text: "It went to {sent_to}."
    buttons:
    - title: Once more
      payload: /again
    - title: Enough
      payload: /stop
  utter_bye:
  - text: "Bye."
  utter_left:
  - text: "You are out."
    metadata: {leaves_line: true}
  utter_odd:
  - condition:
    - type: slot
      name: number
      value: null
    text: "None."
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "translations" / "es").mkdir(parents=True)
    (tmp_path / "domain.yml").write_text(ENGLISH)
    return tmp_path


def write(project: Path, text: str) -> None:
    path = project / "translations" / "es" / "topic.yml"
    path.write_text(text, encoding="utf-8")


def responses(project: Path) -> dict[str, list[dict[str, object]]]:
    importer = DesignersImporter(domain_path=str(project / "domain.yml"))
    return importer.get_domain().responses


def test_a_translation_is_a_variation_for_its_language(project: Path):
    write(
        project,
        "responses:\n"
        "  utter_bye:\n"
        '  - text: "Adiós."\n'
        "  utter_sent:\n"
        '  - text: "Enviado a {sent_to}."\n'
        "    buttons: [Otra vez, Basta]\n",
    )
    found = responses(project)
    spanish = [{"type": "slot", "name": "language", "value": "es"}]
    assert found["utter_bye"] == [
        {"text": "Bye."},
        {"text": "Adiós.", "condition": spanish},
    ]
    assert [v.get("condition") for v in found["utter_sent"]] == [None, None, spanish]
    assert found["utter_sent"][2]["buttons"] == [
        {"title": "Otra vez", "payload": "/again"},
        {"title": "Basta", "payload": "/stop"},
    ]


def test_without_translations_there_is_only_english(project: Path):
    assert len(responses(project)["utter_sent"]) == 2


@pytest.mark.parametrize(
    ("file", "line", "what"),
    [
        ("responses:\n  utter_new:\n  - text: 'Hola.'\n", 3, "there is no 'utter_new'"),
        ("responses:\n  utter_bye: []\n", 2, "'utter_bye' has no variations"),
        ("responses:\n  utter_bye:\n  - Hola\n", 3, "needs a 'text'"),
        ("responses:\n  utter_bye:\n  - text: Hola.\n    title: x\n", 3, "title"),
        ("responses:\n\n  utter_bye:\n  - text: '{name}'\n", 4, "placeholders: none"),
        ("responses:\n  utter_bye:\n  - text: 'Adiós {'\n", 3, "Adiós {"),
        (
            "responses:\n  utter_sent:\n  - text: 'Va.'\n    buttons: [a, b]\n",
            3,
            "placeholders: {sent_to}",
        ),
        (
            "responses:\n  utter_sent:\n  - text: 'A {sent_to}'\n    buttons: [a]\n",
            3,
            "has 2 buttons",
        ),
        (
            "responses:\n  utter_bye:\n  - text: 'Adiós.'\n    buttons: [a]\n",
            3,
            "has 0 buttons",
        ),
        ("responses:\n  utter_odd:\n  - text: 'Nada.'\n", 3, "with a condition"),
        ("utter_bye:\n- text: 'Adiós.'\n", 1, "there are no 'responses'"),
    ],
)
def test_what_does_not_fit_is_named_with_file_and_line(
    project: Path, file: str, line: int, what: str
):
    write(project, file)
    with pytest.raises(InvalidTranslation) as error:
        responses(project)
    assert f"es/topic.yml:{line}: " in str(error.value)
    assert what in str(error.value)


def test_languages_do_not_see_each_other(project: Path):
    (project / "translations" / "de").mkdir()
    for code, text in (("de", "Tschüss."), ("es", "Adiós.")):
        path = project / "translations" / code / "topic.yml"
        path.write_text(f"responses:\n  utter_bye:\n  - text: {text}\n")
    english = {"utter_bye": [{"text": "Bye."}]}
    translate(english, project / "translations")
    said = {v["condition"][0]["value"]: v["text"] for v in english["utter_bye"][1:]}
    assert said == {"de": "Tschüss.", "es": "Adiós."}


def test_what_stands_beside_the_english_stands_beside_the_translation(
    project: Path,
) -> None:
    write(project, 'responses:\n  utter_left:\n  - text: "Fuera."\n')
    said = responses(project)["utter_left"]
    assert [one["metadata"] for one in said] == [{"leaves_line": True}] * 2
