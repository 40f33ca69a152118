"""Agents' accounts: password hashes, logins, roles."""

import asyncio
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from handoff_bridge.conversation.states import Presence
from handoff_bridge.errors import LoginRefused, TokenExpired, TokenInvalid
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import agents, logins
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


@dataclass(frozen=True)
class SignedIn:
    """An agent, and the login of theirs that a token belongs to."""

    agent: Agent
    login_id: str


class Accounts:
    """Use cases of signing in."""

    def __init__(self, database: Database, clock: Clock, secret: str) -> None:
        """`secret` signs the tokens; changing it signs everyone out."""
        self._database = database
        self._clock = clock
        self._secret = secret
        self._hasher = PasswordHasher()

    async def put(self, new: NewAgent, password: str) -> None:
        """Adds an account, or sets its password anew, which ends all its logins."""
        async with self._database.read() as tx:
            known = await agents.by_email(tx, new.email)
        hashed = known.password_hash if known else ""
        is_same = await asyncio.to_thread(self._matches, hashed, password)
        if not is_same:
            hashed = await asyncio.to_thread(self._hasher.hash, password)
        async with self._database.write() as tx:
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
            if known and not is_same:
                await logins.remove_of(tx, agent.agent_id)

    async def login(self, email: str, password: str) -> tuple[str, Agent]:
        """A token and its agent. Raises LoginRefused."""
        async with self._database.read() as tx:
            agent = await agents.by_email(tx, email)
        hashed = agent.password_hash if agent else None
        matches = await asyncio.to_thread(self._matches, hashed, password)
        if agent is None or not matches:
            raise LoginRefused
        login_id, ends_at = secrets.token_hex(16), self._clock() + LOGIN_LASTS
        async with self._database.write() as tx:
            await logins.create(tx, login_id, agent.agent_id, ends_at)
        return self._token(agent, login_id, ends_at), agent

    async def logout(self, token: str) -> str:
        """Ends the token's login, and gives it. Raises TokenInvalid, TokenExpired."""
        login_id = self._claims(token)["jti"]
        async with self._database.write() as tx:
            await logins.remove(tx, login_id)
        return str(login_id)

    async def signed_in(self, token: str) -> SignedIn:
        """Whose token it is. Raises TokenInvalid, TokenExpired."""
        claims = self._claims(token)
        login_id = str(claims["jti"])
        async with self._database.read() as tx:
            agent = await logins.agent_of(tx, login_id, self._clock())
        if agent is None or agent.agent_id != claims["sub"]:
            raise TokenInvalid
        return SignedIn(agent, login_id)

    async def ended(self, login_ids: Collection[str]) -> set[str]:
        """Those of the logins that have ended or run out."""
        async with self._database.read() as tx:
            return {*login_ids} - await logins.living(tx, login_ids, self._clock())

    async def remove_expired(self) -> None:
        """Forgets the logins that have run out."""
        async with self._database.write() as tx:
            await logins.remove_expired(tx, self._clock())

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                options={"require": ["exp", "sub", "jti"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenExpired from error
        except jwt.PyJWTError as error:
            raise TokenInvalid from error
        return claims

    @cached_property
    def _decoy(self) -> str:
        """Checked when the email is unknown, so that both answers take equally long."""
        return self._hasher.hash(secrets.token_hex(8))

    def _matches(self, hashed: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(hashed or self._decoy, password)
        except Argon2Error:
            return False

    def _token(self, agent: Agent, login_id: str, ends_at: datetime) -> str:
        claims = {
            "sub": agent.agent_id,
            "jti": login_id,
            "aud": AUDIENCE,
            "exp": ends_at,
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")
