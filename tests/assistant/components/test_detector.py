"""Detectors: the word list, the statements, a small classifier, and the intent."""

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from components.detector import ExampleDetector
from components.detector_data import InvalidDetectorData, read_detector_data
from components.detector_words import DetectorWords, InvalidWords, normalised
from components.escalation import escalation_decision
from components.escalation_thresholds import Thresholds
from components.escalation_turns import SENSITIVE
from components.statements import statements

ROOT = Path(__file__).resolve().parents[3]
WORDS = DetectorWords.read(ROOT / "data" / "words" / "sensitive.yml")
LIST = """\
groups:
  person: [husband, mari, {quoted}]
plain:
  self_harm: [(want|wanna) to die]
  bereavement: ["my {{person}} ... (died|is dead)", "(mon) {{person}} est decede"]
cues: [die*, dead]
figurative: [dying to (know|see), "dead lol"]
"""


@pytest.fixture
def words(tmp_path: Path) -> DetectorWords:
    path = tmp_path / "sensitive.yml"
    path.write_text(LIST.format(quoted="mother in law"), encoding="utf-8")
    return DetectorWords.read(path)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("My husband died.", "bereavement"),
        ("my mother-in-law, bless her, died", "bereavement"),
        ("MON MARI EST DÉCÉDÉ", "bereavement"),
        ("my husband, who loved it, is dead", "bereavement"),
        ("I want to die", "self_harm"),
        ("my husband is dead and I want to die", "self_harm"),
        ("my husbands died", None),
        ("my husband. It died", None),
        ("my husband bought one two three four five and died", None),
        ("I'm dying to know", None),
        ("", None),
    ],
)
def test_plain_statements_are_heard(words, text, kind):
    assert words.hear(text).kind == kind


def test_figures_are_taken_out_before_cues_are_looked_for(words):
    assert words.hear("will it die?").has_cue
    assert not words.hear("I'm dead 😂").has_cue
    assert words.hear("I'm dead 😂 where is it").sentences == ["im where is it"]


def test_words_lose_case_accents_and_contractions():
    assert (
        normalised("I DON'T know. C’est l'été!\nß") == "i dont know . c est l ete . ss"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "plain"),
        ("plain: {a: ['{nobody} died']}\ncues: []\nfigurative: []", "nobody"),
        ("plain: [a]\ncues: []\nfigurative: []", "form of a word list"),
        ("plain: {a: [", "form of a word list"),
    ],
)
def test_a_bad_list_says_what_is_wrong(tmp_path, content, reason):
    path = tmp_path / "sensitive.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidWords, match=reason):
        DetectorWords.read(path)


@pytest.mark.parametrize("content", ["", "odd: 5", "odd:\n- examples: x", "other: []"])
def test_bad_examples_name_their_file(tmp_path, content):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "bad.yml").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidDetectorData, match="bad.yml"):
        read_detector_data(str(tmp_path / "odd"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I want to die", "self_harm"),
        ("me quiero matar, quiero morir", "self_harm"),
        ("ich will nicht mehr leben", "self_harm"),
        ("je veux mourir", "self_harm"),
        ("mein Mann ist gestorben", "bereavement"),
        ("mi madre falleció", "bereavement"),
        ("mon père est décédé", "bereavement"),
        ("my wife passed away in May", "bereavement"),
        ("my account was hacked", "account_takeover"),
        ("someone used my credit card", "card_misuse"),
    ],
)
def test_the_shops_own_list_hears_what_must_never_be_missed(text, kind):
    assert WORDS.hear(text).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "this is killing me",
        "I'm dying to see it",
        "my phone died",
        "dead battery",
        "me muero de risa",
        "ich sterbe vor Lachen",
        "je meurs d'impatience",
        "life jacket for kids",
    ],
)
def test_the_shops_own_list_knows_what_is_only_said_so(text):
    heard = WORDS.hear(text)
    assert (heard.kind, heard.has_cue) == (None, False)


def test_statements_are_found_within_a_message():
    text = "where is my order? it doesn't matter, I won't be here and they know"
    found = ["where is my order?", "it doesn't matter", "I won't be here"]
    # "they know" is too short to be one.
    assert statements(text, 3) == found
    assert statements(text, 2) == [*found, "they know"]
    assert statements("just one thing", 3) == []
    assert statements("stolen, that is what it is", 3) == ["that is what it is"]


EXAMPLES = {
    "bereavement": ["she is gone for ever", "he is gone for ever", "they are gone"],
    "ordinary": ["where is my order", "I want a refund", "cancel my order please"],
}


@pytest.fixture
def component(words: DetectorWords) -> ExampleDetector:
    config = {**ExampleDetector.get_default_config(), "words": "a list"}
    made = ExampleDetector(config, None, None, words=words)
    texts = [text for examples in EXAMPLES.values() for text in examples]
    kinds = [kind for kind, examples in EXAMPLES.items() for _ in examples]
    made._fit(texts, kinds, len(texts))
    return made


def heard(component: ExampleDetector, text: str) -> str | None:
    [message] = component.process([Message({"text": text})])
    found = message.get(SENSITIVE)
    return found and found["kind"]


def test_the_classifier_hears_what_no_phrase_has(component):
    assert heard(component, "she is gone for ever") == "bereavement"
    assert heard(component, "where is my order") is None


def test_a_statement_beside_a_request_is_heard_with_a_cue(component):
    text = "where is my order, cancel my order please, where is my order, {} for ever"
    assert heard(component, text.format("she is gone")) is None
    text += ". will it die?"
    assert heard(component, text.format("she is gone")) == "bereavement"


def test_a_number_changes_nothing_of_what_is_heard(component):
    for text in EXAMPLES["ordinary"] + EXAMPLES["bereavement"]:
        plain = list(component._margins(f"{text} for"))
        for number in ("HP-10428", "2020202"):
            assert list(component._margins(f"{text} for {number}")) == plain


def test_nothing_is_heard_in_buttons_and_in_nothing(component):
    for text in ("/cancel_order", "", "   ", "😂", "dead lol"):
        assert heard(component, text) is None


def test_untrained_it_hears_nothing():
    bare = ExampleDetector(ExampleDetector.get_default_config(), None, None)
    assert heard(bare, "I want to die") is None


ASKED = "request_human"


@pytest.fixture
def asking() -> ExampleDetector:
    config = {
        **ExampleDetector.get_default_config(),
        "intent": ASKED,
        "yields_to": ["make_complaint", "raise_legal_issue"],
    }
    made = ExampleDetector(config, None, None, words=DetectorWords.read(None))
    asked = ["get me a person", "I want a person", "a person please"]
    others = [*EXAMPLES["ordinary"], "no person please", "a tent for a person"]
    made._fit([*asked, *others], [ASKED] * 3 + ["ordinary"] * 5, 8)
    return made


def ranked(component: ExampleDetector, text: str, **ranking: float) -> dict[str, float]:
    guesses = [{"name": name, "confidence": p} for name, p in ranking.items()]
    message = Message({"text": text, "intent": guesses[0], "intent_ranking": guesses})
    component.process([message])
    found = message.get("intent_ranking")
    assert message.get("intent") == found[0]
    return {guess["name"]: guess["confidence"] for guess in found}


def test_it_decides_about_its_intent_and_the_others_make_room(asking):
    found = ranked(asking, "get me a person", cancel_order=0.9, request_human=0.1)
    assert found[ASKED] > 0.5
    assert sum(found.values()) == pytest.approx(1)
    text = "where is my order, get me a person"
    assert ranked(asking, text, check_order_status=0.9)[ASKED] > 0.5


def test_what_is_not_its_intent_makes_no_other_surer(asking):
    before = {"request_human": 0.9, "cancel_order": 0.1}
    found = ranked(asking, "where is my order", **before)
    assert found[ASKED] < 0.1
    assert found["cancel_order"] == 0.1


def test_it_yields_to_what_brings_in_a_person_anyway(asking):
    before = {"make_complaint": 0.4, "raise_legal_issue": 0.3, "request_human": 0.3}
    assert ranked(asking, "get me a person", **before) == before
    before["make_complaint"] = 0.3
    assert ranked(asking, "get me a person", **before)[ASKED] > 0.5


def test_a_button_stays_what_it_is(asking):
    before = {"request_human": 1.0}
    assert ranked(asking, "/request_human", **before) == before


def test_it_wins_over_every_other_trigger():
    parsed = {
        "intent": {"name": "request_human", "confidence": 1.0},
        "intent_ranking": [
            {"name": "request_human", "confidence": 0.6},
            {"name": "make_complaint", "confidence": 0.8},
        ],
        "sentiment": {"score": -1.0},
        "sensitive": {"kind": "threat", "margin": 1.0},
    }
    event = {"event": "user", "text": "x", "message_id": "m", "parse_data": parsed}
    decision = escalation_decision([event], Thresholds())
    assert decision.triggers[0] == "sensitive_situation"
    assert {"restricted_topic", "customer_request"} < set(decision.triggers)
    assert decision.evidence["situation"] == "threat"
    turned = escalation_decision([event], Thresholds(), ("customer_request",))
    assert turned.trigger == "customer_request"
