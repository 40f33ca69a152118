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

from handoff_bridge.conversation.states import Presence
from handoff_bridge.edges.sockets import (
    CUSTOMERS,
    INBOX,
    Environ,
    full_room,
    own_origin,
)
from handoff_bridge.errors import (
    BridgeError,
    NotAvailable,
    NotOwner,
    Unauthorized,
)
from handoff_bridge.models import JsonObject, Payload
from handoff_bridge.protocol.customer import AgentNamed, BotTyping, Done
from handoff_bridge.protocol.inbox import (
    INBOX_CALLS,
    INBOX_CALLS_TO_COME,
    AgentTyping,
    Call,
    HandoffClose,
    HandoffReturn,
    MessageSend,
    NoteAdd,
    OfHandoff,
    PresenceSet,
    Sync,
)
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.accounts import Accounts
from handoff_bridge.service.agent_actions import AgentService
from handoff_bridge.service.handoff_return import HandBack, HandoffOutcome
from handoff_bridge.service.idempotency import Calls
from handoff_bridge.service.locks import KeyedLocks
from handoff_bridge.service.ports import EVERYONE, SUPERVISORS, agent_room
from handoff_bridge.service.presence import PresenceService
from handoff_bridge.store.agents import Agent

logger = structlog.get_logger()

COOKIE = "tandem_agent"
Handler = Callable[[Agent, Any], Awaitable[Done | JsonObject]]


@dataclass(frozen=True)
class InboxServices:
    """The use cases that agents reach."""

    accounts: Accounts
    desk: AgentService
    handback: HandBack
    attendance: PresenceService
    calls: Calls


class InboxNamespace(socketio.AsyncNamespace):
    """Events of `/inbox`. Per-connection facts are in `_agents`, by connection id."""

    def __init__(
        self, services: InboxServices, grace_secs: float, return_secs: float
    ) -> None:
        """`grace_secs` after their last tab an agent is offline.

        `return_secs` is how long a hand-back may take before the agent is told that
        the assistant does not answer.
        """
        super().__init__(INBOX)
        self._services = services
        self._grace = grace_secs
        self._return_secs = return_secs
        self._agents: dict[str, Agent] = {}
        self._locks = KeyedLocks()
        self._leaving: dict[str, asyncio.Task[None]] = {}
        self._handlers: dict[str, Handler] = {
            "sync": self._sync,
            "presence_set": self._presence,
            "handoff_claim": self._claim,
            "message_send": self._send,
            "note_add": self._note,
            "typing": self._typing,
            "handoff_close": self._close,
        }

    async def on_connect(self, sid: str, environ: Environ, auth: Any = None) -> None:
        """Only agents, from our own pages or with a token."""
        try:
            agent = await self._agent(environ, auth)
        except BridgeError as error:
            logger.info("agent_refused", error=error.code)
            raise ConnectionRefusedError(str(error), error.as_dict()) from error
        self._agents[sid] = agent
        leaving = self._leaving.pop(agent.agent_id, None)
        if leaving is not None:
            leaving.cancel()
        rooms = [EVERYONE, agent_room(agent.agent_id)]
        if agent.is_supervisor:
            rooms.append(SUPERVISORS)
        for room in rooms:
            await self.enter_room(sid, room)
        await self._services.attendance.arrive(agent.agent_id)
        snapshot = await self._services.desk.snapshot(agent)
        await self.emit("snapshot", snapshot.as_json(), to=sid)

    async def on_disconnect(self, sid: str, _reason: str = "") -> None:
        """The last tab gone, the agent counts as there for a little longer."""
        agent = self._agents.pop(sid, None)
        if agent is None or self._is_here(agent.agent_id):
            return
        task = asyncio.create_task(self._leave(agent.agent_id))
        self._leaving[agent.agent_id] = task

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Every call of the protocol is acked, by its own handler or by its refusal."""
        if event in ("connect", "disconnect"):
            return await super().trigger_event(event, *args)
        sid, data = args[0], args[1] if len(args) > 1 else {}
        try:
            return await self._call(sid, event, {} if data is None else data)
        except BridgeError as error:
            logger.info("agent_call_refused", call=event, error=error.code)
            return error.as_dict()
        except Exception:
            logger.exception("agent_call_failed", call=event)
            return BridgeError().as_dict()

    async def _call(self, sid: str, event: str, data: Any) -> JsonObject:
        agent = self._agents.get(sid)
        if agent is None:
            raise Unauthorized
        if event in INBOX_CALLS_TO_COME or event not in INBOX_CALLS:
            raise NotAvailable
        payload = parse(INBOX_CALLS[event], data)
        client_id = payload.client_id if isinstance(payload, Call) else None
        if client_id is None or isinstance(payload, MessageSend | NoteAdd):
            return await self._perform(sid, agent, event, payload)
        async with self._locks.hold(f"{agent.agent_id}:{client_id}"):
            return await self._services.calls.once(
                agent.agent_id,
                client_id,
                lambda: self._perform(sid, agent, event, payload),
            )

    async def _perform(
        self, sid: str, agent: Agent, event: str, payload: Payload
    ) -> JsonObject:
        """In the order in which they came, but no call waits for a hand-back."""
        if isinstance(payload, HandoffReturn):
            async with self._locks.hold(sid):
                await self._services.handback.begin(agent, _ending(payload))
            return await self._services.handback.result(
                payload.handoff_id, self._return_secs
            )
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
        return await self._services.desk.send(
            agent, call.conversation_id, call.text, call.client_id
        )

    async def _note(self, agent: Agent, call: NoteAdd) -> Done:
        # Without one a repeated call is a second note: colleagues see it, no customer.
        client_id = call.client_id or secrets.token_hex(12)
        return await self._services.desk.note(
            agent, call.conversation_id, call.text, client_id
        )

    async def _close(self, agent: Agent, call: HandoffClose) -> Done:
        return await self._services.desk.close(agent, _ending(call))

    async def _typing(self, agent: Agent, call: AgentTyping) -> Done:
        # Acked all the same: nobody has asked for anything.
        with suppress(NotOwner):
            await self._services.desk.check_typing(agent, call.conversation_id)
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

    async def _agent(self, environ: Environ, auth: Any) -> Agent:
        if not own_origin(environ):
            raise Unauthorized("The inbox is open to our own pages only.")
        token = auth.get("token") if isinstance(auth, dict) else None
        token = token or _cookie(environ)
        if not isinstance(token, str) or not token:
            raise Unauthorized
        return await self._services.accounts.agent_of(token)

    def _is_here(self, agent_id: str) -> bool:
        return any(agent.agent_id == agent_id for agent in self._agents.values())

    async def _leave(self, agent_id: str) -> None:
        await asyncio.sleep(self._grace)
        self._leaving.pop(agent_id, None)
        if not self._is_here(agent_id):
            await self._services.attendance.set(agent_id, Presence.OFFLINE)
        if self._is_here(agent_id):
            # Back while that was being written down.
            await self._services.attendance.arrive(agent_id)


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
