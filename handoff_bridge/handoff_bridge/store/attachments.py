"""Records of uploaded photos; the files themselves lie in the uploads folder."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation import events
from handoff_bridge.store.tables import attachments


@dataclass(frozen=True)
class Attachment:
    """A photo, already checked and re-encoded."""

    attachment_id: str
    conversation_id: str
    content_type: str
    size: int
    width: int
    height: int
    created_at: datetime

    def as_sent(self) -> events.Attachment:
        """What messages carry of it."""
        return events.Attachment(
            attachment_id=self.attachment_id,
            content_type=self.content_type,
            width=self.width,
            height=self.height,
        )


async def create(tx: AsyncConnection, attachment: Attachment) -> None:
    """Records an upload."""
    await tx.execute(sa.insert(attachments).values(**asdict(attachment)))


async def load(tx: AsyncConnection, attachment_id: str) -> Attachment | None:
    """One record."""
    query = sa.select(attachments).where(attachments.c.attachment_id == attachment_id)
    row = (await tx.execute(query)).first()
    return Attachment(**row._mapping) if row else None


async def of_conversation(
    tx: AsyncConnection, conversation_id: str, ids: Collection[str] | None = None
) -> list[Attachment]:
    """A conversation's uploads, all or those of `ids`, oldest first."""
    query = sa.select(attachments).where(
        attachments.c.conversation_id == conversation_id
    )
    if ids is not None:
        query = query.where(attachments.c.attachment_id.in_(ids))
    rows = (await tx.execute(query.order_by(attachments.c.created_at))).all()
    return [Attachment(**row._mapping) for row in rows]
