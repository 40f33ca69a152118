"""HTTP under /api/v1/channels: supervisors see how channels are doing, and try them."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import NO_AGENT, CurrentSupervisor, OwnPage
from handoff_bridge.edges.bodies import read_json
from handoff_bridge.errors import (
    ChannelNotSetUp,
    Forbidden,
    UnknownChannel,
    UnknownCustomer,
)
from handoff_bridge.models import MAX_ID
from handoff_bridge.protocol import channels as wire
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.messaging.customer_erasure import CustomerErasure
from handoff_bridge.service.messaging.overview import ChannelOverview
from handoff_bridge.service.messaging.sampling import Sampler

router = APIRouter(prefix="/channels", tags=["channels"], dependencies=[OwnPage])
Name = Annotated[str, Path(max_length=MAX_ID, pattern=r"^[^\x00]+$")]
NO_SUPERVISOR = (Forbidden, *NO_AGENT)


def _overview(request: Request) -> ChannelOverview:
    found: ChannelOverview = request.app.state.bridge.channel_overview
    return found


@router.get("", **answers(wire.Channels, *NO_SUPERVISOR))
async def list_channels(request: Request, agent: CurrentSupervisor) -> JsonAnswer:
    """Those that are set up, and how each is doing."""
    return sent(wire.Channels(channels=await _overview(request).all()))


@router.post(
    "/{channel}/check", **answers(wire.ChannelChecks, UnknownChannel, *NO_SUPERVISOR)
)
async def check_channel(
    request: Request, agent: CurrentSupervisor, channel: Name
) -> JsonAnswer:
    """Asks the platform whether everything is set up."""
    return sent(wire.ChannelChecks(checks=await _overview(request).check(channel)))


@router.post(
    "/{channel}/sample", **answers(wire.ChannelSample, UnknownChannel, *NO_SUPERVISOR)
)
async def sample_channel(
    request: Request, agent: CurrentSupervisor, channel: Name
) -> JsonAnswer:
    """Sends a signed message to the channel's public address; no chat comes of it."""
    found = _overview(request).find(channel)
    sampler: Sampler = request.app.state.bridge.channel_sampler
    return sent((await sampler.sample(found)).as_sent())


@router.post(
    "/{channel}/set-up",
    **answers(Done, UnknownChannel, ChannelNotSetUp, *NO_SUPERVISOR),
)
async def set_up_channel(
    request: Request, agent: CurrentSupervisor, channel: Name
) -> JsonAnswer:
    """Tells the platform the channel's address, where it can be told so."""
    await _overview(request).set_up(channel)
    return sent(Done())


@router.post(
    "/{channel}/erase",
    **answers(
        wire.ChannelErased,
        *(UnknownChannel, UnknownCustomer, *NO_SUPERVISOR),
        takes=wire.ChannelErase,
    ),
)
async def erase_customer(
    request: Request, agent: CurrentSupervisor, channel: Name
) -> JsonAnswer:
    """Erases what is stored about one customer; for owners alone."""
    if not agent.is_owner:
        raise Forbidden
    call = parse(wire.ChannelErase, await read_json(request))
    _overview(request).find(channel)
    bridge = request.app.state.bridge
    erasure: CustomerErasure = bridge.customer_erasure
    found = await erasure.erase(channel, call.address)
    bridge.eraser.due()
    return sent(
        wire.ChannelErased(conversation_ids=[*found.conversation_ids], rows=found.rows)
    )
