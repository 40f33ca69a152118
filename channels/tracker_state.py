"""Slots and open form as they were at any point of a conversation. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.events import (
    ActiveLoop,
    AllSlotsReset,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
)


@dataclass
class TrackerState:
    """What tracker events amount to, without replaying a whole tracker."""

    slots: dict[str, Any] = field(default_factory=dict)
    active_loop: str | None = None

    @classmethod
    def of(cls, events: Iterable[Event]) -> TrackerState:
        """Returns the state after these events."""
        state = cls()
        for event in events:
            state.apply(event)
        return state

    def apply(self, event: Event) -> None:
        """Takes one more event into account."""
        if isinstance(event, SlotSet):
            if event.value is None:
                self.slots.pop(event.key, None)
            else:
                self.slots[event.key] = event.value
        elif isinstance(event, ActiveLoop):
            self.active_loop = event.name
        elif isinstance(event, AllSlotsReset):
            self.slots.clear()
        elif isinstance(event, SessionStarted | Restarted):
            self.slots.clear()
            self.active_loop = None

    def copy(self) -> TrackerState:
        """Returns a state that can go its own way."""
        return TrackerState(dict(self.slots), self.active_loop)

    def changed_since(self, earlier: TrackerState) -> dict[str, Any]:
        """Returns the slots that have another value now."""
        return {
            name: value
            for name, value in self.slots.items()
            if earlier.slots.get(name) != value
        }
