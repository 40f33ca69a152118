"""The index finds the rules that Rasa finds by trying them all."""

import json
import random

import pytest
from conversations import DOMAIN, new_tracker, turn
from rasa.core.featurizers.tracker_featurizers import FullDialogueTrackerFeaturizer
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy

from serving import rules

State = dict


def random_state(dice: random.Random) -> State:
    state: State = {}
    if dice.random() < 0.9:
        state["prev_action"] = {
            "action_name": dice.choice(["action_listen", "utter_a"])
        }
    if dice.random() < 0.8:
        state["user"] = {"intent": dice.choice(["greet", "order"])}
    if dice.random() < 0.4:
        state["active_loop"] = {"name": dice.choice(["form", "should_not_be_set"])}
    if dice.random() < 0.4:
        state["slots"] = {"done": dice.choice([(1.0,), (0.0,), "should_not_be_set"])}
    return state


def policy_with(dice: random.Random) -> RulePolicy:
    policy = RulePolicy.__new__(RulePolicy)
    keys = {
        json.dumps([random_state(dice) for _ in range(dice.randint(1, 4))])
        for _ in range(60)
    }
    policy.lookup = {
        "rules": {key: "utter_a" for key in keys},
        "rules_for_loop_unhappy_path": {},
        "rules_not_in_stories": [],
    }
    return policy


@pytest.mark.parametrize("seed", range(40))
def test_the_same_rules_fit_as_with_rasa(seed: int) -> None:
    dice = random.Random(seed)
    policy = policy_with(dice)
    lookup = policy.lookup["rules"]
    found = 0
    for _ in range(50):
        states = [random_state(dice) for _ in range(dice.randint(1, 7))]
        expected = RulePolicy._get_possible_keys(policy, lookup, states)
        assert rules.possible_keys(policy, lookup, states) == expected
        assert rules.possible_keys(policy, lookup, states) == expected  # remembered
        found += len(expected)
    assert found > 0


def test_only_so_much_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "REMEMBERED", 3)
    dice = random.Random(1)
    policy = policy_with(dice)
    lookup = policy.lookup["rules"]
    for _ in range(20):
        rules.possible_keys(policy, lookup, [random_state(dice)])

    assert len(rules._table(policy, lookup)._found) == 3


def test_rules_are_shown_the_end_of_a_conversation_only() -> None:
    policy = policy_with(random.Random(2))
    policy._Policy__featurizer = FullDialogueTrackerFeaturizer(None)
    tracker = new_tracker()
    for seed in range(6):
        for event in turn(random.Random(seed)):
            tracker.update(event)
    whole = Policy._prediction_states(policy, tracker, DOMAIN)
    shown = rules._last_states(policy, tracker, DOMAIN)

    assert rules.longest_rule(policy) == 4
    assert len(whole) > 5
    assert shown == whole[-5:]
