"""A turn in an agent's words: what was tried, what came of it, what is asked."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUttered,
)

from authoring.agent_labels import AgentLabels
from channels.agent_words import action_words, slot_words
from channels.turn_report import find_answer

LABELS = AgentLabels(
    intents={},
    actions={
        "action_block": {
            "agent_label": {
                "done": "Blocked card {card}",
                "tried": "Tried to block card {card}",
                "noun": "block",
            },
            "topic": "card_block",
        },
        "action_note": {"internal": True},
    },
    forms={"block_form": {"agent_label": "Asked which card"}},
    slots={
        "card": {"agent_label": "the card", "subject": "card {card}"},
        "pin": {"agent_label": "the PIN", "secret": True, "fixed": True},
        "hidden": {},
    },
    titles={},
)
DID = {"topic": "card_block", "noun": "block"}
REFUSED = {"outcome": "refused", "label": "too late"}


@pytest.mark.parametrize(
    ("said", "failed", "told"),
    [
        ([], False, {"attempt": "Blocked card 7"}),
        ([{"outcome": "done"}], False,
         {"attempt": "Blocked card 7", "outcome": {"kind": "done"}}),
        ([{"outcome": "answered", "label": "blocked since May"}], False,
         {"attempt": "Blocked card 7",
          "outcome": {"kind": "answered", "label": "blocked since May"}}),
        ([{}, {"outcome": "none"}, REFUSED, {"outcome": "done"}], False,
         {"attempt": "Tried to block card 7",
          "outcome": {"kind": "refused", "label": "too late"}}),
        ([{"outcome": "nothing_to_do"}], False,
         {"attempt": "Tried to block card 7", "outcome": {"kind": "nothing_to_do"}}),
        ([], True, {"attempt": "Tried to block card 7"}),
    ],
)  # fmt: skip
def test_an_action_tells_what_it_did_or_tried(
    said: list[dict[str, Any]], failed: bool, told: dict[str, Any]
) -> None:
    assert _words("action_block", said, failed=failed) == {**DID, **told}


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("action_note", [], {"internal": True}),
        ("validate_block_form", [], {"internal": True}),
        ("action_ask_block_form_card", [], {"internal": True}),
        ("action_default_fallback", [], {"internal": True}),
        ("action_unknown", [], {}),
        ("utter_greet", [{"cheerful": True}], {}),
        # an internal action that says an article has answered
        ("action_note", [{"outcome": "answered", "attempt": "Answered “Fees”"}],
         {"attempt": "Answered “Fees”", "outcome": {"kind": "answered"},
          "internal": True}),
        ("utter_ask_fees", [{"outcome": "answered", "attempt": "Answered “Fees”"}],
         {"attempt": "Answered “Fees”", "outcome": {"kind": "answered"}}),
    ],
)  # fmt: skip
def test_what_is_no_attempt_says_so(
    name: str, said: list[dict[str, Any]], told: dict[str, Any]
) -> None:
    assert _words(name, said) == told


@pytest.mark.parametrize(
    ("said", "failed", "told"),
    [
        ([], False, {}),
        ([{"outcome": "none"}], False, {}),
        ([{"outcome": "unclear", "label": "no card"}], False,
         {"attempt": "Asked for the card",
          "outcome": {"kind": "unclear", "label": "no card"}}),
        ([], True, {"attempt": "Asked which card"}),
    ],
)  # fmt: skip
def test_a_form_has_tried_nothing_until_an_answer_is_of_no_use(
    said: list[dict[str, Any]], failed: bool, told: dict[str, Any]
) -> None:
    found = _words("block_form", said, failed=failed, is_form=True, asked="card")
    assert found == {"label": "Asked which card", **told}


def test_a_form_without_a_label_is_called_by_its_name() -> None:
    assert _words("other_form", [], is_form=True) == {"label": "other form"}


def test_slots_are_told_as_agents_call_them() -> None:
    told = slot_words(LABELS, {"card": "7", "hidden": 1}, {"pin"}, "pin")
    assert told == {
        "slot_labels": {
            "card": {"label": "the card"},
            "pin": {"label": "the PIN", "fixed": True, "secret": True},
        },
        "asked_for": "the PIN",
        "asks_secret": True,
        "subject": "card 7",
    }
    assert slot_words(LABELS, {}, (), None) == {"slot_labels": {}}
    assert slot_words(LABELS, {}, (), "card")["asked_for"] == "the card"


def _words(
    name: str,
    said: list[dict[str, Any]],
    *,
    failed: bool = False,
    is_form: bool = False,
    asked: str | None = None,
) -> dict[str, Any]:
    return action_words(
        LABELS, name, said, {"card": "7"}, is_form=is_form, asked=asked, failed=failed
    )


def test_a_form_that_refuses_after_another_action_says_what_it_asks_for() -> None:
    domain = Domain.from_dict(
        {
            "intents": ["block"],
            "slots": {"card": {"type": "text", "mappings": [{"type": "from_text"}]}},
            "forms": {"block_form": {"required_slots": ["card"]}},
            "actions": ["action_block"],
        }
    )
    refusal = BotUttered("No such card.", metadata={"metadata": REFUSED})
    events = [
        UserUttered("block my card", {"name": "block"}, input_channel="bridge"),
        ActionExecuted("block_form"),
        ActiveLoop("block_form"),
        ActionExecuted("action_block"),
        BotUttered("One moment."),
        ActionExecuted("block_form"),
        refusal,
        SlotSet("requested_slot", "card"),
    ]
    events[0].message_id = "m1"
    answer = find_answer(events, "m1", domain, LABELS)
    assert answer is not None
    told = [action.get("attempt") for action in answer.turn["actions"]]
    assert told[-1] == "Asked for the card"
