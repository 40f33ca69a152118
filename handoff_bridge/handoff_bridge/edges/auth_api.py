"""HTTP under /api/v1/auth: signing in and out, one's own password and second factor."""

from contextlib import suppress
from typing import Annotated, Any

import segno
import structlog
from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import (
    NO_AGENT,
    CurrentLogin,
    EnrollingLogin,
    OwnPage,
    agents_token,
)
from handoff_bridge.edges.bodies import read_json
from handoff_bridge.edges.headers import CLEAR_SITE_DATA
from handoff_bridge.edges.inbox import COOKIE
from handoff_bridge.edges.limits import network_of
from handoff_bridge.edges.oidc import FLOW_LASTS, OidcProvider
from handoff_bridge.edges.user_agents import short_form
from handoff_bridge.errors import (
    AccountDisabled,
    BridgeError,
    Forbidden,
    InvitationInvalid,
    LoginRefused,
    NotAvailable,
    OidcRefused,
    PasswordIsEmail,
    PasswordTooShort,
    PasswordWrong,
    RateLimited,
    SecondFactorNeeded,
    SecondFactorNotBegun,
    SecondFactorRequired,
    SecondFactorWrong,
)
from handoff_bridge.protocol import http, people
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.http import Login
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.accounts import (
    LOGIN_LASTS,
    Client,
    Credentials,
    SignedIn,
)

logger = structlog.get_logger()

router = APIRouter(prefix="/auth", tags=["accounts"], dependencies=[OwnPage])
OIDC_COOKIE = "tandem_oidc"
OIDC_PATH = "/api/v1/auth/oidc"
# What the page shows of a sign-in at the provider that came to nothing.
REFUSED = "/inbox#sign-in-refused="


def _bridge(request: Request) -> Any:
    return request.app.state.bridge


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def client_of(request: Request) -> Client:
    """From where a request comes, as it is kept with a login."""
    agent = short_form(request.headers.get("user-agent", ""))
    return Client(_address(request), agent)


def _set_cookie(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LOGIN_LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


@router.get("/options", **answers(people.SignInOptions))
async def options(request: Request) -> JsonAnswer:
    """How people sign in here."""
    bridge = _bridge(request)
    return sent(
        people.SignInOptions(
            oidc=bridge.oidc is not None, second_factor=bridge.settings.second_factor
        )
    )


@router.post(
    "/login",
    **answers(
        http.LoggedIn,
        LoginRefused,
        AccountDisabled,
        SecondFactorNeeded,
        SecondFactorWrong,
        Forbidden,
        RateLimited,
        takes=Login,
    ),
)
async def login(request: Request) -> JsonAnswer:
    """Signs an agent in: a token, and the same as a cookie for our pages."""
    call = parse(Login, await read_json(request))
    bridge = _bridge(request)
    address = network_of(_address(request))
    account = call.email.strip().lower()
    bridge.login_floods.check(address)
    bridge.login_limits.check(f"{address} {account}")
    # Guesses may come from many addresses.
    bridge.account_limits.check(account)
    token, agent = await bridge.accounts.login(
        Credentials(call.email, call.password, call.code), client_of(request)
    )
    signed_in = await bridge.accounts.signed_in(token, may_enrol=True)
    response = sent(http.LoggedIn(token=token, agent=_me(signed_in)))
    _set_cookie(request, response, token)
    return response


@router.post("/logout", **answers(Done, Forbidden))
async def logout(request: Request) -> JsonAnswer:
    """Ends the login, with its open connections, and takes the cookie back."""
    bridge = _bridge(request)
    with suppress(*NO_AGENT):
        login_id = await bridge.accounts.logout(agents_token(request))
        await bridge.logins.end([login_id])
    response = sent(Done())
    response.headers.update(CLEAR_SITE_DATA)
    response.delete_cookie(COOKIE, samesite="strict", httponly=True)
    return response


@router.get("/me", **answers(http.Me, *NO_AGENT))
async def me(signed_in: EnrollingLogin) -> JsonAnswer:
    """Who is signed in."""
    return sent(_me(signed_in))


def _me(signed_in: SignedIn) -> http.Me:
    agent = signed_in.agent
    return http.Me.model_validate(
        {
            "agent_id": agent.agent_id,
            "name": agent.name,
            "email": agent.email,
            "role": agent.role,
            "team": agent.team or None,
            "second_factor": agent.totp_secret is not None,
            "must_enrol": signed_in.must_enrol,
        }
    )


@router.post(
    "/invitation/look",
    **answers(
        people.Invited,
        InvitationInvalid,
        Forbidden,
        RateLimited,
        takes=people.InvitationLook,
    ),
)
async def look_at_invitation(request: Request) -> JsonAnswer:
    """For whom a link is."""
    call = parse(people.InvitationLook, await read_json(request))
    bridge = _bridge(request)
    bridge.login_floods.check(network_of(_address(request)))
    found = await bridge.invitations.look(call.token)
    return sent(
        people.Invited(
            email=found.agent.email,
            name=found.agent.name,
            first=not found.agent.password_hash,
            expires_at=found.expires_at,
        )
    )


@router.post(
    "/invitation",
    **answers(
        people.InvitationAccepted,
        InvitationInvalid,
        PasswordTooShort,
        PasswordIsEmail,
        Forbidden,
        RateLimited,
        takes=people.InvitationAccept,
    ),
)
async def accept_invitation(request: Request) -> JsonAnswer:
    """Sets the password; the link is used up, and old logins end."""
    call = parse(people.InvitationAccept, await read_json(request))
    bridge = _bridge(request)
    bridge.login_floods.check(network_of(_address(request)))
    agent = await bridge.invitations.accept(call.token, call.password)
    return sent(people.InvitationAccepted(email=agent.email))


@router.post(
    "/password",
    **answers(
        Done,
        *NO_AGENT,
        PasswordWrong,
        PasswordTooShort,
        PasswordIsEmail,
        Forbidden,
        RateLimited,
        takes=people.PasswordChange,
    ),
)
async def change_password(request: Request, signed_in: CurrentLogin) -> JsonAnswer:
    """One's own password; all other logins end."""
    call = parse(people.PasswordChange, await read_json(request))
    bridge = _bridge(request)
    bridge.account_limits.check(signed_in.agent.email)
    await bridge.accounts.change_password(signed_in, call.present, call.password)
    return sent(Done())


@router.get("/totp", **answers(people.SecondFactorState, *NO_AGENT))
async def second_factor(request: Request, signed_in: EnrollingLogin) -> JsonAnswer:
    """One's own second factor."""
    bridge, agent = _bridge(request), signed_in.agent
    return sent(
        people.SecondFactorState(
            enrolled=agent.totp_secret is not None,
            required=bridge.settings.second_factor == "required",
            recovery_codes_left=await bridge.second_factors.recovery_codes_left(agent),
        )
    )


@router.post(
    "/totp",
    **answers(
        people.SecondFactorBegun,
        *NO_AGENT,
        SecondFactorNeeded,
        SecondFactorWrong,
        Forbidden,
        RateLimited,
        takes=people.SecondFactorBegin,
    ),
)
async def begin_second_factor(
    request: Request, signed_in: EnrollingLogin
) -> JsonAnswer:
    """A new secret for an authenticator app, in force once it is confirmed."""
    call = parse(people.SecondFactorBegin, await read_json(request))
    bridge = _bridge(request)
    bridge.account_limits.check(signed_in.agent.email)
    begun = await bridge.second_factors.begin(signed_in.agent, call.code)
    picture = segno.make(begun.uri, error="m").svg_data_uri(
        scale=4, dark="#000", light="#fff"
    )
    return sent(
        people.SecondFactorBegun(secret=begun.secret, uri=begun.uri, qr=picture)
    )


@router.post(
    "/totp/confirm",
    **answers(
        people.RecoveryCodes,
        *NO_AGENT,
        SecondFactorNotBegun,
        SecondFactorWrong,
        Forbidden,
        RateLimited,
        takes=people.SecondFactorConfirm,
    ),
)
async def confirm_second_factor(
    request: Request, signed_in: EnrollingLogin
) -> JsonAnswer:
    """Puts it in force, and gives recovery codes. Other logins end."""
    call = parse(people.SecondFactorConfirm, await read_json(request))
    bridge = _bridge(request)
    bridge.account_limits.check(signed_in.agent.email)
    codes = await bridge.second_factors.confirm(
        signed_in.agent, signed_in.login_id, call.code
    )
    return sent(people.RecoveryCodes(recovery_codes=list(codes)))


@router.post(
    "/totp/remove",
    **answers(
        Done,
        *NO_AGENT,
        SecondFactorRequired,
        SecondFactorNotBegun,
        SecondFactorWrong,
        PasswordWrong,
        Forbidden,
        RateLimited,
        takes=people.SecondFactorRemove,
    ),
)
async def remove_second_factor(request: Request, signed_in: CurrentLogin) -> JsonAnswer:
    """Back to the password alone."""
    call = parse(people.SecondFactorRemove, await read_json(request))
    bridge = _bridge(request)
    bridge.account_limits.check(signed_in.agent.email)
    await bridge.second_factors.remove(signed_in.agent, call.code, call.password)
    return sent(Done())


def _provider(request: Request) -> OidcProvider:
    provider: OidcProvider | None = _bridge(request).oidc
    if provider is None:
        raise NotAvailable
    return provider


def _callback(request: Request) -> str:
    return f"{_bridge(request).settings.public}{OIDC_PATH}/callback"


@router.get("/oidc", response_class=Response, **answers("text/html", NotAvailable))
async def oidc(request: Request) -> Response:
    """Sends the browser to the provider of OpenID Connect."""
    provider = _provider(request)
    try:
        _bridge(request).login_floods.check(network_of(_address(request)))
        flow = await provider.begin(_callback(request))
    except BridgeError as error:
        return RedirectResponse(REFUSED + error.code, 303)
    response = RedirectResponse(flow.url, 303)
    response.set_cookie(
        OIDC_COOKIE,
        flow.cookie,
        max_age=int(FLOW_LASTS.total_seconds()),
        path=OIDC_PATH,
        httponly=True,
        # The provider's page sends the browser back: that is another site.
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


@router.get(
    "/oidc/callback", response_class=Response, **answers("text/html", NotAvailable)
)
async def oidc_callback(
    request: Request,
    code: Annotated[str, Query(max_length=4_000)] = "",
    state: Annotated[str, Query(max_length=1_000)] = "",
) -> Response:
    """The browser comes back from there: signed in, or told on the page why not."""
    provider, bridge = _provider(request), _bridge(request)
    try:
        bridge.login_floods.check(network_of(_address(request)))
        cookie = request.cookies.get(OIDC_COOKIE)
        if not cookie or not code:
            raise OidcRefused
        vouched = await provider.finish(cookie, state, code, _callback(request))
        token, _ = await bridge.accounts.login_by_subject(
            vouched.subject, vouched.verified_email, client_of(request)
        )
    except BridgeError as error:
        logger.info("oidc_sign_in_refused", error=error.code)
        response = RedirectResponse(REFUSED + error.code, 303)
    else:
        response = RedirectResponse("/inbox", 303)
        _set_cookie(request, response, token)
    response.delete_cookie(OIDC_COOKIE, path=OIDC_PATH)
    return response
