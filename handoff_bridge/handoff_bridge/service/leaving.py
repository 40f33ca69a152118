"""Waiting in line, and leaving it by the customer's wish."""

from dataclasses import replace
from typing import Any

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import SYSTEM, LogEvent
from handoff_bridge.conversation.states import WAITING_STATES, HandoffState, Owner
from handoff_bridge.errors import IllegalTransition, UnknownHandoff
from handoff_bridge.service.rows import about, row_of
from handoff_bridge.service.unit import Unit
from handoff_bridge.store import handoffs, log, turns


async def reasons_of_wait(unit: Unit) -> dict[str, Any] | None:
    """Why the customer waits in line: `triggers` (names) and `evidence`, else None."""
    if unit.conversation.owner != Owner.QUEUE:
        return None
    handoff = await handoffs.open_of(unit.tx, unit.conversation.conversation_id)
    if handoff is None:
        return None
    return {"triggers": handoff.triggers, "evidence": handoff.evidence}


async def leave_line(unit: Unit, over: bool = False) -> None:
    """Back to the bot, which answers what was written in line; unless it is all `over`.

    Raises IllegalTransition where there is no line to leave.
    """
    handoff = await handoffs.open_of(unit.tx, unit.conversation.conversation_id)
    if handoff is None or handoff.state not in WAITING_STATES:
        raise IllegalTransition("There is no line to leave.")
    await abandon(unit, handoff)
    if not over:
        unit.say("left_queue")
        await _owe_answers(unit, handoff)


async def _owe_answers(unit: Unit, handoff: Handoff) -> None:
    """What was written in line and met with silence gets its turn with the bot.

    Not what was written before the assistant last spoke there: that is settled.
    """
    conversation_id = unit.conversation.conversation_id
    entries = await log.read(unit.tx, conversation_id, after=handoff.queued_seq)
    # What is still owed was written later, and has to be answered later.
    pending = await turns.withdraw(unit.tx, conversation_id)
    owed = {turn.message_id for turn in pending}
    unanswered: dict[str, dict[str, Any]] = {}
    for entry in [*entries, *unit.entries]:
        if entry.type == "turn":
            unanswered.clear()
        elif _is_unanswered(entry, owed):
            message = {"text": entry.data["text"], "message_id": entry.message_id}
            unanswered[str(entry.message_id)] = message
    unanswered |= {turn.message_id: turn.payload for turn in pending}
    for message_id, payload in unanswered.items():
        await turns.owe(unit.tx, conversation_id, message_id, "turn", payload, unit.now)
        unit.turn_owed = True


def _is_unanswered(entry: LogEvent, owed: set[str]) -> bool:
    is_message = entry.type == "message" and entry.actor.type == "customer"
    has_text = bool(entry.data.get("text")) and entry.message_id is not None
    return is_message and has_text and entry.message_id not in owed


async def abandon(unit: Unit, handoff: Handoff) -> None:
    """Ends a waiting handoff by the customer's wish."""
    ended = await handoffs.move(
        unit.tx, handoff.handoff_id, HandoffState.ABANDONED, ended_at=unit.now
    )
    if not ended:
        raise UnknownHandoff
    unit.append(
        "handoff_updated",
        SYSTEM,
        {"handoff_id": handoff.handoff_id, "state": HandoffState.ABANDONED.value},
    )
    gone = replace(handoff, state=HandoffState.ABANDONED, ended_at=unit.now)
    unit.tell_agents("handoff_updated", about(await row_of(unit.tx, gone)))
    unit.set_owner(Owner.BOT, reason="abandoned", handoff_id=handoff.handoff_id)
    unit.tell_customer("conversation_status", {"owner": Owner.BOT.value})
    unit.queue_moved = True
