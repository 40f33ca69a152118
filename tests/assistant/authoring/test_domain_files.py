"""A domain from its topics: merged, short forms written out, clashes named."""

from __future__ import annotations

from pathlib import Path

import pytest

from authoring.domain_files import InvalidDomainFile, read_domain
from authoring.importer import DesignersImporter

BASE = 'version: "3.1"\nsession_config:\n  session_expiration_time: 0\n'
SHARED = """
intents:
- greet: {small_talk: true, interrupts_forms: true}
- affirm: {use_entities: []}
slots:
  number:
    type: text
    agent_label: the number
    subject: "order {number}"
    secret: true
    fixed: true
    mappings:
    - type: from_text
      intent: affirm
      asked_only: true
  wish:
    type: text
    mappings:
    - type: from_text
      asked_only: true
    - type: from_intent
      intent: affirm
      value: true
      asked_only: true
actions:
- action_note: {internal: true}
- action_cancel: {agent_label: {done: Done, tried: Tried, noun: deed}, topic: cancel}
"""
TOPIC = """
intents: [cancel]
forms:
  cancel_form:
    agent_label: Asked what a cancellation needs
    required_slots: [number, wish]
  track_form:
    required_slots: [number]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain.yml").write_text(BASE)
    (tmp_path / "domain" / "shared.yml").write_text(SHARED)
    (tmp_path / "domain" / "cancel.yml").write_text(TOPIC)
    return tmp_path


def test_topics_add_up(project: Path):
    domain = read_domain(project / "domain.yml")
    assert domain["intents"] == ["cancel", "greet", {"affirm": {"use_entities": []}}]
    assert set(domain["forms"]) == {"cancel_form", "track_form"}
    assert domain["session_config"] == {"session_expiration_time": 0}


def test_asked_only_means_every_form_that_requires_the_slot(project: Path):
    slots = read_domain(project / "domain.yml")["slots"]
    assert slots["number"]["mappings"][0]["conditions"] == [
        {"active_loop": "cancel_form", "requested_slot": "number"},
        {"active_loop": "track_form", "requested_slot": "number"},
    ]
    assert slots["wish"]["mappings"][0]["conditions"] == [
        {"active_loop": "cancel_form", "requested_slot": "wish"}
    ]


def test_what_interrupts_forms_is_no_text_that_a_form_asked_for(project: Path):
    text, chosen = read_domain(project / "domain.yml", ["ask_moon"])["slots"]["wish"][
        "mappings"
    ]
    assert text["not_intent"] == ["greet", "ask_moon"]
    assert "not_intent" not in chosen


def test_a_mapping_with_intents_of_its_own_keeps_them(project: Path):
    slots = read_domain(project / "domain.yml")["slots"]
    [mapping] = slots["number"]["mappings"]
    assert mapping["intent"] == "affirm"
    assert "not_intent" not in mapping


def test_rasa_gets_no_key_of_our_own(project: Path):
    domain = read_domain(project / "domain.yml")
    assert domain["slots"]["number"].keys() == {"type", "mappings"}
    assert domain["forms"]["cancel_form"].keys() == {"required_slots"}
    assert domain["actions"] == ["action_note", "action_cancel"]


def test_a_name_in_two_topics_is_refused(project: Path):
    (project / "domain" / "again.yml").write_text(
        "forms:\n  track_form:\n    required_slots: []\n"
    )
    with pytest.raises(InvalidDomainFile, match="'track_form' of 'forms'"):
        read_domain(project / "domain.yml")


def test_a_file_that_is_no_mapping_is_refused(project: Path):
    (project / "domain" / "again.yml").write_text("- greet\n")
    with pytest.raises(InvalidDomainFile, match="again.yml"):
        read_domain(project / "domain.yml")


def test_the_importer_gives_rasa_the_whole_domain(project: Path):
    importer = DesignersImporter(domain_path=str(project / "domain.yml"))
    domain = importer.get_domain()
    assert domain.required_slots_for_form("cancel_form") == ["number", "wish"]
    assert {"greet", "affirm", "cancel"} <= set(domain.intents)


def test_without_a_domain_the_importer_has_an_empty_one():
    assert DesignersImporter(config_file="config.yml").get_domain().is_empty()
