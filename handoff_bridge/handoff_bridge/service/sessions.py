"""Sessions: who may read which conversation, and signed identities."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.log import history_item
from handoff_bridge.errors import TokenExpired, TokenInvalid, UnknownSession
from handoff_bridge.service.ports import Clock
from handoff_bridge.service.queue import status_of
from handoff_bridge.store import conversations, log
from handoff_bridge.store.conversations import Conversation, Session
from handoff_bridge.store.database import Database

TOKEN_BYTES = 24  # 192 random bits
WEB = "web"


@dataclass(frozen=True)
class Identity:
    """What the shop's own site says, signed, of its customer."""

    customer_id: str
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Opened:
    """A session to speak in; `token` is the secret that the client keeps."""

    token: str
    session: Session


class Sessions:
    """Use cases of arriving and coming back."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        secret: str,
        met: Callable[[str], None],
    ) -> None:
        """`secret` is the key with which the shop signs identities.

        `met` is told the id of every customer who comes with one.
        """
        self._database = database
        self._clock = clock
        self._secret = secret
        self._met = met

    async def open(
        self,
        token: str | None,
        identity_token: str | None = None,
        language: str | None = None,
        timezone: str | None = None,
    ) -> Opened:
        """The session of `token`, or a new one with a new conversation.

        An unknown token is replaced; so is one that belongs to another customer.
        Raises TokenInvalid, TokenExpired for an identity we can't accept.
        """
        async with self._database.write() as tx:
            known = await conversations.find_session(tx, token) if token else None
            identity = self._identity(identity_token, known)
            if known is not None and token is not None:
                if identity is None or known.customer_id == identity.customer_id:
                    return Opened(token, known)
                if await self._sign_in(tx, known, identity):
                    return Opened(token, known)
            return await self._mint(tx, identity, language, timezone)

    async def find(self, token: str) -> Session:
        """Raises UnknownSession."""
        async with self._database.read() as tx:
            session = await conversations.find_session(tx, token)
        if session is None:
            raise UnknownSession
        return session

    async def history(self, conversation_id: str, after: int) -> dict[str, Any]:
        """The customer-visible log after `after`, and the status, as one view."""
        async with self._database.read() as tx:
            row = await conversations.load(tx, conversation_id)
            if row is None:
                raise UnknownSession
            entries = await log.read(tx, conversation_id, after=after, visible=True)
            status = await status_of(tx, row, self._clock())
        messages = [history_item(entry) for entry in entries]
        return {
            "messages": messages,
            "last_seq": row.last_visible_seq,
            "status": status,
        }

    async def owner(self, conversation_id: str) -> tuple[str, str | None]:
        """Who owns it now, and which agent."""
        async with self._database.read() as tx:
            row = await conversations.load(tx, conversation_id)
        if row is None:
            raise UnknownSession
        return row.owner, row.agent_id

    async def sent_to_bare(self, token_hash: str, seq: int) -> None:
        """A client of the bare form was sent everything up to `seq`."""
        async with self._database.write() as tx:
            await conversations.set_bare_seq(tx, token_hash, seq)

    def _identity(self, token: str | None, known: Session | None) -> Identity | None:
        if token is None:
            return None
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                options={"require": ["exp", "customer_id"]},
            )
            return Identity(
                str(claims["customer_id"])[:64],
                _text(claims.get("name"), 200),
                _text(claims.get("email"), 320),
            )
        except jwt.ExpiredSignatureError as error:
            # The session itself is a secret of its own: a page left open longer than
            # its identity lasts keeps its chat.
            if known is not None and known.customer_id is not None:
                return None
            raise TokenExpired from error
        except jwt.PyJWTError as error:
            raise TokenInvalid from error

    async def _sign_in(
        self, tx: AsyncConnection, session: Session, identity: Identity
    ) -> bool:
        """A customer who was nobody yet has signed in on the shop's page.

        False where the chat is somebody else's, be it by a one-time code.
        """
        row = await conversations.load(tx, session.conversation_id, lock=True)
        assert row is not None  # the foreign key sees to it
        if row.customer_id not in (None, identity.customer_id):
            return False
        if session.customer_id not in (None, identity.customer_id):
            return False
        await self._remember(tx, identity)
        row.customer_id = identity.customer_id
        row.is_signed = True
        await conversations.save(tx, row)
        await conversations.set_session_customer(
            tx, session.token_hash, identity.customer_id
        )
        return True

    async def _mint(
        self,
        tx: AsyncConnection,
        identity: Identity | None,
        language: str | None,
        timezone: str | None,
    ) -> Opened:
        if identity is not None:
            await self._remember(tx, identity)
        customer_id = identity.customer_id if identity else None
        conversation = Conversation(
            conversation_id=secrets.token_hex(16),
            channel=WEB,
            address=secrets.token_hex(16),
            created_at=self._clock(),
            customer_id=customer_id,
            is_signed=identity is not None,
            language=language[:20] if language else None,
            timezone=timezone[:60] if timezone else None,
        )
        await conversations.create(tx, conversation)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        session = await conversations.create_session(
            tx, token, conversation.conversation_id, customer_id, self._clock()
        )
        return Opened(token, session)

    async def _remember(self, tx: AsyncConnection, identity: Identity) -> None:
        await conversations.put_customer(
            tx, identity.customer_id, name=identity.name, email=identity.email
        )
        self._met(identity.customer_id)


def _text(value: object, limit: int) -> str | None:
    return value[:limit] if isinstance(value, str) and value.strip() else None
