"""What the assistant is asked for a message whose turn is pending."""

from dataclasses import replace
from datetime import timedelta

from handoff_bridge.conversation.log import compact
from handoff_bridge.models import JsonObject
from handoff_bridge.service import buttons
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.store import conversations, handoffs, jobs, offers
from handoff_bridge.store.conversations import Conversation
from handoff_bridge.store.jobs import Job

# Nobody reads a question and answers it in less.
READING_TIME = timedelta(milliseconds=400)


async def request_of(unit: UnitOfWork, job: Job) -> JsonObject:
    """What the assistant is told of a message, whoever has the chat."""
    row = unit.conversation
    return compact(
        {
            "sender": row.conversation_id,
            "message": job.payload["text"],
            "message_id": job.message_id,
            "payload": job.payload.get("payload"),
            "photos": job.payload.get("photos"),
            "metadata": job.payload.get("metadata") or None,
            "not_kept": job.payload.get("codes") or None,
            "identity": await _signed_identity(unit),
            "language": row.language,
            "saw_last_question": None if _saw_last_question(row, job) else False,
            "locale": row.locale,
            "timezone": row.timezone,
            "sent_at": job.created_at.timestamp(),
        }
    )


def message_of(job: Job) -> JsonObject:
    """What the assistant is told of a message that is one thought with another."""
    return {
        "message_id": job.message_id,
        "message": job.payload["text"],
        "sent_at": job.created_at.timestamp(),
    }


async def resolve(unit: UnitOfWork, job: Job) -> Job | None:
    """The turn as the assistant gets it; None for a press that came too late.

    Only now is it certain what was asked last: an earlier message may have been
    answered since the press came in. The press takes its question with it, and is kept
    as what it stands for, should this process end before the answer is written.
    """
    pressed = job.payload.get("pressed")
    if pressed is None:
        return job
    button = await offers.find(unit.tx, pressed)
    if button is None or not buttons.is_open(unit, button):
        await buttons.refuse(unit, job.message_id)
        return None
    unit.conversation.open_question = None
    seen = {"pressed": None, "last_seq": unit.conversation.last_seq}
    meant = {**job.payload, **buttons.request_of(button), **seen}
    await jobs.rewrite(unit.tx, job.turn_id, meant)
    return replace(job, payload=meant)


def _saw_last_question(row: Conversation, job: Job) -> bool:
    """Whether its sender had all that the bot has said by now when they sent it."""
    if row.last_bot_seq is None or row.last_bot_at is None:
        return True
    last_seq = job.payload.get("last_seq")
    if last_seq is not None:
        return bool(row.last_bot_seq <= last_seq)
    return job.created_at - row.last_bot_at >= READING_TIME


async def has_asked(unit: UnitOfWork, job: Job) -> bool:
    """Whether this turn asked for a handoff before an earlier process ended.

    Then the assistant has run it and knows its answer; it counts as begun before the
    handoff, so that it may still say goodbye and the agent sees what it did.
    """
    if unit.conversation.epoch == 0:  # it has never been handed to anybody
        return False
    conversation_id = unit.conversation.conversation_id
    asked = await handoffs.of_message(unit.tx, conversation_id, job.message_id)
    return asked is not None


async def _signed_identity(unit: UnitOfWork) -> JsonObject | None:
    """Whom the shop's own site vouches for. Who passed a code is the bot's to know."""
    row = unit.conversation
    if not row.is_signed(unit.now):
        return None
    customer = await conversations.load_customer(unit.tx, row.customer_id)
    if customer is None:
        return None
    return compact(
        {
            "customer_id": customer.customer_id,
            "name": customer.name,
            "email": customer.email,
        }
    )
