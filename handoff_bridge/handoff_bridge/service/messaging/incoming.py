"""What customers of a platform do, as the bridge's own use cases know it."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Literal

from handoff_bridge.conversation.commands import CustomerLeaves
from handoff_bridge.conversation.events import CUSTOMER
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.conversation.states import Owner
from handoff_bridge.protocol.parsing import MAX_MESSAGE_CHARS
from handoff_bridge.service.bot_messages import introduce
from handoff_bridge.service.handoff_requests import ask_for_human
from handoff_bridge.service.leaving import leave
from handoff_bridge.service.messaging.channel import Kind, Limits
from handoff_bridge.service.messaging.choices import (
    chosen,
    needs_list,
    score_of,
    survey_answer,
)
from handoff_bridge.service.messaging.splitting import split_text
from handoff_bridge.service.receive import (
    IncomingMessage,
    take_message,
    take_opening,
)
from handoff_bridge.service.surveys import log_survey
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.store import log, offers
from handoff_bridge.texts import Command

MAX_MESSAGE_ID = 200
# What platforms send when a chat is begun, which says nothing.
OPENINGS = ("/start", "/help")
# Of a file that did not come through: it may yet, it will not, it is no picture or PDF.
type FileFate = Literal["late", "lost", "not_taken"]
CommandOf = Callable[[str], Command | None]


def message_id_of(channel: str, event_id: str) -> str:
    """Under which the log knows the message of an event."""
    message_id = f"{channel}:{event_id}"
    if len(message_id) < MAX_MESSAGE_ID - 8:  # room for the number of a piece
        return message_id
    return f"{channel}:{hashlib.sha256(event_id.encode()).hexdigest()}"


class Incoming:
    """One event of one customer's, in the transaction of the conversation."""

    def __init__(
        self, unit: UnitOfWork, limits: Limits, message_id: str, command_of: CommandOf
    ) -> None:
        """`limits` are the channel's, `message_id` that of the event."""
        self._unit = unit
        self._limits = limits
        self._message_id = message_id
        self._command_of = command_of
        unit.conversation.heard_at = unit.now

    async def say(self, said: IncomingMessage) -> None:
        """A text, with what was sent beside it."""
        unit, text = self._unit, said.text.strip()
        if said.attachment_ids:
            await self._take(said)
        elif text in OPENINGS:
            self._open()
        elif command := self._command_of(text):
            await self._obey(command, said)
        elif payload := await self._meant(text):
            await self.press(payload)
        elif (asked := await self._open_survey()) and (score := score_of(text)):
            await self._score(asked, score)
        elif text:
            await self._take(said)
        else:
            unit.say("unreadable_other")

    async def press(self, payload: str) -> None:
        """A press on a button; one that nobody was offered is text like any other."""
        if survey := survey_answer(payload):
            await self._score(*survey)
        else:
            await self._take(IncomingMessage(payload))

    def refuse(self, kind: Kind) -> None:
        """Something that nobody here gets to see, of which the customer is told."""
        self._unit.say(f"unreadable_{kind}")

    async def _take(
        self, said: IncomingMessage, *, asks_assistant: bool = True
    ) -> None:
        """Logs it, in pieces where it is longer than a message may be."""
        pieces = split_text(said.text, MAX_MESSAGE_CHARS) or [""]
        for n, piece in enumerate(pieces):
            message_id = f"{self._message_id}:{n}" if n else self._message_id
            files = said.attachment_ids if n == 0 else []
            await take_message(
                self._unit,
                IncomingMessage(piece, None, files, said.metadata),
                message_id,
                asks_assistant=asks_assistant,
            )

    def _open(self) -> None:
        """A chat is begun: the introduction, or how to go on where that is known."""
        was_introduced = self._unit.conversation.introduced
        take_opening(self._unit, self._message_id)
        if was_introduced or not self._unit.conversation.introduced:
            unit = self._unit
            unit.say("ways", human=unit.texts.commands["human"][0].upper())

    async def _obey(self, command: Command, said: IncomingMessage) -> None:
        """A word that stands for a button of ours; where it means nothing, a text."""
        owner = self._unit.conversation.owner
        if command == "human" and owner in (Owner.BOT, Owner.CLOSED):
            await self._take(said, asks_assistant=False)
            introduce(self._unit)
            await ask_for_human(self._unit, "word")
        elif command == "leave" and owner == Owner.QUEUE:
            await self._take(said, asks_assistant=False)
            await leave(self._unit, CustomerLeaves(False, Owner.QUEUE))
        else:
            await self._take(said)

    async def _meant(self, text: str) -> str | None:
        """The payload of the open question's button that a text means."""
        row = self._unit.conversation
        if row.owner != Owner.BOT or row.open_question is None:
            return None
        asked = await offers.of_question(self._unit.tx, row.open_question)
        which = chosen(text, [one.title for one in asked], self._limits)
        return None if which is None else asked[which].payload

    async def _open_survey(self) -> int | None:
        """The line that asked how it went, if the customer has written nothing since.

        Only where it is answered with a number.
        """
        if not needs_list("12345", self._limits):
            return None
        row = self._unit.conversation
        shown = await log.read(
            self._unit.tx,
            row.conversation_id,
            after=row.last_customer_seq,
            before=row.last_seq + 1,
            visible=True,
        )
        asked = [entry.seq for entry in shown if entry.data.get("survey")]
        return asked[-1] if asked and await self._is_open(asked[-1]) else None

    async def _is_open(self, asked_seq: int) -> bool:
        """Whether that line asks how it went, and has not been answered."""
        entries = await self._unit.read_log(after=asked_seq - 1)
        asks = bool(entries) and entries[0].data.get("survey") is not None
        return asks and not any(_is_answer(entry) for entry in entries)

    async def _score(self, asked_seq: int, score: int) -> None:
        """The answer to a survey, once; it is no message."""
        if await self._is_open(asked_seq):
            log_survey(self._unit, score)
            self._unit.say("survey_thanks")


def _is_answer(entry: LogEvent) -> bool:
    return entry.type == "survey" and entry.actor == CUSTOMER


def files_told(unit: UnitOfWork, fates: Sequence[FileFate], size: str) -> None:
    """Tells the customer what became of files that did not get through."""
    for fate in dict.fromkeys(fates):
        if fate == "late":
            unit.say("file_late")
        elif fate == "lost":
            unit.say("file_lost")
        else:
            unit.say("file_not_taken", size=size)
