"""The database's clock: what several bridges compare is never one's own time."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from handoff_bridge.store.tables import UtcDateTime


class from_now(FunctionElement[Any]):
    """The database's time in so many seconds, or before so many if negative."""

    type = UtcDateTime()
    inherit_cache = True

    def __init__(self, secs: "float | sa.ColumnElement[float]" = 0.0) -> None:
        """`secs` may be a bind parameter."""
        super().__init__(
            sa.literal(secs, sa.Float) if isinstance(secs, int | float) else secs
        )


@compiles(from_now, "sqlite")
def _sqlite(element: from_now, compiler: Any, **kw: Any) -> str:
    secs = compiler.process(element.clauses, **kw)
    # Written as SQLAlchemy writes times there, so that texts compare like times.
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', ({secs}) || ' seconds') || '000')"


@compiles(from_now, "postgresql")
def _postgresql(element: from_now, compiler: Any, **kw: Any) -> str:
    secs = compiler.process(element.clauses, **kw)
    # Not now(), which stands still while a transaction waits for a lock.
    return f"(clock_timestamp() + make_interval(secs => {secs}))"
