"""Files: kept within a quota, read by whom they concern, removed if nobody sends them.

A file's record is written before its file gets its name: whatever is left by a process
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

import jwt

from handoff_bridge.errors import (
    BridgeError,
    Forbidden,
    NotOwner,
    RateLimited,
    UnknownAttachment,
    UploadQuota,
    UploadTooLarge,
)
from handoff_bridge.service.access import access_conversation
from handoff_bridge.service.files import IncomingFile, check_file
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import attachments, conversations
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
LINK = "upload"


@dataclass(frozen=True)
class UploadBounds:
    """Bytes of one upload; what one chat may hold of files."""

    max_bytes: int
    chat_photos: int
    chat_bytes: int


class Uploads:
    """Use cases of photos and PDFs."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        folder: Path,
        bounds: UploadBounds,
        secret: str,
        public: str,
    ) -> None:
        """`folder` keeps the files; `secret` signs links to them, at `public`."""
        self._secret = secret
        self._public = public
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

    async def check_agent(self, agent: Agent, conversation_id: str) -> None:
        """Raises NotOwner for an agent who may not write to that customer."""
        async with self._database.read() as tx:
            row = await access_conversation(tx, agent, conversation_id)
        if row.agent_id != agent.agent_id:
            raise NotOwner

    async def keep(
        self, conversation_id: str, file: IncomingFile, agent_id: str | None = None
    ) -> Attachment:
        """Keeps a customer's file, or an agent's.

        Raises NotAnImage, NotAPdf, UploadTooLarge, UploadQuota, RateLimited.
        """
        if file.size > self._bounds.max_bytes:
            raise too_large(self._bounds.max_bytes)
        if self._waiting >= WAITING_AT_MOST:
            raise RateLimited
        self._waiting += 1
        try:
            async with self._decoding:
                # Again: others of the same chat may have come in meanwhile.
                await self.check_quota(conversation_id)
                loop = asyncio.get_running_loop()
                kept = await loop.run_in_executor(self._decoders, check_file, file)
        finally:
            self._waiting -= 1
        attachment = Attachment(
            attachment_id=secrets.token_hex(16),
            conversation_id=conversation_id,
            content_type=kept.content_type,
            size=len(kept.content),
            width=kept.width,
            height=kept.height,
            created_at=self._clock(),
            name=file.safe_name,
            agent_id=agent_id,
        )
        await self._store(attachment, kept.content)
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
        """A file of this conversation, an agent's once it is sent.

        Raises UnknownAttachment.
        """
        async with self._database.read() as tx:
            attachment = await attachments.load(tx, attachment_id)
        if attachment is None or attachment.conversation_id != conversation_id:
            raise UnknownAttachment
        if attachment.agent_id is not None and not attachment.is_attached:
            raise UnknownAttachment
        return attachment, self._existing(attachment_id)

    def link(self, attachment_id: str, generation: int) -> str:
        """Opens one file while its chat's sessions are of that generation.

        For clients that cannot send the session along, and for platforms.
        """
        key = self._key(attachment_id, generation)
        return f"{self._public}/api/v1/uploads/{attachment_id}?key={key}"

    def _key(self, attachment_id: str, generation: int) -> str:
        claims = {"aud": LINK, "sub": attachment_id, "gen": generation}
        return jwt.encode(claims, self._secret, "HS256")

    async def for_link(self, attachment_id: str, key: str) -> tuple[Attachment, Path]:
        """The file that the key opens. Raises UnknownAttachment."""
        try:
            claims = jwt.decode(
                key,
                self._secret,
                ["HS256"],
                audience=LINK,
                subject=attachment_id,
                options={"require": ["sub", "gen"]},
            )
        except jwt.InvalidTokenError:
            raise UnknownAttachment from None
        async with self._database.read() as tx:
            attachment = await attachments.load(tx, attachment_id)
            if attachment is None:
                raise UnknownAttachment
            row = await conversations.load(tx, attachment.conversation_id)
        if row is None or row.session_generation != claims["gen"]:
            raise UnknownAttachment
        return attachment, self._existing(attachment_id)

    async def for_agent(
        self, agent: Agent, attachment_id: str
    ) -> tuple[Attachment, Path]:
        """A file in a conversation that the agent may read.

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
        return attachment, self._existing(attachment_id)

    def file_path(self, attachment_id: str) -> Path:
        """Where a file is, if it has not gone."""
        return self._folder / attachment_id

    def _existing(self, attachment_id: str) -> Path:
        """Raises UnknownAttachment if it has gone."""
        path = self.file_path(attachment_id)
        if not path.is_file():
            raise UnknownAttachment
        return path

    async def remove_unattached(self) -> None:
        """Removes files that no message was sent with, and half-written files."""
        now = self._clock()
        async with self._database.write() as tx:
            ids = await attachments.remove_unattached(tx, now - UNATTACHED_KEPT)
        await asyncio.to_thread(_unlink, self._folder, ids, now - PART_KEPT)


def too_large(max_bytes: int) -> BridgeError:
    """Names the limit, in whole megabytes where it has some."""
    limit = (
        f"{max_bytes / 2**20:.3g} MB" if max_bytes >= 2**20 else f"{max_bytes} bytes"
    )
    return UploadTooLarge(f"The file is too large: at most {limit} go through here.")


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
