"""Offers waiting chats to agents, one at a time, and sees to offers that run out."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

import structlog

from handoff_bridge.conversation.commands import EndOffer, Offer
from handoff_bridge.conversation.handoff import is_reserved
from handoff_bridge.conversation.states import Presence
from handoff_bridge.errors import AtCapacity, IllegalTransition, OfferOver
from handoff_bridge.protocol.inbox import HandoffAck, OfferDecline
from handoff_bridge.routing.assignment import Assignment, Chat, assign, next_look
from handoff_bridge.routing.documents import Routing
from handoff_bridge.service.handoff_return import conversation_of, ref_of
from handoff_bridge.service.handoff_view import acked
from handoff_bridge.service.moving import perform
from handoff_bridge.service.routing import load_of, read_floor
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import agents, seats
from handoff_bridge.store.agents import Agent

logger = structlog.get_logger()

# Whoever leaves so many in a row without an answer is not at their desk.
MISSED_OFFERS = 3
SetAway = Callable[[str], Awaitable[None]]


class OfferService:
    """One task does, which nobody waits for; several bridges may each have one.

    The conversation's lock and the agent's row settle who was first.
    """

    def __init__(self, held: ConversationRepository, set_away: SetAway) -> None:
        """`set_away` is for who has not answered MISSED_OFFERS in a row."""
        self._held = held
        self._set_away = set_away
        self._missed: Counter[str] = Counter()
        self._is_due = False
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def look_again(self, agent_id: str | None = None) -> None:
        """Something of the line or of the agents has changed; that one is at work."""
        if agent_id is not None:
            self._missed.pop(agent_id, None)
        self._is_due = True
        if self._task is None:
            self._task = asyncio.create_task(self._look_while_due(), name="offers")

    async def stop(self) -> None:
        """Ends what is under way; any other bridge goes on with it."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def decline(self, agent: Agent, call: OfferDecline) -> HandoffAck:
        """Back to the line, for somebody else. Raises UnknownHandoff, OfferOver."""
        self._missed.pop(agent.agent_id, None)
        conversation_id = await conversation_of(self._held, call.handoff_id)
        async with self._held.transaction(conversation_id) as unit:
            await perform(
                unit,
                EndOffer(call.handoff_id, ref_of(agent), "declined", call.reason),
            )
        return acked(unit.told[call.handoff_id])

    async def look(self) -> None:
        """Ends what has run out, and offers what waits.

        Also where no team works so any more, but one did when an offer was made.
        """
        await self._look(also_leftovers=True)

    async def _look(self, *, also_leftovers: bool) -> None:
        now = self._held.clock()
        async with self._held.database.read() as tx:
            routing = await self._held.routing(tx)
            if not routing.teams.any_offers:
                if not also_leftovers or not await seats.is_any_offered(tx):
                    return
            floor = await read_floor(tx, routing.rules, now)
        there = {seat.agent_id for seat in floor.seats}
        for chat in floor.chats:
            if chat.offered_to is None:
                continue
            if not is_reserved(chat.offer_expires_at, now):
                await self._end(chat, "timed_out")
            elif chat.offered_to not in there:
                await self._end(chat, "withdrawn")
        for assignment in assign(floor.chats, floor.seats, routing, now):
            await self._offer(assignment, routing)
        self._wake_at(next_look(floor.chats, floor.seats, routing, now), now)

    async def _look_while_due(self) -> None:
        try:
            while self._is_due:
                self._is_due = False
                await self._look(also_leftovers=False)
        except Exception:
            logger.exception("offers_not_made")
        finally:
            self._task = None

    def _wake_at(self, at: datetime | None, now: datetime) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at is not None:
            loop = asyncio.get_running_loop()
            secs = (at - now).total_seconds()
            self._timer = loop.call_later(secs, self.look_again)

    async def _offer(self, assignment: Assignment, routing: Routing) -> None:
        chat, agent_id = assignment.chat, assignment.agent_id
        async with self._held.transaction(chat.conversation_id) as unit:
            agent = await agents.load(unit.tx, agent_id, lock=True)
            if agent is None or agent.disabled_at is not None:
                return
            if agent.status != Presence.AVAILABLE:
                return
            # Another bridge may have looked at another moment of the line.
            if await seats.is_any_offered(unit.tx, agent_id):
                return
            offer = Offer(
                chat.handoff_id,
                ref_of(agent),
                unit.now + timedelta(seconds=assignment.accept_secs),
                await load_of(unit.tx, agent_id, routing.rules, but=chat.handoff_id),
                agent.capacity,
                routing.rules.weight_of(chat.channel),
            )
            # Somebody was quicker: a claim, the customer, or another bridge.
            with suppress(IllegalTransition, AtCapacity):
                await perform(unit, offer)

    async def _end(self, chat: Chat, ending: Literal["timed_out", "withdrawn"]) -> None:
        assert chat.offered_to is not None  # callers have just looked
        async with self._held.transaction(chat.conversation_id) as unit:
            agent = await agents.load(unit.tx, chat.offered_to)
            assert agent is not None  # accounts stay
            try:
                await perform(unit, EndOffer(chat.handoff_id, ref_of(agent), ending))
            except (OfferOver, IllegalTransition):
                # Answered meanwhile, or prolonged by another bridge's newer offer.
                return
        if ending == "timed_out":
            await self._note_missed(agent.agent_id)

    async def _note_missed(self, agent_id: str) -> None:
        """Else two who have gone to lunch would pass a chat to and fro."""
        self._missed[agent_id] += 1
        if self._missed[agent_id] >= MISSED_OFFERS:
            del self._missed[agent_id]
            await self._set_away(agent_id)
