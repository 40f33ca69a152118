"""What agents want to be reminded of. All times here are the database's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.store.clock import from_now
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import agents, reminders


@dataclass(frozen=True)
class Reminder:
    """One, with whose it is; `told_at` is when it came back, None until then."""

    reminder_id: str
    conversation_id: str
    agent_id: str
    text: str
    due_at: datetime
    told_at: datetime | None
    agent_name: str
    is_left_behind: bool

    @property
    def is_due(self) -> bool:
        """Whether it has come back, and nobody has put it off since."""
        return self.told_at is not None


_LEFT_BEHIND = agents.c.disabled_at.is_not(None)
_FOUND = sa.select(
    reminders,
    agents.c.name.label("agent_name"),
    _LEFT_BEHIND.label("is_left_behind"),
).join_from(reminders, agents)
_BACK = (
    sa.update(reminders)
    .where(reminders.c.told_at.is_(None), reminders.c.due_at <= from_now())
    .values(told_at=from_now())
    .returning(reminders.c.reminder_id)
)


async def now(tx: Connection) -> datetime:
    """The database's clock."""
    found: Any = (await tx.execute(sa.select(from_now()))).scalar()
    read: datetime = found
    return read


async def load(tx: Connection, reminder_id: str) -> Reminder | None:
    """One of them."""
    query = _FOUND.where(reminders.c.reminder_id == reminder_id)
    row = (await tx.execute(query)).first()
    return Reminder(**row._mapping) if row else None


async def of_agent(tx: Connection, agent_id: str, *, all_due: bool) -> list[Reminder]:
    """An agent's own, the next one first.

    With `all_due` also those that came back to somebody who is there no more.
    """
    mine = reminders.c.agent_id == agent_id
    left = sa.and_(_LEFT_BEHIND, reminders.c.told_at.is_not(None))
    query = _FOUND.where(sa.or_(mine, left) if all_due else mine)
    rows = await tx.execute(query.order_by(reminders.c.due_at))
    return [Reminder(**row._mapping) for row in rows]


async def count(tx: Connection, agent_id: str) -> int:
    """How many an agent has."""
    query = sa.select(sa.func.count()).where(reminders.c.agent_id == agent_id)
    return (await tx.execute(query)).scalar() or 0


async def add(tx: Connection, reminder: Reminder) -> None:
    """Keeps a new one."""
    values = {column.name: getattr(reminder, column.name) for column in reminders.c}
    await tx.execute(sa.insert(reminders).values(**values))


async def move(tx: Connection, moved: Reminder) -> Reminder:
    """Keeps one with another text or time, at which it comes back again."""
    again = replace(moved, told_at=None)
    await tx.execute(
        sa.update(reminders)
        .where(reminders.c.reminder_id == again.reminder_id)
        .values(text=again.text, due_at=again.due_at, told_at=None)
    )
    return again


async def remove(tx: Connection, reminder_id: str) -> None:
    """Forgets one."""
    await tx.execute(sa.delete(reminders).where(reminders.c.reminder_id == reminder_id))


async def bring_back(tx: Connection) -> Sequence[Reminder]:
    """Those whose time has come, each to one caller alone, and once."""
    ids = [*(await tx.execute(_BACK)).scalars()]
    if not ids:
        return []
    query = _FOUND.where(reminders.c.reminder_id.in_(ids)).order_by(reminders.c.due_at)
    return [Reminder(**row._mapping) for row in await tx.execute(query)]
