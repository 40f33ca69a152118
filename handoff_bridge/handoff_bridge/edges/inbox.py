"""The agents' namespace: parses, calls the service, acks."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import socketio
import structlog
from socketio.exceptions import ConnectionRefusedError
from starlette.requests import cookie_parser

from handoff_bridge.edges.limits import REFUSED_SECS, Limiter
from handoff_bridge.edges.logins import LoginWatch
from handoff_bridge.edges.sockets import (
    CUSTOMERS,
    INBOX,
    Environ,
    full_room,
    own_origin,
)
from handoff_bridge.errors import (
    BridgeError,
    Forbidden,
    NotAvailable,
    NotOwner,
    RateLimited,
    Unauthorized,
)
from handoff_bridge.models import JsonObject, Payload
from handoff_bridge.protocol.customer import AgentNamed, BotTyping, Done
from handoff_bridge.protocol.inbox import (
    INBOX_CALLS,
    SUPERVISORS_CALLS,
    AgentTyping,
    Call,
    CardAct,
    DeliveryMail,
    DeliveryRetry,
    HandoffClose,
    HandoffRelease,
    HandoffReturn,
    HandoffTransfer,
    MarkRead,
    MessageSend,
    NoteAdd,
    OfferDecline,
    OfHandoff,
    PresenceSet,
    Sync,
    Takeover,
)
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.accounts import Accounts, SignedIn
from handoff_bridge.service.agent_actions import AgentService
from handoff_bridge.service.card_actions import CardActions
from handoff_bridge.service.handoff_return import HandBack, HandoffOutcome
from handoff_bridge.service.idempotency import Calls, arguments_of
from handoff_bridge.service.locks import KeyedLocks
from handoff_bridge.service.mentions import Mentions
from handoff_bridge.service.messaging.deliveries import Deliveries
from handoff_bridge.service.messaging.typing_shown import TypingShown
from handoff_bridge.service.offers import OfferService
from handoff_bridge.service.passing_on import PassingOn
from handoff_bridge.service.ports import EVERYONE, SUPERVISORS, agent_room
from handoff_bridge.service.presence import PresenceService
from handoff_bridge.service.reminders import Reminders
from handoff_bridge.service.wrap_up import WrapUps
from handoff_bridge.store.agents import Agent

logger = structlog.get_logger()

COOKIE = "tandem_agent"
Handler = Callable[[Agent, Any], Awaitable[Done | JsonObject]]
# How many conversations a bridge remembers to have told its agents of.
MAX_TOLD = 500


@dataclass(frozen=True)
class InboxServices:
    """The use cases that agents reach."""

    accounts: Accounts
    desk: AgentService
    passing: PassingOn
    offers: OfferService
    card_actions: CardActions
    handback: HandBack
    attendance: PresenceService
    calls: Calls
    logins: LoginWatch
    wrap_ups: WrapUps
    reminders: Reminders
    mentions: Mentions
    deliveries: Deliveries
    typing_shown: TypingShown


class InboxNamespace(socketio.AsyncNamespace):
    """Events of `/inbox`. Per-connection facts are in `_agents`, by connection id."""

    def __init__(
        self, services: InboxServices, limits: Limiter, return_secs: float
    ) -> None:
        """`limits` counts calls by agent, each kind for itself.

        `return_secs` is how long a hand-back may take before the agent is told that
        the assistant does not answer.
        """
        super().__init__(INBOX)
        self._services = services
        self._limits = limits
        self._return_secs = return_secs
        self._agents: dict[str, Agent] = {}
        self._locks = KeyedLocks()
        # Up to where agents here were told, by conversation; the latest are last.
        self._told: dict[str, int] = {}
        self._shown: dict[str, JsonObject] = {}
        self._handlers: dict[str, Handler] = {
            "sync": self._sync,
            "presence_set": self._presence,
            "handoff_claim": self._claim,
            "message_send": self._send,
            "delivery_retry": self._retry,
            "delivery_mail": self._mail,
            "note_add": self._note,
            "typing": self._typing,
            "mark_read": self._mark_read,
            "handoff_close": self._close,
            "handoff_release": self._release,
            "handoff_transfer": self._transfer,
            "handoff_wrap_up": self._services.wrap_ups.finish,
            "offer_decline": self._decline,
            "reminder_set": self._services.reminders.set,
            "reminder_done": self._services.reminders.done,
            "mention_seen": self._services.mentions.see,
            "conversation_takeover": self._take_over,
        }

    async def on_connect(self, sid: str, environ: Environ, auth: Any = None) -> None:
        """Only agents, from our own pages or with a token."""
        try:
            signed_in = await self._signed_in(environ, auth)
        except BridgeError as error:
            logger.info("agent_refused", error=error.code)
            raise ConnectionRefusedError(str(error), error.as_dict()) from error
        agent = signed_in.agent
        self._agents[sid] = agent
        self._services.logins.add(sid, signed_in.login_id)
        rooms = [EVERYONE, agent_room(agent.agent_id)]
        if agent.is_supervisor:
            rooms.append(SUPERVISORS)
        for room in rooms:
            await self.enter_room(sid, room)
        await self._services.attendance.arrive(sid, agent.agent_id)
        snapshot = await self._services.desk.snapshot(agent)
        await self.emit("snapshot", snapshot.as_json(), to=sid)

    async def on_disconnect(self, sid: str, _reason: str = "") -> None:
        """The last tab gone, the agent counts as there for a little longer."""
        self._services.logins.remove(sid)
        self._shown.pop(sid, None)
        agent = self._agents.pop(sid, None)
        if agent is not None:
            await self._services.attendance.leave(sid, agent.agent_id)

    async def before_told(self, event: str, room: Any, payload: dict[str, Any]) -> None:
        """Agents here are about to be told."""
        if event != "event_added" or isinstance(room, str):
            return
        conversation_id, seq = payload["conversation_id"], payload["event"]["seq"]
        told = self._told.pop(conversation_id, seq)
        # What is missing before it may have been told in vain.
        self._told[conversation_id] = seq if seq == told + 1 else told
        if len(self._told) > MAX_TOLD:
            del self._told[next(iter(self._told))]

    async def catch_up(self, everything: bool) -> None:
        """Tells every agent what another bridge told in vain.

        `everything` is for those, too, whose lists look as they did.
        """
        grown = await self._services.desk.grown(self._told)
        for sid, agent in list(self._agents.items()):
            await self._tell_missed(sid, agent, grown)
            snapshot = (await self._services.desk.snapshot(agent)).as_json()
            lists = snapshot | {"server_time": None}
            if everything or self._shown.get(sid) != lists:
                await self.emit("snapshot", snapshot, to=sid)
            if sid in self._agents:
                self._shown[sid] = lists

    async def _tell_missed(
        self, sid: str, agent: Agent, cursors: dict[str, int]
    ) -> None:
        found = await self._services.desk.sync(agent, cursors)
        missed: Any = found["conversations"]
        for conversation_id, log in missed.items():
            for event in log["events"]:
                added = {"conversation_id": conversation_id, "event": event}
                await self.emit("event_added", added, to=sid)
            if log["events"] and conversation_id in self._told:
                told = max(self._told[conversation_id], log["last_seq"])
                self._told[conversation_id] = told

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Every call of the protocol is acked, by its own handler or by its refusal."""
        if event in ("connect", "disconnect"):
            return await super().trigger_event(event, *args)
        sid, data = args[0], args[1] if len(args) > 1 else {}
        try:
            return await self._call(sid, event, {} if data is None else data)
        except BridgeError as error:
            logger.info("agent_call_refused", call=event, error=error.code)
            if isinstance(error, RateLimited):
                await asyncio.sleep(REFUSED_SECS)
            return error.as_dict()
        except Exception:
            logger.exception("agent_call_failed", call=event)
            return BridgeError().as_dict()

    async def _call(self, sid: str, event: str, data: Any) -> JsonObject:
        agent = self._agents.get(sid)
        if agent is None:
            raise Unauthorized
        if event not in INBOX_CALLS:
            raise NotAvailable
        if event in SUPERVISORS_CALLS and not agent.is_supervisor:
            raise Forbidden
        self._limits.check(f"{event} {agent.agent_id}")
        payload = parse(INBOX_CALLS[event], data)
        client_id = payload.client_id if isinstance(payload, Call) else None
        if client_id is None or isinstance(payload, MessageSend | NoteAdd):
            return await self._perform(sid, agent, event, payload)
        async with self._locks.hold(f"{agent.agent_id}:{client_id}"):
            return await self._services.calls.once(
                agent.agent_id,
                client_id,
                event,
                arguments_of(payload),
                lambda: self._perform(sid, agent, event, payload),
            )

    async def _perform(
        self, sid: str, agent: Agent, event: str, payload: Payload
    ) -> JsonObject:
        """In the order in which they came, but none waits for who may take long."""
        if isinstance(payload, HandoffReturn):
            async with self._locks.hold(sid):
                await self._services.handback.begin(agent, _ending(payload))
            return await self._services.handback.result(
                payload.handoff_id, self._return_secs
            )
        if isinstance(payload, CardAct):
            return (await self._services.card_actions.run(agent, payload)).as_json()
        async with self._locks.hold(sid):
            ack = await self._handlers[event](agent, payload)
        if event == "sync":
            snapshot = await self._services.desk.snapshot(agent)
            await self.emit("snapshot", snapshot.as_json(), to=sid)
        return ack.as_json() if isinstance(ack, Done) else ack

    async def _sync(self, agent: Agent, call: Sync) -> JsonObject:
        return await self._services.desk.sync(agent, call.cursors)

    async def _presence(self, agent: Agent, call: PresenceSet) -> Done:
        return await self._services.attendance.set(
            agent.agent_id, call.status, call.capacity
        )

    async def _claim(self, agent: Agent, call: OfHandoff) -> Done:
        return await self._services.desk.claim(agent, call.handoff_id)

    async def _send(self, agent: Agent, call: MessageSend) -> Done:
        return await self._services.desk.send(agent, call)

    async def _retry(self, agent: Agent, call: DeliveryRetry) -> Done:
        return await self._services.deliveries.retry(agent, call)

    async def _mail(self, agent: Agent, call: DeliveryMail) -> Done:
        return await self._services.deliveries.mail(agent, call)

    async def _note(self, agent: Agent, call: NoteAdd) -> Done:
        # Without one a repeated call is a second note: colleagues see it, no customer.
        client_id = call.client_id or secrets.token_hex(12)
        return await self._services.desk.note(
            agent, call.conversation_id, call.text, client_id, call.whisper
        )

    async def _close(self, agent: Agent, call: HandoffClose) -> Done:
        return await self._services.desk.close(agent, _ending(call))

    async def _release(self, agent: Agent, call: HandoffRelease) -> Done:
        return await self._services.passing.release(agent, call)

    async def _transfer(self, agent: Agent, call: HandoffTransfer) -> Done:
        return await self._services.passing.transfer(agent, call)

    async def _decline(self, agent: Agent, call: OfferDecline) -> Done:
        return await self._services.offers.decline(agent, call)

    async def _take_over(self, agent: Agent, call: Takeover) -> Done:
        return await self._services.passing.take_over(agent, call)

    async def _mark_read(self, agent: Agent, call: MarkRead) -> Done:
        await self._services.desk.mark_read(agent, call.conversation_id, call.seq)
        return Done()

    async def _typing(self, agent: Agent, call: AgentTyping) -> Done:
        # Acked all the same: nobody has asked for anything.
        with suppress(NotOwner):
            chat = await self._services.desk.typing_to(agent, call.conversation_id)
            if call.active:
                self._services.typing_shown.show(chat.channel, chat.address)
            typing = BotTyping(
                sender="agent", agent=AgentNamed(name=agent.name), active=call.active
            )
            await self.server.emit(
                "typing",
                typing.as_json(),
                to=full_room(call.conversation_id),
                namespace=CUSTOMERS,
            )
        return Done()

    async def _signed_in(self, environ: Environ, auth: Any) -> SignedIn:
        if not own_origin(environ):
            raise Unauthorized("The inbox is open to our own pages only.")
        token = auth.get("token") if isinstance(auth, dict) else None
        token = token or _cookie(environ)
        if not isinstance(token, str) or not token:
            raise Unauthorized
        return await self._services.accounts.signed_in(token)


def _ending(call: HandoffReturn | HandoffClose) -> HandoffOutcome:
    back = call if isinstance(call, HandoffReturn) else None
    return HandoffOutcome(
        call.handoff_id,
        call.disposition,
        call.seen_seq,
        back.slots if back else {},
        back.outcome if back else None,
        call.note,
    )


def _cookie(environ: Environ) -> str | None:
    # The standard library's parser gives up at other programs' odd cookies.
    return cookie_parser(environ.get("HTTP_COOKIE", "")).get(COOKIE)
