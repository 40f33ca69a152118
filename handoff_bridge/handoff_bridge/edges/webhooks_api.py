"""HTTP under /api/v1/webhooks: supervisors tell the shop's programs of events."""

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import NO_AGENT, CurrentSupervisor, OwnPage
from handoff_bridge.edges.bodies import read_json
from handoff_bridge.errors import (
    Forbidden,
    InvalidWebhookUrl,
    PrivateAddress,
    TooManyWebhooks,
    UnknownDelivery,
    UnknownEvent,
    UnknownWebhook,
    WebhookDisabled,
)
from handoff_bridge.models import MAX_ID
from handoff_bridge.protocol import webhooks as wire
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.protocol.webhook_events import EVENT_TYPES
from handoff_bridge.service.webhooks import Webhooks
from handoff_bridge.store.webhook_deliveries import Delivery
from handoff_bridge.store.webhooks import Webhook

router = APIRouter(prefix="/webhooks", tags=["webhooks"], dependencies=[OwnPage])
PathId = Annotated[str, Path(max_length=MAX_ID, pattern=r"^[^\x00]+$")]
Before = Annotated[str | None, Query(max_length=MAX_ID, pattern=r"^[^\x00]+$")]
Limit = Annotated[int, Query(ge=1, le=200)]
NO_SUPERVISOR = (Forbidden, *NO_AGENT)
BAD_INPUT = (InvalidWebhookUrl, PrivateAddress, UnknownEvent)


def _webhooks(request: Request) -> Webhooks:
    found: Webhooks = request.app.state.bridge.webhooks
    return found


def _fields(one: Webhook) -> dict[str, Any]:
    """As it is published, without its secrets."""
    known = asdict(one)
    for name in ("secret", "old_secret"):
        del known[name]
    return known | {"status": "disabled" if one.disabled_at else "active"}


def _seen(one: Webhook) -> wire.Webhook:
    return wire.Webhook.model_validate(_fields(one))


def _made(one: Webhook) -> wire.WebhookMade:
    return wire.WebhookMade.model_validate(_fields(one) | {"secret": one.secret})


def _delivery(one: Delivery) -> wire.WebhookDelivery:
    return wire.WebhookDelivery.model_validate(
        {
            "delivery_id": one.delivery_id,
            "event": one.event,
            "conversation_id": one.conversation_id,
            "created_at": one.created_at,
            "state": one.state,
            "attempts": one.attempts,
            "next_attempt_at": one.due_at,
            "payload": json.loads(one.body),
        }
    )


@router.get("", **answers(wire.Webhooks, *NO_SUPERVISOR))
async def list_webhooks(request: Request, agent: CurrentSupervisor) -> JsonAnswer:
    """All of them, the oldest first, and the events that there are."""
    found = [_seen(one) for one in await _webhooks(request).all()]
    return sent(wire.Webhooks(webhooks=found, event_types=[*EVENT_TYPES]))


@router.post(
    "",
    **answers(
        wire.WebhookMade,
        *(TooManyWebhooks, *BAD_INPUT, *NO_SUPERVISOR),
        takes=wire.WebhookAdd,
    ),
)
async def add_webhook(request: Request, agent: CurrentSupervisor) -> JsonAnswer:
    """A new one, with its secret, which is shown this once."""
    call = parse(wire.WebhookAdd, await read_json(request))
    return sent(_made(await _webhooks(request).add(call)))


@router.patch(
    "/{webhook_id}",
    **answers(
        wire.Webhook,
        *(UnknownWebhook, *BAD_INPUT, *NO_SUPERVISOR),
        takes=wire.WebhookChange,
    ),
)
async def change_webhook(
    request: Request, agent: CurrentSupervisor, webhook_id: PathId
) -> JsonAnswer:
    """Changes, disables or enables one."""
    call = parse(wire.WebhookChange, await read_json(request))
    return sent(_seen(await _webhooks(request).change(webhook_id, call)))


@router.delete("/{webhook_id}", **answers(Done, UnknownWebhook, *NO_SUPERVISOR))
async def delete_webhook(
    request: Request, agent: CurrentSupervisor, webhook_id: PathId
) -> JsonAnswer:
    """Deletes one, with what was to be delivered to it."""
    await _webhooks(request).delete(webhook_id)
    return sent(Done())


@router.post(
    "/{webhook_id}/secret", **answers(wire.WebhookMade, UnknownWebhook, *NO_SUPERVISOR)
)
async def rotate_secret(
    request: Request, agent: CurrentSupervisor, webhook_id: PathId
) -> JsonAnswer:
    """A new secret; for 24 hours deliveries are signed with the old one too."""
    return sent(_made(await _webhooks(request).rotate(webhook_id)))


@router.post(
    "/{webhook_id}/test",
    **answers(wire.WebhookDelivery, UnknownWebhook, WebhookDisabled, *NO_SUPERVISOR),
)
async def send_test(
    request: Request, agent: CurrentSupervisor, webhook_id: PathId
) -> JsonAnswer:
    """Sends the event `test` to it, once."""
    return sent(_delivery(await _webhooks(request).test(webhook_id)))


@router.get(
    "/{webhook_id}/deliveries",
    **answers(wire.WebhookDeliveries, UnknownWebhook, UnknownDelivery, *NO_SUPERVISOR),
)
async def list_deliveries(
    request: Request,
    agent: CurrentSupervisor,
    webhook_id: PathId,
    before: Before = None,
    limit: Limit = 50,
) -> JsonAnswer:
    """What was delivered to it in the last 30 days, newest first."""
    found = await _webhooks(request).deliveries(webhook_id, before, limit)
    return sent(wire.WebhookDeliveries(deliveries=[_delivery(one) for one in found]))


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver",
    **answers(
        wire.WebhookDelivery,
        *(UnknownWebhook, UnknownDelivery, WebhookDisabled, *NO_SUPERVISOR),
    ),
)
async def redeliver(
    request: Request, agent: CurrentSupervisor, webhook_id: PathId, delivery_id: PathId
) -> JsonAnswer:
    """Delivers one again, under the same id."""
    return sent(_delivery(await _webhooks(request).redeliver(webhook_id, delivery_id)))
