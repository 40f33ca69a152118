"""What customers send: messages, files, presses on offered buttons."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from handoff_bridge.conversation.commands import CustomerWrites
from handoff_bridge.conversation.events import CUSTOMER, Message, Opened
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.conversation.outcomes import Routed, TurnPending
from handoff_bridge.conversation.ownership import Reader
from handoff_bridge.conversation.states import Owner
from handoff_bridge.errors import BadRequest, EmptyMessage
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.redaction import (
    Kind,
    clean_text,
    is_only_a_code,
    redact,
    redact_object,
)
from handoff_bridge.protocol.customer import Written
from handoff_bridge.service import buttons
from handoff_bridge.service.bot_messages import introduce
from handoff_bridge.service.moving import perform
from handoff_bridge.service.taking_files import take_files
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import jobs, log, offers
from handoff_bridge.store.attachments import Attachment
from handoff_bridge.store.conversations import Session
from handoff_bridge.store.offers import Offer

PHOTO_INTENT = "share_photo"
# Old logs have turns with such ids, for each photo that came with a text.
PHOTO_TURN = ":photo-"
# Nobody types one of these: there is no secret in it to look for.
_MADE_BY_PROGRAM = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
RESERVED = ("bot:", "agent:", "handback:", "event-")


@dataclass(frozen=True)
class IncomingMessage:
    """A customer's message as it came in, checked for shape and size only."""

    text: str
    message_id: str | None = None
    attachment_ids: list[str] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)
    # What its sender had seen, where the client says so.
    last_seq: int | None = None
    # The connection that sent it, which needs no echo.
    source: str | None = None


@dataclass(frozen=True)
class _Reading:
    """What the log keeps and what the assistant gets of one message."""

    shown: str
    to_brain: str
    kinds: tuple[Kind, ...] = ()
    # Of the button that was pressed, and whether that one is known.
    pressed: str | None = None
    button: Offer | None = None
    # What the assistant may use and nobody may keep.
    codes: tuple[str, ...] = ()
    metadata: JsonObject = field(default_factory=dict)


class Receiving:
    """The customer's side of a conversation."""

    def __init__(
        self, held: ConversationRepository, public_payloads: list[str]
    ) -> None:
        """`public_payloads` are what widgets send on opening."""
        self._held = held
        self._public = frozenset(public_payloads)

    async def receive(self, session: Session, said: IncomingMessage) -> Written:
        """Commits a message and enqueues its turn, in one transaction.

        The same `message_id` again gets the first answer again. Raises EmptyMessage,
        UnknownAttachment, UnknownSession, TokenExpired.
        """
        async with self._held.transaction_for(session) as unit:
            message_id = _own_id(said.message_id)
            opens = said.text.strip() in self._public and not said.attachment_ids
            known = await log.find_message(
                unit.tx,
                session.conversation_id,
                message_id,
                "opened" if opens else "message",
            )
            if known is None and opens:
                known = take_opening(unit, message_id)
            elif known is None:
                known = await take_message(unit, said, message_id)
            return Written(seq=known.seq, prev=known.prev, message_id=message_id)


def _own_id(message_id: str | None) -> str:
    """The customer's id for a message, kept apart from those that the bridge makes."""
    if message_id is not None and message_id.startswith(RESERVED):
        raise BadRequest("A message_id must not start like one of ours.")
    if message_id is not None and (PHOTO_TURN in message_id or not message_id.strip()):
        raise BadRequest("A message_id must not be blank or look like one of ours.")
    if message_id is not None and _MADE_BY_PROGRAM.fullmatch(message_id):
        return message_id
    if message_id is not None and redact(message_id).kinds:
        # Kept for the retry, though not as it is.
        return hashlib.sha256(message_id.encode()).hexdigest()[:32]
    return message_id or secrets.token_hex(12)


def take_opening(unit: UnitOfWork, message_id: str) -> LogEvent:
    """A chat was opened: the introduction, once, and nothing shown of the call."""
    entry = unit.append(Opened(**unit.stamp(CUSTOMER, message_id)))
    if unit.conversation.owner == Owner.BOT:
        introduce(unit)
    return entry


async def take_message(
    unit: UnitOfWork,
    said: IncomingMessage,
    message_id: str,
    *,
    asks_assistant: bool = True,
) -> LogEvent:
    """Logs a message that is not known yet, and enqueues its turn.

    Without a turn if it is a command, which the assistant need not hear
    (`asks_assistant`). Raises EmptyMessage, UnknownAttachment.
    """
    files = await take_files(unit, said.attachment_ids)
    reading = await _read(unit, said)
    if not reading.shown.strip() and not files:
        raise EmptyMessage
    late = reading.pressed is not None and not buttons.is_open(unit, reading.button)
    moved = await perform(unit, CustomerWrites(message_id, late))
    entry = unit.append(
        Message(
            **unit.stamp(CUSTOMER, message_id),
            text=reading.shown or None,
            attachments=[file.as_sent() for file in files] or None,
            redacted=list(reading.kinds) or None,
        ),
        visible=True,
        skip=said.source,
        event="user_echo",
    )
    unit.conversation.last_customer_seq = entry.seq
    if told := [kind for kind in reading.kinds if kind != "code"]:
        unit.say("removed", what=_listed(unit, told))
    routed = moved.find(Routed)
    if not asks_assistant:
        return entry
    match routed and routed.to:
        case Reader.ASSISTANT:
            pictures = [file for file in files if file.is_picture]
            await _owe(unit, reading, pictures, message_id, said)
            if len(pictures) < len(files):
                unit.say("file_kept")
        case Reader.LINE:
            await _owe(unit, reading, [], message_id, said)
        case Reader.NOBODY:
            introduce(unit)
            await buttons.refuse(unit, message_id)
    return entry


def _listed(unit: UnitOfWork, kinds: Sequence[Kind]) -> str:
    """What was taken out, in the customer's words."""
    names = {
        "card": unit.texts.say("removed_card"),
        "security_code": unit.texts.say("removed_security_code"),
        "password": unit.texts.say("removed_password"),
    }
    return ", ".join(names[kind] for kind in kinds)


async def _read(unit: UnitOfWork, said: IncomingMessage) -> _Reading:
    """The payload of a button is a press on it; all else is text."""
    text, reference = clean_text(said.text), unit.brand.reference_pattern
    payload = text.strip()
    if offers.is_payload(payload):
        button = await offers.find(unit.tx, payload)
        title = buttons.title_of(unit, button)
        metadata = redact_object(said.metadata, reference=reference)
        return _Reading(title, title, pressed=payload, button=button, metadata=metadata)
    expects_code = await _expects_code(unit, text)
    redaction = redact(text, expects_code=expects_code, reference=reference)
    return _Reading(
        redaction.log_text,
        redaction.brain_text,
        redaction.kinds,
        codes=redaction.codes,
        metadata=redact_object(
            said.metadata, expects_code=expects_code, reference=reference
        ),
    )


def _was_redacted(entry: LogEvent, kind: Kind) -> bool:
    kinds = entry.data.get("redacted")
    return isinstance(kinds, list) and kind in kinds


async def _expects_code(unit: UnitOfWork, text: str) -> bool:
    """Whether six digits are a one-time code: one is asked for, or was before.

    A code that comes twice, or late, is as little to be kept as the first time.
    """
    if unit.conversation.expects_code or not is_only_a_code(text):
        return unit.conversation.expects_code
    entries = await unit.read_log()
    return any(
        _was_redacted(entry, "code") or entry.data.get("asks_secret") is True
        for entry in entries
    )


async def _owe(
    unit: UnitOfWork,
    reading: _Reading,
    photos: list[Attachment],
    message_id: str,
    said: IncomingMessage,
) -> None:
    """Enqueues the one turn of a message: its words, with its photos beside them."""
    payload: JsonObject = {
        "text": reading.to_brain,
        "pressed": reading.pressed,
        "codes": list(reading.codes),
        "message_id": message_id,
        "metadata": reading.metadata,
        "last_seq": _seen(unit, said),
    }
    if photos:
        payload["photos"] = [photo.attachment_id for photo in photos]
        if not reading.shown.strip():
            payload["payload"] = _photo_payload(photos[0])
    elif not reading.shown.strip():
        return
    conversation_id = unit.conversation.conversation_id
    await jobs.enqueue(unit.tx, conversation_id, message_id, "turn", payload, unit.now)
    unit.follow_up(TurnPending())


def _seen(unit: UnitOfWork, said: IncomingMessage) -> int | None:
    """What its sender had seen, which is no more than there was."""
    if said.last_seq is None:
        return None
    return min(said.last_seq, unit.conversation.last_seq)


def _photo_payload(photo: Attachment) -> str:
    return f'/{PHOTO_INTENT}{{"photo": "{photo.attachment_id}"}}'
