"""Works out a conversation's states once, not anew for every policy and prediction.

For each prediction each policy asks for the states of the whole conversation, and
Rasa replays it all and builds a state before each action. Here a tracker keeps what
it has replayed, and only what came after is played on top.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from operator import is_
from typing import Any

from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from components.escalation_policy import SERIALISED

# The domain, without unset slots?, without turns of rules only?, which those are.
Asked = tuple[Domain, bool, bool, "dict[str, Any] | None"]

_HISTORIES = "_state_histories"
_APPLIED = "_applied_events"
# What is kept on a tracker and must not follow it into a copy.
_KEPT = (_HISTORIES, _APPLIED, SERIALISED)

_apply_all = DialogueStateTracker.applied_events


def remember_states() -> None:
    """Makes every tracker of this process keep its states, and be copied cheaply."""
    DialogueStateTracker.past_states = past_states
    DialogueStateTracker.applied_events = applied_events
    DialogueStateTracker.copy = copy_tracker


def applied_events(self: DialogueStateTracker) -> list[Event]:
    """Returns what Rasa's own returns, worked out once for each new event.

    A turn asks half a dozen times. Events are only ever added.
    """
    events = self.events
    now = (len(events), events[-1] if events else None)
    known, applied = self.__dict__.get(_APPLIED, ((None, None), []))
    if known[0] != now[0] or known[1] is not now[1]:
        applied = _apply_all(self)
        self.__dict__[_APPLIED] = (now, applied)
    return applied.copy()


def past_states(
    self: DialogueStateTracker,
    domain: Domain,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """Returns what Rasa's `DialogueStateTracker.past_states` returns."""
    histories = self.__dict__.setdefault(_HISTORIES, {})
    # What only rules know matters only where it is to be left out.
    rule_only_data = rule_only_data if ignore_rule_only_turns else None
    asked = (domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
    key = (omit_unset_slots, ignore_rule_only_turns)
    events = self.applied_events()
    history = histories.get(key)
    if history is None or not history.answers(asked, events):
        histories[key] = history = StateHistory(self, asked)
    return history.states(events)


class StateHistory:
    """The states before each action of one conversation, as far as it was played.

    Mirrors `Domain.states_for_tracker_history`, event by event.
    """

    def __init__(self, tracker: DialogueStateTracker, asked: Asked) -> None:
        """Starts with a tracker at the beginning of the conversation."""
        self._asked = asked
        self._domain, self._omit_unset_slots = asked[0], asked[1]
        self._ignore_rule_only_turns, self._rule_only_data = asked[2], asked[3]
        self._tracker = tracker.init_copy()
        self._played: list[Event] = []
        self._states: list[State] = []
        self._last_ml_action: dict[str, str] | None = None
        self._was_hidden = False

    def answers(self, asked: Asked, events: Sequence[Event]) -> bool:
        """Returns whether it was asked the same, of a beginning of these events."""
        return (
            asked[0] is self._domain
            and asked[1:] == self._asked[1:]
            and len(self._played) <= len(events)
            and all(map(is_, self._played, events))
        )

    def states(self, events: Sequence[Event]) -> list[State]:
        """Plays on to the last event; returns copies, which callers may change."""
        for event in events[len(self._played) :]:
            if isinstance(event, ActionExecuted):
                self._note(event.hide_rule_turn)
            self._tracker.update(event)
            self._played.append(event)
        noted, hidden = len(self._states), self._was_hidden
        last_ml_action = self._last_ml_action
        self._note(False)  # the present: the next event may still change it
        states = [{key: dict(sub) for key, sub in s.items()} for s in self._states]
        del self._states[noted:]
        self._was_hidden, self._last_ml_action = hidden, last_ml_action
        return states

    def _note(self, hide_rule_turn: bool) -> None:
        tracker, domain = self._tracker, self._domain
        if self._ignore_rule_only_turns:
            if not self._was_hidden:
                self._last_ml_action = domain._get_prev_action_sub_state(tracker)
            in_loop = tracker.latest_action_name == tracker.active_loop_name
            if not tracker.followup_action and not in_loop:
                self._was_hidden = hide_rule_turn
            if self._was_hidden:
                return
        state = domain.get_active_state(tracker, self._omit_unset_slots)
        if self._ignore_rule_only_turns:
            domain._remove_rule_only_features(state, self._rule_only_data)
            if self._states:
                domain._substitute_rule_only_user_input(state, self._states[-1])
            if self._last_ml_action:
                state[PREVIOUS_ACTION] = self._last_ml_action
        self._states.append(domain._clean_state(state))


def copy_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
    """Returns a tracker in the same state; Rasa's replays the whole conversation.

    Rasa copies the tracker for each action, in case it turns out to be rejected.
    """
    twin = copy.copy(self)
    for kept in _KEPT:
        twin.__dict__.pop(kept, None)
    twin.events = self.events.copy()
    twin.slots = copy.copy(self.slots)
    for name, slot in self.slots.items():
        twin.slots[name] = _copy_slot(slot)
    if self.active_loop is not None:
        twin.active_loop = replace(self.active_loop)
    # As in Rasa's copies: events are marked with the model by the tracker itself.
    twin.model_id = twin.assistant_id = None
    return twin


def _copy_slot(slot: Slot) -> Slot:
    # What `copy.copy` does with a plain object, without asking what it is.
    twin: Slot = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin
