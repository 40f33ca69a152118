"""One conversation, held for one transaction: commit first, then tell."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError

from handoff_bridge.brand import Brand
from handoff_bridge.conversation.events import (
    BOT,
    SYSTEM,
    Actor,
    AgentName,
    Entry,
    Message,
    Stamp,
    Turn,
)
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import LogEvent, history_item
from handoff_bridge.conversation.outcomes import HandoffTold
from handoff_bridge.conversation.ownership import Ownership, watchers
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.status import ConversationStatus
from handoff_bridge.errors import UnknownConversation
from handoff_bridge.models import JsonObject, Sent
from handoff_bridge.protocol.customer import ChatMessage
from handoff_bridge.protocol.inbox import EventAdded, HandoffChange, HandoffOffered, Row
from handoff_bridge.routing.documents import Routing
from handoff_bridge.service.access import check_session
from handoff_bridge.service.handoff_view import ReachOf, RowContext, about, rows_of
from handoff_bridge.service.locks import KeyedLocks
from handoff_bridge.service.places import status_of
from handoff_bridge.service.ports import (
    EVERYONE,
    Background,
    Clock,
    Delivery,
    FollowUp,
    ReadRouting,
    Tell,
    TellingDue,
    ToAgents,
    ToCustomer,
    agent_room,
)
from handoff_bridge.settings import TEXTS_DIR
from handoff_bridge.store import conversations, handoffs, log
from handoff_bridge.store.conversations import Conversation, Session
from handoff_bridge.store.database import Connection, Database
from handoff_bridge.texts import BrandTexts, Texts

logger = structlog.get_logger()

# As wide as its column.
MAX_TOPIC = 100


@dataclass
class UnitOfWork:
    """What one use case does to one conversation.

    Made by `ConversationRepository.transaction`.
    """

    tx: Connection
    conversation: Conversation
    now: datetime
    texts_in: Callable[[str | None], Texts]
    brand: Brand
    routing_in: ReadRouting
    reach_of: ReachOf
    # The open one, as it stands by now.
    handoff: Handoff | None = None
    # The message whose turn moved it forward last.
    raised_by: str | None = None
    entries: list[LogEvent] = field(default_factory=list)
    said: list[Entry] = field(default_factory=list)
    # What is told of each handoff, by its id; there once the unit is finished.
    told: dict[str, HandoffChange] = field(default_factory=dict)
    follow_ups: list[FollowUp] = field(default_factory=list)
    _written: int = 0
    _deliveries: list[Delivery | HandoffTold] = field(default_factory=list)
    _watchers: set[str] = field(default_factory=set)
    _loaded: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        """Whoever watches before the change also sees the change."""
        self._loaded = dict(vars(self.conversation))
        self.watch()

    @property
    def state(self) -> Ownership:
        """Who owns the conversation, as the decision about a move needs it."""
        row = self.conversation
        return Ownership(
            row.conversation_id,
            Owner(row.owner),
            row.epoch,
            row.last_seq,
            row.last_customer_seq,
            row.agent_id,
            self.handoff,
            self.raised_by,
        )

    @property
    def texts(self) -> Texts:
        """The bridge's sentences in the language of the conversation by now."""
        return self.texts_in(self.conversation.language)

    async def routing(self) -> Routing:
        """The teams and rules that hold."""
        return await self.routing_in(self.tx)

    async def row_context(self) -> RowContext:
        """What rows of handoffs are made with."""
        return RowContext((await self.routing()).rules, self.reach_of)

    async def status(self) -> ConversationStatus:
        """`conversation_status` as it is by now."""
        rules = (await self.routing()).rules
        return await status_of(
            self.tx, self.conversation, self.handoff, self.now, rules
        )

    def stamp(self, actor: Actor = SYSTEM, message_id: str | None = None) -> Stamp:
        """What the next entry begins with."""
        seq = self.conversation.last_seq + 1
        return Stamp(seq=seq, at=self.now, actor=actor, message_id=message_id)

    def append(
        self,
        said: Entry,
        *,
        visible: bool = False,
        skip: str | None = None,
        event: str = "bot_uttered",
    ) -> LogEvent:
        """The one way into the log. Customers are told of what is `visible`.

        Raises AssertionError for an entry that is not stamped as the next one.
        `skip` is the connection that need not hear its own message; `event` is the
        name under which the customer's clients hear of it.
        """
        row = self.conversation
        row.last_seq += 1
        assert said.seq == row.last_seq
        entry = LogEvent(
            row.conversation_id,
            said.seq,
            said.type,
            said.at,
            said.actor,
            said.data(),
            said.message_id,
            row.last_visible_seq if visible else None,
        )
        self.entries.append(entry)
        self.said.append(said)
        if isinstance(said, Turn) and said.intent and said.intent.topic:
            row.topic = said.intent.topic[:MAX_TOPIC]
        if visible:
            row.last_visible_seq = entry.seq
            if said.actor == BOT:
                row.last_bot_seq, row.last_bot_at = entry.seq, self.now
            message = ChatMessage.model_validate(history_item(entry))
            self.tell_customer(event, message, skip=skip)
        return entry

    def say(
        self, key: str, *, asks_about: str | None = None, **values: str | int
    ) -> LogEvent:
        """A system line to the customer, kept with its key and values."""
        line = Message(
            **self.stamp(),
            text=self.texts.say(key, **values),
            key=key,
            values={**values},
            survey=AgentName(name=asks_about) if asks_about else None,
        )
        return self.append(line, visible=True)

    def tell_customer(self, event: str, payload: Sent, skip: str | None = None) -> None:
        """Queues something for this conversation's clients."""
        row = self.conversation
        delivery = ToCustomer(row.conversation_id, event, payload, skip)
        self._deliveries.append(delivery)

    def tell_agents(
        self, event: str, payload: Sent, rooms: tuple[str, ...] = (EVERYONE,)
    ) -> None:
        """Queues something for all agents, or for those in `rooms`."""
        self._deliveries.append(ToAgents(rooms, event, payload))

    def tell_watchers(self, event: JsonObject) -> None:
        """Queues an entry of the log, as agents get it, for those who follow it."""
        told = {"conversation_id": self.conversation.conversation_id, "event": event}
        if rooms := tuple(sorted(watchers(self.state))):
            added = EventAdded.model_validate(told)
            self._deliveries.append(ToAgents(rooms, "event_added", added))

    def tell_handoff(self, told: HandoffTold) -> None:
        """Queues a handoff's row for all agents; it is read when all is written."""
        self._deliveries.append(told)

    def follow_up(self, wanted: FollowUp) -> None:
        """Asks for what is to be done once this is committed."""
        if wanted not in self.follow_ups:
            self.follow_ups.append(wanted)

    def watch(self) -> None:
        """Whoever may follow the conversation now is told of all its entries."""
        self._watchers |= watchers(self.state)

    async def read_log(self, after: int = 0) -> list[LogEvent]:
        """The whole log after `after`, with what was appended just now."""
        await self.write_entries()
        return await log.read(self.tx, self.conversation.conversation_id, after=after)

    async def finish(self) -> None:
        """Writes what has come together, and reads the rows that are to be told."""
        await self.write_entries()
        if vars(self.conversation) != self._loaded:
            await conversations.save(self.tx, self.conversation)
        # A handoff that is told of twice is told as it stands in the end.
        last = {
            one.handoff.handoff_id: one.handoff
            for one in self._deliveries
            if isinstance(one, HandoffTold)
        }
        for row in await self._rows(list(last.values())):
            self.told[row.handoff_id] = about(row)

    async def _rows(self, found: list[Handoff]) -> list[Row]:
        if not found:
            return []
        return await rows_of(self.tx, found, await self.row_context())

    def deliveries(self) -> list[Delivery]:
        """All that is to be told, in order; then every entry, to whoever watches."""
        return [*map(self._delivery, self._deliveries), *self._entries_for_agents()]

    async def write_entries(self) -> None:
        """What was appended, so that it is found by whatever reads the log."""
        if new := self.entries[self._written :]:
            await log.write(self.tx, new)
        self._written = len(self.entries)

    def _delivery(self, one: Delivery | HandoffTold) -> Delivery:
        if not isinstance(one, HandoffTold):
            return one
        told = self.told[one.handoff.handoff_id]
        if one.to_agent is None:
            return ToAgents((EVERYONE,), one.event, told)
        expires_at = one.handoff.offer_expires_at
        assert expires_at is not None  # offers are all that one agent alone is told
        offered = HandoffOffered(handoff=told.handoff, expires_at=expires_at)
        return ToAgents((agent_room(one.to_agent),), one.event, offered)

    def _entries_for_agents(self) -> list[Delivery]:
        rooms = {EVERYONE} if EVERYONE in self._watchers else self._watchers
        if not rooms:
            return []
        conversation_id = self.conversation.conversation_id
        return [
            ToAgents(
                tuple(sorted(rooms)),
                "event_added",
                EventAdded.model_validate(
                    {"conversation_id": conversation_id, "event": entry}
                ),
            )
            for entry in self.said
        ]


Record = Callable[[UnitOfWork], Awaitable[None]]


class ConversationRepository:
    """Opens units: the lock first, then the transaction, then the telling."""

    def __init__(
        self,
        database: Database,
        tell: Tell,
        clock: Clock,
        brand: Brand,
        routing: ReadRouting,
        reach_of: ReachOf,
    ) -> None:
        """`tell` is called only with what is committed."""
        self.database = database
        self.clock = clock
        self.tell = tell
        self.brand = brand
        self.routing = routing
        self.reach_of = reach_of
        texts = BrandTexts(TEXTS_DIR, brand)
        self.texts, self.command_of = texts.in_language, texts.command_of
        self._locks = KeyedLocks()
        self._background: Background | None = None
        self._records: Sequence[Record] = ()

    def connect(self, background: Background, records: Sequence[Record]) -> None:
        """Says who sees to follow-ups; until then nobody does.

        Each of `records` writes down what of a unit is to go elsewhere, before it is
        committed.
        """
        self._background = background
        self._records = records

    async def row_context(self, tx: Connection) -> RowContext:
        """What rows of handoffs are made with."""
        return RowContext((await self.routing(tx)).rules, self.reach_of)

    @asynccontextmanager
    async def transaction(self, conversation_id: str) -> AsyncIterator[UnitOfWork]:
        """The conversation, alone. Raises UnknownConversation.

        Takes its place in the conversation's line before any I/O, so that messages
        keep the order in which they came.
        """
        async with self._locks.hold(conversation_id):
            try:
                async with self.database.write() as tx:
                    unit = await self._load(tx, conversation_id)
                    yield unit
                    await unit.finish()
                    for record in self._records:
                        await record(unit)
            except DBAPIError as error:
                # It may have been committed all the same.
                if error.connection_invalidated and self._background is not None:
                    self._background.start(conversation_id, TellingDue())
                raise
            try:
                for delivery in unit.deliveries():
                    await self._after_commit(self.tell(delivery))
            finally:
                self._follow_up(unit)

    async def _load(self, tx: Connection, conversation_id: str) -> UnitOfWork:
        row = await conversations.load(tx, conversation_id, lock=True)
        if row is None:
            raise UnknownConversation
        unit = UnitOfWork(
            *(tx, row, self.clock(), self.texts, self.brand),
            *(self.routing, self.reach_of),
        )
        # With the bot or with nobody there is no open handoff.
        if row.owner in (Owner.QUEUE, Owner.AGENT):
            unit.handoff, unit.raised_by = await handoffs.open_of(tx, conversation_id)
        return unit

    def _follow_up(self, unit: UnitOfWork) -> None:
        if self._background is not None:
            for wanted in unit.follow_ups:
                self._background.start(unit.conversation.conversation_id, wanted)

    @asynccontextmanager
    async def transaction_for(self, session: Session) -> AsyncIterator[UnitOfWork]:
        """The conversation of a session that may still be used.

        Raises UnknownSession, TokenExpired.
        """
        async with self.transaction(session.conversation_id) as unit:
            check_session(unit.conversation, session, unit.now)
            yield unit

    @asynccontextmanager
    async def lock(self, conversation_id: str) -> AsyncIterator[None]:
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
