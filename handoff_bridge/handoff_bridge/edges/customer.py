"""The customer's namespace: parses, calls the service, answers."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Any

import socketio
import structlog

from handoff_bridge.conversation.events import CUSTOMER
from handoff_bridge.conversation.states import Owner
from handoff_bridge.edges.limits import REFUSED_SECS, Limiter, network_of
from handoff_bridge.edges.sockets import (
    CUSTOMERS,
    FULL,
    INBOX,
    Environ,
    ack_wanted,
    bare_room,
    end_sessions,
    full_room,
    send_bare,
)
from handoff_bridge.errors import BridgeError, RateLimited, UnknownSession
from handoff_bridge.models import JsonObject
from handoff_bridge.protocol import PROTOCOL_VERSION
from handoff_bridge.protocol.customer import (
    ChatMessage,
    ContactLeave,
    CustomerTyping,
    Done,
    EarlierHistory,
    HistoryRequest,
    HumanAsked,
    Leave,
    Left,
    MessageRefused,
    Numbered,
    OfSession,
    Reason,
    SessionEnded,
    SessionOpened,
    SessionRequest,
    Survey,
    UserUttered,
    Written,
)
from handoff_bridge.protocol.inbox import TypingOfCustomer
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.contacts import Contacts
from handoff_bridge.service.customer_presence import CustomerPresenceService
from handoff_bridge.service.handoff_requests import HandoffRequests
from handoff_bridge.service.locks import KeyedLocks
from handoff_bridge.service.ports import agent_room
from handoff_bridge.service.receive import IncomingMessage, Receiving
from handoff_bridge.service.sessions import Arrival, Opened, Sessions
from handoff_bridge.service.surveys import Surveys
from handoff_bridge.store.conversations import Session, hash_token

logger = structlog.get_logger()

Handler = Callable[[str, Any], Awaitable[Done]]


@dataclass
class _Client:
    """What a connection has opened."""

    session: Session
    bare: bool
    # It was told all that is visible up to here; None until it has its history.
    told_seq: int | None = None
    # The log's last number when it was looked through for this connection.
    looked_seq: int = 0


@dataclass(frozen=True)
class CustomerServices:
    """The use cases that customers reach."""

    sessions: Sessions
    receiving: Receiving
    handoff_requests: HandoffRequests
    contacts: Contacts
    surveys: Surveys
    presence: CustomerPresenceService
    still: Callable[[str], AbstractAsyncContextManager[None]]
    # The address of an attachment, good while the session is.
    file_link: Callable[[str, int], str]


@dataclass(frozen=True)
class CustomerLimits:
    """Messages by session; new sessions and wishes for a human by address."""

    messages: Limiter
    arrivals: Limiter
    handoffs: Limiter


class CustomerNamespace(socketio.AsyncNamespace):
    """Events of `/`. Per-connection facts are in `_clients`, by connection id."""

    def __init__(self, services: CustomerServices, limits: CustomerLimits) -> None:
        """Nobody is connected yet."""
        super().__init__(CUSTOMERS)
        self._services = services
        self._limits = limits
        self._clients: dict[str, _Client] = {}
        self._addresses: dict[str, str] = {}
        # Connections by conversation.
        self._here: dict[str, set[str]] = {}
        # When to look whether the identity of a connection's session has run out.
        self._watches: dict[str, asyncio.TimerHandle] = {}
        self._looks: set[asyncio.Task[None]] = set()
        # Events of one connection keep their order: each runs as a task of its own.
        self._locks = KeyedLocks()
        # What a connection is told keeps its order too, whichever bridge tells it.
        self._tellings = KeyedLocks()

    async def on_connect(self, sid: str, environ: Environ) -> None:
        """Anyone may connect; nothing is theirs until `session_request`."""
        # The environment's own REMOTE_ADDR is a constant under ASGI.
        client = environ["asgi.scope"].get("client") or ("",)
        self._addresses[sid] = network_of(client[0])

    async def on_disconnect(self, sid: str, _reason: str = "") -> None:
        """Forgets the connection, never the conversation."""
        self._addresses.pop(sid, None)
        self._stop_watching(sid)
        client = self._clients.pop(sid, None)
        if client is not None:
            self._remove(sid, client)

    async def before_told(self, event: str, room: Any, payload: dict[str, Any]) -> None:
        """A visible message is about to be told to the connections here.

        Those of the bare form are told it here, in theirs. A connection that lacks
        what comes before it gets that first: another bridge told it in vain.
        """
        if not isinstance(room, str) or not room.startswith(FULL):
            return
        if event not in ("bot_uttered", "user_echo"):
            return
        seq, prev = int(payload["seq"]), int(payload["prev"])
        for sid in list(self._here.get(room.removeprefix(FULL), ())):
            async with self._tellings.hold(sid):
                client = self._clients.get(sid)
                if client is None or client.told_seq is None:
                    continue
                if prev > client.told_seq:
                    with suppress(BridgeError):  # its session has ended
                        await self._tell_missed(sid, client, before=seq)
                if seq > client.told_seq:
                    client.told_seq = seq
                    if client.bare:
                        message = ChatMessage.model_validate(payload)
                        await self._tell_bare(sid, client, [message])

    async def catch_up(self, everything: bool) -> None:
        """Tells every connection what it lacks, if `everything` also how it stands.

        Otherwise only those whose log has grown are looked at.
        """
        last_seqs = await self._services.sessions.last_seqs(list(self._here))
        sids = [sid for sids in self._here.values() for sid in sids]
        for sid in sids:
            client = self._clients.get(sid)
            if client is None:
                continue
            last_seq = last_seqs.get(client.session.conversation_id, 0)
            if everything or last_seq > client.looked_seq:
                await self._catch_up(sid, client, last_seq)

    async def _catch_up(self, sid: str, client: _Client, last_seq: int) -> None:
        try:
            async with self._services.still(client.session.conversation_id):
                async with self._tellings.hold(sid):
                    if client.told_seq is not None:
                        await self._tell_missed(sid, client)
                        client.looked_seq = last_seq
        except BridgeError as error:
            # Ended meanwhile, at another bridge.
            await self._unjoin(sid)
            reason = await self._services.sessions.end_of(client.session)
            await self._tell_ended(sid, error, reason)

    async def _tell_missed(
        self, sid: str, client: _Client, before: int | None = None
    ) -> None:
        """What this connection was not told, before a `seq`, or with the status."""
        assert client.told_seq is not None
        view = await self._services.sessions.history(client.session, client.told_seq)
        missed = view.history.messages
        if before is not None:
            missed = [message for message in missed if message.seq < before]
        if client.bare:
            await self._tell_bare(sid, client, missed)
        else:
            for message in missed:
                own = message.sender == CUSTOMER.type
                event = "user_echo" if own else "bot_uttered"
                await self.emit(event, message.as_json(), to=sid)
            if before is None:
                await self.emit("conversation_status", view.status.as_json(), to=sid)
        if missed:
            client.told_seq = max(client.told_seq, missed[-1].seq)

    async def _tell_bare(
        self, sid: str, client: _Client, messages: list[ChatMessage]
    ) -> None:
        said = [one for one in messages if one.sender != CUSTOMER.type]
        if not client.bare or not said:
            return
        if bare_room(client.session.conversation_id) not in self.server.rooms(sid):
            return  # its session has ended
        generation = client.session.generation

        def link(attachment_id: str) -> str:
            return self._services.file_link(attachment_id, generation)

        for message in said:
            await send_bare(self.server, sid, message, link)
        token_hash = client.session.token_hash
        await self._services.sessions.sent_to_bare(token_hash, said[-1].seq)

    def _remove(self, sid: str, client: _Client) -> None:
        conversation_id = client.session.conversation_id
        here = self._here.get(conversation_id, set())
        here.discard(sid)
        if not here:
            self._here.pop(conversation_id, None)
        self._services.presence.leave(sid)

    async def on_session_request(self, sid: str, data: Any = None) -> Any:
        """Opens or resumes a session."""
        return await self._answer(sid, data or {}, self._session_request, "open ")

    async def on_history_request(self, sid: str, data: Any = None) -> Any:
        """What was said earlier."""
        return await self._answer(sid, data, self._history_request, "history ")

    async def on_user_uttered(self, sid: str, data: Any = None) -> Any:
        """A message."""
        return await self._answer(sid, data, self._user_uttered)

    async def on_request_human(self, sid: str, data: Any = None) -> Any:
        """A person, please; works without the assistant."""
        return await self._answer(sid, data, self._request_human)

    async def on_contact_leave(self, sid: str, data: Any = None) -> Any:
        """The customer does not stay, and leaves an address."""
        return await self._answer(sid, data, self._contact_leave)

    async def on_leave(self, sid: str, data: Any = None) -> Any:
        """Leaves the line, the agent or the chat."""
        return await self._answer(sid, data, self._leave)

    async def on_survey(self, sid: str, data: Any = None) -> Any:
        """Did this settle it?"""
        return await self._answer(sid, data, self._survey)

    async def on_typing(self, sid: str, data: Any = None) -> Any:
        """Shown to the agent who has the chat."""
        return await self._answer(sid, data, self._typing, "typing ")

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """An unknown event is answered, not swallowed."""
        if not hasattr(self, f"on_{event}"):
            return {
                "ok": False,
                "error": "not_available",
                "message": "There is no such event.",
            }
        return await super().trigger_event(event, *args)

    async def _answer(
        self, sid: str, data: Any, handle: Handler, kind: str = ""
    ) -> JsonObject | None:
        wanted = ack_wanted.get()
        try:
            # Before the line of waiting events, so that a burst costs nothing. Each
            # kind for itself: who types much may still send.
            for key in self._counted_by(sid, data):
                self._limits.messages.check(kind + key)
            async with self._locks.hold(sid):
                ack: JsonObject = (await handle(sid, data)).as_json()
        except BridgeError as error:
            logger.info("customer_refused", error=error.code, sid=sid)
            if isinstance(error, RateLimited):
                await asyncio.sleep(REFUSED_SECS)
            ack = error.as_dict()
        except Exception:
            logger.exception("customer_call_failed", sid=sid)
            ack = BridgeError().as_dict()
        if not ack["ok"] and not wanted:
            message_id = data.get("message_id") if isinstance(data, dict) else None
            refused = MessageRefused(
                error=str(ack["error"]),
                message=str(ack["message"]),
                message_id=message_id if isinstance(message_id, str) else None,
            )
            await self.emit("message_refused", refused.as_json(), to=sid)
        return ack if wanted else None

    def _counted_by(self, sid: str, data: Any) -> list[str]:
        """The connection's session, then the one that the call names if another."""
        client = self._clients.get(sid)
        keys = [client.session.token_hash if client else sid]
        token = data.get("session_id") if isinstance(data, dict) else None
        if isinstance(token, str) and hash_token(token) not in keys:
            keys.append(hash_token(token))
        return keys

    async def _session_request(self, sid: str, data: Any) -> SessionOpened:
        request = parse(SessionRequest, data)
        # Whoever signs in with a session ends the others' in it, but not that of a tab
        # which has asked for the same with it a moment later.
        async with self._locks.hold(f"session {request.session_id or sid}"):
            return await self._open(sid, request)

    async def _open(self, sid: str, request: SessionRequest) -> SessionOpened:
        arrival = Arrival(
            request.session_id, request.identity, request.locale, request.timezone
        )
        address = self._addresses.get(sid, "")
        opened = await self._services.sessions.open(
            arrival, lambda: self._limits.arrivals.check(address)
        )
        if opened.signed_in:
            conversation_id = opened.session.conversation_id
            await end_sessions(self.server, conversation_id, "signed_in", skip=sid)
        bare = (request.protocol or 0) < PROTOCOL_VERSION
        # Else what is told meanwhile would come twice, or before what it outdates.
        async with self._services.still(opened.session.conversation_id):
            await self._join(sid, opened.session, bare)
            await self.emit("session_confirm", opened.token, to=sid)
            try:
                async with self._tellings.hold(sid):
                    if bare:
                        await self._missed_by_bare(sid, opened)
                    else:
                        await self._history(sid, opened, request)
            except BridgeError:
                # Ended meanwhile, by another of the customer's pages.
                await self._unjoin(sid)
                raise
        return SessionOpened(session_id=opened.token)

    async def _join(self, sid: str, session: Session, bare: bool) -> None:
        """Joins before history is read, so that nothing falls between the two."""
        if sid not in self._addresses:
            raise UnknownSession("The connection is gone.")
        await self._unjoin(sid)
        self._clients[sid] = _Client(session, bare)
        self._here.setdefault(session.conversation_id, set()).add(sid)
        self._services.presence.arrive(sid, session.conversation_id)
        room = bare_room if bare else full_room
        await self.enter_room(sid, room(session.conversation_id))
        if session.customer_id is not None:
            await self._watch(sid, session)

    async def _unjoin(self, sid: str) -> None:
        """Nothing of the conversation that it was in reaches this connection."""
        self._stop_watching(sid)
        client = self._clients.get(sid)
        if client is None:
            return
        conversation_id = client.session.conversation_id
        await self.leave_room(sid, full_room(conversation_id))
        await self.leave_room(sid, bare_room(conversation_id))
        self._remove(sid, client)

    async def _watch(self, sid: str, session: Session) -> None:
        """Ends what this connection gets when the identity has run out.

        Another of the customer's pages may have renewed it by then.
        """
        try:
            secs = await self._services.sessions.secs_left(session)
        except BridgeError as error:
            await self._unjoin(sid)
            await self._tell_ended(sid, error)
            return
        if secs is not None and sid in self._addresses:
            loop = asyncio.get_running_loop()
            self._watches[sid] = loop.call_later(secs, self._look, sid, session)

    def _look(self, sid: str, session: Session) -> None:
        del self._watches[sid]
        task = asyncio.create_task(self._watch(sid, session))
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    def _stop_watching(self, sid: str) -> None:
        timer = self._watches.pop(sid, None)
        if timer is not None:
            timer.cancel()

    async def _tell_ended(
        self, sid: str, error: BridgeError, reason: Reason = "expired"
    ) -> None:
        client = self._clients.get(sid)
        if client is not None and client.bare:
            refused = MessageRefused(error=error.code, message=str(error))
            await self.emit("message_refused", refused.as_json(), to=sid)
        else:
            ended = SessionEnded(reason=reason)
            await self.emit("session_ended", ended.as_json(), to=sid)

    async def _history(self, sid: str, opened: Opened, request: SessionRequest) -> None:
        known = opened.token == request.session_id
        after = request.last_seq or 0 if known else 0
        view = await self._services.sessions.history(opened.session, after)
        await self.emit("history", view.history.as_json(), to=sid)
        await self.emit("conversation_status", view.status.as_json(), to=sid)
        self._note_told(sid, view.history.last_seq)

    def _note_told(self, sid: str, last_seq: int) -> None:
        if client := self._clients.get(sid):
            client.told_seq = last_seq

    async def _history_request(self, sid: str, data: Any) -> EarlierHistory:
        call = parse(HistoryRequest, data)
        session = await self._session(sid, call.session_id)
        return await self._services.sessions.earlier(session, call.before, call.limit)

    async def _missed_by_bare(self, sid: str, opened: Opened) -> None:
        session = opened.session
        view = await self._services.sessions.history(session, session.bare_seq)
        if client := self._clients.get(sid):
            await self._tell_bare(sid, client, view.history.messages)
        self._note_told(sid, view.history.last_seq)

    async def _session(self, sid: str, token: str) -> Session:
        """The session of a call's token. Raises UnknownSession."""
        client = self._clients.get(sid)
        if client is not None and client.session.token_hash == hash_token(token):
            return client.session
        return await self._services.sessions.find(token)

    async def _user_uttered(self, sid: str, data: Any) -> Written:
        call = parse(UserUttered, data)
        session = await self._session(sid, call.session_id)
        said = IncomingMessage(
            call.message,
            call.message_id,
            call.attachments,
            call.metadata,
            call.last_seq,
            sid,
        )
        return await self._services.receiving.receive(session, said)

    async def _request_human(self, sid: str, data: Any) -> HumanAsked:
        call = parse(OfSession, data)
        session = await self._session(sid, call.session_id)
        self._limits.handoffs.check(self._addresses.get(sid, ""))
        return await self._services.handoff_requests.customer_asks(session)

    async def _leave(self, sid: str, data: Any) -> Left:
        call = parse(Leave, data)
        session = await self._services.sessions.find_even_ended(call.session_id)
        return await self._services.handoff_requests.leave(
            session, call.end, call.owner
        )

    async def _contact_leave(self, sid: str, data: Any) -> HumanAsked:
        call = parse(ContactLeave, data)
        session = await self._session(sid, call.session_id)
        self._limits.handoffs.check(self._addresses.get(sid, ""))
        return await self._services.contacts.leave(session, call)

    async def _survey(self, sid: str, data: Any) -> Numbered:
        call = parse(Survey, data)
        session = await self._services.sessions.find_even_ended(call.session_id)
        return await self._services.surveys.answer(
            session.conversation_id, call.score, call.comment
        )

    async def _typing(self, sid: str, data: Any) -> Done:
        call = parse(CustomerTyping, data)
        session = await self._session(sid, call.session_id)
        conversation_id = session.conversation_id
        owner, agent_id = await self._services.sessions.owner(session)
        if owner == Owner.AGENT and agent_id is not None:
            typing = TypingOfCustomer(
                conversation_id=conversation_id, sender="customer", active=call.active
            )
            room = agent_room(agent_id)
            await self.server.emit("typing", typing.as_json(), to=room, namespace=INBOX)
        return Done()
