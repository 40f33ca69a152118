"""When nobody of the team is there, or its line is full: a line that says by when.

The shop's back office opens a ticket and gives the date. Where it does not answer, the
date is that of the team's own hours, if it has any.
"""

import asyncio
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from handoff_bridge.conversation.events import TicketOpened
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import iso
from handoff_bridge.conversation.outcomes import QueueMoved
from handoff_bridge.conversation.states import WAITING_STATES
from handoff_bridge.conversation.triggers import label_of
from handoff_bridge.models import JsonObject
from handoff_bridge.service.documents import promise_time
from handoff_bridge.service.handoff_requests import write_waiting_line
from handoff_bridge.service.moving import note_line, note_promise
from handoff_bridge.service.places import moment, place_of
from handoff_bridge.service.ports import BackOffice
from handoff_bridge.service.routing import is_line_full, wanted_team
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import agents, handoffs, jobs

logger = structlog.get_logger()


async def _needs_line(tx: Any, handoff: Handoff) -> bool:
    """Still waiting, and told nothing of it yet by whoever should have."""
    return handoff.waiting_seq is None and await _needs_one(tx, handoff)


async def _needs_one(tx: Any, handoff: Handoff) -> bool:
    """Still waiting, without a date, and not of a turn whose end tells the customer."""
    if handoff.state not in WAITING_STATES or handoff.is_promised:
        return False
    if handoff.message_id is None or handoff.waiting_seq is not None:
        return True
    waiting = await jobs.is_pending(tx, handoff.conversation_id, handoff.message_id)
    return not waiting


class Promises:
    """Opens tickets and makes promises, in the background."""

    def __init__(
        self, held: ConversationRepository, back_office: BackOffice, retry_secs: float
    ) -> None:
        """`back_office` keeps the tickets; down, it is asked again in `retry_secs`."""
        self._held = held
        self._back_office = back_office
        self._retry_secs = retry_secs
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def make(self, handoff: Handoff) -> None:
        """Sees to it that a waiting customer is told something true."""
        key = handoff.handoff_id
        if key not in self._tasks:
            task = asyncio.create_task(self._make(handoff))
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def look(self) -> None:
        """Whoever waits is told something true, whichever bridge should have told it.

        If nobody is there, everyone who waits without a date gets one.
        """
        async with self._held.database.read() as tx:
            is_due = _needs_line if await agents.is_anyone_there(tx) else _needs_one
            waiting = await handoffs.in_states(tx, WAITING_STATES)
            without = [item for item in waiting if await is_due(tx, item)]
        for handoff in without:
            self.make(handoff)

    async def stop(self) -> None:
        """Ends what is under way; the next start takes it up."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _make(self, handoff: Handoff) -> None:
        while not await self._try(handoff):
            await asyncio.sleep(self._retry_secs)

    async def _try(self, handoff: Handoff) -> bool:
        """Whether no more is to be done for this customer."""
        try:
            async with self._held.transaction(handoff.conversation_id) as unit:
                if await _is_settled(unit, handoff.handoff_id):
                    return True
            ticket = await self._back_office.open_ticket(
                {
                    "subject": f"Waiting chat: {_label(handoff)}",
                    "conversation_id": handoff.conversation_id,
                },
                key=_ticket_key(handoff),
            )
            async with self._held.transaction(handoff.conversation_id) as unit:
                return await self._tell(unit, handoff.handoff_id, ticket)
        except Exception:
            logger.exception("promise_failed", handoff_id=handoff.handoff_id)
            return False

    async def _tell(
        self, unit: UnitOfWork, handoff_id: str, ticket: JsonObject | None
    ) -> bool:
        if await _is_settled(unit, handoff_id):
            return True
        handoff = unit.handoff
        assert handoff is not None  # else it is settled
        is_full = await agents.is_anyone_there(unit.tx)
        told = ticket or {}
        answer_by = moment(told.get("answer_by")) or await _by_hours(unit)
        if answer_by is None:
            if handoff.waiting_seq is None:
                line = (
                    unit.say("everybody_busy") if is_full else unit.say("nobody_there")
                )
                await note_line(unit, line.seq)
            return False
        number = told.get("ticket_number")
        opened = TicketOpened(
            **unit.stamp(),
            handoff_id=handoff_id,
            ticket_number=number if isinstance(number, str) else None,
            answer_by=answer_by,
        )
        unit.append(opened)
        when = _in_words(unit, answer_by)
        line = (
            unit.say("promise_busy", when=when)
            if is_full
            else unit.say("promise", when=when)
        )
        await note_line(unit, line.seq, is_promise=True)
        await note_promise(unit, answer_by)
        await unit.write_entries()
        unit.tell_customer("conversation_status", await unit.status())
        # What is being told of the line was read before there was a date.
        unit.follow_up(QueueMoved())
        return True


async def _is_settled(unit: UnitOfWork, handoff_id: str) -> bool:
    """Whether no date is wanted; who waits for somebody who is there has a place."""
    handoff = unit.handoff
    if handoff is None or handoff.handoff_id != handoff_id:
        return True
    if not await _needs_one(unit.tx, handoff):
        return True
    if not await agents.is_anyone_there(unit.tx):
        return False
    rules = (await unit.routing()).rules
    place = await place_of(unit.tx, handoff, unit.now, rules)
    if await is_line_full(unit, place.position or 1):
        return False
    await write_waiting_line(unit)
    return True


async def _by_hours(unit: UnitOfWork) -> datetime | None:
    """By when the team answers, where the back office does not say: by its hours."""
    routing, team = await unit.routing(), await wanted_team(unit)
    if routing.teams.of(team).hours is None:
        return None
    return promise_time(routing, team, unit.now)


def _ticket_key(handoff: Handoff) -> str:
    """One ticket for each time that the customer waits: the date is a new one."""
    again = f":{iso(handoff.requeued_at)}" if handoff.requeued_at else ""
    return f"handoff:{handoff.handoff_id}{again}"


def _label(handoff: Handoff) -> str:
    return label_of(handoff.trigger, handoff.labels.get(handoff.trigger))


def _in_words(unit: UnitOfWork, at: datetime) -> str:
    """A time as the customer's own clock shows it, with the day where it is not today.

    Times are in the customer's zone where the widget has told it, else in the shop's
    and said to be.
    """
    try:
        zone = ZoneInfo(unit.conversation.timezone or "")
        is_told = zone.key == "UTC"
    except (ZoneInfoNotFoundError, ValueError):
        zone, is_told = ZoneInfo(unit.brand.time_zone), True
    local, today = at.astimezone(zone), unit.now.astimezone(zone)
    clock = f"{local:%H:%M}" + (f" {local:%Z}" if is_told else "")
    if local.date() == today.date():
        return unit.texts.say("today", time=clock)
    return unit.texts.say("on_day", day=unit.texts.weekday(local.weekday()), time=clock)
