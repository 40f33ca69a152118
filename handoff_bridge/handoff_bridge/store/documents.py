"""Documents by name and version; what is saved once never changes."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import agents, documents

_NEWEST = sa.select(
    documents.c.name, sa.func.max(documents.c.version).label("version")
).group_by(documents.c.name)
_TEXT = sa.select(documents.c.text).where(
    documents.c.name == sa.bindparam("name"),
    documents.c.version == sa.bindparam("version"),
)
_VERSIONS = (
    sa.select(
        documents.c.version,
        documents.c.saved_at,
        # Whoever has left is known by their id.
        sa.func.coalesce(agents.c.name, documents.c.saved_by).label("saved_by"),
    )
    .join_from(
        documents, agents, documents.c.saved_by == agents.c.agent_id, isouter=True
    )
    .where(documents.c.name == sa.bindparam("name"))
    .order_by(documents.c.version.desc())
)


@dataclass(frozen=True)
class Version:
    """Who saved it, by name, and when."""

    version: int
    saved_at: datetime
    saved_by: str


async def newest(tx: Connection) -> dict[str, int]:
    """The newest version of each document that was ever saved, by its name."""
    rows = (await tx.execute(_NEWEST)).all()
    return {row.name: row.version for row in rows}


async def text_of(tx: Connection, name: str, version: int) -> str | None:
    """What was saved as that version; None if nothing was."""
    wanted = {"name": name, "version": version}
    found: str | None = (await tx.execute(_TEXT, wanted)).scalar()
    return found


async def version_of(tx: Connection, name: str, version: int) -> Version | None:
    """One version; None if there is none."""
    query = _VERSIONS.where(documents.c.version == version)
    row = (await tx.execute(query, {"name": name})).first()
    return Version(**row._mapping) if row else None


async def versions(
    tx: Connection, name: str, before: int | None, limit: int
) -> list[Version]:
    """The newest of them, or of those before one, newest first."""
    query = _VERSIONS.limit(limit)
    if before is not None:
        query = query.where(documents.c.version < before)
    rows = (await tx.execute(query, {"name": name})).all()
    return [Version(**row._mapping) for row in rows]


async def lock(tx: Connection) -> None:
    """Nobody else saves until this transaction ends: documents name each other.

    SQLite has one writer anyway.
    """
    if tx.dialect.name == "postgresql":
        await tx.execute(sa.text("LOCK TABLE documents IN SHARE ROW EXCLUSIVE MODE"))


async def save(
    tx: Connection, name: str, version: int, text: str, at: datetime, agent_id: str
) -> None:
    """Adds a version."""
    values = {"name": name, "version": version, "text": text}
    await tx.execute(
        sa.insert(documents).values(**values, saved_at=at, saved_by=agent_id)
    )
