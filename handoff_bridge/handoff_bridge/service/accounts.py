"""Signing in: logins, and what ends them."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from handoff_bridge.conversation.states import Presence
from handoff_bridge.errors import (
    AccountDisabled,
    LoginRefused,
    OidcUnknown,
    PasswordWrong,
    SecondFactorRequired,
    TokenExpired,
    TokenInvalid,
)
from handoff_bridge.service.passwords import Passwords, check_password
from handoff_bridge.service.ports import Clock
from handoff_bridge.service.second_factor import redeem
from handoff_bridge.store import agents, invitations, logins, people
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection, Database
from handoff_bridge.store.logins import Login

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
    # A second factor, before anything else.
    must_enrol: bool = False


@dataclass(frozen=True)
class Client:
    """From where somebody signs in: their address, and what program it is."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True)
class Credentials:
    """What somebody signs in with; `code` is of the second factor."""

    email: str
    password: str
    code: str | None = None


class Accounts:
    """Use cases of signing in."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        secret: str,
        passwords: Passwords | None = None,
        *,
        needs_second_factor: bool = False,
    ) -> None:
        """`secret` signs the tokens; changing it signs everyone out.

        With `needs_second_factor` whoever has none may do nothing but set one up.
        """
        self._database = database
        self._clock = clock
        self._secret = secret
        self._passwords = passwords or Passwords()
        self._needs_second_factor = needs_second_factor

    async def put(self, new: NewAgent, password: str) -> None:
        """Adds an account, or sets it anew; another password ends all its logins."""
        async with self._database.read() as tx:
            known = await agents.by_email(tx, new.email)
        hashed = known.password_hash if known else ""
        is_same = await self._passwords.matches(hashed, password)
        if not is_same:
            hashed = await self._passwords.hash(password)
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
                skills=known.skills if known else {},
                languages=known.languages if known else [],
                totp_secret=known.totp_secret if known else None,
            )
            await agents.put(tx, agent)
            if known and not is_same:
                await logins.remove_of(tx, agent.agent_id)

    async def disable(self, email: str) -> None:
        """Whoever has that email may not sign in any more, if somebody has it."""
        async with self._database.write() as tx:
            agent = await agents.by_email(tx, email)
            if agent is not None:
                await people.disable(tx, agent.agent_id, self._clock())

    async def login(self, given: Credentials, client: Client) -> tuple[str, Agent]:
        """A token and its agent.

        Raises LoginRefused, AccountDisabled, SecondFactorNeeded, SecondFactorWrong.
        """
        async with self._database.read() as tx:
            agent = await agents.by_email(tx, given.email)
        hashed = agent.password_hash if agent else None
        matches = await self._passwords.matches(hashed, given.password)
        if agent is None or not matches:
            raise LoginRefused
        async with self._database.write() as tx:
            # As it is by now: hashing takes a while.
            current = await agents.load(tx, agent.agent_id, lock=True)
            if current is None or current.password_hash != hashed:
                raise LoginRefused
            if current.disabled_at is not None:
                raise AccountDisabled
            await redeem(tx, agent.agent_id, given.code, self._clock())
            return await self._open(tx, current, client, "password"), current

    async def login_by_subject(
        self, subject: str, verified_email: str | None, client: Client
    ) -> tuple[str, Agent]:
        """A token for whom the provider of OpenID Connect has vouched.

        They are found by `subject`; where nobody has it yet, by the email that the
        provider has verified. Raises OidcUnknown, AccountDisabled.
        """
        async with self._database.write() as tx:
            agent = await agents.by_subject(tx, subject)
            if agent is None and verified_email:
                agent = await agents.by_email(tx, verified_email)
                if agent is not None and not await agents.bind_subject(
                    tx, agent.agent_id, subject
                ):
                    raise OidcUnknown  # they are another one at the provider
            if agent is None:
                raise OidcUnknown
            current = await agents.load(tx, agent.agent_id, lock=True)
            if current is None or current.disabled_at is not None:
                raise AccountDisabled
            return await self._open(tx, current, client, "oidc"), current

    async def _open(
        self, tx: Connection, agent: Agent, client: Client, via: str
    ) -> str:
        now = self._clock()
        login = Login(
            secrets.token_hex(16),
            agent.agent_id,
            now + LOGIN_LASTS,
            now,
            now,
            client.address[:64],
            client.user_agent[:100],
            via,
        )
        await logins.create(tx, login)
        return self._token(agent, login.login_id, login.expires_at)

    async def change_password(
        self, signed_in: SignedIn, present: str, new: str
    ) -> None:
        """Their own; their other logins end, and so do links to set one.

        Raises PasswordWrong, PasswordTooShort, PasswordIsEmail.
        """
        agent = signed_in.agent
        if not await self._passwords.matches(agent.password_hash, present):
            raise PasswordWrong
        check_password(new, agent.email)
        hashed = await self._passwords.hash(new)
        async with self._database.write() as tx:
            current = await agents.load(tx, agent.agent_id, lock=True)
            if current is None or current.password_hash != agent.password_hash:
                raise PasswordWrong
            await agents.change(tx, agent.agent_id, {"password_hash": hashed})
            await logins.remove_of(tx, agent.agent_id, but=signed_in.login_id)
            await invitations.remove_of(tx, agent.agent_id)

    async def logout(self, token: str) -> str:
        """Ends the token's login, and gives it. Raises TokenInvalid, TokenExpired."""
        login_id = self._claims(token)["jti"]
        async with self._database.write() as tx:
            await logins.remove(tx, login_id)
        return str(login_id)

    async def signed_in(self, token: str, *, may_enrol: bool = False) -> SignedIn:
        """Whose token it is.

        With `may_enrol` also of somebody who has to set up a second factor first.
        Raises TokenInvalid, TokenExpired, SecondFactorRequired.
        """
        claims = self._claims(token)
        login_id, now = str(claims["jti"]), self._clock()
        async with self._database.read() as tx:
            holder = await logins.holder_of(tx, login_id, now)
        if holder is None or holder.agent.agent_id != claims["sub"]:
            raise TokenInvalid
        if holder.is_unseen:
            async with self._database.write() as tx:
                await logins.note_seen(tx, [login_id], now)
        must_enrol = self._must_enrol(holder.agent, holder.via)
        if must_enrol and not may_enrol:
            raise SecondFactorRequired
        return SignedIn(holder.agent, login_id, must_enrol)

    def _must_enrol(self, agent: Agent, via: str | None) -> bool:
        """Of somebody who comes from a provider, its second factor is its affair."""
        is_without = agent.totp_secret is None and via != "oidc"
        return self._needs_second_factor and is_without

    async def ended(self, login_ids: Collection[str]) -> set[str]:
        """Those of the logins that have ended or run out; the others are in use."""
        now = self._clock()
        async with self._database.read() as tx:
            living = await logins.living(tx, login_ids, now)
            unseen = await logins.unseen(tx, living, now)
        if unseen:
            async with self._database.write() as tx:
                await logins.note_seen(tx, unseen, now)
        return {*login_ids} - living

    async def remove_expired(self) -> None:
        """Forgets the logins that have run out, and the links."""
        async with self._database.write() as tx:
            await logins.remove_expired(tx, self._clock())
            await invitations.remove_expired(tx, self._clock())

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

    def _token(self, agent: Agent, login_id: str, ends_at: datetime) -> str:
        claims = {
            "sub": agent.agent_id,
            "jti": login_id,
            "aud": AUDIENCE,
            "exp": ends_at,
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")
