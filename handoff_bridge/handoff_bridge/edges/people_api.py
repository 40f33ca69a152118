"""HTTP under /api/v1/people: who belongs to the desk."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from handoff_bridge.conversation.states import Presence
from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import (
    NO_AGENT,
    CurrentLogin,
    CurrentSupervisor,
    OwnPage,
)
from handoff_bridge.edges.bodies import read_json
from handoff_bridge.errors import (
    EmailTaken,
    Forbidden,
    LastOwner,
    OwnAccount,
    UnknownAgent,
    UnknownLogin,
)
from handoff_bridge.models import MAX_ID
from handoff_bridge.protocol import people
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.invitations import Link
from handoff_bridge.service.people import Changes, NewPerson, may_manage
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.logins import Login
from handoff_bridge.store.people import Person

router = APIRouter(prefix="/people", tags=["people"], dependencies=[OwnPage])
# PostgreSQL cannot even compare with NUL.
PathId = Annotated[str, Path(max_length=MAX_ID, pattern=r"^[^\x00]+$")]
REFUSALS = (UnknownAgent, Forbidden, *NO_AGENT)


def _bridge(request: Request) -> Any:
    return request.app.state.bridge


def link_of(base: str, token: str) -> str:
    """The page that the link opens; what is behind # is in no server's log."""
    return f"{base}/admin#invitation={token}"


def _seen(actor: Agent, person: Person) -> people.Person:
    agent = person.agent
    account = "active" if person.can_sign_in else "invited"
    return people.Person.model_validate(
        {
            "agent_id": agent.agent_id,
            "name": agent.name,
            "email": agent.email,
            "role": agent.role,
            "team": agent.team or None,
            "account": "disabled" if agent.disabled_at else account,
            "status": Presence(agent.status),
            "load": person.load,
            "second_factor": agent.totp_secret is not None,
            "skills": agent.skills,
            "languages": agent.languages,
            "invited_until": person.invited_until,
            "last_seen_at": person.last_seen_at,
            "manageable": may_manage(actor, agent.role),
        }
    )


@router.get("", **answers(people.People, Forbidden, *NO_AGENT))
async def list_people(request: Request, actor: CurrentSupervisor) -> JsonAnswer:
    """Everybody, by name."""
    found = await _bridge(request).people.all()
    return sent(people.People(people=[_seen(actor, one) for one in found]))


@router.post(
    "",
    **answers(people.Person, EmailTaken, Forbidden, *NO_AGENT, takes=people.PersonAdd),
)
async def add_person(request: Request, actor: CurrentSupervisor) -> JsonAnswer:
    """Adds somebody, who is to be invited."""
    call = parse(people.PersonAdd, await read_json(request))
    new = NewPerson(call.email, call.name, call.role, call.team)
    return sent(_seen(actor, await _bridge(request).people.add(actor, new)))


@router.patch(
    "/{agent_id}",
    **answers(
        people.Person, *REFUSALS, OwnAccount, LastOwner, takes=people.PersonChange
    ),
)
async def change_person(
    request: Request, actor: CurrentSupervisor, agent_id: PathId
) -> JsonAnswer:
    """Changes an account. Disabled it acts at once; another role ends its logins."""
    call = parse(people.PersonChange, await read_json(request))
    changes = Changes(
        call.name,
        call.role,
        call.team,
        None if call.account is None else call.account == "disabled",
        call.skills,
        call.languages,
    )
    changed = await _bridge(request).people.change(actor, agent_id, changes)
    return sent(_seen(actor, changed))


@router.delete("/{agent_id}", **answers(Done, *REFUSALS, OwnAccount, LastOwner))
async def delete_person(
    request: Request, actor: CurrentSupervisor, agent_id: PathId
) -> JsonAnswer:
    """Removes an account; the log keeps the name."""
    await _bridge(request).people.delete(actor, agent_id)
    return sent(Done())


def _link(request: Request, link: Link) -> JsonAnswer:
    base = _bridge(request).settings.public_url or str(request.base_url).rstrip("/")
    return sent(
        people.LinkMade(link=link_of(base, link.token), expires_at=link.expires_at)
    )


@router.post("/{agent_id}/invite", **answers(people.LinkMade, *REFUSALS))
async def invite(
    request: Request, actor: CurrentSupervisor, agent_id: PathId
) -> JsonAnswer:
    """A link by which they set their password; links before it are good no more."""
    return _link(request, await _bridge(request).people.invite(actor, agent_id))


@router.post(
    "/{agent_id}/reset",
    **answers(people.LinkMade, *REFUSALS, takes=people.PersonReset),
)
async def reset(
    request: Request, actor: CurrentSupervisor, agent_id: PathId
) -> JsonAnswer:
    """The same; the old password is good no more, and all logins end."""
    call = parse(people.PersonReset, await read_json(request))
    link = await _bridge(request).people.reset(
        actor, agent_id, second_factor=call.second_factor
    )
    return _link(request, link)


@router.get("/{agent_id}/sessions", **answers(people.LoginSessions, *REFUSALS))
async def list_sessions(
    request: Request, signed_in: CurrentLogin, agent_id: PathId
) -> JsonAnswer:
    """Logins that have not ended, of somebody one manages, or one's own."""
    found = await _bridge(request).people.sessions(signed_in.agent, agent_id)
    sessions = [_session(login, signed_in.login_id) for login in found]
    return sent(people.LoginSessions(sessions=sessions))


def _session(login: Login, own: str) -> people.LoginSession:
    return people.LoginSession.model_validate(
        {
            "session_id": login.login_id,
            "current": login.login_id == own,
            "expires_at": login.expires_at,
            "created_at": login.created_at,
            "last_seen_at": login.last_seen_at,
            "address": login.address or None,
            "user_agent": login.user_agent or None,
            "via": login.via,
        }
    )


@router.delete("/{agent_id}/sessions", **answers(Done, *REFUSALS))
async def end_sessions(
    request: Request, signed_in: CurrentLogin, agent_id: PathId
) -> JsonAnswer:
    """Ends all, but the one that asks."""
    bridge = _bridge(request)
    ended = await bridge.people.end_sessions(
        signed_in.agent, agent_id, but=signed_in.login_id
    )
    await bridge.logins.end(ended)
    return sent(Done())


@router.delete(
    "/{agent_id}/sessions/{session_id}", **answers(Done, *REFUSALS, UnknownLogin)
)
async def end_session(
    request: Request, signed_in: CurrentLogin, agent_id: PathId, session_id: PathId
) -> JsonAnswer:
    """Ends one."""
    bridge = _bridge(request)
    ended = await bridge.people.end_sessions(signed_in.agent, agent_id, session_id)
    await bridge.logins.end(ended)
    return sent(Done())
