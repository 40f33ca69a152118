"""Finds the rules that fit a conversation without trying every one of them.

Rasa asks each rule about each state, back to the beginning of the conversation, and
turns the rule's text into states for each question. How long that takes grows with
the number of rules times the length of the conversation.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import State

# Most turns are the usual ones: a greeting, a question, its answer.
REMEMBERED = 500

_TABLES = "_rule_tables"


def index_rules() -> None:
    """Makes every RulePolicy of this process find its rules through an index."""
    RulePolicy._get_possible_keys = possible_keys
    RulePolicy._prediction_states = _last_states


def possible_keys(
    self: RulePolicy, lookup: dict[str, str], states: list[State]
) -> set[str]:
    """Returns what Rasa's `RulePolicy._get_possible_keys` returns."""
    return _table(self, lookup).keys(self, states)


def longest_rule(policy: RulePolicy) -> int:
    """Returns how many states the longest rule of any kind looks at."""
    lookups = [part for part in policy.lookup.values() if isinstance(part, dict)]
    tables = [_table(policy, lookup) for lookup in lookups]
    return max((table.longest for table in tables), default=0)


def _last_states(self: RulePolicy, *args: Any, **kwargs: Any) -> list[State]:
    """Returns as many states as rules look at, and one more.

    The one more tells a long conversation from one that a rule describes whole.
    """
    states = Policy._prediction_states(self, *args, **kwargs)
    return states[-longest_rule(self) - 1 :]


def _table(policy: RulePolicy, lookup: dict[str, str]) -> RuleTable:
    tables = policy.__dict__.setdefault(_TABLES, {})
    if id(lookup) not in tables:
        tables[id(lookup)] = RuleTable(policy, lookup)
    return tables[id(lookup)]


class RuleTable:
    """The rules of one lookup by the last state that they ask for."""

    def __init__(self, policy: RulePolicy, lookup: dict[str, str]) -> None:
        """Reads all rules once."""
        self._lookup = lookup  # kept, so that its id stays its own
        rules = {key: list(reversed(policy._rule_key_to_state(key))) for key in lookup}
        self.longest = max(map(len, rules.values()), default=0)
        self._rules = rules
        self._found: OrderedDict[str, frozenset[str]] = OrderedDict()

    def keys(self, policy: RulePolicy, states: list[State]) -> set[str]:
        """Returns the rules that fit; what is asked often is remembered."""
        relevant = states[-self.longest :] if self.longest else []
        # States hold texts, numbers, lists and dictionaries only.
        asked = repr(relevant)
        found = self._found.get(asked)
        if found is None:
            found = frozenset(self._search(policy, relevant))
            self._found[asked] = found
            if len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return set(found)

    def _search(self, policy: RulePolicy, states: list[State]) -> list[str]:
        backwards = list(reversed(states))
        return [
            key
            for key, rule in self._rules.items()
            if all(
                _fits(policy, wanted, state)
                for wanted, state in zip(rule, backwards)  # noqa: B905
            )
        ]


def _fits(policy: RulePolicy, wanted: State, state: State) -> bool:
    """Mirrors `RulePolicy._is_rule_applicable` for one state of a rule."""
    begins, is_beginning = (
        not wanted.get(PREVIOUS_ACTION),
        not state.get(PREVIOUS_ACTION),
    )
    if begins or is_beginning:
        # A conversation's beginning: slots with an initial value are in both.
        return begins and is_beginning
    return policy._does_rule_match_state(wanted, state)
