"""Photos: checked, re-encoded without their metadata, and read by whom they concern."""

import asyncio
import io
import os
import secrets
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from handoff_bridge.errors import (
    Forbidden,
    NotAnImage,
    UnknownAttachment,
    UploadTooLarge,
)
from handoff_bridge.service.access import access_conversation
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import attachments
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.attachments import Attachment
from handoff_bridge.store.database import Database

# A photo of this many pixels takes some 150 MB while it is decoded.
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2048
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class Uploads:
    """Use cases of photos."""

    def __init__(
        self, database: Database, clock: Clock, folder: Path, max_bytes: int
    ) -> None:
        """`folder` keeps the files; `max_bytes` is what one upload may weigh."""
        self._database = database
        self._clock = clock
        self._folder = folder
        self.max_bytes = max_bytes

    async def keep(self, conversation_id: str, content: bytes) -> Attachment:
        """Keeps a customer's photo. Raises NotAnImage, UploadTooLarge."""
        if len(content) > self.max_bytes:
            raise UploadTooLarge
        encoded, content_type, size = await asyncio.to_thread(_reencode, content)
        attachment = Attachment(
            attachment_id=secrets.token_hex(16),
            conversation_id=conversation_id,
            content_type=content_type,
            size=len(encoded),
            width=size[0],
            height=size[1],
            created_at=self._clock(),
        )
        path = self._folder / attachment.attachment_id
        await asyncio.to_thread(_store, path, encoded)
        async with self._database.write() as tx:
            await attachments.create(tx, attachment)
        return attachment

    async def for_customer(
        self, conversation_id: str, attachment_id: str
    ) -> tuple[Attachment, Path]:
        """A photo of this conversation. Raises UnknownAttachment."""
        async with self._database.read() as tx:
            attachment = await attachments.load(tx, attachment_id)
        if attachment is None or attachment.conversation_id != conversation_id:
            raise UnknownAttachment
        return attachment, self._folder / attachment_id

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
        return attachment, self._folder / attachment_id


def _store(path: Path, content: bytes) -> None:
    """Whole or not at all: a file is renamed into place once it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


def _reencode(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """Our own encoding of the picture: nothing of the sender's bytes is served.

    Turned upright and without metadata, since photos carry the place they were
    taken at.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UploadTooLarge("The photo has too many pixels.")
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _encoded(upright)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAnImage from error
    except Image.DecompressionBombError as error:
        raise UploadTooLarge("The photo has too many pixels.") from error


def _encoded(image: Image.Image) -> tuple[bytes, str, tuple[int, int]]:
    clear = image.mode in ("RGBA", "LA", "PA", "P")
    plain = image.convert("RGBA" if clear else "RGB")
    # Comments and the like would be written out again.
    plain.info.clear()
    buffer = io.BytesIO()
    if clear:
        plain.save(buffer, "PNG")
        return buffer.getvalue(), "image/png", plain.size
    plain.save(buffer, "JPEG", quality=88)
    return buffer.getvalue(), "image/jpeg", plain.size
