"""The slot `language` follows the messages, whatever else the turn does."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.language_policy import LanguagePolicy

DOMAIN = Domain.from_dict(
    {
        "intents": ["inform", "request_refund", "switch_language"],
        "slots": {
            name: {"type": "text", "mappings": [{"type": "custom"}]}
            for name in ("language", "requested_slot")
        },
    }
)
SPANISH = {"code": "es", "confidence": 0.9, "certainty": "sure", "foreign": False}
MAYBE_SPANISH = {**SPANISH, "certainty": "likely"}
ENGLISH = {**SPANISH, "code": "en"}
NOTHING = {"confidence": 0.0, "certainty": "unsure", "foreign": False}


@pytest.fixture
def policy(tmp_path) -> LanguagePolicy:
    config = {**LanguagePolicy.get_default_config(), "names_and_places": ["street"]}
    return LanguagePolicy(
        config,
        LocalModelStorage(tmp_path),
        Resource("policy"),
        ExecutionContext(GraphSchema({})),
    )


def said(
    language: dict[str, Any],
    intent: str = "inform",
    entities: list[dict[str, Any]] | None = None,
    **more: Any,
) -> UserUttered:
    parsed = {"language": language}
    return UserUttered("…", {"name": intent}, entities, parsed, **more)


def events_after(policy: LanguagePolicy, *events: Event) -> list[Event]:
    tracker = DialogueStateTracker.from_events("c", list(events), DOMAIN.slots)
    return policy.predict_action_probabilities(tracker, DOMAIN).events


def test_a_sure_message_sets_the_slot(policy):
    assert events_after(policy, said(SPANISH)) == [SlotSet("language", "es")]


def test_it_predicts_no_action(policy):
    tracker = DialogueStateTracker.from_events("c", [said(SPANISH)], DOMAIN.slots)
    prediction = policy.predict_action_probabilities(tracker, DOMAIN)
    assert max(prediction.probabilities) == 0


def test_what_is_set_is_not_set_again(policy):
    assert events_after(policy, SlotSet("language", "es"), said(SPANISH)) == []


def test_only_before_the_turn_s_first_action(policy):
    """Later in the turn the form asks for something else."""
    acted = [said(SPANISH), ActionExecuted("utter_x")]
    assert events_after(policy, *acted) == []


def test_the_client_s_language_counts_where_nothing_else_does(policy):
    hinted = {"metadata": {"language": "fr-CA"}}
    assert events_after(policy, said(NOTHING, **hinted)) == [SlotSet("language", "fr")]
    assert events_after(policy, said(SPANISH, **hinted)) == [SlotSet("language", "es")]
    foreign = {"metadata": {"language": "it-IT"}}
    assert events_after(policy, said(NOTHING, **foreign)) == []


def test_a_name_or_a_place_changes_nothing(policy):
    asked = [SlotSet("language", "en"), SlotSet("requested_slot", "street")]
    assert events_after(policy, *asked, said(SPANISH)) == []


def test_a_request_in_place_of_a_name_counts(policy):
    asked = [SlotSet("language", "en"), SlotSet("requested_slot", "street")]
    request = said(SPANISH, "request_refund")
    assert events_after(policy, *asked, request) == [SlotSet("language", "es")]


def test_the_browser_s_language_is_come_back_to_with_fewer_words(policy):
    english = SlotSet("language", "en")
    place = {"metadata": {"language": "en", "locale": "es-MX"}}
    back = said(MAYBE_SPANISH, **place)
    assert events_after(policy, english, back) == [SlotSet("language", "es")]
    elsewhere = said(MAYBE_SPANISH, metadata={"language": "en", "locale": "en-GB"})
    assert events_after(policy, english, elsewhere) == []


def test_what_tells_nothing_does_not_come_between_two_messages(policy):
    english = SlotSet("language", "en")
    said_twice = [said(MAYBE_SPANISH), said(NOTHING), said(MAYBE_SPANISH)]
    assert events_after(policy, english, *said_twice) == [SlotSet("language", "es")]


def test_a_language_that_was_asked_for_stays_until_another_is(policy):
    asked = [
        said({**SPANISH, "named": "de"}, "switch_language"),
        SlotSet("language", "de"),
        ActionExecuted("action_listen"),
    ]
    sentence = said(ENGLISH)
    assert events_after(policy, *asked, sentence, sentence) == []
    again = said({**ENGLISH, "named": "en"}, "switch_language")
    assert events_after(policy, *asked, again) == [SlotSet("language", "en")]


def test_a_language_can_be_asked_for_where_a_name_is_asked(policy):
    asked = [SlotSet("language", "en"), SlotSet("requested_slot", "street")]
    german = said({**NOTHING, "named": "de"}, "switch_language")
    assert events_after(policy, *asked, german) == [SlotSet("language", "de")]


def test_asking_for_a_language_is_enough(policy):
    english = SlotSet("language", "en")
    named = said({**NOTHING, "named": "de"}, "switch_language")
    assert events_after(policy, english, named) == [SlotSet("language", "de")]
    mentioned = said({**NOTHING, "named": "de"}, "inform")
    assert events_after(policy, english, mentioned) == []
    italian = said({**NOTHING, "named": "it"}, "switch_language")
    assert events_after(policy, english, italian) == []


def test_a_button_names_its_language(policy):
    button = [{"entity": "language", "value": "fr"}]
    pressed = said(NOTHING, "switch_language", button)
    assert events_after(policy, pressed) == [SlotSet("language", "fr")]


def test_a_domain_without_the_slot_is_left_alone(policy):
    tracker = DialogueStateTracker.from_events("c", [said(SPANISH)], [])
    assert policy.predict_action_probabilities(tracker, Domain.empty()).events == []
