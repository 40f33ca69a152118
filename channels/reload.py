"""Takes a newly trained model into the running assistant, between turns.

A turn keeps the processor that it began with, and a processor has a tracker store and
a generator of its own, so that no turn mixes two models' slots or wordings. Database,
locks and encoder are shared: nothing that holds a conversation is made anew.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import time
from collections.abc import Collection
from typing import Any

from rasa.core.agent import Agent as RasaAgent
from rasa.core.channels.channel import UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from authoring.agent_labels import agent_labels
from channels.rasa_compat import ready_processor
from serving.memory import settle

logger = logging.getLogger(__name__)

# Turns under way end within the bridge's deadline; the old model waits for them.
TURNS_END_WITHIN_SECS = 15
TRIAL_TEXT = "hello"


class BadModel(Exception):
    """The new model cannot be used; the message says why. The old one stays."""


class Reloader:
    """Replaces the model of one assistant, one reload at a time."""

    def __init__(self) -> None:
        """Nothing is under way."""
        self._one_at_a_time = asyncio.Lock()

    async def reload(
        self, agent: RasaAgent | None, turns: Collection[asyncio.Task[Any]]
    ) -> dict[str, Any]:
        """Loads the model's file again; `turns` are those under way, kept up to date.

        Raises:
            NoModel: none was ever loaded, so that there is no file to look at.
            BadModel: the file is no model that can answer.
        """
        async with self._one_at_a_time:
            began = time.monotonic()
            old = ready_processor(agent)
            fresh = await asyncio.to_thread(_load, old)
            assert agent is not None
            _swap(agent, fresh)
            agent_labels.cache_clear()
            seconds = time.monotonic() - began
            if waiting := list(turns):
                await asyncio.wait(waiting, timeout=TURNS_END_WITHIN_SECS)
            before = old.model_metadata.model_id
            del old
            settle()
        return {
            "ok": True,
            "model_id": fresh.model_metadata.model_id,
            "replaced": before,
            "seconds": round(seconds, 2),
        }


def _load(old: MessageProcessor) -> MessageProcessor:
    """Returns a processor of the file's model that has proved itself."""
    try:
        store = _view(old.tracker_store)
        fresh = MessageProcessor(
            model_path=old.model_path,
            tracker_store=store,
            lock_store=old.lock_store,
            generator=old.nlg,
            action_endpoint=old.action_endpoint,
            max_number_of_predictions=old.max_number_of_predictions,
            on_circuit_break=old.on_circuit_break,
            http_interpreter=old.http_interpreter,
        )
        store.domain = fresh.domain
        if isinstance(old.nlg, TemplatedNaturalLanguageGenerator):
            fresh.nlg = copy.copy(old.nlg)
            fresh.nlg.responses = fresh.domain.responses
        _try_out(fresh)
    except Exception as error:  # whatever somebody put at the model's place
        logger.exception("The new model was refused: %s", old.model_path)
        raise BadModel(f"{old.model_path} was refused: {error}") from error
    return fresh


def _try_out(fresh: MessageProcessor) -> None:
    """Goes through what a turn does, which also warms the model up."""
    tracker = DialogueStateTracker.from_events(
        "trial", [ActionExecuted(ACTION_LISTEN_NAME)], fresh.domain.slots
    )
    parsed = fresh._parse_message_with_graph(UserMessage(TRIAL_TEXT), tracker)
    tracker.update(UserUttered(TRIAL_TEXT, parsed["intent"], parse_data=parsed))
    fresh._predict_next_with_tracker(tracker)


def _view(store: TrackerStore) -> TrackerStore:
    """Returns the same store, connections and all, with room for another domain."""
    view = copy.copy(store)
    inner = getattr(store, "_tracker_store", None)  # Rasa wraps its stores
    if inner is not None:
        view._tracker_store = _view(inner)
    return view


def _swap(agent: RasaAgent, fresh: MessageProcessor) -> None:
    """Gives the next turn the new model. Nothing here awaits: no turn comes between."""
    agent.processor = fresh
    agent.domain = fresh.domain
    agent.tracker_store = fresh.tracker_store
    agent.nlg = fresh.nlg
    agent._set_fingerprint()
