"""Teams and routing rules: what holds now, and new versions of supervisors'."""

from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import BaseModel

from handoff_bridge.errors import Mistake
from handoff_bridge.protocol.http import (
    DocumentText,
    DocumentVersions,
    Holiday,
    Member,
    RoutingDocument,
    TeamNow,
    TeamsDocument,
)
from handoff_bridge.routing.documents import (
    Routing,
    check_rules,
    check_teams,
    read_rules,
    read_teams,
    warnings_of,
)
from handoff_bridge.routing.hours import (
    add_open_time,
    holidays_between,
    is_open,
    next_closing,
    next_opening,
)
from handoff_bridge.routing.teams import Team, Teams
from handoff_bridge.service.document_versions import (
    Kept,
    begin_save,
    list_versions,
)
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import agents, documents
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection, Database

TEAMS, ROUTING = "teams", "routing"
HOLIDAYS_AHEAD = timedelta(weeks=8)


def promise_time(routing: Routing, team: str | None, now: datetime) -> datetime:
    """By when a team answers what is promised now; aware, like `now`."""
    there = routing.teams.of(team)
    return add_open_time(there.hours, now, timedelta(hours=there.answer_hours))


class Documents:
    """Use cases of supervisors, and what routing reads."""

    def __init__(
        self, database: Database, clock: Clock, teams_text: str, routing_text: str
    ) -> None:
        """The texts are the project's own files. Raises InvalidDocument."""
        self._database = database
        self._clock = clock
        self._teams = Kept(TEAMS, teams_text, read_teams)
        self._rules = Kept(ROUTING, routing_text, read_rules)
        self._recent: Routing | None = None

    async def load(self, tx: Connection) -> Routing:
        """What holds now, whichever bridge it was saved at.

        One statement; one more for each document that somebody has saved since.
        """
        self._recent = await self._at(tx, await documents.newest(tx))
        return self._recent

    async def recent(self, tx: Connection) -> Routing:
        """What holds, as it was at the last beat of this bridge: nothing is read."""
        return self._recent or await self.load(tx)

    async def refresh(self) -> None:
        """Hears of what was saved at another bridge."""
        async with self._database.read() as tx:
            await self.load(tx)

    async def teams(self, version: int | None = None) -> TeamsDocument:
        """The newest version, or another. Raises UnknownVersion."""
        async with self._database.read() as tx:
            told, text = await self._teams.told(tx, version)
            everyone = await agents.everyone(tx)
        found = self._teams.parsed(text)
        teams = found or Teams()
        members = {one.team for one in everyone if one.team}
        return TeamsDocument(
            **dict(told),
            text=text,
            document=found,
            warnings=warnings_of(text, teams, members),
            now={
                name: _now(team, self._clock(), _members(everyone, name))
                for name, team in teams.teams.items()
            },
        )

    async def routing(self, version: int | None = None) -> RoutingDocument:
        """The newest version, or another. Raises UnknownVersion."""
        async with self._database.read() as tx:
            told, text = await self._rules.told(tx, version)
        rules = self._rules.parsed(text)
        warnings: list[Mistake] = []
        longest = rules.longest_wait_for_somebody_in_particular() if rules else None
        return RoutingDocument(
            **dict(told),
            text=text,
            document=rules,
            warnings=warnings,
            longest_wait_secs=longest,
        )

    async def versions(
        self, name: str, before: int | None, limit: int
    ) -> DocumentVersions:
        """Newest first; the last of all is the project's file."""
        async with self._database.read() as tx:
            return await list_versions(tx, name, before, limit)

    async def save_teams(self, agent: Agent, call: DocumentText) -> TeamsDocument:
        """Raises OldVersion, InvalidDocument."""
        await self._save(
            TEAMS, agent, call, lambda holds: check_teams(call.text, holds.rules)
        )
        return await self.teams()

    async def save_routing(self, agent: Agent, call: DocumentText) -> RoutingDocument:
        """Raises OldVersion, InvalidDocument."""
        await self._save(
            ROUTING, agent, call, lambda holds: check_rules(call.text, holds.teams)
        )
        return await self.routing()

    async def _save(
        self,
        name: str,
        agent: Agent,
        call: DocumentText,
        check: Callable[[Routing], BaseModel],
    ) -> None:
        async with self._database.write() as tx:
            newest = await begin_save(tx, name, call.version)
            check(await self._at(tx, newest))
            saved = name, call.version + 1, call.text
            await documents.save(tx, *saved, self._clock(), agent.agent_id)
        await self.refresh()

    async def _at(self, tx: Connection, newest: dict[str, int]) -> Routing:
        return Routing(
            await self._teams.model(tx, newest.get(TEAMS, 0)),
            await self._rules.model(tx, newest.get(ROUTING, 0)),
        )


def _members(everyone: list[Agent], team: str) -> list[Member]:
    return [
        Member(
            agent_id=one.agent_id,
            name=one.name,
            skills=one.skills,
            languages=one.languages,
        )
        for one in everyone
        if one.team == team
    ]


def _now(team: Team, now: datetime, members: list[Member]) -> TeamNow:
    is_there = is_open(team.hours, now)
    changes = next_closing if is_there else next_opening
    return TeamNow(
        open=is_there,
        changes_at=changes(team.hours, now),
        holidays=_holidays(team, now),
        members=members,
    )


def _holidays(team: Team, now: datetime) -> list[Holiday]:
    if team.hours is None:
        return []
    found = holidays_between(team.hours, now.date(), (now + HOLIDAYS_AHEAD).date())
    return [Holiday(date=day.isoformat(), name=name) for day, name in found.items()]
