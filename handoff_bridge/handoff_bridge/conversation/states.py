"""Who may own a conversation, which states a handoff has, and the legal moves."""

from enum import StrEnum


class Owner(StrEnum):
    """Exactly one of these owns a conversation at any time."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"
    CLOSED = "closed"


class HandoffState(StrEnum):
    """The life of one handoff."""

    QUEUED = "queued"
    OFFERED = "offered"
    CLAIMED = "claimed"
    WRAP_UP = "wrap_up"
    RETURNED = "returned"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class Disposition(StrEnum):
    """What an agent says became of a chat."""

    RESOLVED = "resolved"
    FOLLOW_UP = "follow_up"
    TICKET_OPENED = "ticket_opened"
    SPAM = "spam"


class Presence(StrEnum):
    """Whether an agent can take chats."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


_S = HandoffState
_NEXT: dict[HandoffState, frozenset[HandoffState]] = {
    _S.QUEUED: frozenset({_S.OFFERED, _S.CLAIMED, _S.ABANDONED}),
    _S.OFFERED: frozenset({_S.QUEUED, _S.CLAIMED, _S.ABANDONED}),
    _S.CLAIMED: frozenset({_S.QUEUED, _S.WRAP_UP, _S.RETURNED, _S.CLOSED}),
    _S.WRAP_UP: frozenset({_S.RETURNED, _S.CLOSED}),
    _S.RETURNED: frozenset(),
    _S.CLOSED: frozenset(),
    _S.ABANDONED: frozenset(),
}
OPEN_STATES: tuple[HandoffState, ...] = tuple(s for s in _S if _NEXT[s])
WAITING_STATES: tuple[HandoffState, ...] = (_S.QUEUED, _S.OFFERED)


def may_move(old: HandoffState, new: HandoffState) -> bool:
    """Whether a handoff in `old` may become `new`."""
    return new in _NEXT[old]
