"""What serving works out must be what Rasa works out, event by event."""

import random

import pytest
from conversations import DOMAIN, RULE_ONLY, new_tracker, turn
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from serving import states

QUESTIONS = [
    {"omit_unset_slots": omit, "ignore_rule_only_turns": ignore, "rule_only_data": data}
    for omit in (False, True)
    for ignore in (False, True)
    for data in (None, RULE_ONLY)
]


def rasas_states(tracker: DialogueStateTracker, **question: object) -> list:
    fresh = DialogueStateTracker.from_events("a", list(tracker.events), DOMAIN.slots)
    return DOMAIN.states_for_tracker_history(fresh, **question)


def told(tracker: DialogueStateTracker) -> dict:
    state = {**tracker.__dict__, **tracker.current_state()}
    for key in ("events", "slots", "model_id", "assistant_id", *states._KEPT):
        state.pop(key, None)
    state["slot_values"] = {
        name: (slot.value, slot.has_been_set) for name, slot in tracker.slots.items()
    }
    return {**state, "events": [event.as_dict() for event in tracker.events]}


@pytest.mark.parametrize("seed", range(30))
def test_states_are_those_of_rasa_after_every_event(seed: int) -> None:
    dice = random.Random(seed)
    tracker = new_tracker()
    for _ in range(8):
        for event in turn(dice):
            tracker.update(event)
            question = dice.choice(QUESTIONS)
            expected = rasas_states(tracker, **question)
            assert states.past_states(tracker, DOMAIN, **question) == expected


def test_changed_states_do_not_come_back() -> None:
    tracker = new_tracker()
    for event in turn(random.Random(1)):
        tracker.update(event)
    first = states.past_states(tracker, DOMAIN)
    for state in first:
        state.clear()

    assert states.past_states(tracker, DOMAIN) == rasas_states(tracker)


def test_another_domain_is_asked_anew() -> None:
    tracker = new_tracker()
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered("x", {"name": "order"}, [{"entity": "number"}]))
    states.past_states(tracker, DOMAIN)
    other = Domain.from_dict({**DOMAIN.as_dict(), "entities": []})

    expected = other.states_for_tracker_history(tracker)
    assert states.past_states(tracker, other) == expected
    assert expected != rasas_states(tracker)


@pytest.mark.parametrize("seed", range(30))
def test_applied_events_are_those_of_rasa(seed: int) -> None:
    dice = random.Random(seed)
    tracker = new_tracker()
    for _ in range(8):
        for event in turn(dice):
            tracker.update(event)
            assert states.applied_events(tracker) == states._apply_all(tracker)


@pytest.mark.parametrize("seed", range(30))
def test_a_copy_is_in_the_state_that_a_replay_gives(seed: int) -> None:
    dice = random.Random(seed)
    tracker = new_tracker()
    tracker.model_id = "a model"
    for _ in range(8):
        for event in turn(dice):
            tracker.update(event)
        states.past_states(tracker, DOMAIN)
        replayed = tracker.travel_back_in_time(float("inf"))
        assert told(states.copy_tracker(tracker)) == told(replayed)


def test_a_copy_goes_its_own_way() -> None:
    tracker = new_tracker()
    for event in turn(random.Random(3)):
        tracker.update(event)
    before = told(tracker)
    twin = states.copy_tracker(tracker)
    for event in turn(random.Random(4)):
        twin.update(event)
    twin.slots["number"].value = "changed"

    assert told(tracker) == before
    assert twin.model_id is None and states._HISTORIES not in twin.__dict__
