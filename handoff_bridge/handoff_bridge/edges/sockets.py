"""The Socket.IO server, its rooms, and telling them what has been committed."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import socketio
import structlog

from handoff_bridge.errors import BadRequest
from handoff_bridge.protocol.customer import (
    BareButtons,
    BarePicture,
    BareText,
    ChatMessage,
    Reason,
    SessionEnded,
)
from handoff_bridge.protocol.parsing import MAX_WIRE_BYTES
from handoff_bridge.service.ports import Delivery, ToCustomer

logger = structlog.get_logger()

CUSTOMERS = "/"
INBOX = "/inbox"
# Called by the library with facts of its own; no client may call them with others.
# What the ASGI server tells of a connection.
Environ = dict[str, Any]
LIBRARYS_OWN = ("connect", "disconnect")

# Whether the event being handled wants an ack. Clients of Rasa's bare form never do,
# and have to be told of a refusal by an event of its own.
ack_wanted: ContextVar[bool] = ContextVar("ack_wanted", default=False)


def own_origin(environ: Environ) -> bool:
    """Browsers name the page's origin; programs name none."""
    origin = environ.get("HTTP_ORIGIN")
    return not origin or urlsplit(origin).netloc == environ.get("HTTP_HOST")


class Server(socketio.AsyncServer):
    """python-socketio's server, which also says whether an ack is wanted."""

    async def _handle_event_internal(
        self,
        server: Any,
        sid: str,
        eio_sid: str,
        data: list[Any],
        namespace: str,
        id: int | None,
    ) -> None:
        # Each event runs as a task of its own, so the variable is this event's alone.
        ack_wanted.set(id is not None)
        event, *arguments = data
        if not isinstance(event, str) or event in LIBRARYS_OWN:
            event = "unknown"
        data = [event, *arguments[:1]]
        await super()._handle_event_internal(server, sid, eio_sid, data, namespace, id)

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        try:
            await super()._handle_eio_message(eio_sid, data)
        except Exception as error:
            # Not a packet: what it holds must not get into the log by a traceback.
            logger.info("packet_refused", error=type(error).__name__)
            sid = self.manager.sid_from_eio_sid(eio_sid, CUSTOMERS)
            if sid is not None:
                refusal = BadRequest("That is not a packet that can be read.").as_dict()
                del refusal["ok"]
                await self.emit("message_refused", refusal, to=sid)


def make_server(
    allowed_origins: list[str], redis_url: str = "", channel: str = "tandem"
) -> Server:
    """`allowed_origins` may open connections from a browser, beside our own origin.

    Several bridges on one database reach each other's clients through `redis_url`,
    on a `channel` of their own.
    """
    manager = (
        socketio.AsyncRedisManager(redis_url, channel=channel) if redis_url else None
    )

    def is_allowed(origin: str, environ: Environ) -> bool:
        return own_origin(environ) or origin in allowed_origins

    return Server(
        client_manager=manager,
        async_mode="asgi",
        cors_allowed_origins=is_allowed,
        max_http_buffer_size=MAX_WIRE_BYTES,
        logger=False,
        engineio_logger=False,
    )


def full_room(conversation_id: str) -> str:
    """Clients of protocol 1."""
    return f"full:{conversation_id}"


def bare_room(conversation_id: str) -> str:
    """Clients of Rasa's bare form."""
    return f"bare:{conversation_id}"


class Notifier:
    """Emits notices. Called with committed facts only."""

    def __init__(self, server: Server) -> None:
        """`server` has the rooms."""
        self._server = server
        # Set by the wiring: notes how far clients of the bare form were sent.
        self.on_bare_sent: Callable[[str, int], Awaitable[None]] | None = None

    async def tell(self, delivery: Delivery) -> None:
        """One delivery to everyone whom it concerns."""
        if isinstance(delivery, ToCustomer):
            await self._customer(delivery)
        else:
            rooms = list(delivery.rooms)
            payload = delivery.payload.as_json()
            await self._server.emit(delivery.event, payload, to=rooms, namespace=INBOX)

    async def _customer(self, delivery: ToCustomer) -> None:
        if isinstance(delivery.payload, SessionEnded):
            reason = delivery.payload.reason
            await end_sessions(self._server, delivery.conversation_id, reason)
            return
        await self._server.emit(
            delivery.event,
            delivery.payload.as_json(),
            to=full_room(delivery.conversation_id),
            skip_sid=delivery.skip,
            namespace=CUSTOMERS,
        )
        message = delivery.payload
        if delivery.event == "bot_uttered" and isinstance(message, ChatMessage):
            room = bare_room(delivery.conversation_id)
            await send_bare(self._server, room, message)
            if self.on_bare_sent is not None:
                await self.on_bare_sent(delivery.conversation_id, message.seq)


async def end_sessions(
    server: Server, conversation_id: str, reason: Reason, skip: str | None = None
) -> None:
    """Tells a conversation's clients that their sessions are over, and no more."""
    full, bare = full_room(conversation_id), bare_room(conversation_id)
    payload = SessionEnded(reason=reason).as_json()
    await server.emit("session_ended", payload, to=full, skip_sid=skip)
    for room in (full, bare):
        await server.close_room(room, namespace=CUSTOMERS)


async def send_bare(server: Server, to: str, message: ChatMessage) -> None:
    """One message in Rasa's bare form."""
    for form in bare_forms(message):
        await server.emit("bot_uttered", form.as_json(), to=to, namespace=CUSTOMERS)


def bare_forms(message: ChatMessage) -> list[BareText | BareButtons | BarePicture]:
    """A message as Rasa's own web channel would send it.

    Widgets of that form show text only where `text` is the sole key, so buttons and
    pictures go in messages of their own, and an agent's name into the text.
    """
    forms: list[BareText | BareButtons | BarePicture] = []
    text = message.text
    if text and message.agent:
        text = f"{message.agent.name}: {text}"
    if message.quick_replies:
        forms.append(BareButtons(text=text or "", quick_replies=message.quick_replies))
    elif text:
        forms.append(BareText(text=text))
    if message.attachment:
        forms.append(BarePicture(attachment=message.attachment))
    return forms
