"""What routing decides on, read from the database: the line, the agents, the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.states import WAITING_STATES
from handoff_bridge.routing import assignment
from handoff_bridge.routing.assignment import Chat, Seat, rank, stage, team_of
from handoff_bridge.routing.documents import Routing
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
    """The whole line; six statements at most, however long it is."""
    waiting = await handoffs.in_states(tx, WAITING_STATES)
    return Floor(await _chats(tx, waiting, rules), await _seats(tx, rules, now))


async def may_take(unit: UnitOfWork, agent: Agent, routing: Routing) -> bool:
    """Whether the unit's waiting chat may be this agent's by now.

    Members of a team that works by claims take what they like.
    """
    rules = routing.rules
    if routing.teams.of(agent.team).mode == "claim" or unit.handoff is None:
        return True
    [chat] = await _chats(unit.tx, [unit.handoff], rules)
    at = stage(chat, await _seats(unit.tx, rules, unit.now), rules, unit.now)
    return rank(chat, seat_of(agent, Activity({}), rules), at, unit.now) is not None


async def wanted_team(unit: UnitOfWork) -> str | None:
    """Whose chat the unit's waiting one is by the rules."""
    assert unit.handoff is not None  # callers have just looked
    rules = (await unit.routing()).rules
    [chat] = await _chats(unit.tx, [unit.handoff], rules)
    return team_of(chat, rules)


async def is_line_full(unit: UnitOfWork, position: int) -> bool:
    """Whether as many wait for the same team as may, before the unit's waiting chat.

    `position` is its place in the line of all, from 1.
    """
    routing = await unit.routing()
    if position <= routing.teams.shortest_queue:
        return False
    most = routing.teams.of(await wanted_team(unit)).longest_queue
    if most is None or position <= most:
        return False
    waiting = await handoffs.in_states(unit.tx, WAITING_STATES)
    line = await _chats(unit.tx, waiting, routing.rules)
    own = next(one for one in line if one.conversation_id == unit.state.conversation_id)
    return assignment.is_line_full(own, line, routing)


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


async def _chats(
    tx: Connection, waiting: Sequence[Handoff], rules: Rules
) -> list[Chat]:
    if not waiting:
        return []
    ids = {handoff.conversation_id for handoff in waiting}
    around = await conversations.around_handoffs(
        tx, [handoff.handoff_id for handoff in waiting]
    )
    last = await seats.last_agents(tx, ids) if rules.ask_for_last_agent else {}
    return [
        chat_of(
            handoff,
            around[handoff.handoff_id],
            last.get(handoff.conversation_id),
        )
        for handoff in waiting
    ]
