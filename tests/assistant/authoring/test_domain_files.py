"""A domain from its topics: merged, short forms written out, clashes named."""

from __future__ import annotations

from pathlib import Path

import pytest

from authoring.domain_files import InvalidDomainFile, read_domain
from authoring.importer import DesignersImporter

BASE = 'version: "3.1"\nsession_config:\n  session_expiration_time: 0\n'
SHARED = """
intents: [greet, affirm]
slots:
  number:
    type: text
    mappings:
    - type: from_text
      intent: affirm
      when: asked
  wish:
    type: text
    mappings:
    - type: from_text
      not_intent: said_beside
      when: asked
"""
TOPIC = """
intents: [cancel]
forms:
  cancel_form:
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
    assert sorted(domain["intents"]) == ["affirm", "cancel", "greet"]
    assert set(domain["forms"]) == {"cancel_form", "track_form"}
    assert domain["session_config"] == {"session_expiration_time": 0}


def test_when_asked_means_every_form_that_requires_the_slot(project: Path):
    slots = read_domain(project / "domain.yml")["slots"]
    assert slots["number"]["mappings"][0]["conditions"] == [
        {"active_loop": "cancel_form", "requested_slot": "number"},
        {"active_loop": "track_form", "requested_slot": "number"},
    ]
    assert slots["wish"]["mappings"][0]["conditions"] == [
        {"active_loop": "cancel_form", "requested_slot": "wish"}
    ]


def test_said_beside_means_the_listed_intents(project: Path):
    slots = read_domain(project / "domain.yml", ["greet"])["slots"]
    assert slots["wish"]["mappings"][0]["not_intent"] == ["greet"]


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
    importer = DesignersImporter(
        domain_path=str(project / "domain.yml"), said_beside=["greet"]
    )
    domain = importer.get_domain()
    assert domain.required_slots_for_form("cancel_form") == ["number", "wish"]
    assert {"greet", "affirm", "cancel"} <= set(domain.intents)


def test_without_a_domain_the_importer_has_an_empty_one():
    assert DesignersImporter(config_file="config.yml").get_domain().is_empty()
