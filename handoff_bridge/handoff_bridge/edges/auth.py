"""Who calls the HTTP API: an agent, a customer's session, or one of our processes."""

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from handoff_bridge.edges.inbox import COOKIE
from handoff_bridge.errors import (
    Forbidden,
    SecondFactorRequired,
    TokenExpired,
    TokenInvalid,
    Unauthorized,
    UnknownSession,
)
from handoff_bridge.service.accounts import Accounts, SignedIn
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.conversations import Session

# What callers who are not who they have to be are told.
NO_AGENT = (Unauthorized, TokenInvalid, TokenExpired, SecondFactorRequired)
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


async def current_login(request: Request) -> SignedIn:
    """The login of the header or the cookie. Raises Unauthorized and its kin."""
    accounts: Accounts = request.app.state.bridge.accounts
    return await accounts.signed_in(agents_token(request))


async def enrolling_login(request: Request) -> SignedIn:
    """The same, also of somebody who has to set up a second factor first."""
    accounts: Accounts = request.app.state.bridge.accounts
    return await accounts.signed_in(agents_token(request), may_enrol=True)


async def current_agent(request: Request) -> Agent:
    """The agent of the header or the cookie. Raises Unauthorized and its kin."""
    return (await current_login(request)).agent


async def own_page(request: Request) -> None:
    """Raises Forbidden for a change that the page of another origin asks for.

    Other sites do not get our cookie to send it along, but another port of this host
    would: to browsers it is the same site.
    """
    origin = request.headers.get("origin")
    is_ours = not origin or urlsplit(origin).netloc == request.headers.get("host")
    if not is_ours and request.method not in ("GET", "HEAD"):
        raise Forbidden("Pages of other origins may not change anything here.")


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


CurrentLogin = Annotated[SignedIn, Depends(current_login)]
EnrollingLogin = Annotated[SignedIn, Depends(enrolling_login)]
CurrentAgent = Annotated[Agent, Depends(current_agent)]
CurrentSupervisor = Annotated[Agent, Depends(current_supervisor)]
CurrentSession = Annotated[Session, Depends(current_session)]
OwnPage = Depends(own_page)
OurProcess = Depends(our_process)
