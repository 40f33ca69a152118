"""Whether a session may still be used: asked of the row as it is in the transaction."""

from datetime import datetime

from handoff_bridge.errors import TokenExpired, UnknownSession
from handoff_bridge.store.conversations import Conversation, Session


def check_not_ended(row: Conversation, session: Session) -> None:
    """Raises UnknownSession for a token that was replaced or whose chat was ended."""
    if session.generation != row.session_generation:
        raise UnknownSession


def check_session(row: Conversation, session: Session, now: datetime) -> None:
    """Raises UnknownSession, and TokenExpired once its identity has run out."""
    check_not_ended(row, session)
    if session.customer_id is not None and not row.is_signed(now):
        raise TokenExpired
