"""Conversations with everything that states and rules depend on, and their domain."""

from __future__ import annotations

import random

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet", "order", "stop"],
        "entities": ["number"],
        "slots": {
            "number": {
                "type": "text",
                "mappings": [{"type": "from_entity", "entity": "number"}],
            },
            "done": {
                "type": "bool",
                "initial_value": False,
                "mappings": [{"type": "custom"}],
            },
        },
        "forms": {"order_form": {"required_slots": ["number"]}},
        "responses": {
            "utter_hello": [{"text": "Hello."}],
            "utter_bye": [{"text": "Bye."}],
        },
        "actions": ["action_look"],
    }
)

RULE_ONLY = {"rule_only_slots": ["done"], "rule_only_loops": ["order_form"]}


def new_tracker() -> DialogueStateTracker:
    return DialogueStateTracker("somebody", DOMAIN.slots)


def turn(dice: random.Random) -> list[Event]:
    """Events of one turn, as unruly as conversations get."""
    entities = dice.choice([[], [{"entity": "number", "value": "1"}]])
    events: list[Event] = [
        UserUttered(
            "text", {"name": dice.choice(["greet", "order", "stop"])}, entities
        ),
        dice.choice([SlotSet("number", "1"), SlotSet("number"), SlotSet("done", True)]),
    ]
    if dice.random() < 0.7:
        events.append(DefinePrevUserUtteredFeaturization(dice.random() < 0.2))
    for _ in range(dice.randint(1, 3)):
        events += dice.choice(
            [
                [_action("utter_hello", dice), BotUttered("Hello.")],
                [_action("order_form", dice), ActiveLoop("order_form")],
                [ActionExecutionRejected("order_form"), _action("utter_bye", dice)],
                [LoopInterrupted(True), _action("order_form", dice)],
                [ActiveLoop(None), _action("action_look", dice)],
                [FollowupAction("utter_bye"), _action("utter_bye", dice)],
            ]
        )
    unusual = dice.random()
    if unusual < 0.06:
        events.append(UserUtteranceReverted())
    elif unusual < 0.1:
        events.append(Restarted())
    elif unusual < 0.14:
        events.append(SessionStarted())
    return [*events, ActionExecuted("action_listen")]


def _action(name: str, dice: random.Random) -> ActionExecuted:
    return ActionExecuted(name, hide_rule_turn=dice.random() < 0.4)
