"""Asking the bridge for a human, and taking over again afterwards.

The bridge owns the queue and writes the waiting line; here is only the goodbye. When
the bridge does not answer nothing is said: it opens the handoff by itself from the
turn's trigger, and a goodbye to nowhere would be a lie.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Container, Mapping
from typing import Any

import requests
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.words_of_care import words_of_care
from components.escalation_turns import WAITING
from components.triggers import declared

logger = logging.getLogger(__name__)

# The whole turn has 10 s; the bridge is on the same machine or near.
TIMEOUT_SECS = (0.5, 3.0)
SENSITIVE_SITUATION = "sensitive_situation"
GREETINGS = {
    "resolved": "utter_handback_resolved",
    "follow_up": "utter_handback_follow_up",
    "ticket_opened": "utter_handback_ticket_opened",
}


class HandoffNotOpened(Exception):
    """The bridge did not answer, or not as agreed."""


def handoff_request(tracker: Tracker) -> dict[str, Any]:
    """Returns what the bridge is asked, from the policy's decision."""
    decision = tracker.get_slot("handoff_request") or {}
    message_id = tracker.latest_message.get("message_id")
    if decision.get("message_id") not in (None, message_id):
        # left over from an earlier handoff: a rule led here, not the policy
        decision = {}
    trigger = decision.get("trigger", "customer_request")
    evidence = decision.get("evidence", {})
    return {
        "conversation_id": tracker.sender_id,
        "message_id": message_id,
        "trigger": trigger,
        "triggers": declared(decision.get("triggers", [trigger]), evidence),
        "evidence": evidence,
    }


def goodbye(
    request: Mapping[str, Any],
    responses: Container[str],
    *,
    is_open: bool,
    in_line: bool,
) -> str:
    """Chooses the words: honest above all with whom the assistant cannot talk.

    A trigger's own are in the response `utter_handoff_<trigger>`, if there is one.
    `in_line`: the customer waits for a person already.
    """
    if request["evidence"].get("language"):
        return "utter_handoff_language"
    is_sensitive = request["trigger"] == SENSITIVE_SITUATION
    if is_sensitive:
        return "utter_handoff_sensitive" + ("" if is_open else "_later")
    if in_line:
        return "utter_handoff_more_urgent"
    own = f"utter_handoff_{request['trigger']}"
    return own if own in responses else "utter_handoff"


def open_handoff(request: Mapping[str, Any], env: Mapping[str, str]) -> bool:
    """Posts the request; says whether anybody is there.

    Blocks for up to about four seconds.

    Raises:
        HandoffNotOpened: no usable answer; the bridge may have opened it or not.
    """
    port = env.get("BRIDGE_PORT") or "8000"
    url = env.get("BRIDGE_URL") or f"http://127.0.0.1:{port}"
    token = env.get("SERVICE_TOKEN", "")
    try:
        with requests.Session() as session:
            # else a proxy variable or a .netrc entry would replace address or token
            session.trust_env = False
            response = session.post(
                f"{url.rstrip('/')}/api/v1/handoffs",
                json=dict(request),
                headers={"Authorization": f"Bearer {token}"},
                timeout=TIMEOUT_SECS,
                allow_redirects=False,
            )
        response.raise_for_status()
        answer = response.json()
        if not answer["handoff_id"]:
            raise HandoffNotOpened("no handoff_id")
        return bool(answer.get("open", True))
    except (requests.RequestException, KeyError, TypeError, ValueError) as error:
        raise HandoffNotOpened(type(error).__name__) from error


class ActionHandoff(Action):
    def name(self) -> str:
        return "action_handoff"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Asks for a human and says goodbye; the event says that this has run."""
        request = handoff_request(tracker)
        if request["trigger"] == SENSITIVE_SITUATION:
            # First and whatever the bridge answers: nobody is left with silence.
            situation = str(request["evidence"].get("situation") or "")
            for response, values in words_of_care(tracker, domain, situation):
                dispatcher.utter_message(response=response, **values)
        try:
            is_open = await asyncio.to_thread(open_handoff, request, os.environ)
        except HandoffNotOpened as error:
            logger.error(
                "The bridge opened no handoff: %s. sender_id=%s",
                error,
                tracker.sender_id,
            )
        else:
            metadata = tracker.latest_message.get("metadata") or {}
            in_line = metadata.get(WAITING) is not None
            words = goodbye(
                request, domain["responses"], is_open=is_open, in_line=in_line
            )
            dispatcher.utter_message(response=words)
        return [SlotSet("handoff_request", tracker.get_slot("handoff_request"))]


class ActionGreetAfterHandback(Action):
    """Speaks the outcome, asks nothing, and drops what was half said before."""

    def name(self) -> str:
        return "action_greet_after_handback"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        response, values = handback_speech(tracker.get_slot("handback"))
        dispatcher.utter_message(response=response, **values)
        return [SlotSet("confirm", None), SlotSet("blocked_by", None)]


def handback_speech(handback: Any) -> tuple[str, dict[str, str]]:
    """Chooses the greeting for what the agent left."""
    if not isinstance(handback, Mapping):
        return "utter_handback", {}
    agent = str(handback.get("agent") or "").strip()
    outcome = str(handback.get("outcome") or "").strip()
    if agent and outcome:
        return "utter_handback_outcome", {
            "agent": agent,
            "outcome": as_sentence(outcome),
        }
    if outcome:
        return "utter_handback_outcome_unnamed", {"outcome": as_sentence(outcome)}
    greeting = GREETINGS.get(str(handback.get("disposition")))
    if greeting and agent:
        return greeting, {"agent": agent}
    return "utter_handback", {}


def as_sentence(text: str) -> str:
    """Ends the agent's words, so that the assistant's do not run into them."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
