"""What routing decides on, read from the database: the line, the agents, the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.states import WAITING_STATES
from handoff_bridge.routing.assignment import Chat, Seat, rank, stage, team_of
from handoff_bridge.routing.documents import Routing
from handoff_bridge.routing.queue import in_order
from handoff_bridge.routing.rules import Rules
from handoff_bridge.routing.teams import MAX_PAUSE_SECS
from handoff_bridge.service.routing_view import chat_of
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.store import agents, conversations, handoffs, seats
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection
from handoff_bridge.store.seats import Activity

# Whoever has had no chat for longer is as idle as anybody.
SHIFT = timedelta(hours=12)
# Between two offers to one agent.
LONGEST_PAUSE = timedelta(seconds=MAX_PAUSE_SECS)


@dataclass(frozen=True)
class Floor:
    """Everybody in line, and everybody who can take chats."""

    chats: list[Chat]
    seats: list[Seat]


async def read_floor(tx: Connection, rules: Rules, now: datetime) -> Floor:
    """The whole line; six statements, however long it is."""
    waiting = await handoffs.in_states(tx, WAITING_STATES)
    return Floor(await _chats(tx, waiting), await _seats(tx, rules, now))


async def may_take(unit: UnitOfWork, agent: Agent, routing: Routing) -> bool:
    """Whether the unit's waiting chat may be this agent's by now.

    Members of a team that works by claims take what they like.
    """
    rules = routing.rules
    if routing.teams.of(agent.team).mode == "claim" or unit.handoff is None:
        return True
    chat = (await _chats(unit.tx, [unit.handoff]))[0]
    at = stage(chat, await _seats(unit.tx, rules, unit.now), rules, unit.now)
    return rank(chat, seat_of(agent, Activity({}), rules), at, unit.now) is not None


async def wanted_team(unit: UnitOfWork) -> str | None:
    """Whose chat the unit's waiting one is by the rules."""
    assert unit.handoff is not None  # callers have just looked
    [chat] = await _chats(unit.tx, [unit.handoff])
    return team_of(chat, (await unit.routing()).rules)


async def is_line_full(unit: UnitOfWork, position: int) -> bool:
    """Whether as many wait for the same team as may, before the unit's waiting chat.

    `position` is its place in the line of all, from 1.
    """
    routing = await unit.routing()
    if position <= routing.teams.shortest_queue:
        return False
    team = await wanted_team(unit)
    most = routing.teams.of(team).longest_queue
    if most is None or position <= most:
        return False
    waiting = in_order(
        await handoffs.in_states(unit.tx, WAITING_STATES), routing.rules.head_start
    )
    before = await _chats(unit.tx, waiting[: position - 1])
    return sum(team_of(chat, routing.rules) == team for chat in before) >= most


async def load_of(tx: Connection, agent_id: str, rules: Rules, but: str = "") -> float:
    """What an agent has in hand, by weight, beside that handoff."""
    return _weigh(await seats.taken(tx, agent_id, but), rules)


def seat_of(
    agent: Agent, activity: Activity, rules: Rules, offered_at: datetime | None = None
) -> Seat:
    """An agent as routing sees one."""
    return Seat(
        agent.agent_id,
        agent.team,
        capacity=agent.capacity,
        taken=_weigh(activity.taken, rules),
        skills=agent.skills,
        languages=frozenset(agent.languages),
        idle_since=activity.idle_since,
        offered_at=offered_at,
    )


def _weigh(taken: Mapping[str, int], rules: Rules) -> float:
    return sum(count * rules.weight_of(channel) for channel, count in taken.items())


async def _seats(tx: Connection, rules: Rules, now: datetime) -> list[Seat]:
    there = await agents.available(tx)
    active = await seats.activity(tx, now - SHIFT)
    offered = await seats.offered(tx, now - LONGEST_PAUSE)
    return [
        seat_of(
            one,
            active.get(one.agent_id, Activity({})),
            rules,
            offered.get(one.agent_id),
        )
        for one in there
    ]


async def _chats(tx: Connection, waiting: Sequence[Handoff]) -> list[Chat]:
    if not waiting:
        return []
    ids = {handoff.conversation_id for handoff in waiting}
    around = await conversations.around_handoffs(
        tx, [handoff.handoff_id for handoff in waiting]
    )
    last = await seats.last_agents(tx, ids)
    return [
        chat_of(
            handoff,
            around[handoff.handoff_id],
            last.get(handoff.conversation_id),
        )
        for handoff in waiting
    ]
