"""The agent's desk: claim, write, note, close; what an agent sees on arriving."""

from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue

from handoff_bridge.conversation.commands import AgentWrites, Claim, Close
from handoff_bridge.conversation.events import Message, Note, TemplateUsed
from handoff_bridge.conversation.log import agent_event
from handoff_bridge.conversation.states import OPEN_STATES, WAITING_STATES
from handoff_bridge.errors import Forbidden, NotOwner, WindowClosed
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.redaction import clean_text
from handoff_bridge.protocol.customer import Numbered, Written
from handoff_bridge.protocol.inbox import (
    HandoffAck,
    MarkedRead,
    MessageSend,
    Role,
    Self,
    Snapshot,
)
from handoff_bridge.routing.queue import in_order, positions
from handoff_bridge.service.access import access_conversation, access_desk
from handoff_bridge.service.handoff_return import (
    HandoffOutcome,
    conversation_of,
    ref_of,
    wrap_up_secs,
)
from handoff_bridge.service.handoff_view import acked, rows_of
from handoff_bridge.service.idempotency import bind
from handoff_bridge.service.mails import mail_too
from handoff_bridge.service.mentions import mentions_of, note_mentions
from handoff_bridge.service.messaging.templates import Templates
from handoff_bridge.service.moving import note_answer, perform
from handoff_bridge.service.ports import ToAgents, agent_room
from handoff_bridge.service.presence import presence_of
from handoff_bridge.service.reminders import reminders_of
from handoff_bridge.service.routing import load_of, may_take
from handoff_bridge.service.taking_files import take_files
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import agents, conversations, handoffs, log
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.conversations import Conversation


async def _bind(
    unit: UnitOfWork,
    agent: Agent,
    call: str,
    text: str,
    client_id: str,
    **more: JsonValue,
) -> None:
    """In the transaction of the entry itself, which is the answer that is kept."""
    conversation_id = unit.conversation.conversation_id
    arguments: JsonObject = {"conversation_id": conversation_id, "text": text}
    arguments |= {name: value for name, value in more.items() if value}
    await bind(unit.tx, agent.agent_id, client_id, call, arguments, unit.now)


def _check_window(unit: UnitOfWork) -> None:
    """What would only fail later is refused at once. Raises WindowClosed."""
    reach = unit.reach_of(unit.conversation)
    if reach is not None and not reach.is_open:
        raise WindowClosed


class AgentService:
    """Use cases of one agent at a time."""

    def __init__(self, held: ConversationRepository, templates: Templates) -> None:
        """`held` opens conversations, `templates` has texts that platforms approved."""
        self._held = held
        self._templates = templates

    async def claim(self, agent: Agent, handoff_id: str) -> HandoffAck:
        """Takes a waiting chat; one of N agents gets it.

        Raises UnknownHandoff, AlreadyClaimed, AtCapacity, OfferedToAnother, OfferOver,
        IllegalTransition, AccountDisabled.
        """
        conversation_id = await conversation_of(self._held, handoff_id)
        async with self._held.transaction(conversation_id) as unit:
            current, free_since = await access_desk(unit.tx, agent)
            routing = await unit.routing()
            claim = Claim(
                handoff_id,
                ref_of(current),
                await load_of(unit.tx, current.agent_id, routing.rules, but=handoff_id),
                current.capacity,
                current.is_supervisor,
                routing.rules.weight_of(unit.conversation.channel),
                await may_take(unit, current, routing),
                free_since,
            )
            await perform(unit, claim)
        return acked(unit.told[handoff_id])

    async def send(self, agent: Agent, call: MessageSend) -> Written:
        """A message to the customer. The same `client_id` again is the same message.

        `attachments` are ids of uploads of this agent's for this chat.

        Raises NotOwner, ConversationClosed, UnknownConversation, UnknownAttachment,
        ClientIdReused, WindowClosed; and for a template UnknownTemplate,
        InvalidFields, MessageTooLong, NotAvailable, PlatformUnavailable.
        """
        conversation_id, text, template = call.conversation_id, call.text, None
        if call.template is not None:
            template = TemplateUsed(**dict(call.template))
            text = await self._templates.fill_in(agent, conversation_id, call.template)
        message_id = f"agent:{agent.agent_id}:{call.client_id}"
        async with self._held.transaction(conversation_id) as unit:
            await _bind(
                *(unit, agent, "message_send", call.text, call.client_id),
                attachments=[*call.attachments],
                template=template.as_json() if template else None,
            )
            known = await log.find_message(unit.tx, conversation_id, message_id)
            if known is None:
                await perform(unit, AgentWrites(ref_of(agent)))
                if template is None:
                    _check_window(unit)
                sent = await take_files(unit, call.attachments, agent.agent_id)
                message = Message(
                    **unit.stamp(ref_of(agent).actor, message_id),
                    text=clean_text(text) if text.strip() else None,
                    attachments=[file.as_sent() for file in sent] or None,
                    client_id=call.client_id,
                    template=template,
                )
                known = unit.append(message, visible=True)
                await note_answer(unit)
                await mail_too(unit, message)
            return Written(seq=known.seq, prev=known.prev, message_id=message_id)

    async def note(
        self,
        agent: Agent,
        conversation_id: str,
        text: str,
        client_id: str,
        whisper: bool = False,
    ) -> Numbered:
        """A note for colleagues, never sent to the customer.

        Supervisors alone `whisper`.

        Raises Forbidden, UnknownConversation, ClientIdReused.
        """
        if whisper and not agent.is_supervisor:
            raise Forbidden
        message_id = f"agent:{agent.agent_id}:{client_id}"
        async with self._held.transaction(conversation_id) as unit:
            await _bind(unit, agent, "note_add", text, client_id)
            known = await log.find_message(unit.tx, conversation_id, message_id, "note")
            if known is None:
                await access_conversation(unit.tx, agent, conversation_id)
                note = Note(
                    **unit.stamp(ref_of(agent).actor, message_id),
                    text=clean_text(text),
                    client_id=client_id,
                    whisper=whisper or None,
                )
                known = unit.append(await note_mentions(unit, note))
            return Numbered(seq=known.seq)

    async def close(self, agent: Agent, ending: HandoffOutcome) -> HandoffAck:
        """Ends the chat. Raises NewMessages, NotOwner, IllegalTransition."""
        conversation_id = await conversation_of(self._held, ending.handoff_id)
        async with self._held.transaction(conversation_id) as unit:
            close = Close(
                ending.handoff_id,
                ref_of(agent),
                ending.disposition,
                ending.note,
                ending.seen_seq,
                wrap_up_secs=await wrap_up_secs(unit, agent.team),
            )
            await perform(unit, close)
        return acked(unit.told[ending.handoff_id])

    async def typing_to(self, agent: Agent, conversation_id: str) -> Conversation:
        """Whom an agent writes to. Raises NotOwner where they may not be seen to."""
        async with self._held.database.read() as tx:
            row = await conversations.load(tx, conversation_id)
        if row is None or row.agent_id != agent.agent_id:
            raise NotOwner
        return row

    async def mark_read(self, agent: Agent, conversation_id: str, seq: int) -> None:
        """The agent has seen a chat of theirs up to `seq`. Raises NotOwner."""
        agent_id = agent.agent_id
        async with self._held.database.write() as tx:
            unread = await handoffs.mark_read(tx, conversation_id, agent_id, seq)
        if unread is None:
            raise NotOwner
        read = MarkedRead(conversation_id=conversation_id, unread=unread)
        await self._held.tell(ToAgents((agent_room(agent_id),), "marked_read", read))

    async def snapshot(self, agent: Agent) -> Snapshot:
        """What the inbox starts from."""
        now = self._held.clock()
        async with self._held.database.read() as tx:
            waiting = await handoffs.in_states(tx, WAITING_STATES)
            own = await handoffs.in_states(tx, OPEN_STATES, agent_id=agent.agent_id)
            own += await handoffs.wrapping_up(tx, agent_id=agent.agent_id)
            people = await agents.everyone(tx)
            loads = await agents.loads(tx)
            context = await self._held.row_context(tx)
            head_start = context.rules.head_start
            line = in_order(waiting, head_start)
            places = positions(waiting, head_start)
            rows = await rows_of(tx, line + own, context, places)
            due = await reminders_of(tx, agent, context)
            named = await mentions_of(tx, agent, context)
        everyone = [
            presence_of(person, loads.get(person.agent_id, 0)) for person in people
        ]
        # Who was disabled just now is nobody's colleague.
        by_id = {one.agent_id: one for one in everyone}
        me = by_id.get(agent.agent_id) or presence_of(agent, 0)
        return Snapshot(
            agent=Self(**dict(me), email=agent.email, role=cast(Role, agent.role)),
            queue=rows[: len(waiting)],
            mine=rows[len(waiting) :],
            agents=everyone,
            reminders=due,
            mentions=named,
            server_time=now,
        )

    async def grown(self, cursors: Mapping[str, int]) -> dict[str, int]:
        """Those cursors whose conversation has gone on since."""
        async with self._held.database.read() as tx:
            last_seqs = await conversations.last_seqs(tx, list(cursors))
        return {key: seq for key, seq in cursors.items() if last_seqs.get(key, 0) > seq}

    async def sync(self, agent: Agent, cursors: Mapping[str, int]) -> JsonObject:
        """What came after each cursor, in the conversations this agent may read."""
        found: JsonObject = {}
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
