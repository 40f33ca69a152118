"""When nobody of the team is there: a ticket, and a line that says by when.

The shop's back office keeps the team's hours, so the date is its own.
"""

import asyncio
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from handoff_bridge.conversation.log import SYSTEM, iso
from handoff_bridge.conversation.states import WAITING_STATES, Presence
from handoff_bridge.service.ports import Shop
from handoff_bridge.service.unit import Conversations, Unit
from handoff_bridge.store import agents, handoffs, turns
from handoff_bridge.store.handoffs import Handoff

logger = structlog.get_logger()


async def somebody_there(tx: Any) -> bool:
    """Whether any agent is signed in, however busy."""
    people = await agents.everyone(tx)
    return any(person.status != Presence.OFFLINE for person in people)


async def _is_asking(tx: Any, handoff: Handoff) -> bool:
    """Whether the turn that led here is still owed: its end tells the customer."""
    if handoff.message_id is None:
        return False
    return await turns.is_owed(tx, handoff.conversation_id, handoff.message_id)


class Promises:
    """Opens tickets and makes promises, in the background."""

    def __init__(self, held: Conversations, shop: Shop) -> None:
        """`shop` keeps the tickets; it may be down."""
        self._held = held
        self._shop = shop
        self._tasks: set[asyncio.Task[None]] = set()

    def make(self, handoff: Handoff) -> None:
        """Sees to it that the waiting customer is told something true."""
        task = asyncio.create_task(self._make(handoff))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def take_up(self) -> None:
        """At the start: waiting customers whom an earlier process told nothing."""
        async with self._held.database.read() as tx:
            untold = [
                handoff
                for handoff in await handoffs.in_states(tx, WAITING_STATES)
                if handoff.waiting_seq is None and not await _is_asking(tx, handoff)
            ]
        for handoff in untold:
            self.make(handoff)

    async def stop(self) -> None:
        """Ends what is under way; the next start takes it up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _make(self, handoff: Handoff) -> None:
        try:
            ticket = await self._shop.open_ticket(
                {
                    "subject": f"Waiting chat: {handoff.trigger}",
                    "conversation_id": handoff.conversation_id,
                },
                key=f"handoff:{handoff.handoff_id}",
            )
            async with self._held.hold(handoff.conversation_id) as unit:
                await self._tell(unit, handoff.handoff_id, ticket)
        except Exception:
            logger.exception("promise_failed", handoff_id=handoff.handoff_id)

    async def _tell(
        self, unit: Unit, handoff_id: str, ticket: dict[str, Any] | None
    ) -> None:
        handoff = await handoffs.load(unit.tx, handoff_id)
        if handoff is None or handoff.state not in WAITING_STATES:
            return
        if handoff.waiting_seq is not None:
            return
        answer_by = _moment(ticket)
        if ticket is None or answer_by is None:
            line = unit.say("nobody_there")
        else:
            data = {
                "handoff_id": handoff_id,
                "ticket_number": ticket.get("ticket_number"),
                "answer_by": iso(answer_by),
            }
            unit.append("ticket_opened", SYSTEM, data)
            line = unit.say("promise", when=_in_words(unit, answer_by))
        await handoffs.change(unit.tx, handoff_id, WAITING_STATES, waiting_seq=line.seq)


def _moment(ticket: dict[str, Any] | None) -> datetime | None:
    try:
        found = datetime.fromisoformat((ticket or {})["answer_by"])
    except (KeyError, TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _in_words(unit: Unit, at: datetime) -> str:
    """A time as the customer's own clock shows it, with the day where it is not today.

    Times are in the customer's zone where the widget has told it, else in UTC and
    said to be.
    """
    try:
        zone = ZoneInfo(unit.conversation.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local, today = at.astimezone(zone), unit.now.astimezone(zone)
    clock = f"{local:%H:%M}" + (" UTC" if zone.key == "UTC" else "")
    if local.date() == today.date():
        return unit.texts.say("today", time=clock)
    return unit.texts.say("on_day", day=unit.texts.weekday(local.weekday()), time=clock)
