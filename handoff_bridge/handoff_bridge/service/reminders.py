"""Reminders of agents: set, put off, done; and brought back when their time comes."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handoff_bridge.errors import (
    BadReminderTime,
    TooManyReminders,
    UnknownReminder,
)
from handoff_bridge.packet.redaction import clean_text
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.inbox import (
    Assigned,
    Reminder,
    ReminderAck,
    ReminderChanged,
    ReminderDone,
    ReminderDue,
    ReminderSet,
    Row,
)
from handoff_bridge.service.access import access_conversation
from handoff_bridge.service.handoff_view import RowContext
from handoff_bridge.service.mentions import rows_by_conversation
from handoff_bridge.service.ports import SUPERVISORS, ToAgents, agent_room
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import reminders
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection

MAX_REMINDERS = 100
FURTHEST = timedelta(days=366)


async def reminders_of(
    tx: Connection, agent: Agent, context: RowContext
) -> list[Reminder]:
    """An agent's, the next one first.

    Supervisors also have what came back to somebody who is there no more.
    """
    found = await reminders.of_agent(tx, agent.agent_id, all_due=agent.is_supervisor)
    return await _told(tx, found, context)


async def _told(
    tx: Connection, found: Sequence[reminders.Reminder], context: RowContext
) -> list[Reminder]:
    ids = {one.conversation_id for one in found}
    rows = await rows_by_conversation(tx, ids, context)
    return [_reminder(one, rows.get(one.conversation_id)) for one in found]


def _reminder(one: reminders.Reminder, row: Row | None) -> Reminder:
    return Reminder(
        reminder_id=one.reminder_id,
        conversation_id=one.conversation_id,
        agent=Assigned(agent_id=one.agent_id, name=one.agent_name),
        text=one.text,
        due_at=one.due_at,
        is_due=one.is_due,
        handoff=row,
    )


def _room(one: reminders.Reminder) -> tuple[str, ...]:
    """Whose it is to see to."""
    return (SUPERVISORS,) if one.is_left_behind else (agent_room(one.agent_id),)


class Reminders:
    """Use cases of agents, and what each bridge looks for."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` has the database, and tells."""
        self._held = held

    async def set(self, agent: Agent, call: ReminderSet) -> ReminderAck:
        """A new one, or another time or text for `reminder_id`.

        Raises UnknownConversation, Forbidden, UnknownReminder, BadReminderTime,
        TooManyReminders.
        """
        async with self._held.database.write() as tx:
            await access_conversation(tx, agent, call.conversation_id)
            due_at = _due_at(call, await reminders.now(tx))
            text = clean_text(call.text)
            if call.reminder_id is not None:
                known = await _own(tx, agent, call.reminder_id)
                kept = await reminders.move(
                    tx, replace(known, text=text, due_at=due_at)
                )
            else:
                kept = await self._add(tx, agent, call.conversation_id, text, due_at)
            context = await self._held.row_context(tx)
            [told] = await _told(tx, [kept], context)
        await self._changed(kept, told, is_done=False)
        return ReminderAck(reminder=told)

    async def done(self, agent: Agent, call: ReminderDone) -> Done:
        """Forgets one, due or not. Raises UnknownReminder."""
        async with self._held.database.write() as tx:
            known = await _own(tx, agent, call.reminder_id)
            await reminders.remove(tx, known.reminder_id)
        await self._changed(known, _reminder(known, None), is_done=True)
        return Done()

    async def look(self) -> None:
        """Brings back whatever is due by the database's clock, each one once."""
        async with self._held.database.write() as tx:
            due = await reminders.bring_back(tx)
            if not due:
                return
            context = await self._held.row_context(tx)
            told = await _told(tx, due, context)
        for one, reminder in zip(due, told, strict=True):
            back = ReminderDue(reminder=reminder)
            await self._held.tell(ToAgents(_room(one), "reminder_due", back))

    async def _add(
        self,
        tx: Connection,
        agent: Agent,
        conversation_id: str,
        text: str,
        due_at: datetime,
    ) -> reminders.Reminder:
        if await reminders.count(tx, agent.agent_id) >= MAX_REMINDERS:
            raise TooManyReminders
        added = reminders.Reminder(
            secrets.token_hex(12),
            conversation_id,
            agent.agent_id,
            text,
            due_at,
            None,
            agent.name,
            is_left_behind=False,
        )
        await reminders.add(tx, added)
        return added

    async def _changed(
        self, one: reminders.Reminder, told: Reminder, *, is_done: bool
    ) -> None:
        changed = ReminderChanged(reminder=told, is_done=is_done)
        await self._held.tell(ToAgents(_room(one), "reminder_changed", changed))


async def _own(tx: Connection, agent: Agent, reminder_id: str) -> reminders.Reminder:
    """One that is this agent's to see to. Raises UnknownReminder."""
    found = await reminders.load(tx, reminder_id)
    if found is None:
        raise UnknownReminder
    is_inherited = agent.is_supervisor and found.is_left_behind
    if found.agent_id != agent.agent_id and not is_inherited:
        raise UnknownReminder
    return found


def _due_at(call: ReminderSet, now: datetime) -> datetime:
    """When it is to come back. Raises BadReminderTime for the past and the far."""
    due_at = call.due_at or now + timedelta(seconds=call.in_secs or 0)
    if due_at <= now:
        raise BadReminderTime("That time is past; choose a later one.")
    if due_at > now + FURTHEST:
        raise BadReminderTime("That is more than a year ahead; choose an earlier time.")
    return due_at
