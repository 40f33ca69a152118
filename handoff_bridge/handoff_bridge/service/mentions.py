"""Tells colleagues that a note names them, and keeps it until they have looked."""

from handoff_bridge.conversation.events import Note
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.mentions import names_in
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.inbox import (
    Assigned,
    MentionAdded,
    MentionSeen,
    MentionsSeen,
    NoteMention,
    Row,
)
from handoff_bridge.service.handoff_view import RowContext, rows_of
from handoff_bridge.service.ports import ToAgents, agent_room
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import agents, handoffs, mentions
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection


async def note_mentions(unit: UnitOfWork, note: Note) -> Note:
    """The note with the colleagues whom it names, who are told once it is committed.

    Not its author, and nobody who may not read the conversation.
    """
    if "@" not in note.text:
        return note
    people = await agents.everyone(unit.tx)
    names = names_in(note.text, [one.name for one in people])
    if not names:
        return note
    newest = await _newest(unit)
    told = [
        one
        for one in people
        if one.name in names
        and one.agent_id != note.actor.id
        and (newest is not None or one.is_supervisor)
    ]
    if told:
        conversation_id = unit.conversation.conversation_id
        ids = [one.agent_id for one in told]
        await mentions.add(unit.tx, conversation_id, note.seq, ids)
        added = MentionAdded(mention=await _mention(unit, note, newest))
        rooms = tuple(agent_room(one) for one in ids)
        unit.tell_agents("mention_added", added, rooms)
    return note.model_copy(update={"mentions": names})


async def _newest(unit: UnitOfWork) -> Handoff | None:
    conversation_id = unit.conversation.conversation_id
    found = await handoffs.newest_of(unit.tx, [conversation_id])
    return found.get(conversation_id)


async def _mention(unit: UnitOfWork, note: Note, newest: Handoff | None) -> NoteMention:
    context = await unit.row_context()
    rows = await rows_of(unit.tx, [newest] if newest else [], context)
    return NoteMention(
        conversation_id=unit.conversation.conversation_id,
        seq=note.seq,
        at=note.at,
        by=_by(note.actor.id, note.actor.name),
        text=note.text,
        handoff=rows[0] if rows else None,
    )


def _by(agent_id: str | None, name: str | None) -> Assigned:
    return Assigned(agent_id=agent_id or "", name=name or "A colleague")


async def rows_by_conversation(
    tx: Connection, conversation_ids: set[str], context: RowContext
) -> dict[str, Row]:
    """The newest handoff of each, as inboxes show it."""
    newest = await handoffs.newest_of(tx, conversation_ids)
    rows = await rows_of(tx, [*newest.values()], context)
    return {row.conversation_id: row for row in rows}


async def mentions_of(
    tx: Connection, agent: Agent, context: RowContext
) -> list[NoteMention]:
    """Where an agent is named and has not looked yet, the oldest first."""
    found = await mentions.of_agent(tx, agent.agent_id)
    ids = {one.conversation_id for one in found}
    rows = await rows_by_conversation(tx, ids, context)
    return [
        NoteMention(
            conversation_id=one.conversation_id,
            seq=one.seq,
            at=one.at,
            by=_by(one.actor_id, one.actor_name),
            text=one.text,
            handoff=rows.get(one.conversation_id),
        )
        for one in found
    ]


class Mentions:
    """What an agent does about them."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` has the database, and tells."""
        self._held = held

    async def see(self, agent: Agent, call: MentionSeen) -> Done:
        """They have looked; their other tabs hear of it."""
        async with self._held.database.write() as tx:
            was_named = await mentions.see(
                tx, agent.agent_id, call.conversation_id, call.seq
            )
        if was_named:
            seen = MentionsSeen(conversation_id=call.conversation_id, seq=call.seq)
            await self._held.tell(
                ToAgents((agent_room(agent.agent_id),), "mentions_seen", seen)
            )
        return Done()
