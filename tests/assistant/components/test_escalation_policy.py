"""The policy keeps the slot `aggrieved`, whoever predicts the next action."""

from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ConversationResumed,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from components.escalation_policy import EscalationPolicy

SLOT = {
    "type": "bool",
    "influence_conversation": False,
    "mappings": [{"type": "custom"}],
}
DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "actions": ["action_handoff"],
        "slots": {"aggrieved": SLOT, "handoff_request": {**SLOT, "type": "any"}},
    }
)
CALM = {"label": "neutral", "score": 0.0}
AGGRIEVED = {"label": "negative", "score": -0.5}
SETTLED = ConversationResumed(metadata={"catch_up": True})


@pytest.fixture
def policy() -> EscalationPolicy:
    config = {**EscalationPolicy.get_default_config()}
    context = ExecutionContext(GraphSchema({}))
    return EscalationPolicy(config, None, Resource("policy"), context)


def said(sentiment: dict[str, Any]) -> UserUttered:
    intent = {"name": "greet", "confidence": 1.0}
    parsed = {"intent": intent, "sentiment": sentiment}
    return UserUttered("...", intent, parse_data=parsed)


def kept(policy: EscalationPolicy, events: list[Event]) -> list[Event]:
    tracker = DialogueStateTracker.from_events("x", events, DOMAIN.slots)
    return policy.predict_action_probabilities(tracker, DOMAIN).events


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([said(CALM)], []),
        ([said(AGGRIEVED)], [SlotSet("aggrieved", True)]),
        # a calm message does not settle it
        ([said(AGGRIEVED), SlotSet("aggrieved", True), said(CALM)], []),
        # a person does
        (
            [said(AGGRIEVED), SlotSet("aggrieved", True), SETTLED, said(CALM)],
            [SlotSet("aggrieved", False)],
        ),
        # looked at once in a turn
        ([said(AGGRIEVED), ActionExecuted("action_listen")], []),
    ],
)
def test_grievance_is_kept_until_a_person_has_settled_it(
    policy: EscalationPolicy, events: list[Event], expected: list[Event]
) -> None:
    assert kept(policy, events) == expected
