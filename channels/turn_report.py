"""Tells from tracker events what a turn said and did. Pure, reads only.

The same function reports a turn that just ran and one that is read from the store
for a repeated request, so the two answers cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
    SESSION_START_METADATA_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    ConversationResumed,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from authoring.agent_labels import AgentLabels, agent_labels
from authoring.spoken import LANGUAGE_SLOT
from channels.agent_words import action_words, slot_words
from channels.bridge_output import reply_of
from channels.several_requests import WAITING_SLOT
from channels.suggestions import told
from channels.tracker_state import TrackerState
from components.escalation_policy import REQUEST_SLOT
from components.escalation_turns import CATCH_UP, PART
from components.several_requests import REQUESTS
from components.triggers import declared

RANKING_LENGTH = 5
HANDOFF_ID = "handoff_id"
# In the metadata of a customer's event: the further messages that it stands for.
JOINED = "joined"
LEAVES_LINE = "leaves_line"
MASK = "[code]"

INTERNAL_SLOTS = {
    REQUESTED_SLOT,
    SESSION_START_METADATA_SLOT,
    REQUEST_SLOT,
    WAITING_SLOT,
}
# Written by policies, before the action that they chose.
_POLICY_EVENTS = (
    DefinePrevUserUtteredFeaturization,
    LoopInterrupted,
    ActionExecutionRejected,
)


@dataclass(frozen=True)
class Answer:
    """What the connector's routes return."""

    replies: list[dict[str, Any]]
    turn: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Returns the response's body."""
        return {"replies": self.replies, "turn": self.turn}


def find_answer(
    tracker_events: Iterable[Event],
    turn_id: str,
    domain: Domain,
    labels: AgentLabels | None = None,
) -> Answer | None:
    """Returns the answer of a turn by its message or handoff id, if it is there.

    `labels` are what agents read; absent, those of the assistant.
    """
    labels = labels or agent_labels()
    events = list(tracker_events)
    start = _start(events, turn_id)
    if start is None:
        return None
    end = _end(events, start)
    before, after = TrackerState.of(events[:start]), TrackerState.of(events[:end])
    turn = events[start:end]
    said = next(_of_kind(turn, UserUttered), None)
    language = after.slots.get(LANGUAGE_SLOT)
    asked = after.slots.get(REQUESTED_SLOT)
    understood = _understood(said, labels)
    mentioned = {entity["entity"] for entity in understood["entities"]}
    slots = _visible(after.slots, labels)
    return Answer(
        replies=[reply for event in turn if (reply := _reply(event))],
        turn={
            "message_id": turn_id,
            "message_ids": _message_ids(turn_id, said),
            **understood,
            "articles": told(said.parse_data if said else {}, domain, language),
            "actions": list(_actions(turn, before, asked, domain, labels)),
            "slots": slots,
            "slots_set": _visible(after.changed_since(before), labels),
            "references": _references(after.slots, labels),
            "active_loop": after.active_loop,
            "requested_slot": asked,
            **slot_words(labels, slots, mentioned, asked),
            "trigger": _trigger(turn),
            "failed_action": _failed_action(turn, domain),
            "turns": _turns(events[:end]),
            **({LEAVES_LINE: True} if _leaves_line(turn) else {}),
        },
    )


def _start(events: Sequence[Event], turn_id: str) -> int | None:
    for index, event in enumerate(events):
        if isinstance(event, UserUttered) and turn_id in _ids(event):
            return index
    # A hand-back without a greeting has no user event.
    for index, event in enumerate(events):
        if (
            isinstance(event, ConversationResumed)
            and event.metadata.get(HANDOFF_ID) == turn_id
        ):
            return index
    return None


def _ids(user: UserUttered) -> list[str]:
    """Returns the ids of all messages that the customer's event stands for."""
    return [str(user.message_id), *(user.metadata.get(JOINED) or ())]


def _message_ids(turn_id: str, said: UserUttered | None) -> list[str]:
    return [turn_id] if said is None else _ids(said)


def _end(events: Sequence[Event], start: int) -> int:
    for index in range(start + 1, len(events)):
        event = events[index]
        if (
            (isinstance(event, UserUttered) and not event.metadata.get(PART))
            or isinstance(event, SessionStarted)
            or event.metadata.get(CATCH_UP)
            or (
                isinstance(event, ActionExecuted)
                and event.action_name == ACTION_SESSION_START_NAME
            )
        ):
            return index
    return len(events)


def _reply(event: Event) -> dict[str, Any] | None:
    return reply_of(event.message()) if isinstance(event, BotUttered) else None


def _understood(user: UserUttered | None, labels: AgentLabels) -> dict[str, Any]:
    parsed: Mapping[str, Any] = (user.parse_data if user else None) or {}
    intent = parsed.get("intent") or {}
    ranking = parsed.get("intent_ranking") or ([intent] if intent else [])
    requests = parsed.get(REQUESTS)
    return {
        **({REQUESTS: requests} if requests else {}),
        "intent": {**_intent(intent), **labels.intent(intent.get("name"))},
        "intent_ranking": [_intent(guess) for guess in ranking[:RANKING_LENGTH]],
        "entities": [
            _entity(entity, labels) for entity in parsed.get("entities") or []
        ],
        "sentiment": parsed.get("sentiment") or {"label": "neutral", "score": 0.0},
    }


def _intent(intent: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": intent.get("name"),
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
    }


def _entity(entity: Mapping[str, Any], labels: AgentLabels) -> dict[str, Any]:
    name = entity.get("entity")
    found = {
        "entity": name,
        "value": MASK if name in labels.secrets() else entity.get("value"),
        "confidence": entity.get("confidence_entity"),
        "start": entity.get("start"),
        "end": entity.get("end"),
    }
    return {key: value for key, value in found.items() if value is not None}


def _actions(
    turn: Sequence[Event],
    before: TrackerState,
    asked: str | None,
    domain: Domain,
    labels: AgentLabels,
) -> Iterator[dict[str, Any]]:
    """Yields what ran. `asked` is the slot asked for in the end."""
    state = before.copy()
    broken = _failed_action(turn, domain)
    form: str | None = before.active_loop
    for index, event in enumerate(turn):
        state.apply(event)
        form = state.active_loop or form
        if not isinstance(event, ActionExecuted) or _is_plumbing(event):
            continue
        left = _left_events(turn, index)
        action: dict[str, Any] = {
            "name": event.action_name,
            "policy": event.policy,
            "confidence": event.confidence,
            "events": len(left),
            "result": _first_response(left),
            **action_words(
                labels,
                event.action_name,
                [_metadata(said) for said in _of_kind(left, BotUttered)],
                state.slots,
                is_form=event.action_name in domain.form_names,
                asked=before.slots.get(REQUESTED_SLOT) or asked,
                failed=event.action_name == broken,
            ),
        }
        if form and event.action_name in _custom_actions(domain):
            required = domain.required_slots_for_form(form)
            filled = {name: state.slots.get(name) for name in required}
            action["arguments"] = _visible(filled, labels)
        yield {key: value for key, value in action.items() if value is not None}


def _is_plumbing(action: ActionExecuted) -> bool:
    return action.action_name in (ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, None)


def _left_events(turn: Sequence[Event], index: int) -> list[Event]:
    """Returns the events that the action at this index left behind."""
    left = []
    for event in turn[index + 1 :]:
        if isinstance(event, ActionExecuted):
            break
        chosen_by_policy = isinstance(event, _POLICY_EVENTS) or (
            isinstance(event, SlotSet) and event.key == REQUEST_SLOT
        )
        if not chosen_by_policy:
            left.append(event)
    return left


def _first_response(left: Sequence[Event]) -> str | None:
    for event in _of_kind(left, BotUttered):
        response = event.metadata.get("utter_action")
        if response:
            return str(response)
    return None


def _leaves_line(turn: Sequence[Event]) -> bool:
    """Whether a response says so, in its metadata."""
    return any(_metadata(said).get(LEAVES_LINE) for said in _of_kind(turn, BotUttered))


def _metadata(said: BotUttered) -> Mapping[str, Any]:
    """Returns what designers wrote beside a response."""
    return said.metadata.get("metadata") or {}


def _failed_action(turn: Sequence[Event], domain: Domain) -> str | None:
    """Returns the first action that left nothing: so Rasa notes one that crashed."""
    must_leave_events = _custom_actions(domain) | set(domain.form_names)
    for index, event in enumerate(turn):
        if (
            isinstance(event, ActionExecuted)
            and event.action_name in must_leave_events
            and not _left_events(turn, index)
        ):
            return str(event.action_name)
    return None


def _custom_actions(domain: Domain) -> set[str]:
    return {name for name in domain.user_actions if name not in domain.responses}


def _trigger(turn: Sequence[Event]) -> dict[str, Any] | None:
    for event in _of_kind(turn, SlotSet):
        if event.key == REQUEST_SLOT and event.value:
            request = event.value
            return {
                "trigger": request["trigger"],
                "triggers": declared(request["triggers"], request["evidence"]),
                "evidence": request["evidence"],
            }
    return None


def _turns(events: Sequence[Event]) -> int:
    count = 0
    for event in events:
        if isinstance(event, SessionStarted):
            count = 0
        elif isinstance(event, UserUttered) and not (
            event.metadata.get(CATCH_UP)
            or event.metadata.get("is_external")
            or event.metadata.get(PART)
        ):
            count += 1
    return count


def _visible(slots: Mapping[str, Any], labels: AgentLabels) -> dict[str, Any]:
    """Leaves out secrets, which the bridge would log, and what agents need not see."""
    hidden = {*INTERNAL_SLOTS, *labels.secrets(), *labels.marked("internal")}
    return {
        name: value
        for name, value in slots.items()
        if value is not None and name not in hidden
    }


def _references(slots: Mapping[str, Any], labels: AgentLabels) -> list[str]:
    """Returns what the back office may be asked about: the slots marked for it."""
    return [str(slots[name]) for name in labels.marked("reference") if slots.get(name)]


def _of_kind(events: Sequence[Event], kind: type[Any]) -> Iterator[Any]:
    return (event for event in events if isinstance(event, kind))
