"""Signed identities: what the shop's own site says of its customer, and until when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from pydantic import ValidationError

from handoff_bridge.errors import TokenExpired, TokenInvalid
from handoff_bridge.protocol.identity import IdentityClaims
from handoff_bridge.protocol.parsing import first_mistake
from handoff_bridge.service.ports import Clock

# The shop's clock and ours may differ by this much.
LEEWAY = timedelta(seconds=60)


@dataclass(frozen=True)
class Identity:
    """A customer whom the shop's own site vouches for until `ends_at`."""

    customer_id: str
    name: str | None
    email: str | None
    ends_at: datetime
    # The channel of the chats that it begins, where that is not the web.
    channel: str | None = None


class Identities:
    """Reads the tokens of the shop's own site."""

    def __init__(self, secret: str, clock: Clock) -> None:
        """`secret` is the key with which the shop signs."""
        self._secret = secret
        self._clock = clock

    def read(self, token: str) -> Identity:
        """The identity of a token.

        Raises TokenInvalid, naming the claim that is wrong, and TokenExpired.
        """
        claims = self._claims(token)
        ends_at = datetime.fromtimestamp(claims.exp, UTC) + LEEWAY
        if ends_at <= self._clock():
            raise TokenExpired
        return Identity(
            claims.customer_id, claims.name, claims.email, ends_at, claims.channel
        )

    def _claims(self, token: str) -> IdentityClaims:
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                leeway=LEEWAY,
                # By our own clock, below.
                options={"verify_exp": False},
            )
        except jwt.PyJWTError as error:
            raise TokenInvalid from error
        try:
            return IdentityClaims.model_validate(claims)
        except ValidationError as error:
            raise TokenInvalid(f"The identity's {first_mistake(error)}") from error
