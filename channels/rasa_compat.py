"""Where Rasa 3.6 has to be bent: each with its reason."""

from __future__ import annotations

from functools import cache
from typing import NoReturn

from rasa.core.agent import Agent as RasaAgent
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import Event

CHANNEL_NAME = "bridge"


class NoModel(Exception):
    """Rasa runs, but without a model it answers nothing."""


def ready_processor(agent: RasaAgent | None) -> MessageProcessor:
    """Returns the processor of the loaded model.

    Raises:
        NoModel: there is none.
    """
    if agent is None or agent.processor is None:
        raise NoModel("No model is loaded.")
    _raise_tracker_store_errors(agent)
    return agent.processor


def _raise_tracker_store_errors(agent: RasaAgent) -> None:
    """Makes a failed read or save fail the turn.

    `FailSafeTrackerStore` would otherwise answer a failed read with an empty
    conversation, and the save after it would drop the customer's message.
    """
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        store._on_tracker_store_error = _raise


def _raise(error: Exception) -> NoReturn:
    raise error


def cache_event_types() -> None:
    """Remembers which class an event's type means.

    Rasa walks all subclasses for every event that it reads, which is most of the
    time that reading a conversation takes.
    """
    if hasattr(Event.resolve_by_type, "cache_info"):
        return
    Event.resolve_by_type = staticmethod(cache(Event.resolve_by_type))
