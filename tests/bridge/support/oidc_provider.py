"""A small provider of OpenID Connect, which a test makes lie."""

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "tandem", "a-secret-of-the-client"


class Provider:
    """Signs in whoever `claims` say, without asking anybody."""

    def __init__(self) -> None:
        self.url = ""
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        # What the ID token says, over what it should.
        self.claims: dict[str, Any] = {"sub": "subject-1", "email_verified": True}
        self.signing_key = self.key
        self.codes: dict[str, dict[str, str]] = {}
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self._discovery)
        self.app.get("/keys")(self._keys)
        self.app.post("/token")(self._token)

    def authorize(self, url: str) -> dict[str, str]:
        """What the browser brings back from the provider's page."""
        asked = {name: one for name, [one] in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{self.url}/authorize?"), url
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= {*asked["scope"].split()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def _discovery(self) -> dict[str, str]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }

    def _keys(self) -> Any:
        return KeySet([self.key]).as_dict(private=False)

    def _token(
        self,
        request: Request,
        code: str = Form(),
        code_verifier: str = Form(),
        redirect_uri: str = Form(),
    ) -> Any:
        asked = self.codes.pop(code, None)
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        credentials = httpx.BasicAuth(CLIENT_ID, CLIENT_SECRET)._auth_header
        if request.headers.get("authorization") != credentials:
            return JSONResponse({"error": "invalid_client"}, 401)
        assert asked["redirect_uri"] == redirect_uri
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        header = {"alg": "RS256", "kid": "one"}
        return {"id_token": jwt.encode(header, claims, self.signing_key)}
