"""Photos: kept within a quota, read by whom they concern, removed if nobody sends them.

A photo's record is written before its file gets its name: whatever is left by a process
that was killed in between has a record that nothing refers to, or the name of a part.
"""

import asyncio
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from handoff_bridge.errors import (
    Forbidden,
    RateLimited,
    UnknownAttachment,
    UploadQuota,
    UploadTooLarge,
)
from handoff_bridge.service.access import access_conversation
from handoff_bridge.service.pictures import reencode
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import attachments
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.attachments import Attachment
from handoff_bridge.store.database import Database

# Each takes up to some 430 MB for two seconds; `pictures` has the figures.
DECODED_AT_ONCE = 2
# Of uploads that have arrived whole; each has a megabyte in memory, the rest on disk.
WAITING_AT_MOST = 32
UNATTACHED_KEPT = timedelta(days=1)
PART_KEPT = timedelta(hours=1)
PART = ".part"


@dataclass(frozen=True)
class UploadBounds:
    """Bytes of one upload; what one chat may hold of photos."""

    max_bytes: int
    chat_photos: int
    chat_bytes: int


class Uploads:
    """Use cases of photos."""

    def __init__(
        self, database: Database, clock: Clock, folder: Path, bounds: UploadBounds
    ) -> None:
        """`folder` keeps the files."""
        self._database = database
        self._clock = clock
        self._folder = folder
        self._bounds = bounds
        self._decoding = asyncio.Semaphore(DECODED_AT_ONCE)
        # Threads of their own: each thread that has decoded once keeps some of what it
        # took, and the shared ones are many.
        self._decoders = ThreadPoolExecutor(DECODED_AT_ONCE, "decoder")
        self._waiting = 0

    @property
    def max_bytes(self) -> int:
        """What one upload may weigh."""
        return self._bounds.max_bytes

    async def check_quota(self, conversation_id: str) -> None:
        """Raises UploadQuota where the chat holds as much as it may."""
        async with self._database.read() as tx:
            photos, size = await attachments.total(tx, conversation_id)
        bounds = self._bounds
        if photos >= bounds.chat_photos or size >= bounds.chat_bytes:
            raise UploadQuota

    async def keep(self, conversation_id: str, content: IO[bytes]) -> Attachment:
        """Keeps a customer's photo.

        Raises NotAnImage, UploadTooLarge, UploadQuota, RateLimited.
        """
        if content.seek(0, os.SEEK_END) > self._bounds.max_bytes:
            raise UploadTooLarge
        if self._waiting >= WAITING_AT_MOST:
            raise RateLimited
        self._waiting += 1
        try:
            async with self._decoding:
                # Again: others of the same chat may have come in meanwhile.
                await self.check_quota(conversation_id)
                loop = asyncio.get_running_loop()
                decoding = loop.run_in_executor(self._decoders, reencode, content)
                encoded, content_type, size = await decoding
        finally:
            self._waiting -= 1
        attachment = Attachment(
            attachment_id=secrets.token_hex(16),
            conversation_id=conversation_id,
            content_type=content_type,
            size=len(encoded),
            width=size[0],
            height=size[1],
            created_at=self._clock(),
        )
        await self._store(attachment, encoded)
        return attachment

    async def _store(self, attachment: Attachment, encoded: bytes) -> None:
        path = self._folder / attachment.attachment_id
        part = path.with_suffix(PART)
        try:
            await asyncio.to_thread(_write, part, encoded)
            async with self._database.write() as tx:
                await attachments.create(tx, attachment)
            await asyncio.to_thread(part.rename, path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    async def for_customer(
        self, conversation_id: str, attachment_id: str
    ) -> tuple[Attachment, Path]:
        """A photo of this conversation. Raises UnknownAttachment."""
        async with self._database.read() as tx:
            attachment = await attachments.load(tx, attachment_id)
        if attachment is None or attachment.conversation_id != conversation_id:
            raise UnknownAttachment
        return attachment, self._path(attachment_id)

    async def for_agent(
        self, agent: Agent, attachment_id: str
    ) -> tuple[Attachment, Path]:
        """A photo in a conversation that the agent may read.

        Raises UnknownAttachment.
        """
        async with self._database.read() as tx:
            attachment = await attachments.load(tx, attachment_id)
            if attachment is None:
                raise UnknownAttachment
            try:
                await access_conversation(tx, agent, attachment.conversation_id)
            except Forbidden:  # an id that was guessed is told nothing
                raise UnknownAttachment from None
        return attachment, self._path(attachment_id)

    def _path(self, attachment_id: str) -> Path:
        """Where the file is. Raises UnknownAttachment if it has gone."""
        path = self._folder / attachment_id
        if not path.is_file():
            raise UnknownAttachment
        return path

    async def remove_unattached(self) -> None:
        """Removes photos that no message was sent with, and half-written files."""
        now = self._clock()
        async with self._database.write() as tx:
            ids = await attachments.remove_unattached(tx, now - UNATTACHED_KEPT)
        await asyncio.to_thread(_unlink, self._folder, ids, now - PART_KEPT)


def _write(path: Path, content: bytes) -> None:
    """On the disk once this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _unlink(folder: Path, ids: list[str], parts_before: datetime) -> None:
    for attachment_id in ids:
        (folder / attachment_id).unlink(missing_ok=True)
    for part in folder.glob(f"*{PART}"):
        with suppress(FileNotFoundError):  # another bridge was faster
            if part.stat().st_mtime < parts_before.timestamp():
                part.unlink()
