"""Sessions: who may read which conversation, and what signing in makes of it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from handoff_bridge.conversation.log import history_item
from handoff_bridge.errors import UnknownSession
from handoff_bridge.protocol.customer import (
    MAX_HISTORY,
    ChatMessage,
    ConversationStatus,
    EarlierHistory,
    History,
    Reason,
)
from handoff_bridge.service.access import check_session, is_alive
from handoff_bridge.service.cards import verified_customer
from handoff_bridge.service.identities import Identities, Identity
from handoff_bridge.service.places import status_of
from handoff_bridge.service.ports import Clock, ReadRouting
from handoff_bridge.store import conversations, handoffs, log
from handoff_bridge.store.conversations import Conversation, Lifetime, Session
from handoff_bridge.store.database import Connection, Database

TOKEN_BYTES = 24  # 192 random bits
WEB = "web"
# Not at each coming back: that would be a write for every page.
PROLONGED_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Arrival:
    """What a client says of itself: the token it kept, and a signed identity."""

    token: str | None = None
    identity: str | None = None
    language: str | None = None
    timezone: str | None = None


@dataclass(frozen=True)
class Opened:
    """A session to speak in; `token` is the secret that the client keeps."""

    token: str
    session: Session
    # The customer has just signed in: what the chat was open with before is over.
    signed_in: bool = False


@dataclass(frozen=True)
class View:
    """What a customer is shown on coming back."""

    history: History
    status: ConversationStatus


class Sessions:
    """Use cases of arriving and coming back."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        identities: Identities,
        met: Callable[[str], None],
        lasts: timedelta,
        routing: ReadRouting,
    ) -> None:
        """`met` is told of every conversation that is opened with an identity.

        A session `lasts` from when a client last came with it.
        """
        self._database = database
        self._clock = clock
        self._identities = identities
        self._met = met
        self._lasts = lasts
        self._routing = routing

    async def open(self, arrival: Arrival, admit: Callable[[], None]) -> Opened:
        """The session of the client's token, or a new one.

        A token opens its chat to whoever gives the identity that it belongs to, and
        to nobody else; all others get a chat of their own. Signing in keeps the chat
        under a new token. `admit` is called before anything new is made, and may
        raise. Raises TokenInvalid, TokenExpired for an identity we can't accept.
        """
        identity = None
        if arrival.identity is not None:
            identity = self._identities.read(arrival.identity)
        async with self._database.write() as tx:
            known = await self._known(tx, arrival.token)
            opened = None
            if known is not None:
                opened = await self._resume(tx, arrival, known, identity, admit)
            if opened is None:
                admit()
                opened = await self._begin(tx, arrival, identity)
        if identity is not None:
            self._met(opened.session.conversation_id)
        return opened

    async def find(self, token: str) -> Session:
        """Raises UnknownSession, TokenExpired."""
        async with self._database.read() as tx:
            session = await conversations.find_session(tx, token)
            if session is None:
                raise UnknownSession
            await self._checked(tx, session)
        return session

    async def find_even_ended(self, token: str) -> Session:
        """For what may come after the end, and shows nothing. Raises UnknownSession."""
        async with self._database.read() as tx:
            session = await conversations.find_session(tx, token)
        if session is None:
            raise UnknownSession
        return session

    async def remove_expired(self) -> None:
        """Forgets the tokens that nobody has used for long."""
        async with self._database.write() as tx:
            await conversations.remove_expired(tx, self._clock())

    async def secs_left(self, session: Session) -> float | None:
        """For how long its identity lasts, None without one.

        Raises UnknownSession, TokenExpired.
        """
        async with self._database.read() as tx:
            row = await self._checked(tx, session)
        if session.customer_id is None or row.signed_until is None:
            return None
        return (row.signed_until - self._clock()).total_seconds()

    async def history(self, session: Session, after: int) -> View:
        """The customer-visible log after `after`, and the status, as one view.

        Raises UnknownSession, TokenExpired.
        """
        conversation_id = session.conversation_id
        async with self._database.read() as tx:
            row = await self._checked(tx, session)
            found = await self._newest(tx, conversation_id, after, row.last_seq + 1)
            handoff, _ = await handoffs.open_of(tx, conversation_id)
            rules = (await self._routing(tx)).rules
            status = await status_of(tx, row, handoff, self._clock(), rules)
        messages, more = found
        last_seq = row.last_visible_seq
        return View(History(messages=messages, last_seq=last_seq, more=more), status)

    async def earlier(
        self, session: Session, before: int, limit: int
    ) -> EarlierHistory:
        """The customer-visible log before `before`, the last `limit` of it.

        Raises UnknownSession, TokenExpired.
        """
        async with self._database.read() as tx:
            await self._checked(tx, session)
            messages, more = await self._newest(
                tx, session.conversation_id, 0, before, limit
            )
        return EarlierHistory(messages=messages, more=more)

    async def _newest(
        self,
        tx: Connection,
        conversation_id: str,
        after: int,
        before: int,
        limit: int = MAX_HISTORY,
    ) -> tuple[list[ChatMessage], Literal[True] | None]:
        """Messages between the two, and whether there are earlier ones."""
        entries = await log.read(
            tx,
            conversation_id,
            after=after,
            before=before,
            limit=limit + 1,
            visible=True,
        )
        items = map(history_item, entries[-limit:])
        messages = [ChatMessage.model_validate(item) for item in items]
        return messages, True if len(entries) > limit else None

    async def last_seqs(self, conversation_ids: Sequence[str]) -> dict[str, int]:
        """The log's last number in each of these conversations."""
        async with self._database.read() as tx:
            return await conversations.last_seqs(tx, conversation_ids)

    async def end_of(self, session: Session) -> Reason:
        """Why a session that may not be used any more may not, as far as is known."""
        async with self._database.read() as tx:
            row = await conversations.load(tx, session.conversation_id)
        if row is None or is_alive(row, session, self._clock()):
            return "expired"
        has_signed_in = session.customer_id is None and row.signed_until is not None
        return "signed_in" if has_signed_in else "left"

    async def owner(self, session: Session) -> tuple[str, str | None]:
        """Who owns it now, and which agent. Raises UnknownSession, TokenExpired."""
        async with self._database.read() as tx:
            row = await self._checked(tx, session)
        return row.owner, row.agent_id

    async def sent_to_bare(self, token_hash: str, seq: int) -> None:
        """A client of the bare form was sent everything up to `seq`."""
        async with self._database.write() as tx:
            await conversations.set_bare_seq(tx, token_hash, seq)

    async def _checked(self, tx: Connection, session: Session) -> Conversation:
        row = await conversations.load(tx, session.conversation_id)
        if row is None:
            raise UnknownSession
        check_session(row, session, self._clock())
        return row

    async def _known(self, tx: Connection, token: str | None) -> Session | None:
        return await conversations.find_session(tx, token) if token else None

    async def _resume(
        self,
        tx: Connection,
        arrival: Arrival,
        known: Session,
        identity: Identity | None,
        admit: Callable[[], None],
    ) -> Opened | None:
        """The chat of a token we know; None where it is not this person's."""
        assert arrival.token is not None
        row = await conversations.load(
            tx, known.conversation_id, lock=identity is not None
        )
        assert row is not None  # the foreign key sees to it
        now = self._clock()
        lives = is_alive(row, known, now)
        if lives and known.expires_at < now + self._lasts - PROLONGED_AFTER:
            await conversations.prolong(tx, known, now + self._lasts)
        if identity is None:
            anonymous = lives and known.customer_id is None
            return Opened(arrival.token, known) if anonymous else None
        if row.signed_until is not None:
            if row.customer_id != identity.customer_id:
                return None
            await self._sign(tx, row, identity)
            if lives:
                return Opened(arrival.token, known)
            # The answer to signing in was lost: the client still has the token of
            # before, and has just proved whose chat it is.
            admit()
            return await self._mint(tx, row, identity)
        if not lives or await _is_somebody_elses(tx, row, identity):
            return None
        admit()
        row.session_generation += 1
        await self._sign(tx, row, identity)
        return await self._mint(tx, row, identity, signed_in=True)

    async def _sign(
        self, tx: Connection, row: Conversation, identity: Identity
    ) -> None:
        """The shop vouches for the customer, from now on or for longer."""
        if row.signed_until is not None and row.signed_until >= identity.ends_at:
            return
        await self._remember(tx, identity)
        row.customer_id = identity.customer_id
        row.signed_until = identity.ends_at
        await conversations.save(tx, row)

    async def _begin(
        self, tx: Connection, arrival: Arrival, identity: Identity | None
    ) -> Opened:
        """A new conversation."""
        if identity is not None:
            await self._remember(tx, identity)
        conversation = Conversation(
            conversation_id=secrets.token_hex(16),
            channel=(identity and identity.channel) or WEB,
            address=secrets.token_hex(16),
            created_at=self._clock(),
            customer_id=identity.customer_id if identity else None,
            signed_until=identity.ends_at if identity else None,
            language=arrival.language[:20] if arrival.language else None,
            timezone=arrival.timezone,
            locale=arrival.language[:40] if arrival.language else None,
        )
        await conversations.create(tx, conversation)
        return await self._mint(tx, conversation, identity)

    async def _mint(
        self,
        tx: Connection,
        conversation: Conversation,
        identity: Identity | None,
        *,
        signed_in: bool = False,
    ) -> Opened:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        customer_id = identity.customer_id if identity else None
        now = self._clock()
        session = await conversations.create_session(
            tx,
            token,
            conversation,
            customer_id,
            Lifetime(now, now + self._lasts),
        )
        return Opened(token, session, signed_in)

    async def _remember(self, tx: Connection, identity: Identity) -> None:
        await conversations.put_customer(
            tx, identity.customer_id, name=identity.name, email=identity.email
        )


async def _is_somebody_elses(
    tx: Connection, row: Conversation, identity: Identity
) -> bool:
    """Whether anybody else has proved in this chat who they are, even for a while."""
    mine = (None, identity.customer_id)
    if row.customer_id not in mine:
        return True
    entries = await log.read(tx, row.conversation_id)
    turns = [entry.data for entry in entries if entry.type == "turn"]
    return any(verified_customer(turn) not in mine for turn in turns)
