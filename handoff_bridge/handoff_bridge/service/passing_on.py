"""Agents' chats on their way to others: put back in line, passed on, taken over."""

import secrets

from handoff_bridge.conversation.commands import (
    Recipient,
    Release,
    TakeOver,
    Transfer,
)
from handoff_bridge.conversation.handoff import Reasons
from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.conversation.states import Presence
from handoff_bridge.conversation.triggers import (
    TAKEOVER_LABELS,
    DeclaredTrigger,
    Trigger,
)
from handoff_bridge.errors import Forbidden, TransferToSelf, UnknownAgent, UnknownTeam
from handoff_bridge.protocol.inbox import (
    HandoffAck,
    HandoffRelease,
    HandoffTransfer,
    Takeover,
)
from handoff_bridge.service.access import access_desk
from handoff_bridge.service.handoff_requests import write_waiting_line
from handoff_bridge.service.handoff_return import conversation_of, ref_of
from handoff_bridge.service.handoff_view import acked
from handoff_bridge.service.moving import perform
from handoff_bridge.service.ports import CardsDue
from handoff_bridge.service.routing import load_of
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import agents
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection


class PassingOn:
    """Use cases of agents who leave a chat to others, and of who takes it from them."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` opens conversations."""
        self._held = held

    async def release(self, agent: Agent, call: HandoffRelease) -> HandoffAck:
        """Back to the head of the line.

        Raises UnknownHandoff, NotOwner, IllegalTransition, NewMessages.
        """
        conversation_id = await conversation_of(self._held, call.handoff_id)
        async with self._held.transaction(conversation_id) as unit:
            await perform(
                unit, Release(call.handoff_id, ref_of(agent), call.note, call.seen_seq)
            )
            await write_waiting_line(unit)
        return acked(unit.told[call.handoff_id])

    async def transfer(self, agent: Agent, call: HandoffTransfer) -> HandoffAck:
        """To the head of the line, for one agent or team at first.

        Raises UnknownHandoff, NotOwner, IllegalTransition, TransferToSelf,
        UnknownAgent, UnknownTeam.
        """
        conversation_id = await conversation_of(self._held, call.handoff_id)
        async with self._held.transaction(conversation_id) as unit:
            to = await _recipient(unit.tx, agent, call)
            await perform(
                unit,
                Transfer(
                    call.handoff_id, ref_of(agent), to, call.note, agent.is_supervisor
                ),
            )
            await write_waiting_line(unit)
        return acked(unit.told[call.handoff_id])

    async def take_over(self, agent: Agent, call: Takeover) -> HandoffAck:
        """A supervisor has the chat, whoever had it before.

        Raises Forbidden, AccountDisabled, UnknownConversation, ConversationClosed,
        IllegalTransition, AtCapacity.
        """
        async with self._held.transaction(call.conversation_id) as unit:
            current, _ = await access_desk(unit.tx, agent)
            if not current.is_supervisor:
                raise Forbidden
            rules = (await unit.routing()).rules
            is_new = unit.handoff is None
            # An offer of this very chat takes no place beside it.
            offered = unit.handoff.handoff_id if unit.handoff else ""
            moved = await perform(
                unit,
                TakeOver(
                    secrets.token_hex(12),
                    _reasons(current),
                    agent=ref_of(current),
                    load=await load_of(unit.tx, current.agent_id, rules, but=offered),
                    capacity=current.capacity,
                    weight=rules.weight_of(unit.conversation.channel),
                    previous=await _ref(unit.tx, unit.conversation.agent_id),
                ),
            )
            if is_new:
                unit.follow_up(CardsDue())
        assert moved.state.handoff is not None  # else it was refused
        return acked(unit.told[moved.state.handoff.handoff_id])


def _reasons(agent: Agent) -> Reasons:
    taken = DeclaredTrigger(Trigger.AGENT_TAKEOVER, TAKEOVER_LABELS)
    return Reasons.of([taken], {"agent": {"id": agent.agent_id, "name": agent.name}})


async def _ref(tx: Connection, agent_id: str | None) -> AgentRef | None:
    found = await agents.load(tx, agent_id) if agent_id else None
    return ref_of(found) if found else None


async def _recipient(tx: Connection, sender: Agent, call: HandoffTransfer) -> Recipient:
    """Whom a call means, and whether somebody of them is there."""
    if call.team is not None:
        members = await agents.of_team(tx, call.team)
        if not members:
            raise UnknownTeam
        others = [one for one in members if one[0].agent_id != sender.agent_id]
        if not others:
            raise TransferToSelf
        is_there = any(_is_there(*one) for one in others)
        return Recipient(team=call.team, is_there=is_there)
    if call.agent_id == sender.agent_id:
        raise TransferToSelf
    found = await agents.load_with_chats(tx, call.agent_id or "")
    if found is None or found[0].disabled_at is not None:
        raise UnknownAgent
    return Recipient(ref_of(found[0]), is_there=_is_there(*found))


def _is_there(agent: Agent, chats: int) -> bool:
    """Whether they would take it soon; who is busy decides that for themselves."""
    if agent.status == Presence.BUSY:
        return True
    return agent.status == Presence.AVAILABLE and chats < agent.capacity
