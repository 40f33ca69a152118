"""Who calls the HTTP API: an agent, a customer's session, or one of our processes."""

import hmac
from typing import Annotated

from fastapi import Depends, Request

from handoff_bridge.edges.inbox import COOKIE
from handoff_bridge.errors import (
    Forbidden,
    TokenExpired,
    TokenInvalid,
    Unauthorized,
    UnknownSession,
)
from handoff_bridge.service.accounts import Accounts
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.conversations import Session

# What callers who are not who they have to be are told.
NO_AGENT = (Unauthorized, TokenInvalid, TokenExpired)
NO_SESSION = (Unauthorized, UnknownSession, TokenExpired)


def bearer(request: Request) -> str | None:
    """The token of the Authorization header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def agents_token(request: Request) -> str:
    """The token of the header or the cookie. Raises Unauthorized."""
    token = bearer(request) or request.cookies.get(COOKIE)
    if token is None:
        raise Unauthorized
    return token


async def current_agent(request: Request) -> Agent:
    """The agent of the header or the cookie. Raises Unauthorized and its kin."""
    accounts: Accounts = request.app.state.bridge.accounts
    return (await accounts.signed_in(agents_token(request))).agent


async def current_supervisor(
    agent: Annotated[Agent, Depends(current_agent)],
) -> Agent:
    """The same, if they are a supervisor. Raises Forbidden."""
    if not agent.is_supervisor:
        raise Forbidden
    return agent


async def current_session(request: Request) -> Session:
    """The customer whose session id is the bearer token. Raises UnknownSession."""
    token = bearer(request)
    if token is None:
        raise Unauthorized("Send the session id as a bearer token.")
    session: Session = await request.app.state.bridge.sessions.find(token)
    return session


async def our_process(request: Request) -> None:
    """One of our own processes, by the service token. Raises Unauthorized."""
    expected = request.app.state.bridge.settings.service_token
    token = bearer(request) or ""
    if not hmac.compare_digest(token.encode(), expected.encode()):
        raise Unauthorized


CurrentAgent = Annotated[Agent, Depends(current_agent)]
CurrentSupervisor = Annotated[Agent, Depends(current_supervisor)]
CurrentSession = Annotated[Session, Depends(current_session)]
OurProcess = Depends(our_process)
