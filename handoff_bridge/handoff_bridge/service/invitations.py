"""Links by which people set their own password: a first one, or another."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff_bridge.errors import InvitationInvalid
from handoff_bridge.service.passwords import Passwords, check_password
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import agents, invitations, logins
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection, Database
from handoff_bridge.store.invitations import Invitation

TOKEN_BYTES = 24


@dataclass(frozen=True)
class Link:
    """What goes into a link, shown once, and until when it is good."""

    token: str
    expires_at: datetime


def hash_of(token: str) -> str:
    """What is kept of a token: 192 random bits, so the hash need not be slow."""
    return hashlib.sha256(token.encode()).hexdigest()


async def issue(tx: Connection, agent_id: str, now: datetime, lasts: timedelta) -> Link:
    """A new link; those before it are good no more."""
    link = Link(secrets.token_urlsafe(TOKEN_BYTES), now + lasts)
    await invitations.put(tx, hash_of(link.token), agent_id, now, link.expires_at)
    return link


class Invitations:
    """Use cases of somebody who has a link and is not signed in."""

    def __init__(self, database: Database, clock: Clock, passwords: Passwords) -> None:
        """`passwords` hashes what they set."""
        self._database = database
        self._clock = clock
        self._passwords = passwords

    async def look(self, token: str) -> Invitation:
        """For whom the link is. Raises InvitationInvalid."""
        async with self._database.read() as tx:
            found = await invitations.find(tx, hash_of(token), self._clock())
        if found is None:
            raise InvitationInvalid
        return found

    async def accept(self, token: str, password: str) -> Agent:
        """Sets the password; old logins end, and the link is used up.

        Raises InvitationInvalid, PasswordTooShort, PasswordIsEmail.
        """
        check_password(password, (await self.look(token)).agent.email)
        hashed = await self._passwords.hash(password)
        async with self._database.write() as tx:
            found = await invitations.find(tx, hash_of(token), self._clock(), lock=True)
            if found is None:
                raise InvitationInvalid
            agent_id = found.agent.agent_id
            await agents.change(tx, agent_id, {"password_hash": hashed})
            await invitations.remove_of(tx, agent_id)
            await logins.remove_of(tx, agent_id)
        return found.agent
