"""Names in Python and names in the domain are the same names."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from authoring.articles import read_articles
from authoring.check_files import Project

ROOT = Path(__file__).resolve().parents[3]
# Asked by name through the forms, or chosen by a status of the shop, a slot, a trigger.
FORM_QUESTION = re.compile(r"utter_ask_")
BY_STATUS = (
    "utter_handoff_",  # by a trigger's name
    "utter_order_status_",
    "utter_refund_status_",
    "utter_reading_",
    "utter_why_",
    "utter_help_",
    "utter_all_",
    "utter_change_order_option_",
    "utter_invoice_line_",
    "utter_payment_problem_",
    "utter_transactions_line_",
    "utter_confirm_",
    "utter_sensitive_",
    "utter_sign_out_",
)


def rules_text() -> str:
    files = [*(ROOT / "data" / "rules").glob("*.yml")]
    return "\n".join(path.read_text("utf-8") for path in files)


@pytest.fixture(scope="module")
def registered() -> set[str]:
    executor = ActionExecutor()
    executor.register_package("actions")
    return set(executor.actions)


def test_every_action_of_the_domain_is_there_and_none_more(
    domain: dict[str, Any], registered: set[str]
) -> None:
    assert registered == set(domain["actions"])


def test_every_response_named_in_python_is_in_the_domain(
    domain: dict[str, Any],
) -> None:
    # Rasa's key for the response's name, not a response.
    named = set(re.findall(r'"(utter_\w+[a-z])"', Project(ROOT).python)) - {
        "utter_action"
    }
    assert named <= set(domain["responses"])


def test_every_response_of_the_domain_is_used(domain: dict[str, Any]) -> None:
    text = Project(ROOT).python + rules_text()
    articles = read_articles(ROOT / "kb")
    of_articles = {name for a in articles for name in (a.response, a.reading)}
    unused = {
        name
        for name in domain["responses"].keys() - of_articles
        if not re.search(rf"\b{name}\b", text)
        and not FORM_QUESTION.match(name)
        and not name.startswith(BY_STATUS)
    }
    assert unused == {"utter_default"}  # Rasa's own name for its own fallback


def test_help_is_only_written_for_slots_that_a_form_asks_for(
    domain: dict[str, Any],
) -> None:
    asked = {
        slot for form in domain["forms"].values() for slot in form["required_slots"]
    }
    named = re.findall(r"\butter_(?:why|help|all)_(\w+)", " ".join(domain["responses"]))
    assert set(named) - {"noted"} <= asked


def test_every_form_can_ask_for_each_of_its_slots(domain: dict[str, Any]) -> None:
    known = {*domain["actions"], *domain["responses"]}
    for form, described in domain["forms"].items():
        for slot in described["required_slots"]:
            asking = {
                f"action_ask_{form}_{slot}",
                f"utter_ask_{form}_{slot}",
                f"action_ask_{slot}",
                f"utter_ask_{slot}",
            }
            assert asking & known, (form, slot)


def test_every_variable_of_a_response_is_given_or_a_slot(
    domain: dict[str, Any],
) -> None:
    given = set(domain["slots"]) | set(
        re.findall(r"[\"(\s](\w+)(?:=|\": )", Project(ROOT).python)
    )
    for name, variations in domain["responses"].items():
        for variation in variations:
            wanted = set(re.findall(r"(?<!\{)\{(\w+)\}", yaml.safe_dump(variation)))
            assert wanted <= given, name


def test_every_button_sends_an_intent_of_the_domain(domain: dict[str, Any]) -> None:
    for name, variations in domain["responses"].items():
        for variation in variations:
            for button in variation.get("buttons", []):
                payload = button["payload"]
                if payload == "{retry}":
                    continue
                intent = re.match(r"/(\w+)", payload)
                assert intent and intent.group(1) in domain["intents"], name


def test_no_slot_steers_the_dialogue_by_itself(domain: dict[str, Any]) -> None:
    steering = [
        name
        for name, slot in domain["slots"].items()
        if slot.get("influence_conversation") is not False
    ]
    assert steering == []
