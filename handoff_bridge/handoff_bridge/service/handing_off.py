"""Handing a conversation to the humans: asking, the waiting line, leaving the line."""

import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import CUSTOMER, SYSTEM
from handoff_bridge.conversation.states import WAITING_STATES, HandoffState, Owner
from handoff_bridge.conversation.triggers import (
    DeclaredTrigger,
    Trigger,
    priority_of,
    ranked,
    read_triggers,
)
from handoff_bridge.errors import ConversationClosed
from handoff_bridge.packet.redaction import redact_value
from handoff_bridge.service.access import check_not_ended
from handoff_bridge.service.leaving import leave_line
from handoff_bridge.service.presence import somebody_there
from handoff_bridge.service.queue import place_of, status_of
from handoff_bridge.service.rows import about, row_of
from handoff_bridge.service.unit import Conversations, Unit
from handoff_bridge.store import handoffs, turns
from handoff_bridge.store.conversations import Session


@dataclass(frozen=True)
class Ask:
    """A human is needed: why, and which customer message led there."""

    triggers: list[DeclaredTrigger]
    message_id: str | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


async def open_handoff(unit: Unit, ask: Ask) -> Handoff:
    """Opens a handoff, or gives the one already there for this message or chat."""
    conversation = unit.conversation
    known = await handoffs.open_of(unit.tx, conversation.conversation_id)
    if known is None and ask.message_id is not None:
        known = await handoffs.of_message(
            unit.tx, conversation.conversation_id, ask.message_id
        )
    if known is not None:
        return await _join(unit, known, ask)
    if conversation.owner == Owner.CLOSED:
        raise ConversationClosed
    handoff = await _queue(unit, ask)
    unit.tell_agents("handoff_queued", about(await row_of(unit.tx, handoff)))
    unit.queue_moved = True
    return handoff


async def _queue(unit: Unit, ask: Ask) -> Handoff:
    conversation = unit.conversation
    # A handoff without a reason is the assistant's mistake, not the customer's.
    triggers = ranked(ask.triggers) or [DeclaredTrigger(Trigger.BOT_FAILURE)]
    handoff = Handoff(
        handoff_id=secrets.token_hex(12),
        conversation_id=conversation.conversation_id,
        state=HandoffState.QUEUED,
        **_reasons(triggers),
        evidence=_redacted(unit, ask),
        message_id=ask.message_id,
        queued_seq=conversation.last_seq + 1,
        queued_at=unit.now,
    )
    await handoffs.create(unit.tx, handoff)
    unit.append(
        "handoff_requested",
        SYSTEM,
        {
            "handoff_id": handoff.handoff_id,
            "trigger": handoff.trigger,
            "triggers": handoff.triggers,
            "labels": handoff.labels,
            "evidence": handoff.evidence,
            "priority": handoff.priority,
        },
        message_id=ask.message_id,
    )
    unit.set_owner(
        Owner.QUEUE,
        reason=handoff.trigger,
        handoff_id=handoff.handoff_id,
        message_id=ask.message_id,
    )
    conversation.needs_catch_up = True
    conversation.expects_code = False
    unit.tell_customer(
        "conversation_status", await status_of(unit.tx, conversation, unit.now)
    )
    return handoff


def _redacted(unit: Unit, ask: Ask) -> dict[str, Any]:
    """The evidence; what the assistant quotes may still have a one-time code in it."""
    expects_code = unit.conversation.expects_code
    found: dict[str, Any] = redact_value(ask.evidence, expects_code=expects_code)
    return found


def _reasons(triggers: list[DeclaredTrigger]) -> dict[str, Any]:
    """What a handoff stores of its triggers, which are ranked."""
    return {
        "trigger": triggers[0].name,
        "triggers": [trigger.name for trigger in triggers],
        "declared": [trigger.as_dict() for trigger in triggers],
        "priority": priority_of(triggers),
    }


async def _join(unit: Unit, known: Handoff, ask: Ask) -> Handoff:
    """Asked again: one that waits moves forward if there is a more urgent reason.

    Of a reason as urgent as the one that moved it forward, what is new is kept.
    """
    triggers = ranked([*read_triggers(known.declared or known.triggers), *ask.triggers])
    evidence = {**known.evidence, **_redacted(unit, ask)}
    is_urgent = 0 < known.priority <= priority_of(ask.triggers)
    is_news = priority_of(triggers) > known.priority or (
        is_urgent and evidence != known.evidence
    )
    if known.state not in WAITING_STATES or not is_news:
        return known
    reasons = {**_reasons(triggers), "evidence": evidence}
    await handoffs.change(unit.tx, known.handoff_id, WAITING_STATES, **reasons)
    raised = replace(known, **reasons)
    unit.append(
        "handoff_updated",
        SYSTEM,
        {
            "handoff_id": raised.handoff_id,
            "state": raised.state,
            "trigger": raised.trigger,
            "triggers": raised.triggers,
            "labels": raised.labels,
            "priority": raised.priority,
        },
        message_id=ask.message_id,
    )
    unit.tell_agents("handoff_updated", about(await row_of(unit.tx, raised)))
    unit.queue_moved = True
    return raised


async def write_waiting_line(unit: Unit) -> None:
    """Tells a customer in line their place, or by when they hear: once a handoff."""
    conversation_id = unit.conversation.conversation_id
    handoff = await handoffs.open_of(unit.tx, conversation_id)
    if handoff is None or handoff.state not in WAITING_STATES:
        return
    if handoff.waiting_seq is not None:
        return
    if not await somebody_there(unit.tx):
        unit.promise_owed = handoff
        return
    place = await place_of(unit.tx, handoff.handoff_id, unit.now)
    ordinal = unit.texts.ordinal(place["position"])
    eta = place.get("eta_seconds")
    if eta is None:
        line = unit.say("waiting", place=ordinal)
    else:
        line = unit.say("waiting_eta", place=ordinal, minutes=_minutes(unit, eta))
    await handoffs.change(
        unit.tx, handoff.handoff_id, WAITING_STATES, waiting_seq=line.seq
    )


def _minutes(unit: Unit, eta_secs: int) -> str:
    minutes = max(1, round(eta_secs / 60))
    if minutes == 1:
        return unit.texts.say("minute")
    return unit.texts.say("minutes", count=minutes)


class HandingOff:
    """Use cases of the way to a human, and of leaving the line."""

    def __init__(self, held: Conversations) -> None:
        """`held` opens conversations."""
        self._held = held

    async def request(self, conversation_id: str, ask: Ask) -> dict[str, Any]:
        """`POST /handoffs`: idempotent; raises UnknownConversation.

        While the turn that asks is still running, its goodbye comes first, and the
        turn's end writes the waiting line.
        """
        async with self._held.hold(conversation_id) as unit:
            handoff = await open_handoff(unit, ask)
            running = ask.message_id is not None and await turns.is_owed(
                unit.tx, conversation_id, ask.message_id
            )
            if not running:
                await write_waiting_line(unit)
            place = await place_of(unit.tx, handoff.handoff_id, unit.now)
            return {
                "handoff_id": handoff.handoff_id,
                "state": handoff.state,
                **place,
                "open": await somebody_there(unit.tx),
            }

    async def customer_asks(self, session: Session) -> dict[str, Any]:
        """The button, which works without NLU and without the assistant.

        Raises UnknownSession, TokenExpired.
        """
        async with self._held.hold_for(session) as unit:
            if unit.conversation.owner == Owner.CLOSED:
                unit.set_owner(Owner.BOT, reason="reopened")
            if unit.conversation.owner == Owner.BOT:
                evidence = {"source": "button"}
                await open_handoff(
                    unit,
                    Ask([DeclaredTrigger(Trigger.CUSTOMER_REQUEST)], evidence=evidence),
                )
                unit.say("customer_request")
                await write_waiting_line(unit)
            status = await status_of(unit.tx, unit.conversation, unit.now)
            return {"ok": True, **status}

    async def leave(self, session: Session, end: bool) -> dict[str, Any]:
        """The customer leaves: the line, the agent, or the chat itself.

        From the line they are back with the bot. An agent is told, and ends the
        handoff as they see fit. With the bot, or wanting the `end`, the chat is over.
        Works as well when the identity has run out. Raises UnknownSession.
        """
        async with self._held.hold(session.conversation_id) as unit:
            row = unit.conversation
            check_not_ended(row, session)
            over = end or row.owner in (Owner.BOT, Owner.CLOSED)
            if row.owner == Owner.AGENT:
                unit.append("customer_left", CUSTOMER, {})
                row.forget_due = True
            if row.owner == Owner.QUEUE:
                await leave_line(unit, over)
            if over:
                _end_chat(unit)
            return {"ok": True, "owner": row.owner}


def _end_chat(unit: Unit) -> None:
    """Nobody reads or writes it from here on; what was proved in it is forgotten."""
    row = unit.conversation
    if row.owner == Owner.BOT:
        unit.append("customer_left", CUSTOMER, {})
        unit.set_owner(Owner.CLOSED, reason="left")
        unit.tell_customer("conversation_status", {"owner": Owner.CLOSED.value})
    row.session_generation += 1
    row.signed_until = None
    row.forget_due = True
    row.expects_code = False
    unit.tell_customer("session_ended", {"reason": "left"})
