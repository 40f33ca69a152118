"""Everything a customer may be told is there in every language that we speak.

That placeholders and buttons fit the English is checked when they are compiled.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.utils.io import read_yaml_file

from authoring.articles import read_articles

ROOT = Path(__file__).resolve().parents[2]
CONFIG = read_yaml_file(ROOT / "config.yml")
[DETECTOR] = [part for part in CONFIG["pipeline"] if "LanguageDetector" in part["name"]]
SPOKEN = [code for code in DETECTOR["languages"] if code != "en"]


@pytest.fixture(scope="module")
def responses() -> dict[str, list[dict]]:
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml")
    )
    return importer.get_domain().responses


def languages(variations: list[dict]) -> set[str]:
    return {
        condition["value"]
        for variation in variations
        for condition in variation.get("condition") or []
        if condition["name"] == "language"
    }


@pytest.mark.parametrize("code", SPOKEN)
def test_every_response_is_translated(responses, code):
    missing = {
        name
        for name, variations in responses.items()
        if code not in languages(variations)
    }
    assert missing == set()


@pytest.mark.parametrize("code", SPOKEN)
def test_every_article_is_translated_with_its_buttons(code):
    for article in read_articles(ROOT / "kb"):
        wording = article.translations.get(code)
        assert wording is not None, article.article_id
        english = [button["title"] for button in article.english.buttons]
        titles = [button["title"] for button in wording.buttons]
        assert not set(titles) & set(english), article.article_id


CARD_WORDS = (
    "brief card_title card_row order_status refund_status return_status payment_line "
    "order_button"
).split()


@pytest.mark.parametrize("code", SPOKEN)
def test_every_value_has_words(code):
    values = read_yaml_file(ROOT / "translations" / "values.yml")
    assert code in values["day"]
    assert {"en", code} <= set(values["short_day"])
    assert all(code in words for words in values["payment_method"].values())
    assert "en" in values["day"]
    for section in CARD_WORDS:
        for key, words in values[section].items():
            assert {"en", code} <= set(words), (section, key)
