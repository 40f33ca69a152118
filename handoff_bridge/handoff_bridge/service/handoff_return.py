"""Giving a conversation back to the assistant, so that it knows what the human did."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from handoff_bridge.conversation.commands import AbortReturn, BeginReturn, FinishReturn
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import LogEvent, compact, iso, words_of
from handoff_bridge.conversation.outcomes import TurnPending
from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.conversation.states import Disposition, HandoffState
from handoff_bridge.errors import (
    BotUnavailable,
    BridgeError,
    IllegalTransition,
    UnknownHandoff,
    UnknownSlot,
)
from handoff_bridge.models import JsonObject
from handoff_bridge.service.bot_messages import deliver_replies, introduce
from handoff_bridge.service.handoff_view import about, acked, rows_of
from handoff_bridge.service.moving import perform
from handoff_bridge.service.ports import AssistantAnswer, SlotRefused
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import agents, handoffs, jobs, log
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.jobs import Job

# How often whoever waits for a hand-back looks whether another bridge has done it.
LOOK_SECS = 1.0


@dataclass(frozen=True)
class CatchUp:
    """What the assistant missed: the call that tells it, and how far that reaches."""

    request: JsonObject
    through: int


@dataclass(frozen=True)
class HandoffOutcome:
    """How an agent ends their part."""

    handoff_id: str
    disposition: Disposition
    seen_seq: int | None = None
    slots: JsonObject = field(default_factory=dict)
    outcome: str | None = None
    note: str | None = None


def ref_of(agent: Agent) -> AgentRef:
    """An agent as customers and the log know one."""
    return AgentRef(agent.agent_id, agent.name, agent.team)


async def wrap_up_secs(unit: UnitOfWork, team: str | None) -> int:
    """For how long a chat that ends holds the place of an agent of that team."""
    return (await unit.routing()).teams.of(team).wrap_up_secs


async def handoff_of(held: ConversationRepository, handoff_id: str) -> Handoff:
    """A handoff as it stands by now. Raises UnknownHandoff."""
    async with held.database.read() as tx:
        handoff = await handoffs.load(tx, handoff_id)
    if handoff is None:
        raise UnknownHandoff
    return handoff


async def conversation_of(held: ConversationRepository, handoff_id: str) -> str:
    """Which conversation a handoff belongs to. Raises UnknownHandoff."""
    return (await handoff_of(held, handoff_id)).conversation_id


def _has_ended_so(handoff: Handoff, agent: Agent, ending: HandoffOutcome) -> bool:
    """Whether this very call has ended it already."""
    return (
        handoff.state == HandoffState.RETURNED
        and handoff.agent_id == agent.agent_id
        and handoff.disposition == ending.disposition.value
        and handoff.outcome == ending.outcome
    )


class HandBack:
    """The hand-back: begun by an agent's call, done by the worker."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` opens conversations."""
        self._held = held
        self._results: dict[str, asyncio.Future[JsonObject]] = {}

    async def begin(self, agent: Agent, ending: HandoffOutcome) -> None:
        """Checks the call and puts the hand-back before any waiting message.

        From here on the customer's messages wait for the assistant. Raises
        UnknownHandoff, NotOwner, IllegalTransition, NewMessages.
        """
        handoff = await handoff_of(self._held, ending.handoff_id)
        if _has_ended_so(handoff, agent, ending):
            return  # another bridge has done what this call began there
        conversation_id = handoff.conversation_id
        begin = BeginReturn(ending.handoff_id, ref_of(agent), ending.seen_seq)
        async with self._held.transaction(conversation_id) as unit:
            begun = await perform(unit, begin)
            # Before the worker can have an answer for it.
            loop = asyncio.get_running_loop()
            self._results.setdefault(ending.handoff_id, loop.create_future())
            if not begun.find(TurnPending):
                return
            payload: JsonObject = {
                "handoff_id": ending.handoff_id,
                "agent_id": agent.agent_id,
                "agent_name": agent.name,
                "disposition": ending.disposition.value,
                "slots": ending.slots,
                "outcome": ending.outcome,
                "note": ending.note,
            }
            await jobs.enqueue(
                unit.tx,
                conversation_id,
                f"handback:{ending.handoff_id}",
                "handback",
                payload,
                unit.now,
            )

    async def result(self, handoff_id: str, within_secs: float) -> JsonObject:
        """Waits for what came of it, here or at another bridge.

        Raises BotUnavailable, UnknownSlot.
        """
        future = self._results.get(handoff_id)
        loop = asyncio.get_running_loop()
        until = loop.time() + within_secs
        while future is not None and loop.time() < until:
            with suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.shield(future), LOOK_SECS)
            if not await self._is_returning(handoff_id):
                break
        return await self._result_elsewhere(handoff_id)

    async def _is_returning(self, handoff_id: str) -> bool:
        return (await handoff_of(self._held, handoff_id)).is_returning

    async def _result_elsewhere(self, handoff_id: str) -> JsonObject:
        async with self._held.database.read() as tx:
            handoff = await handoffs.load(tx, handoff_id)
            if handoff is None or handoff.state != HandoffState.RETURNED:
                raise BotUnavailable
            context = await self._held.row_context(tx)
            [row] = await rows_of(tx, [handoff], context)
        return acked(about(row)).as_json()

    def request(self, missed: CatchUp, payload: dict[str, Any]) -> JsonObject:
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

    async def catch_up(self, unit: UnitOfWork) -> CatchUp:
        """What the assistant missed: what was said while a human had the chat."""
        row = unit.conversation
        entries = await unit.read_log(after=row.synced_seq)
        waiting = await jobs.pending_messages(unit.tx, row.conversation_id)
        known = waiting | {
            entry.message_id for entry in entries if entry.type == "turn"
        }
        for entry in entries:
            joined = entry.data.get("message_ids")
            known |= set(map(str, joined)) if isinstance(joined, list) else set()
        # Late presses, of which the assistant never hears.
        known |= {str(entry.data.get("answers")) for entry in entries}
        missed = [entry for entry in entries if _missed(entry, known)]
        through = missed[-1].seq if missed else row.synced_seq
        request: JsonObject = {
            "sender": row.conversation_id,
            "handoff_id": f"catch-up:{row.conversation_id}:{row.epoch}:{through}",
            "messages": [_as_message(entry) for entry in missed],
            "greet": False,
            "new_session": True,
        }
        ended_by = await _who_closed(unit)
        return CatchUp(request | compact({"agent": ended_by}), through)

    async def done(self, job: Job, answer: AssistantAnswer, through: int) -> None:
        """The assistant has taken over: the owner changes, then it greets."""
        handoff_id = job.payload["handoff_id"]
        async with self._held.transaction(job.conversation_id) as unit:
            if not await jobs.complete(unit.tx, job):
                return
            agent = await agents.load(unit.tx, job.payload["agent_id"])
            secs = await wrap_up_secs(unit, agent.team if agent else None)
            await perform(unit, replace(_finish(job.payload), wrap_up_secs=secs))
            introduce(unit)
            await deliver_replies(unit, f"handback:{handoff_id}", answer.replies)
            unit.conversation.synced_seq = through
        self._settle(handoff_id, acked(unit.told[handoff_id]).as_json())

    async def refused(self, job: Job, error: Exception) -> None:
        """It could not be given back: the agent keeps the chat."""
        handoff_id = job.payload["handoff_id"]
        async with self._held.transaction(job.conversation_id) as unit:
            await jobs.complete(unit.tx, job)
            # What could not be finished for another reason is no hand-back any more.
            with suppress(IllegalTransition):
                await perform(unit, AbortReturn(handoff_id))
        if isinstance(error, SlotRefused):
            refusal: BridgeError = UnknownSlot(str(error) or None)
        else:
            refusal = BotUnavailable()
        self._settle(handoff_id, refusal.as_dict())

    def _settle(self, handoff_id: str, result: JsonObject) -> None:
        future = self._results.pop(handoff_id, None)
        if future is not None and not future.done():
            future.set_result(result)


def _finish(payload: dict[str, Any]) -> FinishReturn:
    return FinishReturn(
        payload["handoff_id"],
        AgentRef(payload["agent_id"], payload["agent_name"]),
        Disposition(payload["disposition"]),
        payload["note"],
        payload["outcome"],
        payload["slots"] or {},
    )


async def _who_closed(unit: UnitOfWork) -> str | None:
    """The agent who closed the latest handoff, if it ended so."""
    conversation_id = unit.conversation.conversation_id
    ended = await log.last_of(unit.tx, conversation_id, "handoff_updated")
    if ended is None or ended.data.get("state") != HandoffState.CLOSED:
        return None
    return ended.actor.name


def _missed(entry: LogEvent, known: set[str | None]) -> bool:
    if entry.type != "message":
        return False
    if entry.actor.type == "customer":
        return bool(entry.data.get("text")) and entry.message_id not in known
    return entry.actor.type == "agent" and words_of(entry) is not None


def _as_message(entry: LogEvent) -> JsonObject:
    return compact(
        {
            "sender": entry.actor.type,
            "text": words_of(entry),
            "at": iso(entry.at),
            "agent": entry.actor.name,
            "message_id": entry.message_id,
        }
    )
