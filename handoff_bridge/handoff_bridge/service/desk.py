"""The agent's desk: claim, write, note, close; what an agent sees on arriving."""

from collections.abc import Mapping
from typing import Any

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import Actor, agent_event, iso
from handoff_bridge.conversation.states import (
    OPEN_STATES,
    WAITING_STATES,
    HandoffState,
    Owner,
)
from handoff_bridge.errors import (
    AlreadyClaimed,
    AtCapacity,
    ConversationClosed,
    Forbidden,
    IllegalTransition,
    NotOwner,
)
from handoff_bridge.packet.redaction import clean_text
from handoff_bridge.routing.queue import in_order, positions
from handoff_bridge.service.access import access_conversation
from handoff_bridge.service.handback import (
    Ending,
    add_note,
    check_seen,
    conversation_of,
    end_in_log,
    owned_handoff,
)
from handoff_bridge.service.presence import presence_of
from handoff_bridge.service.queue import status_of
from handoff_bridge.service.rows import about, current_row, row_of, rows_of
from handoff_bridge.service.unit import Conversations, Unit
from handoff_bridge.store import agents, conversations, handoffs, log
from handoff_bridge.store.agents import Agent


def _actor(agent: Agent) -> Actor:
    return Actor("agent", agent.agent_id, agent.name)


class Desk:
    """Use cases of one agent at a time."""

    def __init__(self, held: Conversations) -> None:
        """`held` opens conversations."""
        self._held = held

    async def claim(self, agent: Agent, handoff_id: str) -> dict[str, Any]:
        """Takes a waiting chat; one of N agents gets it.

        Raises UnknownHandoff, AlreadyClaimed, AtCapacity, IllegalTransition.
        """
        conversation_id = await conversation_of(self._held, handoff_id)
        async with self._held.hold(conversation_id) as unit:
            load = await handoffs.load_of_agent(unit.tx, agent.agent_id)
            handoff = await handoffs.load(unit.tx, handoff_id)
            assert handoff is not None
            mine = handoff.agent_id == agent.agent_id
            if not (handoff.state == HandoffState.CLAIMED and mine):
                await self._claim(unit, agent, handoff, load)
            row = await current_row(unit.tx, handoff_id)
            unit.tell_agents("handoff_claimed", about(row))
            return {"ok": True, **about(row)}

    async def _claim(
        self, unit: Unit, agent: Agent, handoff: Handoff, load: int
    ) -> None:
        handoff_id = handoff.handoff_id
        current = await agents.load(unit.tx, agent.agent_id) or agent
        if handoff.state in WAITING_STATES and load >= current.capacity:
            raise AtCapacity
        if not await handoffs.claim(unit.tx, handoff_id, agent.agent_id, unit.now):
            if handoff.state not in OPEN_STATES:
                raise IllegalTransition("This handoff has ended.")
            raise AlreadyClaimed
        actor = _actor(agent)
        state = {"handoff_id": handoff_id, "state": HandoffState.CLAIMED.value}
        unit.append(
            "handoff_updated",
            actor,
            {**state, "agent": {"id": agent.agent_id, "name": agent.name}},
        )
        unit.set_owner(
            Owner.AGENT, reason="claimed", agent=actor, handoff_id=handoff_id
        )
        if agent.team:
            unit.say("joined_team", name=agent.name, team=agent.team)
        else:
            unit.say("joined", name=agent.name)
        status = await status_of(unit.tx, unit.conversation, unit.now)
        unit.tell_customer("conversation_status", status)
        unit.queue_moved = True

    async def send(
        self, agent: Agent, conversation_id: str, text: str, client_id: str
    ) -> dict[str, Any]:
        """A message to the customer. The same `client_id` again is the same message.

        Raises NotOwner, ConversationClosed, UnknownConversation.
        """
        message_id = f"agent:{agent.agent_id}:{client_id}"
        async with self._held.hold(conversation_id) as unit:
            known = await log.find_message(unit.tx, conversation_id, message_id)
            if known is None:
                self._check_owner(unit, agent)
                known = unit.append(
                    "message",
                    _actor(agent),
                    {"text": clean_text(text), "client_id": client_id},
                    message_id=message_id,
                    visible=True,
                )
            return {"ok": True, "seq": known.seq, "message_id": message_id}

    async def note(
        self, agent: Agent, conversation_id: str, text: str, client_id: str
    ) -> dict[str, Any]:
        """A note for colleagues, never sent to the customer."""
        message_id = f"agent:{agent.agent_id}:{client_id}"
        async with self._held.hold(conversation_id) as unit:
            known = await log.find_message(unit.tx, conversation_id, message_id)
            if known is None:
                await access_conversation(unit.tx, agent, conversation_id)
                known = unit.append(
                    "note",
                    _actor(agent),
                    {"text": clean_text(text), "client_id": client_id},
                    message_id=message_id,
                )
            return {"ok": True, "seq": known.seq}

    async def close(self, agent: Agent, ending: Ending) -> dict[str, Any]:
        """Ends the chat. Raises NewMessages, NotOwner, IllegalTransition."""
        conversation_id = await conversation_of(self._held, ending.handoff_id)
        async with self._held.hold(conversation_id) as unit:
            handoff = await owned_handoff(unit, ending.handoff_id, agent)
            if handoff.is_returning:
                raise IllegalTransition
            check_seen(unit, ending)
            await handoffs.move(
                unit.tx,
                handoff.handoff_id,
                HandoffState.CLOSED,
                ended_at=unit.now,
                disposition=ending.disposition.value,
            )
            add_note(unit, agent, ending.note)
            end = {
                "handoff_id": handoff.handoff_id,
                "disposition": ending.disposition.value,
            }
            end_in_log(unit, _actor(agent), end, HandoffState.CLOSED)
            unit.say("closed", name=agent.name)
            unit.set_owner(Owner.CLOSED, reason="closed", handoff_id=handoff.handoff_id)
            unit.tell_customer("conversation_status", {"owner": Owner.CLOSED.value})
            row = await current_row(unit.tx, handoff.handoff_id)
            unit.tell_agents("handoff_updated", about(row))
            return {"ok": True, **about(row)}

    async def check_typing(self, agent: Agent, conversation_id: str) -> bool:
        """Whether this agent may be shown as typing to that customer."""
        async with self._held.database.read() as tx:
            row = await conversations.load(tx, conversation_id)
        return row is not None and row.agent_id == agent.agent_id

    async def snapshot(self, agent: Agent) -> dict[str, Any]:
        """What the inbox starts from."""
        now = self._held.clock()
        async with self._held.database.read() as tx:
            waiting = await handoffs.in_states(tx, WAITING_STATES)
            own = await handoffs.in_states(tx, OPEN_STATES, agent_id=agent.agent_id)
            people = await agents.everyone(tx)
            loads = await agents.loads(tx)
            places = positions(waiting)
            queue = [
                {**await row_of(tx, item), "position": places[item.handoff_id]}
                for item in in_order(waiting)
            ]
            mine = await rows_of(tx, own)
        everyone = [presence_of(person, loads) for person in people]
        me = next(p for p in everyone if p["agent_id"] == agent.agent_id)
        return {
            "agent": me | {"email": agent.email, "role": agent.role},
            "queue": queue,
            "mine": mine,
            "agents": everyone,
            "server_time": iso(now),
        }

    async def sync(self, agent: Agent, cursors: Mapping[str, int]) -> dict[str, Any]:
        """What came after each cursor, in the conversations this agent may read."""
        found: dict[str, Any] = {}
        async with self._held.database.read() as tx:
            for conversation_id, seq in cursors.items():
                try:
                    await access_conversation(tx, agent, conversation_id)
                except Forbidden:
                    continue
                entries = await log.read(tx, conversation_id, after=seq)
                last = entries[-1].seq if entries else seq
                found[conversation_id] = {
                    "events": [agent_event(entry) for entry in entries],
                    "last_seq": last,
                }
        return {"ok": True, "conversations": found}

    def _check_owner(self, unit: Unit, agent: Agent) -> None:
        row = unit.conversation
        if row.owner == Owner.CLOSED:
            raise ConversationClosed
        if row.owner != Owner.AGENT or row.agent_id != agent.agent_id:
            raise NotOwner
