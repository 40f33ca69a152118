"""The second factor: codes of an authenticator app (TOTP), and recovery codes."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp

from handoff_bridge.errors import (
    PasswordWrong,
    SecondFactorNeeded,
    SecondFactorNotBegun,
    SecondFactorRequired,
    SecondFactorWrong,
)
from handoff_bridge.service.passwords import Passwords
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import agents, logins, people, second_factors
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection, Database

STEP_SECS = 30
# Clocks go wrong, and typing takes a while: the step before and after are good too.
STEPS_AROUND = 1
RECOVERY_CODES = 10
RECOVERY_GROUPS, RECOVERY_GROUP_CHARS = 4, 4


@dataclass(frozen=True)
class Enrolment:
    """A secret that is to be confirmed, and its address for authenticator apps."""

    secret: str
    uri: str


async def redeem(
    tx: Connection, agent_id: str, code: str | None, now: datetime
) -> None:
    """Uses a code up, if the account needs one. Call inside the transaction of it.

    Raises SecondFactorNeeded, SecondFactorWrong.
    """
    kept = await second_factors.load(tx, agent_id)
    if kept.secret is None:
        return
    if not code:
        raise SecondFactorNeeded
    plain = "".join(code.split()).replace("-", "").lower()
    if plain.isdecimal():
        step = _step_of(kept.secret, plain, now)
        if step is None or step <= kept.used_step:
            raise SecondFactorWrong
        await agents.change(tx, agent_id, {"totp_used_step": step})
        return
    left = [one for one in kept.recovery_hashes if one != _hash(plain)]
    if left == kept.recovery_hashes:
        raise SecondFactorWrong
    await agents.change(tx, agent_id, {"recovery_hashes": left})


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to, of those around now."""
    totp = pyotp.TOTP(secret, interval=STEP_SECS)
    this = int(now.timestamp()) // STEP_SECS
    for step in range(this - STEPS_AROUND, this + STEPS_AROUND + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


def _hash(code: str) -> str:
    # 80 random bits: nobody finds them by trying, so the hash need not be slow.
    return hashlib.sha256(code.encode()).hexdigest()


def _recovery_codes() -> list[str]:
    return [
        "-".join(
            pyotp.random_base32(32)[:RECOVERY_GROUP_CHARS].lower()
            for _ in range(RECOVERY_GROUPS)
        )
        for _ in range(RECOVERY_CODES)
    ]


class SecondFactors:
    """Use cases of somebody who is signed in."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        passwords: Passwords,
        issuer: str,
        *,
        is_required: bool,
    ) -> None:
        """`issuer` is what apps show; `is_required` of everybody."""
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._issuer = issuer
        self._is_required = is_required

    async def begin(self, agent: Agent, code: str | None) -> Enrolment:
        """A new secret, of no use until it is confirmed.

        Whoever has a second factor needs a code of it. Raises SecondFactorNeeded,
        SecondFactorWrong.
        """
        secret = pyotp.random_base32()
        async with self._database.write() as tx:
            await redeem(tx, agent.agent_id, code, self._clock())
            await agents.change(tx, agent.agent_id, {"totp_pending": secret})
        totp = pyotp.TOTP(secret, interval=STEP_SECS)
        uri = totp.provisioning_uri(name=agent.email, issuer_name=self._issuer)
        return Enrolment(secret, uri)

    async def confirm(self, agent: Agent, login_id: str, code: str) -> Sequence[str]:
        """The secret is in force; gives recovery codes, shown this once.

        Other logins of theirs end. Raises SecondFactorNotBegun, SecondFactorWrong.
        """
        codes = _recovery_codes()
        async with self._database.write() as tx:
            kept = await second_factors.load(tx, agent.agent_id)
            if kept.pending is None:
                raise SecondFactorNotBegun
            plain = "".join(code.split())
            step = _step_of(kept.pending, plain, self._clock())
            if step is None:
                raise SecondFactorWrong
            await agents.change(
                tx,
                agent.agent_id,
                {
                    "totp_secret": kept.pending,
                    "totp_pending": None,
                    "totp_used_step": step,
                    "recovery_hashes": [_hash(one.replace("-", "")) for one in codes],
                },
            )
            await logins.remove_of(tx, agent.agent_id, but=login_id)
        return codes

    async def remove(self, agent: Agent, code: str, password: str) -> None:
        """Back to the password alone.

        Raises SecondFactorRequired, PasswordWrong, SecondFactorNotBegun,
        SecondFactorNeeded, SecondFactorWrong.
        """
        if self._is_required:
            raise SecondFactorRequired
        if not await self._passwords.matches(agent.password_hash, password):
            raise PasswordWrong
        async with self._database.write() as tx:
            if (await second_factors.load(tx, agent.agent_id)).secret is None:
                raise SecondFactorNotBegun
            await redeem(tx, agent.agent_id, code, self._clock())
            await agents.change(tx, agent.agent_id, people.NO_SECOND_FACTOR)

    async def recovery_codes_left(self, agent: Agent) -> int:
        """How many there are."""
        async with self._database.read() as tx:
            kept = await second_factors.load(tx, agent.agent_id, lock=False)
        return len(kept.recovery_hashes)
