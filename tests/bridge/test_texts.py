"""The bridge's sentences: what code asks for is there, and nothing else is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
import yaml

from handoff_bridge.brand_file import load_brand
from handoff_bridge.errors import (
    NotAnImage,
    NotAPdf,
    TooSlow,
    UploadQuota,
    UploadTooLarge,
)
from handoff_bridge.protocol.customer import CUSTOMER_REFUSALS
from handoff_bridge.service.messaging.channel import Kind
from handoff_bridge.settings import TEXTS_DIR
from handoff_bridge.texts import PAGES, BrandTexts, read_texts
from tests.bridge.support import House

PACKAGE = Path(__file__).resolve().parents[2] / "handoff_bridge" / "handoff_bridge"
WIDGET = PACKAGE.parent / "web" / "src" / "widget"
PLURALS = {"zero", "one", "two", "few", "many", "other"}
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
    # Said of whatever kind it is.
    said |= {f"unreadable_{kind}" for kind in get_args(Kind.__value__)}
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


def forms_of(words: str | dict[str, str]) -> dict[str, str]:
    return words if isinstance(words, dict) else {"other": words}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_pages_are_complete_in_each_language(path: Path, page: str) -> None:
    english = read_texts("en")[page]
    content = read_texts(path.stem)
    assert content["direction"] in ("ltr", "rtl")
    assert list(content[page]) == list(english)
    for key, words in content[page].items():
        forms = forms_of(words)
        assert set(forms) <= PLURALS, key
        wanted = names_in(forms_of(english[key])["other"])
        assert names_in(forms["other"]) == wanted, key
        for sentence in forms.values():
            assert wanted - {"count"} <= names_in(sentence) <= wanted, key
            assert sentence.strip() == sentence and not re.search(r"<[a-z/]", sentence)


def test_every_word_of_the_widget_is_said_somewhere() -> None:
    sources = WIDGET.rglob("*.ts*")
    code = "\n".join(
        path.read_text("utf-8") for path in sources if ".test." not in path.name
    )
    unsaid = {key for key in read_texts("en")["widget"] if f'"{key}"' not in code}
    assert {key for key in unsaid if not key.startswith("refused_")} == set()


def test_customers_are_refused_in_their_own_language() -> None:
    """What no page can cause has the general sentence."""
    refusals = {error.code for all_ in CUSTOMER_REFUSALS.values() for error in all_}
    uploads = {UploadTooLarge, UploadQuota, NotAnImage, NotAPdf, TooSlow}
    codes = refusals | {error.code for error in uploads} | {"no_answer"}
    general = {"internal", "bad_request"}
    unseen = {"unknown_session", "token_invalid", "token_expired"}
    said = {key.removeprefix("refused_") for key in read_texts("en")["widget"]}
    assert codes - general - unseen <= said


async def test_a_page_asks_for_its_words(house: House) -> None:
    answer = await house.http.get("/texts/de-AT/widget")
    body = answer.json()
    assert (body["language"], body["direction"]) == ("de", "ltr")
    assert body["words"]["sent"] == "Gesendet"
    assert body["ordinals"][0] == "erster"
    assert body["starters"]
    assert "{company}" not in answer.text and "{assistant}" not in answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    other = await house.http.get("/texts/de/inbox-of-nobody")
    assert (other.status_code, other.json()["error"]) == (404, "not_found")


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


@pytest.mark.parametrize("name", ["דנה", "محمد علي"])
def test_a_name_turns_no_sentence_around(name: str) -> None:
    texts = TEXTS.in_language("en")
    assert texts.say("joined", name=name).startswith(f"\u2068{name}\u2069 has")
    assert texts.say("joined", name="Zoë") == "Zoë has joined and has read the chat."


def test_the_assistant_s_languages_are_all_there() -> None:
    folder = TEXTS_DIR.parents[1] / "translations"
    spoken = {path.parent.name for path in folder.glob("*/language.yml")}
    assert len(spoken) >= 3
    assert {path.stem for path in FILES} == {"en", *spoken}
