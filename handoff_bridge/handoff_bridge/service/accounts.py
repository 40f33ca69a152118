"""Agents' accounts: password hashes, logins, roles."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from handoff_bridge.conversation.states import Presence
from handoff_bridge.errors import LoginRefused, TokenExpired, TokenInvalid
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import agents
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Database

LOGIN_LASTS = timedelta(hours=12)
AUDIENCE = "inbox"
DEFAULT_CAPACITY = 5


@dataclass(frozen=True)
class NewAgent:
    """What an account is made from."""

    email: str
    name: str
    role: str
    team: str | None = None


class Accounts:
    """Use cases of signing in."""

    def __init__(self, database: Database, clock: Clock, secret: str) -> None:
        """`secret` signs the tokens; changing it signs everyone out."""
        self._database = database
        self._clock = clock
        self._secret = secret
        self._hasher = PasswordHasher()

    async def put(self, new: NewAgent, password: str) -> None:
        """Adds an account, or sets its password anew."""
        hashed = await asyncio.to_thread(self._hasher.hash, password)
        async with self._database.write() as tx:
            known = await agents.by_email(tx, new.email)
            agent = Agent(
                agent_id=known.agent_id if known else secrets.token_hex(8),
                email=new.email.strip().lower(),
                name=new.name,
                team=new.team,
                role=new.role,
                password_hash=hashed,
                status=known.status if known else Presence.OFFLINE,
                capacity=known.capacity if known else DEFAULT_CAPACITY,
            )
            await agents.put(tx, agent)

    async def login(self, email: str, password: str) -> tuple[str, Agent]:
        """A token and its agent. Raises LoginRefused."""
        async with self._database.read() as tx:
            agent = await agents.by_email(tx, email)
        hashed = agent.password_hash if agent else None
        matches = await asyncio.to_thread(self._matches, hashed, password)
        if agent is None or not matches:
            raise LoginRefused
        return self._token(agent), agent

    async def agent_of(self, token: str) -> Agent:
        """Whose token it is. Raises TokenInvalid, TokenExpired."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                options={"require": ["exp", "sub"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenExpired from error
        except jwt.PyJWTError as error:
            raise TokenInvalid from error
        async with self._database.read() as tx:
            agent = await agents.load(tx, str(claims.get("sub")))
        if agent is None:
            raise TokenInvalid
        return agent

    @cached_property
    def _decoy(self) -> str:
        """Checked when the email is unknown, so that both answers take equally long."""
        return self._hasher.hash(secrets.token_hex(8))

    def _matches(self, hashed: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(hashed or self._decoy, password)
        except Argon2Error:
            return False

    def _token(self, agent: Agent) -> str:
        claims = {
            "sub": agent.agent_id,
            "aud": AUDIENCE,
            "exp": self._clock() + LOGIN_LASTS,
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")
