"""What agents read: labels of the domain, filled with what is known."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from authoring.agent_labels import AgentLabels, agent_labels, filled, read_labels
from authoring.articles import read_articles
from authoring.check import check
from authoring.importer import DesignersImporter

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def labels(tmp_path: Path) -> AgentLabels:
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "fees.md").write_text(
        "---\ntitle: Fees\nintent: ask_fees\nquestions: [what does it cost]\n---\nNo.\n"
    )
    topic = tmp_path / "card_block.yml"
    topic.write_text(
        dedent(
            """\
            intents:
            - block_card: {agent_label: block a card}
            - unblock_card: {agent_label: unblock a card, topic: card_unblock}
            - hello: {small_talk: true}
            - inform: {agent_label: give details, topic: false}
            - bare_intent
            slots:
              card_number:
                type: text
                agent_label: the card's number
                secret: true
            actions:
            - action_block_card:
                agent_label: {done: Blocked a card, tried: Tried to, noun: block}
            """
        )
    )
    return read_labels([topic], read_articles(tmp_path / "kb"))


@pytest.mark.parametrize(
    ("intent", "told"),
    [
        ("block_card", {"label": "block a card", "topic": "card_block"}),
        ("unblock_card", {"label": "unblock a card", "topic": "card_unblock"}),
        ("hello", {"small_talk": True}),
        ("inform", {"label": "give details"}),
        ("ask_fees", {"label": "know about “Fees”", "topic": "ask_fees"}),
        ("bare_intent", {"topic": "card_block"}),
        ("of_elsewhere", {}),
        (None, {}),
    ],
)
def test_an_intent_has_its_label_and_its_files_topic(
    labels: AgentLabels, intent: str | None, told: dict[str, Any]
):
    assert labels.intent(intent) == told


def test_names_are_put_into_words(labels: AgentLabels):
    assert labels.words("card_number") == "the card's number"
    assert labels.words("block_card") == "block a card"
    assert labels.words("fees") == "Fees"
    assert labels.words("action_open_ticket") == "open ticket"
    assert labels.slot("other_slot") == "the other slot"
    assert labels.secrets() == {"card_number"}


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Cancelled order {number}", "Cancelled order A-1"),
        ("Cancelled order {gone}", "Cancelled order"),
        ("Order {empty} of {number}", "Order of A-1"),
        ("{number}: done", "A-1: done"),
        ("Said {odd}", "Said {number}"),
    ],
)
def test_what_is_not_known_is_left_out(sentence: str, said: str):
    values = {"number": "A-1", "empty": "", "odd": "{number}"}
    assert filled(sentence, values) == said


def test_the_shop_lacks_no_label():
    lacking = [f for f in check(ROOT) if "agent" in f.message or "outcome" in f.message]
    assert [str(finding) for finding in lacking] == []


def test_every_language_has_the_meaning_of_the_english():
    importer = DesignersImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"))
    responses = importer.get_domain().responses
    done = responses["utter_cancel_order_done"]
    assert len(done) >= 4
    assert {str(one["metadata"]) for one in done} == {
        "{'outcome': 'done', 'promise': True}"
    }
    hours = responses["utter_ask_opening_hours"]
    told = {one["metadata"]["attempt"] for one in hours}
    assert len(hours) >= 4
    assert told == {"Answered “Opening hours”"}


def test_labels_are_read_once():
    assert agent_labels() is agent_labels()
    assert agent_labels().intent("greet") == {"small_talk": True}
