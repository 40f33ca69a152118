"""Documents over HTTP: read by agents, saved by supervisors."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import NO_AGENT, CurrentAgent, CurrentSupervisor
from handoff_bridge.edges.bodies import read_json
from handoff_bridge.errors import (
    Forbidden,
    InvalidDocument,
    MessageTooLong,
    NothingToSimulate,
    OldVersion,
    SimulationRunning,
    SimulationTooLong,
    UnknownVersion,
)
from handoff_bridge.models import MAX_SEQ
from handoff_bridge.protocol import http
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.canned_replies import CannedReplyService
from handoff_bridge.service.documents import ROUTING, TEAMS, Documents

router = APIRouter(tags=["routing"])
Version = Annotated[int | None, Query(ge=0, le=MAX_SEQ)]
Limit = Annotated[int, Query(ge=1, le=200)]
REFUSED = (OldVersion, InvalidDocument, MessageTooLong, Forbidden, *NO_AGENT)


def _documents(request: Request) -> Documents:
    found: Documents = request.app.state.bridge.documents
    return found


def _canned(request: Request) -> CannedReplyService:
    found: CannedReplyService = request.app.state.bridge.canned_replies
    return found


async def _text(request: Request) -> http.DocumentText:
    body = await read_json(request)
    return parse(http.DocumentText, body, max_chars=http.MAX_DOCUMENT_CHARS)


@router.get("/teams", **answers(http.TeamsDocument, UnknownVersion, *NO_AGENT))
async def teams(
    request: Request, agent: CurrentAgent, version: Version = None
) -> JsonAnswer:
    """The teams as they are now, or as they were in a version."""
    return sent(await _documents(request).teams(version))


@router.put("/teams", **answers(http.TeamsDocument, *REFUSED, takes=http.DocumentText))
async def save_teams(request: Request, agent: CurrentSupervisor) -> JsonAnswer:
    """Saves a new version, which holds at once."""
    call = await _text(request)
    return sent(await _documents(request).save_teams(agent, call))


@router.get("/teams/versions", **answers(http.DocumentVersions, *NO_AGENT))
async def versions_of_teams(
    request: Request, agent: CurrentAgent, before: Version = None, limit: Limit = 50
) -> JsonAnswer:
    """Who saved the teams when, newest first."""
    return sent(await _documents(request).versions(TEAMS, before, limit))


@router.get("/routing", **answers(http.RoutingDocument, UnknownVersion, *NO_AGENT))
async def routing(
    request: Request, agent: CurrentAgent, version: Version = None
) -> JsonAnswer:
    """The routing rules as they are now, or as they were in a version."""
    return sent(await _documents(request).routing(version))


@router.put(
    "/routing", **answers(http.RoutingDocument, *REFUSED, takes=http.DocumentText)
)
async def save_routing(request: Request, agent: CurrentSupervisor) -> JsonAnswer:
    """Saves a new version, which holds at once."""
    call = await _text(request)
    return sent(await _documents(request).save_routing(agent, call))


@router.get("/routing/versions", **answers(http.DocumentVersions, *NO_AGENT))
async def versions_of_routing(
    request: Request, agent: CurrentAgent, before: Version = None, limit: Limit = 50
) -> JsonAnswer:
    """Who saved the routing rules when, newest first."""
    return sent(await _documents(request).versions(ROUTING, before, limit))


@router.post(
    "/routing/simulate",
    **answers(
        http.Simulated,
        *(NothingToSimulate, SimulationRunning, SimulationTooLong),
        *(InvalidDocument, Forbidden, *NO_AGENT),
        takes=http.SimulateRequest,
    ),
)
async def simulate(request: Request, agent: CurrentSupervisor) -> JsonAnswer:
    """A day as it goes now, and as it would go with other documents; saves nothing."""
    call = parse(http.SimulateRequest, await read_json(request))
    return sent(await request.app.state.bridge.simulations.compare(call))


@router.get(
    "/canned-replies",
    **answers(http.CannedRepliesDocument, UnknownVersion, *NO_AGENT),
)
async def canned_replies(
    request: Request, agent: CurrentAgent, version: Version = None
) -> JsonAnswer:
    """The canned replies as they are now, or as they were in a version."""
    return sent(await _canned(request).read(version))


@router.put(
    "/canned-replies",
    **answers(http.CannedRepliesDocument, *REFUSED, takes=http.DocumentText),
)
async def save_canned_replies(request: Request, agent: CurrentSupervisor) -> JsonAnswer:
    """Saves a new version, which holds at once."""
    call = await _text(request)
    return sent(await _canned(request).save(agent, call))


@router.get("/canned-replies/versions", **answers(http.DocumentVersions, *NO_AGENT))
async def versions_of_canned_replies(
    request: Request, agent: CurrentAgent, before: Version = None, limit: Limit = 50
) -> JsonAnswer:
    """Who saved the canned replies when, newest first."""
    return sent(await _canned(request).versions(before, limit))
