"""Time as the database reckons it: what several bridges compare is not one's own."""

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


class secs_between(FunctionElement[float]):
    """The seconds from one time to a later one."""

    type = sa.Float()
    inherit_cache = True

    def __init__(
        self, earlier: sa.ColumnElement[Any], later: sa.ColumnElement[Any]
    ) -> None:
        """Both are times in the database."""
        super().__init__(earlier, later)


@compiles(secs_between, "sqlite")
def _between_sqlite(element: secs_between, compiler: Any, **kw: Any) -> str:
    earlier, later = (compiler.process(one, **kw) for one in element.clauses)
    return f"((julianday({later}) - julianday({earlier})) * 86400.0)"


@compiles(secs_between, "postgresql")
def _between_postgresql(element: secs_between, compiler: Any, **kw: Any) -> str:
    earlier, later = (compiler.process(one, **kw) for one in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM {later} - {earlier}) AS double precision)"


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
