"""Copies nothing for log lines that nobody writes.

Rasa makes a deep copy of events, states and messages for each line of its debug log,
whether that log is on or not.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TypeVar

Value = TypeVar("Value")

# They use `copy` for their log lines and for nothing else.
MODULES = (
    "rasa.core.processor",
    "rasa.core.policies.memoization",
    "rasa.core.policies.rule_policy",
    "rasa.core.actions.forms",
)


class Uncopied:
    """Stands in for the module `copy`."""

    @staticmethod
    def deepcopy(value: Value) -> Value:
        """Returns the value itself: the line that it is for is thrown away."""
        return value


def copy_nothing_for_logs() -> None:
    """Spares the copies, unless Rasa's debug log is on."""
    if logging.getLogger("rasa").isEnabledFor(logging.DEBUG):
        return
    for name in MODULES:
        vars(import_module(name))["copy"] = Uncopied
