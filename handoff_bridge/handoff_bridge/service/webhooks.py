"""Webhooks as supervisors set them up, and look after what became of deliveries."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from handoff_bridge.errors import (
    TooManyWebhooks,
    UnknownDelivery,
    UnknownEvent,
    UnknownWebhook,
    WebhookDisabled,
)
from handoff_bridge.protocol.webhook_events import EVENT_TYPES, TestData, TestEvent
from handoff_bridge.protocol.webhooks import WebhookAdd, WebhookChange
from handoff_bridge.service.ports import Clock, WebhookClient
from handoff_bridge.service.webhook_events import new_event_id
from handoff_bridge.service.webhook_outbox import WebhookOutbox, delivery_of
from handoff_bridge.store import webhook_deliveries, webhooks
from handoff_bridge.store.database import Connection, Database
from handoff_bridge.store.webhook_deliveries import Delivery
from handoff_bridge.store.webhooks import Webhook

MAX_WEBHOOKS = 20
# Time to bring a new secret to every receiver.
OLD_SECRET_KEPT = timedelta(hours=24)
# Whoever enables it again gives it another chance.
ENABLED: dict[str, Any] = {
    "disabled_at": None,
    "disabled_reason": None,
    "failing_since": None,
    "paused_until": None,
}


class Webhooks:
    """Use cases; every change is known to this bridge at once, to others at a beat."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        client: WebhookClient,
        outbox: WebhookOutbox,
        due: Callable[[], None],
    ) -> None:
        """`due` is called when there may be something to deliver."""
        self._database = database
        self._clock = clock
        self._client = client
        self._outbox = outbox
        self._due = due

    async def all(self) -> list[Webhook]:
        """The oldest first."""
        async with self._database.read() as tx:
            return await webhooks.everyone(tx)

    async def add(self, call: WebhookAdd) -> Webhook:
        """Adds one, with a secret of its own.

        Raises InvalidWebhookUrl, PrivateAddress, UnknownEvent, TooManyWebhooks.
        """
        self._client.check(call.url)
        made = Webhook(
            f"wh_{secrets.token_hex(8)}",
            call.url,
            _events(call.events),
            _new_secret(),
            self._clock(),
            call.description or None,
        )
        async with self._database.write() as tx:
            if len(await webhooks.everyone(tx)) >= MAX_WEBHOOKS:
                raise TooManyWebhooks
            await webhooks.add(tx, made)
        await self._outbox.refresh()
        return made

    async def change(self, webhook_id: str, call: WebhookChange) -> Webhook:
        """Raises UnknownWebhook, InvalidWebhookUrl, PrivateAddress, UnknownEvent."""
        values: dict[str, Any] = {}
        if call.url is not None:
            self._client.check(call.url)
            values["url"] = call.url
        if call.events is not None:
            values["events"] = _events(call.events)
        if call.description is not None:
            values["description"] = call.description or None
        async with self._database.write() as tx:
            known = await _known(tx, webhook_id)
            values |= _standing(known, call.status, self._clock())
            if values:
                await webhooks.change(tx, webhook_id, **values)
            changed = await _known(tx, webhook_id)
        await self._outbox.refresh()
        self._due()
        return changed

    async def delete(self, webhook_id: str) -> None:
        """With all that was to be delivered to it. Raises UnknownWebhook."""
        async with self._database.write() as tx:
            await _known(tx, webhook_id)
            await webhooks.remove(tx, webhook_id)
        await self._outbox.refresh()

    async def rotate(self, webhook_id: str) -> Webhook:
        """A new secret; the old one is good for a day more. Raises UnknownWebhook."""
        async with self._database.write() as tx:
            known = await _known(tx, webhook_id)
            await webhooks.change(
                tx,
                webhook_id,
                secret=_new_secret(),
                old_secret=known.secret,
                old_secret_until=self._clock() + OLD_SECRET_KEPT,
            )
            return await _known(tx, webhook_id)

    async def test(self, webhook_id: str) -> Delivery:
        """Sends it an event that means nothing, once.

        Raises UnknownWebhook, WebhookDisabled.
        """
        event = TestEvent(
            id=new_event_id(),
            at=self._clock(),
            data=TestData(message="Events of this desk will arrive here."),
        )
        made = delivery_of(event, webhook_id)
        async with self._database.write() as tx:
            await _enabled(tx, webhook_id)
            await webhook_deliveries.enqueue(tx, [made])
        self._due()
        return await self._delivery(webhook_id, made.delivery_id)

    async def deliveries(
        self, webhook_id: str, before: str | None, limit: int
    ) -> list[Delivery]:
        """Newest first. Raises UnknownWebhook, UnknownDelivery."""
        async with self._database.read() as tx:
            await _known(tx, webhook_id, lock=False)
            if before is not None:
                await _delivery(tx, webhook_id, before)
            return await webhook_deliveries.page(tx, webhook_id, before, limit)

    async def redeliver(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Sends one again, under the same id.

        Raises UnknownWebhook, UnknownDelivery, WebhookDisabled.
        """
        async with self._database.write() as tx:
            await _enabled(tx, webhook_id)
            await _delivery(tx, webhook_id, delivery_id)
            await webhook_deliveries.again(tx, delivery_id)
        self._due()
        return await self._delivery(webhook_id, delivery_id)

    async def _delivery(self, webhook_id: str, delivery_id: str) -> Delivery:
        async with self._database.read() as tx:
            return await _delivery(tx, webhook_id, delivery_id)


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


def _events(names: list[str]) -> list[str]:
    """Each once, in the order of the docs. Raises UnknownEvent."""
    for name in names:
        if name not in EVENT_TYPES:
            raise UnknownEvent(f"There is no event '{name[:60]}'.")
    return [known for known in EVENT_TYPES if known in names]


def _standing(known: Webhook, status: str | None, now: datetime) -> dict[str, Any]:
    """What changes where somebody enables or disables it."""
    is_disabled = known.disabled_at is not None
    if status == "disabled" and not is_disabled:
        return {"disabled_at": now, "disabled_reason": "by_hand"}
    return ENABLED if status == "active" and is_disabled else {}


async def _known(tx: Connection, webhook_id: str, *, lock: bool = True) -> Webhook:
    found = await webhooks.load(tx, webhook_id, lock=lock)
    if found is None:
        raise UnknownWebhook
    return found


async def _enabled(tx: Connection, webhook_id: str) -> Webhook:
    found = await _known(tx, webhook_id)
    if found.disabled_at is not None:
        raise WebhookDisabled
    return found


async def _delivery(tx: Connection, webhook_id: str, delivery_id: str) -> Delivery:
    found = await webhook_deliveries.load(tx, webhook_id, delivery_id)
    if found is None:
        raise UnknownDelivery
    return found
