"""Giving a conversation back to the assistant, so that it knows what the human did."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import Actor, LogEvent, compact, iso
from handoff_bridge.conversation.states import Disposition, HandoffState, Owner
from handoff_bridge.errors import (
    BotUnavailable,
    BridgeError,
    IllegalTransition,
    NewMessages,
    NotOwner,
    UnknownHandoff,
    UnknownSlot,
)
from handoff_bridge.service.ports import BrainAnswer, SlotRefused
from handoff_bridge.service.presence import presence_of
from handoff_bridge.service.rows import about, current_row
from handoff_bridge.service.speaking import deliver_replies, introduce
from handoff_bridge.service.unit import Conversations, Unit
from handoff_bridge.store import agents, handoffs, log, turns
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.turns import Turn


@dataclass(frozen=True)
class CatchUp:
    """What the assistant missed: the call that tells it, and how far that reaches."""

    request: dict[str, Any]
    through: int


@dataclass(frozen=True)
class Ending:
    """How an agent ends their part."""

    handoff_id: str
    disposition: Disposition
    seen_seq: int | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    outcome: str | None = None
    note: str | None = None


async def owned_handoff(unit: Unit, handoff_id: str, agent: Agent) -> Handoff:
    """The handoff, if it is this agent's to end. Raises the right refusal."""
    handoff = await handoffs.load(unit.tx, handoff_id)
    if handoff is None:
        raise UnknownHandoff
    if handoff.state != HandoffState.CLAIMED:
        raise IllegalTransition
    if handoff.agent_id != agent.agent_id:
        raise NotOwner
    return handoff


def check_seen(unit: Unit, ending: Ending) -> None:
    """Refuses to end a chat over a message that the agent has not seen."""
    seen = ending.seen_seq
    if seen is not None and unit.conversation.last_customer_seq > seen:
        raise NewMessages


def add_note(unit: Unit, agent: Agent, text: str | None) -> None:
    """An internal note, never shown to the customer."""
    if text and text.strip():
        actor = Actor("agent", agent.agent_id, agent.name)
        unit.append("note", actor, {"text": text})


async def conversation_of(held: Conversations, handoff_id: str) -> str:
    """Which conversation a handoff belongs to. Raises UnknownHandoff."""
    async with held.database.read() as tx:
        handoff = await handoffs.load(tx, handoff_id)
    if handoff is None:
        raise UnknownHandoff
    return handoff.conversation_id


class HandBack:
    """The hand-back: begun by an agent's call, done by the worker."""

    def __init__(self, held: Conversations) -> None:
        """`held` opens conversations."""
        self._held = held
        self._results: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def begin(self, agent: Agent, ending: Ending) -> None:
        """Checks the call and puts the hand-back before any waiting message.

        From here on the customer's messages wait for the assistant. Raises
        UnknownHandoff, NotOwner, IllegalTransition, NewMessages.
        """
        conversation_id = await conversation_of(self._held, ending.handoff_id)
        async with self._held.hold(conversation_id) as unit:
            handoff = await owned_handoff(unit, ending.handoff_id, agent)
            if not handoff.is_returning:
                check_seen(unit, ending)
            # Before the worker can have an answer for it.
            loop = asyncio.get_running_loop()
            self._results.setdefault(handoff.handoff_id, loop.create_future())
            if handoff.is_returning:
                return
            await handoffs.change(
                unit.tx, handoff.handoff_id, (HandoffState.CLAIMED,), is_returning=True
            )
            payload = {
                "handoff_id": handoff.handoff_id,
                "agent_id": agent.agent_id,
                "agent_name": agent.name,
                "disposition": ending.disposition.value,
                "slots": ending.slots,
                "outcome": ending.outcome,
                "note": ending.note,
            }
            await turns.owe(
                unit.tx,
                conversation_id,
                f"handback:{handoff.handoff_id}",
                "handback",
                payload,
                unit.now,
            )
            unit.turn_owed = True

    async def result(self, handoff_id: str, within_secs: float) -> dict[str, Any]:
        """Waits for what came of it. Raises BotUnavailable, UnknownSlot."""
        future = self._results.get(handoff_id)
        if future is None:
            raise BotUnavailable
        try:
            return await asyncio.wait_for(asyncio.shield(future), within_secs)
        except TimeoutError as error:
            raise BotUnavailable from error

    def request(self, missed: CatchUp, payload: dict[str, Any]) -> dict[str, Any]:
        """The call to the assistant for a hand-back with a greeting."""
        return missed.request | compact(
            {
                "handoff_id": payload["handoff_id"],
                "slots": payload["slots"] or None,
                "outcome": payload["outcome"],
                "disposition": payload["disposition"],
                "agent": payload["agent_name"],
                "greet": True,
            }
        )

    async def catch_up(self, unit: Unit) -> CatchUp:
        """What the assistant missed: what was said while a human had the chat."""
        row = unit.conversation
        entries = await log.read(unit.tx, row.conversation_id, after=row.synced_seq)
        owed = await turns.owed_messages(unit.tx, row.conversation_id)
        known = owed | {entry.message_id for entry in entries if entry.type == "turn"}
        for entry in entries:
            known |= set(entry.data.get("message_ids") or ())
        # Late presses, of which the assistant never hears.
        known |= {entry.data.get("answers") for entry in entries}
        missed = [entry for entry in entries if _missed(entry, known)]
        through = missed[-1].seq if missed else row.synced_seq
        request = {
            "sender": row.conversation_id,
            "handoff_id": f"catch-up:{row.conversation_id}:{row.epoch}:{through}",
            "messages": [_as_message(entry) for entry in missed],
            "greet": False,
            "new_session": True,
        }
        ended_by = await _who_closed(unit)
        return CatchUp(request | compact({"agent": ended_by}), through)

    async def done(self, turn: Turn, answer: BrainAnswer, through: int) -> None:
        """The assistant has taken over: the owner changes, then it greets."""
        handoff_id = turn.payload["handoff_id"]
        async with self._held.hold(turn.conversation_id) as unit:
            if not await turns.settle(unit.tx, turn.turn_id):
                return
            await self._give_back(unit, turn.payload, answer)
            unit.conversation.synced_seq = through
            row = await current_row(unit.tx, handoff_id)
            unit.tell_agents("handoff_updated", about(row))
            await _tell_load(unit, turn.payload["agent_id"])
            unit.turn_owed = True
        self._settle(handoff_id, {"ok": True, **about(row)})

    async def refused(self, turn: Turn, error: Exception) -> None:
        """It could not be given back: the agent keeps the chat."""
        handoff_id = turn.payload["handoff_id"]
        async with self._held.hold(turn.conversation_id) as unit:
            await turns.settle(unit.tx, turn.turn_id)
            await handoffs.change(
                unit.tx, handoff_id, (HandoffState.CLAIMED,), is_returning=False
            )
        if isinstance(error, SlotRefused):
            refusal: BridgeError = UnknownSlot(str(error) or None)
        else:
            refusal = BotUnavailable()
        self._settle(handoff_id, refusal.as_dict())

    async def _give_back(
        self, unit: Unit, payload: dict[str, Any], answer: BrainAnswer
    ) -> None:
        handoff_id = payload["handoff_id"]
        agent = Actor("agent", payload["agent_id"], payload["agent_name"])
        await handoffs.move(
            unit.tx,
            handoff_id,
            HandoffState.RETURNED,
            is_returning=False,
            ended_at=unit.now,
            disposition=payload["disposition"],
            outcome=payload["outcome"],
        )
        if payload["note"]:
            unit.append("note", agent, {"text": payload["note"]})
        end_in_log(unit, agent, payload, HandoffState.RETURNED)
        unit.set_owner(Owner.BOT, reason="returned", handoff_id=handoff_id)
        row = unit.conversation
        row.needs_catch_up = False
        row.new_session_due = False
        unit.say("returned", name=payload["agent_name"])
        unit.tell_customer("conversation_status", {"owner": Owner.BOT.value})
        introduce(unit)
        await deliver_replies(unit, f"handback:{handoff_id}", answer.replies)

    def _settle(self, handoff_id: str, result: dict[str, Any]) -> None:
        future = self._results.pop(handoff_id, None)
        if future is not None and not future.done():
            future.set_result(result)


async def _tell_load(unit: Unit, agent_id: str) -> None:
    """Colleagues learn that this agent has a chat less."""
    agent = await agents.load(unit.tx, agent_id)
    if agent is not None:
        presence = presence_of(agent, await agents.loads(unit.tx))
        unit.tell_agents("presence_changed", presence)


def end_in_log(
    unit: Unit, agent: Actor, ending: dict[str, Any], state: HandoffState
) -> None:
    """Logs how a handoff ended."""
    unit.append(
        "handoff_updated",
        agent,
        {
            "handoff_id": ending["handoff_id"],
            "state": state.value,
            "disposition": ending["disposition"],
            "outcome": ending.get("outcome"),
            "slots": ending.get("slots") or None,
        },
    )


async def _who_closed(unit: Unit) -> str | None:
    """The agent who closed the latest handoff, if it ended so."""
    conversation_id = unit.conversation.conversation_id
    ended = await log.last_of(unit.tx, conversation_id, "handoff_updated")
    if ended is None or ended.data.get("state") != HandoffState.CLOSED:
        return None
    return ended.actor.name


def _missed(entry: LogEvent, known: set[str | None]) -> bool:
    if entry.type != "message" or not entry.data.get("text"):
        return False
    if entry.actor.type == "customer":
        return entry.message_id not in known
    return entry.actor.type == "agent"


def _as_message(entry: LogEvent) -> dict[str, Any]:
    return compact(
        {
            "sender": entry.actor.type,
            "text": entry.data["text"],
            "at": iso(entry.at),
            "agent": entry.actor.name,
            "message_id": entry.message_id,
        }
    )
