"""Answers a message with several requests, one after the other, within one turn.

The trained pipeline understands each part; questions that are answered at once come
first. A request that has to wait for an open form is offered when the form is done.
The parts share the message's id, so for everybody else it is one turn.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

from rasa.core.actions.action import create_bot_utterance
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES

from components.clauses import clauses
from components.escalation_turns import HANDOFF_ACTION, PART, SENSITIVE
from components.several_requests import (
    ORDER_NUMBER,
    REQUESTS,
    Request,
    distinct_requests,
)

WAITING_SLOT = "waiting_requests"
IN_TURN_RESPONSE = "utter_requests_in_turn"
OFFER_RESPONSE = "utter_request_waiting"
TITLE_PREFIX = "utter_reading_"
# Two are taken one after the other; with more a person sorts it out.
AT_ONCE = 2
# Answered without a question back, at least when the order is named.
QUICK = ("check_order_status", "check_availability")


async def requests_in(
    processor: MessageProcessor, parsed: dict[str, Any]
) -> list[Request]:
    """Returns the requests of a parsed message, as `distinct_requests` does."""
    parts = clauses(str(parsed.get("text") or ""))
    if not parts:
        return []
    return distinct_requests(
        parsed, [await processor.parse_message(UserMessage(part)) for part in parts]
    )


async def parts_of(
    processor: MessageProcessor, message: UserMessage, tracker: DialogueStateTracker
) -> list[UserMessage]:
    """Returns what to hear one after the other: the message itself, mostly.

    Within a form a message is an answer, however much is in it.
    """
    parsed = await processor.parse_message(message, tracker)
    message.parse_data = parsed
    # What needs care is heard whole: nothing in it may start a form.
    if tracker.active_loop is not None or parsed.get(SENSITIVE):
        return [message]
    requests = await requests_in(processor, parsed)
    if not requests:
        return [message]
    if len(requests) == 1:
        return [_part(message, requests[0], 0, [])]
    parsed[REQUESTS] = [request.as_dict() for request in requests]
    if len(requests) > AT_ONCE or not _is_known(tracker, WAITING_SLOT):
        return [message]
    ordered = sorted(requests, key=lambda r: _rank(r, processor.domain))
    return [
        _part(message, request, number, _shared_order(parsed))
        for number, request in enumerate(ordered)
    ]


def _rank(request: Request, domain: Domain) -> int:
    if f"utter_{request.intent}" in domain.responses:
        return 0
    return 1 if request.intent in QUICK and request.order_numbers else 2


def _shared_order(parsed: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the order number that the whole message is about, if it is one."""
    numbers = [e for e in parsed.get(ENTITIES, []) if e.get("entity") == ORDER_NUMBER]
    return numbers if len({e.get("value") for e in numbers}) == 1 else []


def _part(
    message: UserMessage, request: Request, number: int, order: list[dict[str, Any]]
) -> UserMessage:
    part = copy.copy(message)
    whole, own = message.parse_data or {}, dict(request.parsed)
    if not request.order_numbers:
        own[ENTITIES] = [*own.get(ENTITIES, []), *order]
    part.parse_data = {**whole, **own, "language": whole.get("language")}
    if number == 0:
        part.parse_data["sentiment"] = whole.get("sentiment")
    else:
        # The same words must not be heard twice.
        part.parse_data.pop("sentiment", None)
        part.text = request.text
        part.metadata = {**(message.metadata or {}), PART: number}
    return part


async def announce(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    output: OutputChannel,
    parts: Sequence[UserMessage],
) -> None:
    """Says that two things that take a form are done one after the other."""
    intents = [_intent(part) for part in parts]
    if len(intents) < 2 or f"utter_{intents[0]}" in processor.domain.responses:
        return
    if intents[0] in QUICK:
        return
    first, second = [await _title(processor, tracker, output, i) for i in intents]
    if first and second:
        await _say(
            processor, tracker, output, IN_TURN_RESPONSE, first=first, second=second
        )


def is_blocked(tracker: DialogueStateTracker) -> bool:
    """Whether what comes next has to wait: for a form, or for a person."""
    return tracker.active_loop is not None or _handed_off(tracker)


def keep_waiting(
    tracker: DialogueStateTracker, parts: Sequence[UserMessage], domain: Domain
) -> None:
    """Remembers requests until the open form is done; a person reads them anyway."""
    if parts and not _handed_off(tracker):
        waiting = [_waiting(part) for part in parts]
        tracker.update(SlotSet(WAITING_SLOT, waiting), domain)


async def offer_waiting(
    processor: MessageProcessor, tracker: DialogueStateTracker, output: OutputChannel
) -> None:
    """Offers the request that has waited, once nothing is open any more."""
    waiting = (
        tracker.get_slot(WAITING_SLOT) if _is_known(tracker, WAITING_SLOT) else None
    )
    if not waiting:
        return
    left = [request for request in waiting if not _is_come_to(request, tracker)]
    if tracker.active_loop is not None:
        if left != waiting:  # the customer has come to it by themselves
            tracker.update(SlotSet(WAITING_SLOT, left or None), processor.domain)
        return
    if left and not _handed_off(tracker):
        title = await _title(processor, tracker, output, left[0]["intent"])
        if title:
            title = " ".join((title, *_number_of(left[0])))
            button = {"title": title, "payload": left[0]["payload"]}
            await _say(
                processor, tracker, output, OFFER_RESPONSE, [button], request=title
            )
    # the next one once this one is done
    tracker.update(SlotSet(WAITING_SLOT, left[1:] or None), processor.domain)


def _is_come_to(request: dict[str, str], tracker: DialogueStateTracker) -> bool:
    """Whether the customer has come to a request that waited."""
    said = tracker.latest_message.intent.get("name") if tracker.latest_message else None
    number = _number_of(request)
    is_same_order = not number or [tracker.get_slot(ORDER_NUMBER)] == number
    return request["intent"] == said and is_same_order


def _number_of(request: dict[str, str]) -> list[str]:
    """Returns the order number in the payload of a request that waits, if any."""
    _, slots, values = request["payload"].partition("{")
    number = json.loads(slots + values).get(ORDER_NUMBER) if slots else None
    return [str(number)] if number else []


def _waiting(part: UserMessage) -> dict[str, str]:
    intent = _intent(part)
    numbers = [
        entity["value"]
        for entity in (part.parse_data or {}).get(ENTITIES, [])
        if entity.get("entity") == ORDER_NUMBER
    ]
    slots = f'{{"{ORDER_NUMBER}": "{numbers[0]}"}}' if len(numbers) == 1 else ""
    return {"intent": intent, "text": part.text or "", "payload": f"/{intent}{slots}"}


def _intent(part: UserMessage) -> str:
    return str((part.parse_data or {}).get("intent", {}).get("name"))


def _handed_off(tracker: DialogueStateTracker) -> bool:
    """Whether the latest message has brought in a person."""
    for event in reversed(tracker.events):
        if event.type_name == "user":
            return False
        if getattr(event, "action_name", None) == HANDOFF_ACTION:
            return True
    return False


def _is_known(tracker: DialogueStateTracker, slot: str) -> bool:
    return slot in tracker.slots


async def _title(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    output: OutputChannel,
    intent: str,
) -> str | None:
    message = await processor.nlg.generate(
        f"{TITLE_PREFIX}{intent}", tracker, output.name()
    )
    return str(message["text"]) if message else None


async def _say(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    output: OutputChannel,
    response: str,
    buttons: list[dict[str, str]] | None = None,
    **values: str,
) -> None:
    """Speaks without an action: no rule or story may notice."""
    message = await processor.nlg.generate(response, tracker, output.name(), **values)
    if message is None:
        return
    if buttons:
        message["buttons"] = buttons
    message["utter_action"] = response
    tracker.update(create_bot_utterance(message), processor.domain)
