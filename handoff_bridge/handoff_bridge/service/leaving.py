"""Leaving the line, or the chat, by the customer's wish."""

from handoff_bridge.conversation.commands import CustomerLeaves, LeaveLine
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.conversation.outcomes import AnswerLine, EndSession, TurnPending
from handoff_bridge.models import JsonObject
from handoff_bridge.service.moving import end_session, perform
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import jobs


def reasons_of_wait(unit: UnitOfWork) -> JsonObject | None:
    """Why the customer waits in line: `triggers` (names) and `evidence`, else None."""
    handoff = unit.handoff
    if handoff is None or not handoff.is_waiting:
        return None
    return {"triggers": [*handoff.triggers], "evidence": handoff.evidence}


async def leave(unit: UnitOfWork, command: LeaveLine | CustomerLeaves) -> None:
    """From the line it is back to the bot, which answers what was written there.

    Raises IllegalTransition where there is no line to leave.
    """
    moved = await perform(unit, command)
    if moved.handoff is not None and AnswerLine() in moved.notifications:
        await _owe_answers(unit, moved.handoff.queued_seq)


async def revoke_sessions(held: ConversationRepository, conversation_id: str) -> None:
    """Ends the customer's sessions without ending the chat: a token is in wrong hands.

    Raises UnknownConversation.
    """
    async with held.transaction(conversation_id) as unit:
        end_session(unit, EndSession("revoked"))


async def _owe_answers(unit: UnitOfWork, queued_seq: int) -> None:
    """What was written in line and met with silence gets its turn with the bot.

    Not what was written before the assistant last spoke there: that is settled.
    """
    conversation_id = unit.conversation.conversation_id
    line_epoch = unit.conversation.epoch - 1
    # What is still pending was written later, and has to be answered later.
    pending = await jobs.withdraw(unit.tx, conversation_id)
    unanswered_ids = {turn.message_id for turn in pending}
    unanswered: dict[str, JsonObject] = {}
    for entry in await unit.read_log(after=queued_seq):
        if _is_turn_of(entry, line_epoch) or _comes_back(entry):
            unanswered.clear()
        elif _is_unanswered(entry, unanswered_ids):
            message: JsonObject = {
                "text": entry.data["text"],
                "message_id": entry.message_id,
            }
            unanswered[str(entry.message_id)] = message
    unanswered |= {turn.message_id: turn.payload for turn in pending}
    for message_id, payload in unanswered.items():
        await jobs.enqueue(
            unit.tx, conversation_id, message_id, "turn", payload, unit.now
        )
        unit.follow_up(TurnPending())


def _is_turn_of(entry: LogEvent, epoch: int) -> bool:
    """Not one that began before the line: it knew nothing of what was written there."""
    return entry.type == "turn" and entry.data.get("epoch", epoch) == epoch


def _comes_back(entry: LogEvent) -> bool:
    """What was written before, an agent has read."""
    return entry.type == "handoff_updated" and "requeued_from" in entry.data


def _is_unanswered(entry: LogEvent, unanswered_ids: set[str]) -> bool:
    is_message = entry.type == "message" and entry.actor.type == "customer"
    has_text = bool(entry.data.get("text")) and entry.message_id is not None
    return is_message and has_text and entry.message_id not in unanswered_ids
