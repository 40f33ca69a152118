"""Signing in at a provider of OpenID Connect: code flow, PKCE, state and nonce."""

import hmac
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import structlog
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt as signed
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from handoff_bridge.errors import BridgeError, OidcRefused

logger = structlog.get_logger()

TIMEOUT_SECS = 10.0
# To sign in at the provider, second factor included.
FLOW_LASTS = timedelta(minutes=10)
# Signed with the provider's own keys: never with a secret, never not at all.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
CLOCK_LEEWAY_SECS = 60
DISCOVERY = "/.well-known/openid-configuration"
AUDIENCE = "oidc-flow"


@dataclass(frozen=True)
class Vouched:
    """Whom the provider vouches for; the email only if the provider has verified it."""

    subject: str
    verified_email: str | None


@dataclass(frozen=True)
class Flow:
    """Where the browser goes, and what it has to bring back, signed by us."""

    url: str
    cookie: str


class OidcProvider:
    """One provider, found by its issuer's discovery document."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: str, signing_secret: str
    ) -> None:
        """`signing_secret` is our own, for what the browser keeps meanwhile."""
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._signing_secret = signing_secret
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECS)

    async def begin(self, redirect_uri: str) -> Flow:
        """Raises OidcRefused where the provider does not answer."""
        found = await self._discover()
        state, nonce, verifier = (generate_token(48) for _ in range(3))
        url = prepare_grant_uri(
            found["authorization_endpoint"],
            client_id=self._client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope="openid email",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        kept = {"state": state, "nonce": nonce, "verifier": verifier}
        kept |= {"aud": AUDIENCE, "exp": datetime.now(UTC) + FLOW_LASTS}
        return Flow(url, jwt.encode(kept, self._signing_secret, algorithm="HS256"))

    async def finish(
        self, cookie: str, state: str, code: str, redirect_uri: str
    ) -> Vouched:
        """Whom the provider has sent back. Raises OidcRefused."""
        kept = self._kept(cookie)
        if not hmac.compare_digest(kept["state"].encode(), state.encode()):
            raise _refused("state")
        found = await self._discover()
        tokens = await self._ask(
            "POST",
            found["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": kept["verifier"],
            },
            auth=httpx.BasicAuth(self._client_id, self._client_secret),
        )
        keys = await self._ask("GET", found["jwks_uri"])
        claims = self._verified(tokens, keys, kept["nonce"])
        is_verified = claims.get("email_verified") is True
        email = str(claims.get("email") or "").strip().lower()
        subject = f"{self._issuer} {claims['sub']}"
        return Vouched(subject, email if is_verified and email else None)

    async def close(self) -> None:
        """Gives the connections back."""
        await self._http.aclose()

    def _kept(self, cookie: str) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = jwt.decode(
                cookie, self._signing_secret, algorithms=["HS256"], audience=AUDIENCE
            )
        except jwt.PyJWTError as error:
            raise _refused("cookie") from error
        return kept

    def _verified(
        self, tokens: dict[str, Any], keys: dict[str, Any], nonce: str
    ) -> dict[str, Any]:
        try:
            token = signed.decode(
                str(tokens["id_token"]),
                KeySet.import_key_set(keys),  # type: ignore[arg-type]
                algorithms=ALGORITHMS,
            )
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": self._client_id},
            )
            claims.validate(now=int(time.time()), leeway=CLOCK_LEEWAY_SECS)
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise _refused(f"id_token: {type(error).__name__}") from error
        return dict(claims)

    async def _discover(self) -> dict[str, Any]:
        """Asked anew each time: it is seldom, and providers change their keys."""
        found = await self._ask("GET", self._issuer + DISCOVERY)
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise _refused("issuer")
        return found

    async def _ask(self, method: str, url: str, **request: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(method, url, **request)
            body = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise _refused(type(error).__name__) from error
        if not response.is_success or not isinstance(body, dict):
            raise _refused(f"status {response.status_code}")
        return body


def _refused(why: str) -> BridgeError:
    logger.warning("oidc_refused", reason=why)
    return OidcRefused()
