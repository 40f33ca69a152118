"""Rasa policy that hands a conversation to a human when a trigger holds.

The decision is made in `components.escalation`; this module only speaks Rasa. It
predicts `action_handoff` once in a turn and `action_listen` after it, in an
open form too.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import (
    ACTION_DEACTIVATE_LOOP_NAME,
    ACTION_LISTEN_NAME,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from components.escalation import Decision, escalation_decision
from components.escalation_sentiment import has_grievance
from components.escalation_thresholds import Thresholds
from components.escalation_turns import (
    CATCH_UP,
    HANDOFF_ACTION,
    WAITING,
    read_turns,
)
from components.waiting_line import LEAVE, is_news, likely_intent, line_response

REQUEST_SLOT = "handoff_request"
# Whether the customer has a grievance; cheerful responses are left out then.
AGGRIEVED_SLOT = "aggrieved"
# Kept on a tracker.
SERIALISED = "_serialised_events"

# Rasa adds its own keys to a policy's configuration.
_POLICY_KEYS = {"priority", "featurizer", "max_history", "name"}


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class EscalationPolicy(Policy):
    """Wins over the rules: its priority is above RulePolicy's 6."""

    @staticmethod
    def supported_data() -> SupportedData:
        """Neither rules nor stories teach it anything."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The priority; all thresholds have defaults of their own."""
        return {"priority": 7}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> None:
        """Reads the thresholds, and fails on unknown ones."""
        super().__init__(config, model_storage, resource, execution_context)
        self._thresholds = Thresholds.from_config(
            {key: config[key] for key in config.keys() - _POLICY_KEYS}
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EscalationPolicy:
        """Creates the policy for the graph."""
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EscalationPolicy:
        """Creates the policy: all it knows is in the configuration."""
        return cls(config, model_storage, resource, execution_context)

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """There is nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the handoff, the end of the turn after it, or nothing.

        Also keeps the slot `aggrieved`, whoever predicts the next action.
        """
        prediction = self._predict(tracker, domain)
        prediction.events += self._mood(tracker)
        return prediction

    def _predict(
        self, tracker: DialogueStateTracker, domain: Domain
    ) -> PolicyPrediction:
        if HANDOFF_ACTION not in domain.action_names_or_texts:
            return self._prediction(self._default_predictions(domain))
        actions = _actions_of_the_turn(tracker)
        waiting = _waiting(tracker)
        if LEAVE in actions and tracker.active_loop_name:
            # Nobody asks on who has gone: a later word must not go on with it unseen.
            return self._certain(ACTION_DEACTIVATE_LOOP_NAME, domain)
        if HANDOFF_ACTION in actions or (waiting is not None and actions):
            return self._certain(ACTION_LISTEN_NAME, domain)
        decision = self._decision(tracker)
        if decision is not None and (waiting is None or is_news(decision, waiting)):
            return self._certain(
                HANDOFF_ACTION, domain, [SlotSet(REQUEST_SLOT, decision.as_slot())]
            )
        if waiting is not None:
            return self._certain(self._in_line(tracker, domain), domain)
        return self._prediction(self._default_predictions(domain))

    def _mood(self, tracker: DialogueStateTracker) -> list[Event]:
        slot = tracker.slots.get(AGGRIEVED_SLOT)
        if slot is None or _actions_of_the_turn(tracker):
            return []  # no such slot, or this turn's message was looked at
        found = has_grievance(read_turns(_serialised(tracker)), self._thresholds)
        return [] if found == bool(slot.value) else [SlotSet(AGGRIEVED_SLOT, found)]

    def _decision(self, tracker: DialogueStateTracker) -> Decision | None:
        return escalation_decision(_serialised(tracker), self._thresholds)

    def _in_line(self, tracker: DialogueStateTracker, domain: Domain) -> str:
        """Returns what to say about the line, or to go on listening."""
        message = tracker.latest_message
        leaving = self._thresholds.leaving_intents
        intent = likely_intent(message.parse_data if message else {}, leaving)
        response = line_response(intent, _said_last(tracker), leaving)
        known = response in domain.action_names_or_texts
        return response if response and known else ACTION_LISTEN_NAME

    def _certain(
        self, action: str, domain: Domain, events: list[Event] | None = None
    ) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        # An open form is predicted without looking at the message, and such
        # predictions beat all others whatever their priority.
        return self._prediction(
            probabilities, optional_events=events, is_no_user_prediction=True
        )


def _waiting(tracker: DialogueStateTracker) -> Mapping[str, Any] | None:
    """Returns why the customer waits already, if the message was written in line."""
    message = tracker.latest_message
    return message.metadata.get(WAITING) if message else None


def _said_last(tracker: DialogueStateTracker) -> str | None:
    """Returns the assistant's last response, if no person has written since."""
    for event in reversed(tracker.events):
        if event.metadata.get(CATCH_UP):
            return None
        if isinstance(event, BotUttered):
            return event.metadata.get("utter_action")
    return None


def _serialised(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """Returns the events as dictionaries, made once for all predictions of a turn."""
    made: list[dict[str, Any]] = tracker.__dict__.setdefault(SERIALISED, [])
    for event in islice(tracker.events, len(made), None):
        made.append(event.as_dict())
    return made


def _actions_of_the_turn(tracker: DialogueStateTracker) -> list[str | None]:
    """Returns what ran since the latest message of the customer."""
    actions: list[str | None] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted):
            actions.append(event.action_name)
    return actions
