"""Runs turns: one lock, one save, once for each message or handoff id.

Uses the processor's parts instead of `agent.handle_message`, as the lock has to
cover the look for a known message and the tracker should be read once.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.core.agent import Agent as RasaAgent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ConversationResumed, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from authoring.spoken import LANGUAGE_SLOT
from channels.bridge_output import BridgeOutput
from channels.bridge_requests import HandbackRequest, Identity, MessageRequest
from channels.forgetting import forget
from channels.fragments import heard_by_its_end, is_fragment
from channels.handback import (
    closing_events,
    known_slots,
    returning_message,
    without_heard,
)
from channels.photos import with_photo
from channels.plain_text import as_plain_text
from channels.rasa_compat import CHANNEL_NAME, ready_processor
from channels.sessions import start_session
from channels.several_requests import (
    announce,
    is_blocked,
    keep_waiting,
    offer_waiting,
    parts_of,
)
from channels.turn_report import JOINED, Answer, find_answer
from components.escalation_turns import SENT_AT, WAITING

# A signed identity is written again when it gets old, so that it does not seem
# stale while the bridge vouches for it with every message.
IDENTITY_REFRESH = timedelta(minutes=5)


SIGNED_IDENTITY = "signed_identity"


class TurnLost(Exception):
    """The turn ran, but its events are not in the tracker: a bug, not an input."""


async def run_message(
    agent: RasaAgent | None, request: MessageRequest, output: BridgeOutput
) -> Answer:
    """Answers a customer message, or returns the stored answer if it is known."""
    processor = ready_processor(agent)
    async with processor.lock_store.lock(request.sender):
        tracker = await processor.get_tracker(request.sender)
        known = find_answer(tracker.events, request.message_id, processor.domain)
        if known is not None:
            return known
        if request.only_known:
            output.answered()
            return Answer([], {"recorded": False})
        await open_session(processor, tracker, output, request.new_session)
        if request.forget:
            start_session(tracker, processor.domain, carried={LANGUAGE_SLOT})
        listen(tracker)
        message = user_message(request, output, processor.domain)
        parts = await parts_of(processor, message, tracker)
        if request.photos:
            photo, domain = request.photos[0], processor.domain
            parts[0] = with_photo(parts[0], photo, tracker, domain)
        if is_fragment(parts, tracker):
            if request.may_wait:
                output.answered()
                return Answer([], {"recorded": False})
            parts = [await heard_by_its_end(processor, message, request.joined)]
        await _answer_parts(processor, tracker, request, output, parts)
        forget(tracker, request.not_kept)
        await processor.save_tracker(tracker)
        output.answered()
        return answer_of(tracker, request.message_id, processor.domain)


async def _answer_parts(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    request: MessageRequest,
    output: BridgeOutput,
    parts: list[UserMessage],
) -> None:
    while parts:
        part, *parts = parts
        await processor._handle_message_with_tracker(part, tracker)
        _identify(tracker, request.identity, processor.domain)
        await announce(processor, tracker, output, [part, *parts])
        await _respond(processor, tracker, output)
        if parts and is_blocked(tracker):
            keep_waiting(tracker, parts, processor.domain)
            return
    await offer_waiting(processor, tracker, output)


async def run_handback(
    agent: RasaAgent | None, request: HandbackRequest, output: BridgeOutput
) -> Answer:
    """Takes a conversation back from a human, once for each handoff.

    A preview is answered alike, and nothing of it is saved.

    Raises:
        UnknownSlot: before anything is read or saved.
    """
    processor = ready_processor(agent)
    slots = known_slots(request, processor.domain)
    async with processor.lock_store.lock(request.sender):
        # The handoff may belong to an earlier session.
        whole = await processor.tracker_store.retrieve_full_tracker(request.sender)
        known = whole and find_answer(
            whole.events, request.handoff_id, processor.domain
        )
        if known and not request.preview:
            return known
        request = without_heard(request, whole.events if whole else ())
        tracker = await processor.get_tracker(request.sender)
        await open_session(processor, tracker, output, wanted=False)
        await _take_back(processor, tracker, request, slots, output)
        if not request.preview:
            await processor.save_tracker(tracker)
        output.answered()
        return answer_of(tracker, request.handoff_id, processor.domain)


async def _take_back(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    request: HandbackRequest,
    slots: list[SlotSet],
    output: BridgeOutput,
) -> None:
    closing, caught_up, resumed = closing_events(request)
    tracker.update_with_events(closing, processor.domain)
    if request.new_session:
        start_session(tracker, processor.domain)
    listen(tracker)
    tracker.update_with_events([*caught_up, *slots, resumed], processor.domain)
    if request.greet:
        tracker.update(returning_message(request), processor.domain)
        await _respond(processor, tracker, output)


async def open_session(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    output: BridgeOutput,
    wanted: bool,
) -> None:
    """Starts a new session where the last one is over, or one is wanted."""
    # Without metadata: Rasa would put it into a slot of its own.
    await processor._update_tracker_session(tracker, output)
    has_talked = tracker.latest_message is not None and tracker.latest_message.text
    if wanted and has_talked and tracker.active_loop is None:
        start_session(tracker, processor.domain)


def listen(tracker: DialogueStateTracker) -> None:
    """Makes the policies expect a message, whatever the last turn ended with."""
    if tracker.is_paused():
        # The bridge decides who speaks; it asks only when it is the assistant.
        tracker.update(ConversationResumed())
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))


async def _respond(
    processor: MessageProcessor, tracker: DialogueStateTracker, output: BridgeOutput
) -> None:
    tracker = await processor.run_action_extract_slots(output, tracker)
    await processor._run_prediction_loop(output, tracker)
    await processor.run_anonymization_pipeline(tracker)


def user_message(
    request: MessageRequest, output: BridgeOutput, domain: Domain
) -> UserMessage:
    """Returns the message as Rasa takes it."""
    return UserMessage(
        _text(request, domain),
        output,
        request.sender,
        input_channel=CHANNEL_NAME,
        message_id=request.message_id,
        metadata=_metadata(request),
    )


def _metadata(request: MessageRequest) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if request.metadata:
        # The customer's client wrote it: it must not pass for what we write there.
        metadata["client"] = dict(request.metadata)
    for name in ("language", "locale", "timezone"):
        if getattr(request, name):
            metadata[name] = getattr(request, name)
    if not request.saw_last_question:
        metadata["saw_last_question"] = False
    if request.photos:
        metadata["photos"] = list(request.photos)
    if request.joined:
        metadata[JOINED] = list(request.message_ids[1:])
    if request.sent_at is not None:
        last = request.joined[-1].sent_at if request.joined else None
        metadata[SENT_AT] = [request.sent_at, last or request.sent_at]
    if request.waiting is not None:
        metadata[WAITING] = dict(request.waiting)
    return metadata


def _text(request: MessageRequest, domain: Domain) -> str:
    payload = request.payload
    if payload is None:
        return as_plain_text(request.text)
    intent = payload[1:].split("{")[0].split("@")[0].strip()
    # A button may outlive the model that offered it.
    return payload if intent in domain.intents else as_plain_text(payload)


def _identify(
    tracker: DialogueStateTracker, identity: Identity | None, domain: Domain
) -> None:
    """Sets the slots of a signed identity, or empties them when there is none any more.

    A one-time code that was given lately stays: it may stand for an order of
    somebody else's, which the identity does not open.
    """
    now = datetime.now(timezone.utc)
    wanted: dict[str, Any] = {
        "customer_id": None if identity is None else identity.customer_id
    }
    current = tracker.slots.get("authentication")
    if current is not None and identity is None and _is_signed(current.value):
        wanted["authentication"] = None
    elif current is not None and identity is not None:
        if not _is_recent(current.value, identity, now):
            wanted["authentication"] = _signed(identity, now)
    for name, value in wanted.items():
        slot = tracker.slots.get(name)
        if slot is not None and slot.value != value:
            tracker.update(SlotSet(name, value), domain)


def _signed(identity: Identity, now: datetime) -> dict[str, str]:
    return {
        "method": SIGNED_IDENTITY,
        "level": "verified",
        "at": now.isoformat(timespec="seconds"),
        "customer_id": identity.customer_id,
    }


def _is_signed(authentication: Any) -> bool:
    is_told = isinstance(authentication, dict)
    return is_told and authentication.get("method") == SIGNED_IDENTITY


def _is_recent(authentication: Any, identity: Identity, now: datetime) -> bool:
    if not isinstance(authentication, dict):
        return False
    if (
        _is_signed(authentication)
        and authentication.get("customer_id") != identity.customer_id
    ):
        return False
    try:
        return now - datetime.fromisoformat(authentication["at"]) < IDENTITY_REFRESH
    except (KeyError, TypeError, ValueError):
        return False


def answer_of(tracker: DialogueStateTracker, turn_id: str, domain: Domain) -> Answer:
    """Returns the answer of a turn that has just run. Raises TurnLost."""
    answer = find_answer(tracker.events, turn_id, domain)
    if answer is None:
        raise TurnLost(turn_id)
    return answer
