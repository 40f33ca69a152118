"""Tries documents on a day before anybody saves them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from handoff_bridge.conversation.states import HandoffState
from handoff_bridge.errors import (
    InvalidDocument,
    NothingToSimulate,
    SimulationRunning,
    SimulationTooLong,
)
from handoff_bridge.protocol.http import Simulated, SimulatedDay, SimulateRequest
from handoff_bridge.routing.assignment import Chat
from handoff_bridge.routing.documents import (
    Routing,
    check_rules,
    check_teams,
    read_teams,
)
from handoff_bridge.service.documents import Documents
from handoff_bridge.simulation.day import Day, Person
from handoff_bridge.simulation.figures import figures
from handoff_bridge.simulation.generated import Mix, generated
from handoff_bridge.simulation.replayed import Record, replayed
from handoff_bridge.simulation.run import Watch, simulate
from handoff_bridge.store import agents, replay
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection, Database

# For both days together.
DEADLINE_SECS = 20.0


class Simulations:
    """One at a time: each has a processor's core to itself for some seconds."""

    def __init__(
        self,
        database: Database,
        documents: Documents,
        deadline_secs: float = DEADLINE_SECS,
    ) -> None:
        """Reads only."""
        self._database = database
        self._documents = documents
        self._deadline_secs = deadline_secs
        self._is_running = False

    async def compare(self, call: SimulateRequest) -> Simulated:
        """A day as it is now and as it would be.

        Raises InvalidDocument, NothingToSimulate, SimulationRunning, SimulationTooLong.
        """
        if self._is_running:
            raise SimulationRunning
        self._is_running = True
        try:
            async with self._database.read(long=True) as tx:
                now = await self._documents.load(tx)
                proposal = proposed(now, call.routing, call.teams)
                day = await day_of(tx, call.day, (now, proposal))
            ends = monotonic() + self._deadline_secs

            def watch(_: float) -> None:
                if monotonic() > ends:
                    raise SimulationTooLong

            both = await asyncio.to_thread(compared, day, now, proposal, watch)
        finally:
            self._is_running = False
        name = call.day.isoformat() if call.day else None
        return Simulated(day=name, now=both[0], proposal=both[1])


def compared(
    day: Day, now: Routing, proposal: Routing, watch: Watch
) -> tuple[SimulatedDay, SimulatedDay]:
    """The day under both; `watch` is told how much is done, and may end it."""

    def first(done: float) -> None:
        watch(done / 2)

    def second(done: float) -> None:
        watch(0.5 + done / 2)

    before = simulate(day, now, watch=first)
    after = simulate(day, proposal, watch=second)
    return figures(before, now.rules), figures(after, now.rules)


def proposed(now: Routing, routing: str | None, teams: str | None) -> Routing:
    """What would hold. Raises InvalidDocument, saying of which text."""
    try:
        found = now.teams
        if teams is not None:
            is_both = routing is not None
            found = read_teams(teams) if is_both else check_teams(teams, now.rules)
    except InvalidDocument as error:
        raise InvalidDocument(
            "The teams are not right.", mistakes=error.mistakes
        ) from error
    if routing is None:
        return Routing(found, now.rules)
    try:
        return Routing(found, check_rules(routing, found))
    except InvalidDocument as error:
        raise InvalidDocument(
            "The routing rules are not right.", mistakes=error.mistakes
        ) from error


async def day_of(
    tx: Connection,
    day: date | None,
    documents: Sequence[Routing],
    people: Sequence[Person] = (),
) -> Day:
    """A past day, or a made-up one; with `people`, or with the agents there are.

    Raises NothingToSimulate.
    """
    if day is not None:
        return await _past(tx, day, people)
    staff = people or [_person(one) for one in await agents.everyone(tx)]
    if not staff:
        raise NothingToSimulate("There are no agents to simulate a day with.")
    return generated(staff, Mix.of(documents, staff))


async def _past(tx: Connection, day: date, people: Sequence[Person]) -> Day:
    begins = datetime.combine(day, time(), UTC)
    ends = begins + timedelta(days=1)
    asked = await replay.asked_between(tx, begins, ends)
    if not asked:
        raise NothingToSimulate(f"Nobody asked for a person on {day}.")
    staff = people or [
        _person(one) for one in await replay.agents_between(tx, begins, ends)
    ]
    return replayed([_record(one) for one in asked], staff, begins)


def _person(agent: Agent) -> Person:
    return Person(
        agent.agent_id,
        agent.name,
        (),
        agent.team,
        agent.capacity,
        agent.skills,
        frozenset(agent.languages),
    )


def _record(asked: replay.Asked) -> Record:
    chat = Chat(
        asked.handoff_id,
        asked.conversation_id,
        asked.queued_at,
        priority=asked.priority,
        triggers=tuple(asked.triggers),
        topic=asked.topic,
        language=asked.language,
        tier=asked.tier,
        channel=asked.channel,
        last_agent=asked.last_agent,
    )
    return Record(
        chat,
        asked.claimed_at,
        asked.ended_at,
        asked.slot_free_at,
        asked.agent_id,
        asked.state == HandoffState.ABANDONED,
        asked.is_promised,
    )
