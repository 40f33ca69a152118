"""One conversation, held for one transaction: commit first, then tell."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import (
    BOT,
    SYSTEM,
    Actor,
    LogEvent,
    agent_event,
    compact,
    history_item,
)
from handoff_bridge.conversation.states import Owner
from handoff_bridge.errors import UnknownConversation
from handoff_bridge.service.access import check_session
from handoff_bridge.service.locks import KeyedLocks
from handoff_bridge.service.ports import (
    EVERYONE,
    SUPERVISORS,
    Clock,
    Notice,
    Tell,
    ToAgents,
    ToCustomer,
    agent_room,
)
from handoff_bridge.store import conversations, log
from handoff_bridge.store.conversations import Conversation, Session
from handoff_bridge.store.database import Database
from handoff_bridge.texts import Texts, load_texts

logger = structlog.get_logger()


@dataclass
class Unit:
    """What one use case does to one conversation. Made by `Conversations.hold`."""

    tx: AsyncConnection
    conversation: Conversation
    now: datetime
    texts_in: Callable[[str | None], Texts]
    entries: list[LogEvent] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    # Asks for the queue's new order to be told, once this is committed.
    queue_moved: bool = False
    # Asks for a look at what is owed to the assistant, once this is committed.
    turn_owed: bool = False
    # What this deletes may not stay in the database's files.
    erases: bool = False
    # Nobody is there to wait for: asks for a ticket, once this is committed.
    promise_owed: Handoff | None = None
    _watchers: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Whoever watches before the change also sees the change."""
        self._watch()

    @property
    def texts(self) -> Texts:
        """The bridge's sentences in the language of the conversation by now."""
        return self.texts_in(self.conversation.language)

    def append(
        self,
        kind: str,
        actor: Actor,
        data: dict[str, Any],
        *,
        message_id: str | None = None,
        visible: bool = False,
        skip: str | None = None,
        event: str = "bot_uttered",
    ) -> LogEvent:
        """The one way into the log. Customers are told of what is `visible`.

        `skip` is the connection that need not hear its own message; `event` is the
        name under which the customer's clients hear of it.
        """
        row = self.conversation
        row.last_seq += 1
        entry = LogEvent(
            row.conversation_id,
            row.last_seq,
            kind,
            self.now,
            actor,
            compact(data),
            message_id,
            row.last_visible_seq if visible else None,
        )
        self.entries.append(entry)
        if visible:
            row.last_visible_seq = entry.seq
            if actor == BOT:
                row.last_bot_seq, row.last_bot_at = entry.seq, self.now
            self.tell_customer(event, history_item(entry), skip=skip)
        return entry

    def say(self, key: str, **values: object) -> LogEvent:
        """A system line to the customer, kept with its key and values."""
        text = self.texts.say(key, **values)
        data = {"text": text, "key": key, "values": values}
        return self.append("message", SYSTEM, data, visible=True)

    def set_owner(
        self,
        owner: Owner,
        *,
        reason: str,
        agent: Actor | None = None,
        handoff_id: str | None = None,
        message_id: str | None = None,
    ) -> LogEvent:
        """Changes the owner, raises the epoch, logs it. Callers tell the status."""
        row = self.conversation
        data = {
            "from": row.owner,
            "to": owner.value,
            "reason": reason,
            "handoff_id": handoff_id,
            "agent": agent and {"id": agent.id, "name": agent.name},
        }
        row.owner = owner.value
        row.agent_id = agent.id if agent else None
        row.epoch += 1
        # Whoever has the chat next has not asked it.
        row.open_question = None
        self._watch()
        return self.append(
            "owner_changed",
            agent or SYSTEM,
            {**data, "epoch": row.epoch},
            message_id=message_id,
        )

    def tell_customer(
        self, event: str, payload: dict[str, Any], skip: str | None = None
    ) -> None:
        """Queues something for this conversation's clients."""
        row = self.conversation
        self.notices.append(ToCustomer(row.conversation_id, event, payload, skip))

    def tell_agents(
        self, event: str, payload: dict[str, Any], rooms: tuple[str, ...] = (EVERYONE,)
    ) -> None:
        """Queues something for agents."""
        self.notices.append(ToAgents(rooms, event, payload))

    def watchers(self) -> tuple[str, ...]:
        """Rooms of agents who follow this conversation now or did until now."""
        if EVERYONE in self._watchers:
            return (EVERYONE,)
        return tuple(sorted(self._watchers))

    def entries_for_agents(self) -> list[Notice]:
        """`event_added` for every entry, to whoever watches."""
        rooms = self.watchers()
        if not rooms:
            return []
        conversation_id = self.conversation.conversation_id
        return [
            ToAgents(
                rooms,
                "event_added",
                {"conversation_id": conversation_id, "event": agent_event(entry)},
            )
            for entry in self.entries
        ]

    def _watch(self) -> None:
        if self.conversation.owner == Owner.QUEUE:
            self._watchers.add(EVERYONE)
        elif self.conversation.agent_id:
            self._watchers |= {agent_room(self.conversation.agent_id), SUPERVISORS}


class Conversations:
    """Opens units: the lock first, then the transaction, then the telling."""

    def __init__(
        self, database: Database, tell: Tell, clock: Clock, texts_dir: Path
    ) -> None:
        """`tell` is called only with what is committed."""
        self.database = database
        self.clock = clock
        self.tell = tell
        self._texts_dir = texts_dir
        self._locks = KeyedLocks()
        # Set by the wiring: what to do about what a unit has asked for.
        self.on_turn_owed: Any = None
        self.on_queue_moved: Any = None
        self.on_promise_owed: Any = None
        self.on_erasure_due: Any = None

    @asynccontextmanager
    async def hold(self, conversation_id: str) -> AsyncIterator[Unit]:
        """The conversation, alone. Raises UnknownConversation.

        Takes its place in the conversation's line before any I/O, so that messages
        keep the order in which they came.
        """
        async with self._locks.hold(conversation_id):
            async with self.database.write() as tx:
                row = await conversations.load(tx, conversation_id, lock=True)
                if row is None:
                    raise UnknownConversation
                unit = Unit(tx, row, self.clock(), self.texts)
                yield unit
                if unit.entries:
                    await log.write(tx, unit.entries)
                await conversations.save(tx, row)
            # Before the telling, which may fail; they wait for this lock anyway.
            if unit.turn_owed:
                self.on_turn_owed(conversation_id)
            if unit.promise_owed is not None:
                self.on_promise_owed(unit.promise_owed)
            for notice in [*unit.notices, *unit.entries_for_agents()]:
                await self._after_commit(self.tell(notice))
        if unit.queue_moved:
            await self._after_commit(self.on_queue_moved())
        if unit.erases:
            self.on_erasure_due()

    @asynccontextmanager
    async def hold_for(self, session: Session) -> AsyncIterator[Unit]:
        """The conversation of a session that may still be used.

        Raises UnknownSession, TokenExpired.
        """
        async with self.hold(session.conversation_id) as unit:
            check_session(unit.conversation, session, unit.now)
            yield unit

    @asynccontextmanager
    async def still(self, conversation_id: str) -> AsyncIterator[None]:
        """While in the block this process changes and tells nothing about it.

        What is read in there is still true when it is told.
        """
        async with self._locks.hold(conversation_id):
            yield

    async def _after_commit(self, telling: Awaitable[None]) -> None:
        """What is committed stands: whoever was not told asks again."""
        try:
            await telling
        except Exception:
            logger.exception("telling_failed")

    def texts(self, language: str | None) -> Texts:
        """The bridge's sentences in a language."""
        return load_texts(self._texts_dir, (language or "en")[:2].lower())
