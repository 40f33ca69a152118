"""Channels' public addresses, which platforms call with their own proof."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from handoff_bridge.edges.bodies import read_body
from handoff_bridge.service.messaging import channel as messaging
from handoff_bridge.service.messaging.inbox import ChannelInbox

PREFIX = "/channels"
router = APIRouter(prefix=PREFIX, include_in_schema=False)


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
