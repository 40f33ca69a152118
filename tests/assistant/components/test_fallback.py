"""The fallback that wants to be sure of restricted topics."""

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.io import read_yaml_file
from test_classifier import ROOT

from components.escalation_thresholds import Thresholds
from components.fallback import CautiousFallbackClassifier

RESTRICTED = ["make_complaint", "report_safety_issue"]
CONFIG = {
    **CautiousFallbackClassifier.get_default_config(),
    "restricted_intents": RESTRICTED,
    "careful_intents": ["reset_password"],
}


def understood(ranking: dict[str, float]) -> str:
    """Returns the intent that is left of a ranking."""
    guesses = [{"name": name, "confidence": p} for name, p in ranking.items()]
    message = Message({"intent": guesses[0], "intent_ranking": guesses})
    [message] = CautiousFallbackClassifier(CONFIG).process([message])
    return message.get("intent")["name"]


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        ({"report_safety_issue": 0.9, "return_item": 0.1}, "report_safety_issue"),
        ({"report_safety_issue": 0.62, "return_item": 0.33}, "nlu_fallback"),
        ({"report_safety_issue": 0.65, "greet": 0.1}, "nlu_fallback"),
        (
            {"make_complaint": 0.5, "report_safety_issue": 0.3, "greet": 0.2},
            "make_complaint",
        ),
        ({"return_item": 0.55, "report_safety_issue": 0.4}, "return_item"),
        ({"return_item": 0.25, "greet": 0.1}, "nlu_fallback"),
        # mails at once
        ({"reset_password": 0.55, "greet": 0.1}, "nlu_fallback"),
        ({"reset_password": 0.65, "greet": 0.1}, "reset_password"),
    ],
)
def test_a_restricted_topic_must_be_certain(
    ranking: dict[str, float], expected: str
) -> None:
    assert understood(ranking) == expected


def test_fallback_and_policy_want_the_same() -> None:
    config = read_yaml_file(ROOT / "config.yml")
    [fallback] = [
        e for e in config["pipeline"] if e["name"].startswith("components.fallback.")
    ]
    [policy] = [e for e in config["policies"] if "restricted_intents" in e]
    names = [name for name in fallback if name.startswith("restricted")]
    assert len(names) == 2
    assert {n: fallback[n] for n in names} == {n: policy[n] for n in names}
    assert Thresholds().restricted_probability == CONFIG["restricted_probability"]


def test_likely_readings_of_what_is_not_understood_are_kept() -> None:
    guesses = [
        {"name": name, "confidence": p}
        for name, p in {"return_item": 0.3, "greet": 0.2, "stop": 0.04}.items()
    ]
    message = Message({"intent": guesses[0], "intent_ranking": guesses})
    CautiousFallbackClassifier(CONFIG).process([message])
    assert message.get("readings") == ["return_item", "greet"]


def test_what_came_close_to_a_stranger_is_kept_as_well() -> None:
    guesses = [
        {"name": name, "confidence": p}
        for name, p in {"nlu_fallback": 0.5, "ask_warranty": 0.35}.items()
    ]
    message = Message({"intent": guesses[0], "intent_ranking": guesses})
    CautiousFallbackClassifier(CONFIG).process([message])
    assert "ask_warranty" in message.get("readings")


def test_what_is_understood_has_no_readings() -> None:
    guesses = [{"name": "return_item", "confidence": 0.9}]
    message = Message({"intent": guesses[0], "intent_ranking": guesses})
    CautiousFallbackClassifier(CONFIG).process([message])
    assert message.get("readings") is None
