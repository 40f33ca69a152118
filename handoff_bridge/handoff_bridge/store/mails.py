"""What is to reach customers by mail."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from handoff_bridge.store.clock import from_now
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import mails


@dataclass(frozen=True)
class Mail:
    """One message on its way; `attempts` to send it have failed."""

    mail_id: int
    conversation_id: str
    handoff_id: str
    seq: int
    recipient: str
    subject: str
    text: str
    attempts: int


_COLUMNS = [mails.c[name] for name in Mail.__annotations__]
_NEXT = (
    sa.select(mails.c.mail_id)
    .where(
        mails.c.due_at <= from_now(),
        sa.or_(mails.c.leased_until.is_(None), mails.c.leased_until <= from_now()),
    )
    .order_by(mails.c.due_at, mails.c.mail_id)
    .limit(1)
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_LEASE = (
    sa.update(mails)
    .where(mails.c.mail_id == _NEXT)
    .values(
        leased_by=sa.bindparam("worker"),
        leased_until=from_now(sa.bindparam("lease_secs", type_=sa.Float)),
    )
    .returning(*_COLUMNS)
)
_OWN = (mails.c.mail_id == sa.bindparam("key"), mails.c.leased_by == sa.bindparam("by"))
_REMOVE = sa.delete(mails).where(*_OWN)
_POSTPONE = (
    sa.update(mails)
    .where(*_OWN)
    .values(
        attempts=mails.c.attempts + 1,
        due_at=from_now(sa.bindparam("secs", type_=sa.Float)),
        leased_by=None,
        leased_until=None,
    )
)


async def enqueue(
    tx: Connection,
    conversation_id: str,
    handoff_id: str,
    seq: int,
    recipient: str,
    subject: str,
    text: str,
) -> None:
    """To be sent once this is committed. Call in the message's transaction."""
    values: dict[str, Any] = {
        "conversation_id": conversation_id,
        "handoff_id": handoff_id,
        "seq": seq,
        "recipient": recipient,
        "subject": subject,
        "text": text,
        "attempts": 0,
        "due_at": from_now(),
    }
    await tx.execute(sa.insert(mails).values(**values))


async def lease_next(tx: Connection, worker: str, lease_secs: float) -> Mail | None:
    """The one that is due first and that nobody is at, leased to this worker."""
    found = await tx.execute(_LEASE, {"worker": worker, "lease_secs": lease_secs})
    row = found.first()
    return Mail(**row._mapping) if row else None


async def remove(tx: Connection, mail: Mail, worker: str) -> bool:
    """Deletes one that is done with; False if the lease is another worker's by now."""
    result = await tx.execute(_REMOVE, {"key": mail.mail_id, "by": worker})
    return result.rowcount == 1


async def postpone(tx: Connection, mail: Mail, worker: str, secs: float) -> None:
    """Has it tried again in so many seconds."""
    own = {"key": mail.mail_id, "by": worker, "secs": secs}
    await tx.execute(_POSTPONE, own)
