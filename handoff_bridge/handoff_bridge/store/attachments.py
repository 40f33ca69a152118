"""Records of uploaded files; the files themselves lie in the uploads folder."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime

import sqlalchemy as sa

from handoff_bridge.conversation import events
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import attachments


@dataclass(frozen=True)
class Attachment:
    """A photo or a PDF, already checked. The customer's where no agent sent it."""

    attachment_id: str
    conversation_id: str
    content_type: str
    size: int
    width: int | None
    height: int | None
    created_at: datetime
    name: str | None = None
    agent_id: str | None = None
    is_attached: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether it has pixels; else it is a PDF."""
        return self.width is not None

    def as_sent(self) -> events.Attachment:
        """What messages carry of it."""
        return events.Attachment(
            attachment_id=self.attachment_id,
            content_type=self.content_type,
            width=self.width,
            height=self.height,
            name=self.name,
            size=self.size,
        )


_COLUMNS = [attachments.c[field.name] for field in fields(Attachment)]


async def create(tx: Connection, attachment: Attachment) -> None:
    """Records an upload."""
    await tx.execute(sa.insert(attachments).values(**asdict(attachment)))


async def load(tx: Connection, attachment_id: str) -> Attachment | None:
    """One record."""
    query = sa.select(*_COLUMNS).where(attachments.c.attachment_id == attachment_id)
    row = (await tx.execute(query)).first()
    return Attachment(**row._mapping) if row else None


async def of_conversation(tx: Connection, conversation_id: str) -> list[Attachment]:
    """A conversation's uploads, oldest first."""
    query = sa.select(*_COLUMNS).where(attachments.c.conversation_id == conversation_id)
    rows = (await tx.execute(query.order_by(attachments.c.created_at))).all()
    return [Attachment(**row._mapping) for row in rows]


async def attach(
    tx: Connection,
    conversation_id: str,
    ids: Collection[str],
    agent_id: str | None = None,
) -> list[Attachment]:
    """Marks those of the conversation's uploads as sent, and gives them as named.

    Only the agent's own, or the customer's. One statement, so that none of them is
    removed between looking and marking.
    """
    mark = (
        sa.update(attachments)
        .where(
            attachments.c.conversation_id == conversation_id,
            attachments.c.attachment_id.in_(ids),
            attachments.c.agent_id.is_not_distinct_from(agent_id),
        )
        .values(is_attached=True)
        .returning(*_COLUMNS)
    )
    found = [Attachment(**row._mapping) for row in await tx.execute(mark)]
    order = list(ids)
    return sorted(found, key=lambda attachment: order.index(attachment.attachment_id))


async def total(tx: Connection, conversation_id: str) -> tuple[int, int]:
    """How many files a conversation holds, and their bytes."""
    query = sa.select(
        sa.func.count().label("photos"),
        sa.func.coalesce(sa.func.sum(attachments.c.size), 0).label("size"),
    ).where(attachments.c.conversation_id == conversation_id)
    row = (await tx.execute(query)).one()
    return row.photos, int(row.size)


async def remove_unattached(tx: Connection, before: datetime) -> list[str]:
    """Removes what was uploaded before that and never sent; gives the ids."""
    remove = (
        sa.delete(attachments)
        .where(attachments.c.created_at < before, ~attachments.c.is_attached)
        .returning(attachments.c.attachment_id)
    )
    return [*(await tx.execute(remove)).scalars()]
