"""The bridge's sentences: what code asks for is there, and nothing else is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import yaml

from handoff_bridge.brand_file import load_brand
from handoff_bridge.settings import TEXTS_DIR
from handoff_bridge.texts import BrandTexts

PACKAGE = Path(__file__).resolve().parents[2] / "handoff_bridge" / "handoff_bridge"
FILES = sorted(TEXTS_DIR.glob("*.yml"))
TEXTS = BrandTexts(TEXTS_DIR, load_brand())
ENGLISH = TEXTS.in_language("en").sentences


def calls() -> Iterator[ast.Call]:
    """Every `….say("key", …)` and `SystemLine("key", …)` of the bridge.

    The launcher speaks to operators.
    """
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.is_relative_to(PACKAGE / "launch"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).endswith((".say", "SystemLine"))
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield node


def key_of(call: ast.Call) -> str:
    constant = call.args[0]
    assert isinstance(constant, ast.Constant)
    return str(constant.value)


def given_by(call: ast.Call) -> set[str]:
    """Names of the values: keywords, or a dictionary behind the key."""
    keys = [
        key for one in call.args[1:] if isinstance(one, ast.Dict) for key in one.keys
    ]
    named = {key.value for key in keys if isinstance(key, ast.Constant)}
    return named | {str(keyword.arg) for keyword in call.keywords}


def names_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_key_that_code_asks_for_exists() -> None:
    asked = {key_of(call) for call in calls()}
    assert len(asked) > 10
    assert asked - set(ENGLISH) == set()


def test_every_sentence_is_said_somewhere() -> None:
    said = {key_of(call) for call in calls()}
    assert set(ENGLISH) - said == set()


def test_sentences_ask_for_no_more_than_code_gives() -> None:
    for call in calls():
        if any(keyword.arg is None for keyword in call.keywords):
            continue  # **values
        assert names_in(ENGLISH[key_of(call)]) <= given_by(call), key_of(call)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_language_is_complete(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    sentences = content["sentences"]
    assert set(sentences) == set(ENGLISH)
    english = yaml.safe_load((TEXTS_DIR / "en.yml").read_text("utf-8"))["sentences"]
    for key, sentence in sentences.items():
        assert names_in(sentence) == names_in(english[key]), key
        assert not re.search(r"<[a-z/]", sentence), key
    assert len(content["weekdays"]) == 7
    assert list(content["ordinals"]) == list(range(1, 11))


def test_introduction_says_that_it_is_automated() -> None:
    neutral = BrandTexts(TEXTS_DIR, load_brand(Path("no brand.yml")))
    for texts in (TEXTS, neutral):
        introduction = texts.in_language("en").sentences["introduction"]
        assert "automated" in introduction
        assert "person" in introduction


def test_unknown_or_odd_language_is_the_first() -> None:
    for language in ("xx", "", "..", "e/", "EN", None):
        assert TEXTS.in_language(language).sentences == ENGLISH


@pytest.mark.parametrize(
    ("language", "first", "twelfth", "minute", "minutes"),
    [
        ("en", "first in line", "number 12 in line", "a minute", "about 3 minutes"),
        ("es", "el primer lugar", "el lugar 12 ", "de un minuto", "unos 3 minutos"),
        ("de", "an erster Stelle", "an 12. Stelle", "eine Minute", "etwa 3 Minuten"),
        ("fr", "première position", "12e position", "une minute", "environ 3 minutes"),
    ],
)
def test_places_and_durations_are_grammar(
    language: str, first: str, twelfth: str, minute: str, minutes: str
) -> None:
    texts = TEXTS.in_language(language)
    near, far = texts.ordinal(1), texts.ordinal(12)
    assert first in texts.say("waiting", place=near)
    assert twelfth in texts.say("waiting", place=far)
    one = texts.say("waiting_eta", place=near, minutes=texts.say("minute"))
    assert minute in one
    assert "unos un" not in one
    three = texts.say("minutes", count=3)
    assert minutes in texts.say("waiting_eta", place=far, minutes=three)
    some = texts.say("minutes_range", low=3, high=6)
    about, _, word = minutes.partition(" 3 ")
    assert some.startswith(f"{about} 3 ") and some.endswith(f" 6 {word}")


def test_the_assistant_s_languages_are_all_there() -> None:
    folder = TEXTS_DIR.parents[1] / "translations"
    spoken = {path.parent.name for path in folder.glob("*/language.yml")}
    assert len(spoken) >= 3
    assert {path.stem for path in FILES} == {"en", *spoken}
