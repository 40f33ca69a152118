"""HTTP under /api/v1/conversations: finding them, and those that run right now."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from handoff_bridge.conversation.states import Owner
from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import NO_AGENT, CurrentAgent, CurrentSupervisor
from handoff_bridge.errors import BadRequest, Forbidden
from handoff_bridge.protocol.conversations import FoundConversations, LiveConversations
from handoff_bridge.service.search import Asked

router = APIRouter(prefix="/conversations", tags=["conversations"])
MAX_QUERY = 200


def _bridge(request: Request) -> Any:
    return request.app.state.bridge


@router.get("", **answers(FoundConversations, BadRequest, *NO_AGENT))
async def search(
    request: Request,
    agent: CurrentAgent,
    q: Annotated[str | None, Query(max_length=MAX_QUERY)] = None,
    owner: Owner | None = None,
    since: Annotated[datetime | None, Query(alias="from")] = None,
    until: Annotated[datetime | None, Query(alias="to")] = None,
    before: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> JsonAnswer:
    """Conversations, latest first, by words, by who has them, and by time."""
    asked = Asked(q, owner, since, until, before, limit)
    return sent(await _bridge(request).search.find(agent, asked))


@router.get("/live", **answers(LiveConversations, Forbidden, *NO_AGENT))
async def live(request: Request, agent: CurrentSupervisor) -> JsonAnswer:
    """The assistant's running chats; those that go badly first."""
    return sent(await _bridge(request).live.look())
