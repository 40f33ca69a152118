"""The Socket.IO server, its rooms, and telling them what has been committed."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import engineio
import socketio
import structlog
from socketio.packet import Packet

from handoff_bridge.conversation.events import PictureAttachment
from handoff_bridge.edges.limits import Pace
from handoff_bridge.edges.redis_link import LocalManager, RedisLink
from handoff_bridge.errors import BadRequest, RateLimited
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
# What may wait to be sent to a connection, beside the largest packet.
MAX_WAITING_BYTES = 1024 * 1024
# Events of one connection that are handled at a time; the others wait in the network.
MAX_CALLS = 32
# New connections, each of which costs six milliseconds until its chat is shown; the
# last in line is let in before its client gives up.
ARRIVALS_A_SECOND = 60
ARRIVALS_AT_ONCE = 20
LONGEST_ARRIVAL_SECS = 18.0
# A line that is dead is noticed by both ends after the sum of the two, which is before
# anybody has waited ten seconds.
PING_SECS = 5
PONG_SECS = 3
# What a packet takes beside its text.
PACKET_BYTES = 200
# Called by the library with facts of its own; no client may call them with others.
# What the ASGI server tells of a connection.
Environ = dict[str, Any]
LIBRARYS_OWN = ("connect", "disconnect")

# Whether the event being handled wants an ack. Clients of Rasa's bare form never do,
# and have to be told of a refusal by an event of its own.
ack_wanted: ContextVar[bool] = ContextVar("ack_wanted", default=False)


def own_origin(environ: Environ) -> bool:
    """Whether a connection comes from the bridge's own pages, or from a program."""
    return is_own(environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST"))


def is_own(origin: str | None, host: str | None) -> bool:
    """Browsers name the page's origin; programs name none."""
    return not origin or urlsplit(origin).netloc == host


class TextPacket(Packet):
    """A packet of JSON: nothing that we send holds bytes, so none are looked for."""

    uses_binary_events = False


class SendQueue(asyncio.Queue[engineio.packet.Packet | None]):
    """What waits to be sent to one connection."""

    def __init__(self) -> None:
        """Nothing waits."""
        super().__init__()
        self._sizes: deque[int] = deque()
        self._total = 0

    @property
    def is_full(self) -> bool:
        """Whether too much waits, the largest apart: a history may be long."""
        is_much = self._total > MAX_WAITING_BYTES
        return is_much and self._total - max(self._sizes) > MAX_WAITING_BYTES

    def close(self) -> None:
        """Drops what waits, and says that nothing more will."""
        while not self.empty():
            self.get_nowait()
        self.put_nowait(None)

    def _put(self, packet: engineio.packet.Packet | None) -> None:
        super()._put(packet)
        self._sizes.append(PACKET_BYTES + len(packet.data or "") if packet else 0)
        self._total += self._sizes[-1]

    def _get(self) -> engineio.packet.Packet | None:
        self._total -= self._sizes.popleft()
        return super()._get()


class Engine(engineio.AsyncServer):
    """Engine.IO's server, which closes the connections of those who do not read.

    They fetch what they have missed when they come back.
    """

    def create_queue(self, *_: Any, **__: Any) -> SendQueue:
        """One for each connection."""
        return SendQueue()

    async def send_packet(self, sid: str, pkt: engineio.packet.Packet) -> None:
        """Sends a packet, or ends the connection."""
        await super().send_packet(sid, pkt)
        socket = self.sockets.get(sid)
        if socket is not None and socket.queue.is_full:
            logger.info("connection_closed", reason="does_not_read")
            socket.queue.close()
            await socket.close(wait=False, abort=True)


class Server(socketio.AsyncServer):
    """python-socketio's server, which also says whether an ack is wanted."""

    def __init__(self, **options: Any) -> None:
        """`options` are those of the library."""
        super().__init__(async_handlers=False, **options)
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(MAX_CALLS)
        )
        self._calls: set[asyncio.Task[None]] = set()
        self._arrivals = Pace(ARRIVALS_A_SECOND, LONGEST_ARRIVAL_SECS, ARRIVALS_AT_ONCE)

    def _engineio_server_class(self) -> type[Engine]:
        return Engine

    async def _handle_event(
        self, eio_sid: str, namespace: str, id: int | None, data: list[Any]
    ) -> None:
        """Each event is a task; nothing more is read while there are too many."""
        if not isinstance(data, list) or not data:
            raise BadRequest  # in a task nobody would refuse it
        slots = self._slots[eio_sid]
        await slots.acquire()
        handling = super()._handle_event(eio_sid, namespace, id, data)
        task = asyncio.create_task(handling)
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        task.add_done_callback(lambda _: slots.release())

    async def _handle_eio_connect(self, eio_sid: str, environ: Environ) -> bool | None:
        """Where a thousand come at once, whoever talks already is still heard."""
        try:
            await self._arrivals.turn()
        except RateLimited:
            logger.info("connection_refused", error=RateLimited.code)
            return False
        await super()._handle_eio_connect(eio_sid, environ)
        return None

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        await super()._handle_eio_disconnect(eio_sid, reason)
        self._slots.pop(eio_sid, None)

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


def make_server(allowed_origins: list[str], redis: RedisLink | None = None) -> Server:
    """`allowed_origins` may open connections from a browser, beside our own origin.

    Several bridges on one database reach each other's clients through `redis`.
    """

    def is_allowed(origin: str, environ: Environ) -> bool:
        return own_origin(environ) or origin in allowed_origins

    return Server(
        client_manager=redis or LocalManager(),
        async_mode="asgi",
        serializer=TextPacket,
        cors_allowed_origins=is_allowed,
        ping_interval=PING_SECS,
        ping_timeout=PONG_SECS,
        max_http_buffer_size=MAX_WIRE_BYTES,
        logger=False,
        engineio_logger=False,
    )


FULL = "full:"


def full_room(conversation_id: str) -> str:
    """Clients of protocol 1."""
    return f"{FULL}{conversation_id}"


def bare_room(conversation_id: str) -> str:
    """Clients of Rasa's bare form; each bridge tells its own one by one."""
    return f"bare:{conversation_id}"


class Notifier:
    """Emits notices. Called with committed facts only."""

    def __init__(self, server: Server) -> None:
        """`server` has the rooms."""
        self._server = server

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


async def end_sessions(
    server: Server, conversation_id: str, reason: Reason, skip: str | None = None
) -> None:
    """Tells a conversation's clients that their sessions are over, and no more."""
    full, bare = full_room(conversation_id), bare_room(conversation_id)
    payload = SessionEnded(reason=reason).as_json()
    await server.emit("session_ended", payload, to=full, skip_sid=skip)
    for room in (full, bare):
        await server.close_room(room, namespace=CUSTOMERS)


async def send_bare(
    server: Server, to: str, message: ChatMessage, link: Callable[[str], str]
) -> None:
    """One message in Rasa's bare form, to a connection here.

    `link` gives the address of an attachment that opens without a token.
    """
    for form in bare_forms(message, link):
        await server.emit("bot_uttered", form.as_json(), to=to, namespace=CUSTOMERS)


def bare_forms(
    message: ChatMessage, link: Callable[[str], str]
) -> list[BareText | BareButtons | BarePicture]:
    """A message as Rasa's own web channel would send it.

    Widgets of that form show text only where `text` is the sole key, so buttons,
    pictures and files go in messages of their own, and an agent's name into the text.
    """
    forms: list[BareText | BareButtons | BarePicture] = []
    name = f"{message.agent.name}: " if message.agent else ""
    text = message.text and name + message.text
    if message.quick_replies:
        forms.append(BareButtons(text=text or "", quick_replies=message.quick_replies))
    elif text:
        forms.append(BareText(text=text))
    if message.attachment:
        forms.append(BarePicture(attachment=message.attachment))
    for file in message.attachments or ():
        address = link(file.attachment_id)
        if file.width is None:
            forms.append(BareText(text=f"{name}{file.name or 'PDF'} {address}"))
        else:
            picture = PictureAttachment(type="image", payload={"src": address})
            forms.append(BarePicture(attachment=picture))
    return forms
