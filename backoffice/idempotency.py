"""Runs a write once for each idempotency key, however often it is asked for.

The key's row, what the write changed and the answer are one transaction. Refusals
are answers too: what they wrote (a counted attempt, say) and they themselves stay.
Answers to requests that were never understood (401, 422 of a field) or that broke
(500) are not kept, so a corrected or repeated request runs.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from backoffice.database import writing
from backoffice.errors import IdempotencyKeyReused, Refusal
from backoffice.tables import StoredAnswer

Work = Callable[[Session, datetime], dict[str, Any]]


@dataclass(frozen=True)
class Once:
    """One write request, ready to run."""

    engine: Engine
    now: datetime
    key: str | None
    content: bytes  # method, path and body, in one form

    def __call__(self, work: Work) -> JSONResponse:
        """Runs `work(session, now)` unless the key was answered before.

        Raises:
            IdempotencyKeyReused: the key came with another request.
        """
        with writing(self.engine) as session:
            stored = session.get(StoredAnswer, self.key) if self.key else None
            if stored is not None:
                return self._repeat(stored)
            status, body = self._run(session, work)
            if self.key:
                session.add(self._stored(status, body))
        return JSONResponse(body, status)

    def _run(self, session: Session, work: Work) -> tuple[int, dict[str, Any]]:
        try:
            return 200, work(session, self.now)
        except Refusal as refusal:
            return refusal.status, refusal.answer()

    def _repeat(self, stored: StoredAnswer) -> JSONResponse:
        if not hmac.compare_digest(
            _fingerprint(stored.salt, self.content), stored.fingerprint
        ):
            raise IdempotencyKeyReused("This key came before with another request.")
        headers = {"Idempotency-Replayed": "true"}
        return JSONResponse(json.loads(stored.body), stored.status, headers)

    def _stored(self, status: int, body: dict[str, Any]) -> StoredAnswer:
        # salted, since the body may be hardly more than a six-digit code
        salt = secrets.token_bytes(16)
        return StoredAnswer(
            key=self.key,
            salt=salt,
            fingerprint=_fingerprint(salt, self.content),
            status=status,
            body=json.dumps(body),
            answered_at=self.now,
        )


def _fingerprint(salt: bytes, content: bytes) -> bytes:
    return hashlib.sha256(salt + content).digest()


def _one_form(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except ValueError:
        return body.decode("latin-1")


async def _once(
    request: Request,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Once:
    body = _one_form(await request.body())
    return Once(
        engine=request.app.state.engine,
        now=request.app.state.clock(),
        key=idempotency_key,
        content=f"{request.method} {request.url.path}\n{body}".encode(),
    )


WriteOnce = Annotated[Once, Depends(_once)]
