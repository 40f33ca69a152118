"""What a reading route gets: a session and the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from backoffice.database import reading


@dataclass(frozen=True)
class Reading:
    """One view of the database at one time."""

    session: Session
    now: datetime


def _view(request: Request) -> Iterator[Reading]:
    with reading(request.app.state.engine) as session:
        yield Reading(session, request.app.state.clock())


View = Annotated[Reading, Depends(_view)]
