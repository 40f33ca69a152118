"""Who belongs to the desk: added, invited, changed, disabled, deleted."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handoff_bridge.conversation.states import Presence
from handoff_bridge.errors import (
    EmailTaken,
    Forbidden,
    LastOwner,
    OwnAccount,
    UnknownAgent,
    UnknownLogin,
)
from handoff_bridge.service.accounts import DEFAULT_CAPACITY
from handoff_bridge.service.invitations import Link, issue
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import agents, logins, people
from handoff_bridge.store.agents import AGENT, OWNER, Agent
from handoff_bridge.store.database import Connection, Database
from handoff_bridge.store.logins import Login
from handoff_bridge.store.people import Person


@dataclass(frozen=True)
class NewPerson:
    """Who is added; they set their password themselves."""

    email: str
    name: str
    role: str = AGENT
    team: str | None = None


@dataclass(frozen=True)
class Changes:
    """What is to be another; None stays. An empty team is none."""

    name: str | None = None
    role: str | None = None
    team: str | None = None
    is_disabled: bool | None = None
    skills: dict[str, int] | None = None
    languages: list[str] | None = None

    def columns(self) -> dict[str, Any]:
        """Those that are columns of the account."""
        names = ("name", "role", "team", "skills", "languages")
        values = {name: getattr(self, name) for name in names}
        values = {name: value for name, value in values.items() if value is not None}
        return values | ({"team": self.team or None} if "team" in values else {})


@dataclass(frozen=True)
class Consequences:
    """What follows at once from a change; a bridge that is killed leaves it to others.

    `disconnect` ends connections, on whatever bridge; `left` sends the chats of
    somebody back to the line and tells colleagues; `changed` only tells them.
    """

    disconnect: Callable[[Sequence[str]], Awaitable[None]]
    left: Callable[[str], Awaitable[None]]
    changed: Callable[[str], Awaitable[None]]


def may_manage(actor: Agent | None, role: str) -> bool:
    """Supervisors manage agents, owners everybody; None is the command line."""
    return actor is None or actor.is_owner or (actor.is_supervisor and role == AGENT)


class People:
    """Use cases of those who manage. `actor` is one of them; None, the command line."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        link_lasts: timedelta,
        consequences: Consequences | None = None,
    ) -> None:
        """Without `consequences` running bridges see to them within seconds."""
        self._database = database
        self._clock = clock
        self._link_lasts = link_lasts
        self._consequences = consequences

    async def all(self) -> list[Person]:
        """Everybody, by name."""
        async with self._database.read() as tx:
            return await people.everyone(tx, self._clock())

    async def one(self, agent_id: str) -> Person:
        """One of them. Raises UnknownAgent."""
        async with self._database.read() as tx:
            found = await people.everyone(tx, self._clock(), agent_id)
        if not found:
            raise UnknownAgent
        return found[0]

    async def add(self, actor: Agent | None, new: NewPerson) -> Person:
        """Adds somebody who cannot sign in yet. Raises Forbidden, EmailTaken."""
        agent = Agent(
            agent_id=secrets.token_hex(8),
            email=new.email.strip().lower(),
            name=new.name.strip(),
            team=new.team or None,
            role=new.role,
            password_hash="",
            status=Presence.OFFLINE,
            capacity=DEFAULT_CAPACITY,
        )
        async with self._database.write() as tx:
            if not may_manage(await self._by_now(tx, actor), new.role):
                raise Forbidden
            if not await agents.add(tx, agent):
                raise EmailTaken
        return await self.one(agent.agent_id)

    async def invite(self, actor: Agent | None, agent_id: str) -> Link:
        """A link to set a password with. Raises UnknownAgent, Forbidden."""
        async with self._database.write() as tx:
            await self._managed(tx, actor, agent_id)
            return await issue(tx, agent_id, self._clock(), self._link_lasts)

    async def reset(
        self, actor: Agent | None, agent_id: str, *, second_factor: bool = False
    ) -> Link:
        """The same; the old password and all logins are over at once.

        With `second_factor` theirs is removed too. One's own password is changed, not
        reset. Raises UnknownAgent, Forbidden, OwnAccount.
        """
        if actor is not None and actor.agent_id == agent_id:
            raise OwnAccount
        values: dict[str, Any] = {"password_hash": ""}
        if second_factor:
            values |= people.NO_SECOND_FACTOR
        async with self._database.write() as tx:
            await self._managed(tx, actor, agent_id)
            await agents.change(tx, agent_id, values)
            await logins.remove_of(tx, agent_id)
            open_ones = await people.connections(tx, agent_id)
            link = await issue(tx, agent_id, self._clock(), self._link_lasts)
        await self._disconnect(open_ones)
        return link

    async def change(
        self, actor: Agent | None, agent_id: str, changes: Changes
    ) -> Person:
        """Changes an account; another role ends its logins.

        Raises UnknownAgent, Forbidden, OwnAccount, LastOwner.
        """
        async with self._database.write() as tx:
            owners = await people.lock_owners(tx)
            actor, agent = await self._managed(tx, actor, agent_id)
            is_promoted = changes.role is not None and changes.role != agent.role
            if changes.role is not None and not may_manage(actor, changes.role):
                raise Forbidden
            if changes.is_disabled and actor and actor.agent_id == agent_id:
                raise OwnAccount
            if changes.is_disabled or (is_promoted and agent.role == OWNER):
                _check_not_last(owners, agent_id)
            columns = changes.columns()
            open_ones = []
            if changes.is_disabled or _is_told_anew(agent, columns):
                open_ones = await people.connections(tx, agent_id)
            if columns:
                await agents.change(tx, agent_id, columns)
            if is_promoted:
                await logins.remove_of(tx, agent_id)
            if changes.is_disabled:
                await people.disable(tx, agent_id, self._clock())
            elif changes.is_disabled is False:
                await agents.change(tx, agent_id, {"disabled_at": None})
        await self._follow(agent_id, open_ones, has_left=bool(changes.is_disabled))
        return await self.one(agent_id)

    async def delete(self, actor: Agent | None, agent_id: str) -> None:
        """Removes an account; the log keeps the name.

        Raises UnknownAgent, Forbidden, OwnAccount, LastOwner.
        """
        async with self._database.write() as tx:
            owners = await people.lock_owners(tx)
            await self._managed(tx, actor, agent_id)
            if actor and actor.agent_id == agent_id:
                raise OwnAccount
            _check_not_last(owners, agent_id)
            open_ones = await people.connections(tx, agent_id)
            await people.erase(tx, agent_id, self._clock())
        await self._follow(agent_id, open_ones, has_left=True)

    async def sessions(self, actor: Agent | None, agent_id: str) -> list[Login]:
        """Their logins, newest first; one's own too. Raises UnknownAgent, Forbidden."""
        async with self._database.read() as tx:
            await self._seen(tx, actor, agent_id, lock=False)
            return await logins.of_agent(tx, agent_id, self._clock())

    async def end_sessions(
        self,
        actor: Agent | None,
        agent_id: str,
        login_id: str | None = None,
        *,
        but: str | None = None,
    ) -> list[str]:
        """Ends one login or all, but one; gives them.

        Raises UnknownAgent, Forbidden, UnknownLogin.
        """
        async with self._database.write() as tx:
            await self._seen(tx, actor, agent_id)
            if login_id is None:
                return await logins.remove_of(tx, agent_id, but=but)
            known = await logins.of_agent(tx, agent_id, self._clock())
            if login_id not in {one.login_id for one in known}:
                raise UnknownLogin
            await logins.remove(tx, login_id)
            return [login_id]

    async def _by_now(self, tx: Connection, actor: Agent | None) -> Agent | None:
        """Who acts, as they are by now. Raises Forbidden for who is disabled."""
        if actor is None:
            return None
        # They may have been disabled, or given another role, meanwhile.
        found = await agents.load(tx, actor.agent_id)
        if found is None or found.disabled_at is not None:
            raise Forbidden
        return found

    async def _managed(
        self, tx: Connection, actor: Agent | None, agent_id: str, *, lock: bool = True
    ) -> tuple[Agent | None, Agent]:
        """Who acts, as they are by now, and the account, with its row locked.

        Raises UnknownAgent, Forbidden.
        """
        actor = await self._by_now(tx, actor)
        agent = await people.load(tx, agent_id, lock=lock)
        if agent is None:
            raise UnknownAgent
        if not may_manage(actor, agent.role):
            raise Forbidden
        return actor, agent

    async def _seen(
        self, tx: Connection, actor: Agent | None, agent_id: str, *, lock: bool = True
    ) -> None:
        if actor is None or actor.agent_id != agent_id:
            await self._managed(tx, actor, agent_id, lock=lock)

    async def _follow(
        self, agent_id: str, open_ones: Sequence[str], *, has_left: bool
    ) -> None:
        await self._disconnect(open_ones)
        if self._consequences is None:
            return
        if has_left:
            await self._consequences.left(agent_id)
        else:
            await self._consequences.changed(agent_id)

    async def _disconnect(self, open_ones: Sequence[str]) -> None:
        if self._consequences is not None:
            await self._consequences.disconnect(open_ones)


def _is_told_anew(agent: Agent, columns: dict[str, Any]) -> bool:
    """Whether their connections hold what is no longer true; they come back at once."""
    names = {"name", "role", "team"} & {*columns}
    return any(getattr(agent, name) != columns[name] for name in names)


def _check_not_last(owners: set[str], agent_id: str) -> None:
    if owners == {agent_id}:
        raise LastOwner
