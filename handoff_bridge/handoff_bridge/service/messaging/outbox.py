"""Sends what customers of platforms are told: in order, once each, until it is there.

Written down in the transaction of the message itself. Whichever bridge leases a part
sends it; of each conversation one part at a time is under way. A bridge that dies
between the platform's answer and writing it down leaves a part that may have been sent:
whoever takes it over says so to the channel, which asks the platform where that can
tell.
"""

import random
from collections.abc import Mapping

import structlog

from handoff_bridge.conversation.events import CUSTOMER, DeliveryFailed, Message
from handoff_bridge.service.messaging.channel import (
    Channel,
    OutgoingFile,
    Part,
    PlatformError,
    TemplateMessage,
)
from handoff_bridge.service.messaging.leased_rows import LeasedRows, pause_after
from handoff_bridge.service.messaging.rendering import Content, Rendering
from handoff_bridge.service.messaging.telling import tell_delivery, to_agents
from handoff_bridge.service.ports import ChannelDue
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.service.uploads import Uploads
from handoff_bridge.store import channel_outbox as outbox
from handoff_bridge.store.channel_outbox import NewPart, OutboxPart
from handoff_bridge.store.database import Connection

logger = structlog.get_logger()

# Longer than one attempt may take.
LEASE_SECS = 60.0
# A second at first, then twice as long each time, and two minutes at most.
PAUSE_SECS = 1.0
LONGEST_PAUSE_SECS = 120.0
JITTER = 0.2
# What could not be sent for so long is told to whoever has the chat.
GIVEN_UP_SECS = 86_400.0


class ChannelOutbox(LeasedRows[OutboxPart]):
    """The way out, for all channels."""

    def __init__(
        self,
        held: ConversationRepository,
        channels: Mapping[str, Channel],
        uploads: Uploads,
        public: str,
        worker: str,
        pause_secs: float = PAUSE_SECS,
    ) -> None:
        """`worker` names this bridge; `pause_secs` is the first of the pauses."""
        super().__init__(held.database, channels)
        self._held = held
        self._channels = channels
        self._uploads = uploads
        self._public = public
        self._worker = worker
        self._pause_secs = pause_secs

    async def record(self, unit: UnitOfWork) -> None:
        """Writes down what a unit tells a customer of a platform."""
        channel = self._channels.get(unit.conversation.channel)
        if channel is None:
            return
        parts = [
            part
            for entry, said in zip(unit.entries, unit.said, strict=True)
            if isinstance(said, Message) and entry.visible and said.actor != CUSTOMER
            for part in self._parts(unit, channel, said)
        ]
        if parts:
            await outbox.enqueue(unit.tx, parts, unit.now)
            unit.follow_up(ChannelDue())

    def _parts(
        self, unit: UnitOfWork, channel: Channel, said: Message
    ) -> list[NewPart]:
        row = unit.conversation

        def link(attachment_id: str) -> str:
            return self._uploads.link(attachment_id, row.session_generation)

        rendering = Rendering(channel, unit.texts, self._public, link)
        return [
            NewPart(
                f"{row.conversation_id}:{said.seq}:{n}",
                row.conversation_id,
                said.seq,
                row.channel,
                content.as_json(),
            )
            for n, content in enumerate(rendering.render(said))
        ]

    async def _lease_next(self, tx: Connection) -> OutboxPart | None:
        return await outbox.lease_next(tx, self._worker, LEASE_SECS)

    async def _free(self, tx: Connection) -> None:
        await outbox.free(tx, self._worker)

    async def _work(self, part: OutboxPart) -> None:
        channel = self._channels.get(part.channel)
        try:
            if channel is None:  # its settings are gone: it waits until they are back
                raise PlatformError("credentials", "not set up")
            self._check_window(channel, part)
            platform_id = await channel.send(self._whole(part))
        except PlatformError as error:
            await self._not_sent(part, error)
        except Exception:
            logger.exception("channel_part_failed", channel=part.channel)
            await self._not_sent(
                part, PlatformError("refused", "internal", is_uncertain=True)
            )
        else:
            await self._sent(part, platform_id)

    def _check_window(self, channel: Channel, part: OutboxPart) -> None:
        """Raises PlatformError once only approved texts may be sent."""
        window = channel.limits.window
        if window is None or "template" in part.content or part.heard_at is None:
            return
        if self._held.clock() >= part.heard_at + window:
            raise PlatformError("window_closed", is_final=True)

    def _whole(self, part: OutboxPart) -> Part:
        content = Content.of(part.content)
        return Part(
            part_id=part.part_id,
            address=part.address,
            text=content.text,
            buttons=content.buttons,
            file=self._file(part, content),
            picture_url=content.picture_url,
            template=_template(content),
            reply_to=part.reply_to,
            is_repeated=part.is_uncertain,
            after_message_id=part.after_message_id,
        )

    def _file(self, part: OutboxPart, content: Content) -> OutgoingFile | None:
        if content.attachment is None:
            return None
        attachment_id = str(content.attachment["id"])
        name = content.attachment.get("name")
        return OutgoingFile(
            self._uploads.file_path(attachment_id),
            self._uploads.link(attachment_id, part.generation),
            str(content.attachment.get("content_type") or ""),
            str(name) if name else None,
        )

    async def _sent(self, part: OutboxPart, platform_id: str) -> None:
        async with self._held.database.write() as tx:
            delivery = await outbox.sent(
                tx, part, self._worker, platform_id, self._held.clock()
            )
        if delivery is not None and (told := to_agents(delivery)):
            await self._held.tell(told)

    async def _not_sent(self, part: OutboxPart, error: PlatformError) -> None:
        logger.warning(
            "channel_part_not_sent",
            channel=part.channel,
            part_id=part.part_id,
            attempts=part.attempts + 1,
            failure=error.failure,
            detail=error.detail,
        )
        if error.is_final:
            await self._failed(part, error)
        elif part.waited_secs >= GIVEN_UP_SECS:
            await self._failed(part, PlatformError("expired", error.detail))
        else:
            secs = max(error.retry_after_secs or 0.0, self._pause(part))
            async with self._held.database.write() as tx:
                await outbox.postpone(
                    tx, part, self._worker, secs, is_uncertain=error.is_uncertain
                )
            self.due_in(secs)

    def _pause(self, part: OutboxPart) -> float:
        """Seconds until the next attempt, not the same for everybody who waits."""
        secs = pause_after(part.attempts, self._pause_secs, LONGEST_PAUSE_SECS)
        return secs * (1 + JITTER * random.random())

    async def _failed(self, part: OutboxPart, error: PlatformError) -> None:
        async with self._held.transaction(part.conversation_id) as unit:
            delivery = await outbox.failed(
                unit.tx, part, self._worker, error.failure, error.detail, unit.now
            )
            if delivery is None:
                return
            tell_delivery(unit, delivery)
            unit.append(
                DeliveryFailed(
                    **unit.stamp(),
                    of_seq=part.seq,
                    channel=part.channel,
                    reason=error.failure,
                    detail=error.detail or None,
                )
            )


def _template(content: Content) -> TemplateMessage | None:
    if content.template is None:
        return None
    variables = content.template.get("variables")
    return TemplateMessage(
        str(content.template["template_id"]),
        {key: str(value) for key, value in variables.items()}
        if isinstance(variables, dict)
        else {},
    )
