"""Channels' public addresses, which platforms call with their own proof."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import OurProcess
from handoff_bridge.edges.bodies import read_body, read_json
from handoff_bridge.errors import Unauthorized, UnknownChannel
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.http import ReadMessage
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.messaging import channel as messaging
from handoff_bridge.service.messaging.inbox import ChannelInbox

PREFIX = "/channels"
# A text of a platform's, which is cut into messages afterwards.
MAX_CHARS = 100_000
router = APIRouter(prefix=PREFIX, include_in_schema=False)
service_router = APIRouter(prefix=PREFIX, tags=["assistant"])


@router.api_route("/{channel}/{path:path}", methods=["GET", "POST"])
async def take(channel: str, path: str, request: Request) -> Response:
    """A request of a platform's: answered once it is kept."""
    bridge = request.app.state.bridge
    inbox: ChannelInbox = bridge.channel_inbox
    query = f"?{request.url.query}" if request.url.query else ""
    came = messaging.Request(
        method=request.method,
        url=f"{bridge.settings.public}{request.url.path}{query}",
        path=path,
        headers={key.lower(): value for key, value in request.headers.items()},
        body=await read_body(request),
    )
    answer = await inbox.take(channel, came)
    return Response(answer.body, answer.status, media_type=answer.content_type)


@service_router.post(
    "/{name}/messages",
    dependencies=[OurProcess],
    **answers(Done, UnknownChannel, Unauthorized, takes=ReadMessage),
)
async def hand_in(name: str, request: Request) -> JsonAnswer:
    """A message that a connector has read of a request; once, however often told."""
    call = parse(ReadMessage, await read_json(request), max_chars=MAX_CHARS)
    inbox: ChannelInbox = request.app.state.bridge.channel_inbox
    await inbox.hand_in(name, call.model_dump(exclude_none=True))
    return sent(Done())
