"""Takes what platforms send: verified, written down, answered, and only then worked on.

Whichever bridge leases an event works on it; a bridge that dies leaves it to another.
That it is worked on and what came of it are one transaction.
"""

import io
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import structlog

from handoff_bridge.conversation.events import DeliveryFailed
from handoff_bridge.errors import (
    BadRequest,
    BridgeError,
    InvalidSignature,
    RateLimited,
    UnknownChannel,
    UploadTooLarge,
)
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.redaction import clean_text
from handoff_bridge.service.files import IncomingFile
from handoff_bridge.service.messaging.channel import (
    Answer,
    Arrived,
    Channel,
    CustomerMessage,
    FileReference,
    Forwarded,
    Ignored,
    Malformed,
    PlatformError,
    Pressed,
    Reported,
    Request,
    Unreadable,
    Unverified,
)
from handoff_bridge.service.messaging.counting import ChannelCounts
from handoff_bridge.service.messaging.incoming import (
    FileFate,
    Incoming,
    files_told,
    message_id_of,
)
from handoff_bridge.service.messaging.leased_rows import LeasedRows, pause_after
from handoff_bridge.service.messaging.telling import tell_delivery, tell_reach
from handoff_bridge.service.receive import IncomingMessage
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.service.uploads import Uploads
from handoff_bridge.store import channel_inbox as inbox
from handoff_bridge.store import channel_outbox as outbox
from handoff_bridge.store import conversations
from handoff_bridge.store.channel_inbox import InboxEvent
from handoff_bridge.store.conversations import Conversation
from handoff_bridge.store.database import Connection

logger = structlog.get_logger()

# Longer than the files of one message may take.
LEASE_SECS = 120.0
# A second at first, then twice as long each time, and five minutes at most.
PAUSE_SECS = 1.0
LONGEST_PAUSE_SECS = 300.0
# So often a file holds up what comes after it; then it comes when it comes.
FILE_TRIES = 4
FILE_KEPT_SECS = 86_400.0
# An event of which nothing can be made, and a report of a message that we do not know:
# its own answer may still be on the way.
MAX_TRIES = 6
LATE_FILE = "file"
MAX_NAME = 200


class _LeasedElsewhere(Exception):
    """Another bridge works on it by now; nothing of this is to stay."""


@dataclass(frozen=True)
class _Files:
    """What became of a message's files: their ids, and sentences about the others."""

    ids: list[str]
    told: list[FileFate]
    late: list[FileReference]


class ChannelInbox(LeasedRows[InboxEvent]):
    """The way in, for all channels."""

    def __init__(
        self,
        held: ConversationRepository,
        channels: Mapping[str, Channel],
        uploads: Uploads,
        counts: ChannelCounts,
        worker: str,
        pause_secs: float = PAUSE_SECS,
        is_sample: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """`worker` names this bridge; `pause_secs` is the first of the pauses.

        A text that `is_sample` was sent by a bridge, to try the way in.
        """
        super().__init__(held.database, channels)
        self._held = held
        self._channels = channels
        self._uploads = uploads
        self._counts = counts
        self._is_sample = is_sample
        self._worker = worker
        self._pause_secs = pause_secs

    async def take(self, name: str, request: Request) -> Answer:
        """A request at a channel's public address: its answer once it is kept.

        Raises UnknownChannel, InvalidSignature, BadRequest.
        """
        channel = self._channels.get(name)
        if channel is None:
            raise UnknownChannel
        try:
            channel.verify(request)
        except Unverified as error:
            self._counts.count(name, "refused")
            logger.info("channel_request_refused", channel=name, reason=str(error))
            raise InvalidSignature from None
        self._counts.count(name, "verified")
        try:
            if answer := await channel.ask(request):
                return answer
            events = channel.unpack(request)
            await self.keep(channel, events)
        except Malformed as error:
            self._counts.count(name, "malformed")
            raise BadRequest(str(error) or None) from None
        except PlatformError:
            raise BridgeError from None
        return channel.answer(request)

    async def hand_in(self, name: str, body: JsonObject) -> None:
        """What was read elsewhere of an event that was forwarded, kept like any other.

        Raises UnknownChannel, BadRequest.
        """
        channel = self._channels.get(name)
        if channel is None:
            raise UnknownChannel
        try:
            event = channel.hand_in(body)
        except Malformed as error:
            raise BadRequest(str(error) or None) from None
        await self.keep(channel, [event])

    async def keep(self, channel: Channel, events: Sequence[Arrived]) -> None:
        """Writes down what came, once each, and sees to it."""
        if not events:
            return
        new = [_kept(channel.name, event) for event in events]
        async with self._held.database.write() as tx:
            added = await inbox.add(tx, new)
        self._counts.count(channel.name, "taken", added)
        self._counts.count(channel.name, "repeated", len(events) - added)
        self.due()
        if any(event.sequence is not None for event in events):
            self.due_in(inbox.GAP_SECS)

    async def _lease_next(self, tx: Connection) -> InboxEvent | None:
        return await inbox.lease_next(tx, self._worker, LEASE_SECS)

    async def _free(self, tx: Connection) -> None:
        await inbox.free(tx, self._worker)

    async def _work(self, event: InboxEvent) -> None:
        channel = self._channels.get(event.channel)
        try:
            if channel is None:  # its settings are gone: it waits until they are back
                await self._postpone(event, LONGEST_PAUSE_SECS)
            elif event.line == LATE_FILE:
                await self._late_file(channel, event)
            else:
                await self._understand(channel, event)
        except _LeasedElsewhere:
            logger.info("channel_event_leased_elsewhere", channel=event.channel)
        except PlatformError as error:
            await self._again(event, error)
        except Exception:
            logger.exception("channel_event_failed", channel=event.channel)
            await self._again(event, None)

    async def _again(self, event: InboxEvent, error: PlatformError | None) -> None:
        """Tries it later; gives it up where that has no prospect."""
        is_hopeless = error is not None and error.is_final
        is_down = error is not None and error.failure == "unreachable"
        if not is_hopeless and (is_down or event.attempts + 1 < MAX_TRIES):
            asked = (error and error.retry_after_secs) or 0.0
            await self._postpone(event, max(asked, self._pause(event)))
            return
        logger.error(
            "channel_event_given_up",
            channel=event.channel,
            number=event.number,
            reason=str(error) if error else "failed",
        )
        self._counts.count(event.channel, "given_up")
        async with self._held.database.write() as tx:
            await inbox.abandon(tx, event, self._worker)

    def _pause(self, event: InboxEvent) -> float:
        return pause_after(event.attempts, self._pause_secs, LONGEST_PAUSE_SECS)

    async def _postpone(self, event: InboxEvent, secs: float) -> None:
        async with self._held.database.write() as tx:
            await inbox.postpone(tx, event, self._worker, secs)
        self.due_in(secs)

    async def _complete(self, event: InboxEvent) -> None:
        async with self._held.database.write() as tx:
            await inbox.complete(tx, event, self._worker)

    async def _understand(self, channel: Channel, event: InboxEvent) -> None:
        match meant := channel.read(event.payload):
            case Ignored():
                await self._complete(event)
            case CustomerMessage() if self._is_sample(meant.text):
                await self._complete(event)
            case Reported():
                await self._report(event, meant)
            case Forwarded():
                await channel.forward(event.payload, event.event_id)
                await self._complete(event)
            case CustomerMessage():
                await self._said(channel, event, meant)
            case Pressed() | Unreadable():
                await self._heard(channel, event, meant)

    async def _said(
        self, channel: Channel, event: InboxEvent, said: CustomerMessage
    ) -> None:
        conversation_id = await self._conversation(event, said)
        files = await self._fetch_all(channel, event, conversation_id, said.files)
        async with self._held.transaction(conversation_id) as unit:
            await self._own(unit, event)
            row = unit.conversation
            if said.name:
                row.profile_name = clean_text(said.name)[:MAX_NAME]
            if said.reply_to is not None:
                row.reply_to = said.reply_to
            incoming = self._incoming(unit, channel, event)
            if said.text.strip() or files.ids:
                message = IncomingMessage(said.text, None, files.ids, said.metadata)
                await incoming.say(message)
            if said.unreadable is not None:
                incoming.refuse(said.unreadable)
            files_told(unit, files.told, _size(self._uploads.max_bytes))
            await inbox.add(unit.tx, _late(event, files.late))

    async def _heard(
        self, channel: Channel, event: InboxEvent, meant: Pressed | Unreadable
    ) -> None:
        conversation_id = await self._conversation(event)
        async with self._held.transaction(conversation_id) as unit:
            await self._own(unit, event)
            incoming = self._incoming(unit, channel, event)
            if isinstance(meant, Pressed):
                await incoming.press(meant.payload)
            else:
                incoming.refuse(meant.kind)
        if isinstance(meant, Pressed):
            try:
                await channel.acknowledge(event.payload)
            except PlatformError as error:  # the press counts all the same
                logger.info("press_not_acknowledged", reason=str(error))

    def _incoming(
        self, unit: UnitOfWork, channel: Channel, event: InboxEvent
    ) -> Incoming:
        message_id = message_id_of(event.channel, event.event_id)
        incoming = Incoming(unit, channel.limits, message_id, self._held.command_of)
        tell_reach(unit)
        return incoming

    async def _own(self, unit: UnitOfWork, event: InboxEvent) -> None:
        """Nothing is left to do once this unit is committed."""
        if not await inbox.complete(unit.tx, event, self._worker):
            raise _LeasedElsewhere

    async def _conversation(
        self, event: InboxEvent, said: CustomerMessage | None = None
    ) -> str:
        """The chat of the customer, which begins with their first message."""
        name = said and said.name
        new = Conversation(
            conversation_id=secrets.token_hex(16),
            channel=event.channel,
            address=event.address,
            created_at=self._held.clock(),
            language=(said and said.language or "")[:20] or None,
            locale=(said and said.language or "")[:40] or None,
            profile_name=clean_text(name)[:MAX_NAME] if name else None,
        )
        async with self._held.database.write() as tx:
            return await conversations.at_address(tx, new)

    async def _fetch_all(
        self,
        channel: Channel,
        event: InboxEvent,
        conversation_id: str,
        files: Sequence[FileReference],
    ) -> _Files:
        """Raises PlatformError while it is worth waiting for one of them."""
        found = _Files([], [], [])
        for file in files:
            try:
                found.ids.append(await self._fetch(channel, conversation_id, file))
            except PlatformError as error:
                if error.is_final:
                    found.told.append("lost")
                elif event.attempts < FILE_TRIES:
                    raise
                else:
                    found.told.append("late")
                    found.late.append(file)
            except RateLimited:
                raise PlatformError("unreachable", "busy") from None
            except BridgeError:
                found.told.append("not_taken")
        return found

    async def _fetch(
        self, channel: Channel, conversation_id: str, file: FileReference
    ) -> str:
        if (file.size or 0) > self._uploads.max_bytes:
            raise UploadTooLarge  # not even asked for: some platforms would lose it
        content = await channel.fetch(file)
        incoming = IncomingFile(io.BytesIO(content), file.name, file.content_type)
        kept = await self._uploads.keep(conversation_id, incoming)
        return kept.attachment_id

    async def _late_file(self, channel: Channel, event: InboxEvent) -> None:
        """A file that its message could not wait for."""
        payload: dict[str, Any] = dict(event.payload)
        event = replace(event, address=str(payload.pop("address")))
        conversation_id = await self._conversation(event)
        ids: list[str] = []
        told: list[FileFate] = []
        try:
            file = FileReference(**payload)
            ids.append(await self._fetch(channel, conversation_id, file))
        except PlatformError as error:
            if not error.is_final and event.waited_secs < FILE_KEPT_SECS:
                raise
            told.append("lost")
        except BridgeError:
            told.append("not_taken")
        async with self._held.transaction(conversation_id) as unit:
            await self._own(unit, event)
            if ids:
                message = IncomingMessage("", None, ids)
                await self._incoming(unit, channel, event).say(message)
            files_told(unit, told, _size(self._uploads.max_bytes))

    async def _report(self, event: InboxEvent, told: Reported) -> None:
        """What became of a message: agents hear of it, and the log of a failure."""
        report = outbox.Report(
            event.channel,
            told.message_id,
            told.state,
            told.failure,
            told.detail,
            told.part_id,
        )
        async with self._held.database.read() as tx:
            conversation_id = await outbox.conversation_of(tx, report)
        if conversation_id is None:
            if event.attempts + 1 < MAX_TRIES:
                await self._postpone(event, self._pause(event))
            else:
                await self._complete(event)
            return
        async with self._held.transaction(conversation_id) as unit:
            await self._own(unit, event)
            delivery = await outbox.reported(unit.tx, report, unit.now)
            if delivery is not None:
                tell_delivery(unit, delivery)
                if told.state == "failed":
                    unit.append(
                        DeliveryFailed(
                            **unit.stamp(),
                            of_seq=delivery.seq,
                            channel=event.channel,
                            reason=told.failure or "refused",
                            detail=told.detail,
                        )
                    )


def _kept(channel: str, event: Arrived) -> inbox.NewEvent:
    line = None
    if event.sequence is not None:
        line = event.address if event.counts_by_address else ""
    return inbox.NewEvent(
        channel, event.event_id, event.address, event.payload, line, event.sequence
    )


def _late(event: InboxEvent, files: Sequence[FileReference]) -> list[inbox.NewEvent]:
    """Events of their own, which hold up nothing."""
    return [
        inbox.NewEvent(
            event.channel,
            f"{event.event_id}:{LATE_FILE}:{n}",
            "",
            {**_json(file), "address": event.address},
            LATE_FILE,
        )
        for n, file in enumerate(files)
    ]


def _json(file: FileReference) -> JsonObject:
    return {name: value for name, value in asdict(file).items() if value is not None}


def _size(max_bytes: int) -> str:
    return f"{max_bytes / 2**20:.3g} MB"
