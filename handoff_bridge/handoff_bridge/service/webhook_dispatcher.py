"""Delivers to webhooks what was written down for them, at least once each.

One bridge at a time delivers to an endpoint, under a lease: a bridge that dies leaves
the endpoint to another once the lease is over. Of each conversation one event at a time
is under way, in order; one that fails is tried again later and holds up nothing.
"""

import asyncio
import hashlib
import hmac
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from handoff_bridge.conversation.log import compact
from handoff_bridge.models import JsonObject, iso
from handoff_bridge.service.ports import Clock, EndpointAnswer, WebhookClient
from handoff_bridge.service.webhook_outbox import WebhookOutbox
from handoff_bridge.store import webhook_deliveries, webhooks
from handoff_bridge.store.database import Connection, Database
from handoff_bridge.store.webhook_deliveries import Delivery, State
from handoff_bridge.store.webhooks import Webhook

logger = structlog.get_logger()

# Longer than one attempt may take, with time to write down what came of it.
LEASE_SECS = 30.0
# Conversations of one endpoint that are served at the same time.
AT_ONCE = 8
LOOK_AHEAD = 100
# Three times as long each time, and six hours at most: 11 attempts in a day.
PAUSE_SECS = 10.0
LONGEST_PAUSE_SECS = 6 * 3600.0
MAX_TRIES = 11
JITTER = 0.2
ATTEMPTS_KEPT = 20
# An endpoint that has taken nothing for so long is given up.
FAILING_FOR = timedelta(days=3)
TOO_MANY_REQUESTS, UNAVAILABLE, GONE = 429, 503, 410


@dataclass(frozen=True)
class Attempt:
    """A delivery, and what its endpoint answered."""

    delivery: Delivery
    at: datetime
    answer: EndpointAnswer

    @property
    def is_delivered(self) -> bool:
        """Whether that is done."""
        return self.answer.status is not None and 200 <= self.answer.status < 300

    @property
    def asked_pause(self) -> float | None:
        """For how long the endpoint wants to be left alone, in seconds."""
        if self.answer.status in (TOO_MANY_REQUESTS, UNAVAILABLE):
            return self.answer.retry_after_secs
        return None

    def as_dict(self) -> JsonObject:
        """As it is kept: at, duration_ms, status?, error?, response?."""
        answer = self.answer
        return compact(
            {
                "at": iso(self.at),
                "duration_ms": answer.duration_ms,
                "status": answer.status,
                "error": answer.error,
                "response": answer.response or None,
            }
        )


class WebhookDispatcher:
    """Has a task for each endpoint at work: a slow one holds up no other."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        client: WebhookClient,
        outbox: WebhookOutbox,
        worker: str,
        pause_secs: float = PAUSE_SECS,
    ) -> None:
        """`worker` names this bridge; `pause_secs` is the first of the pauses."""
        self._database = database
        self._clock = clock
        self._client = client
        self._outbox = outbox
        self._worker = worker
        self._pause_secs = pause_secs
        self._is_due = False
        self._task: asyncio.Task[None] | None = None
        self._endpoints: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def due(self) -> None:
        """There may be something to deliver."""
        self._is_due = True
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def look(self) -> None:
        """Takes up what is due by now, whichever bridge wrote it down."""
        await self._outbox.refresh()
        if self._outbox.is_used:
            self.due()

    async def stop(self) -> None:
        """Ends what is under way; another attempt follows at once, or elsewhere."""
        under_way = [*self._endpoints.values(), *([self._task] if self._task else [])]
        self._again.clear()
        if under_way:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
            async with self._database.write() as tx:
                await webhooks.free(tx, self._worker)

    async def _run(self) -> None:
        try:
            while self._is_due:
                self._is_due = False
                async with self._database.read() as tx:
                    found = await webhook_deliveries.due_webhooks(tx)
                for webhook_id in found:
                    self._serve(webhook_id)
        except Exception:
            logger.exception("webhooks_not_looked_for")
        finally:
            self._task = None

    def _serve(self, webhook_id: str) -> None:
        """One that is being served may have seen its last: it is looked at again."""
        if webhook_id in self._endpoints:
            self._again.add(webhook_id)
            return
        task = asyncio.create_task(self._drain(webhook_id))
        self._endpoints[webhook_id] = task

    async def _drain(self, webhook_id: str) -> None:
        tried: list[Attempt] = []
        try:
            while True:
                async with self._database.write() as tx:
                    await self._note(tx, webhook_id, tried)
                    endpoint, due = await self._next(tx, webhook_id)
                if endpoint is None or not due:
                    return
                tried = await asyncio.gather(*(self._try(endpoint, one) for one in due))
        except Exception:
            logger.exception("webhook_not_served", webhook_id=webhook_id)
        finally:
            del self._endpoints[webhook_id]
            if webhook_id in self._again:
                self._again.discard(webhook_id)
                self.due()

    async def _next(
        self, tx: Connection, webhook_id: str
    ) -> tuple[Webhook | None, list[Delivery]]:
        """The oldest that is due of each of some conversations."""
        endpoint = await webhooks.lease(tx, webhook_id, self._worker, LEASE_SECS)
        if endpoint is None:  # disabled or paused by now, or another bridge's
            await webhooks.free(tx, self._worker, webhook_id)
            return None, []
        heads: dict[str, Delivery] = {}
        for one in await webhook_deliveries.due_of(tx, webhook_id, LOOK_AHEAD):
            heads.setdefault(one.conversation_id or one.delivery_id, one)
        if not heads:
            await webhooks.free(tx, self._worker, webhook_id)
        return endpoint, [*heads.values()][:AT_ONCE]

    async def _try(self, endpoint: Webhook, delivery: Delivery) -> Attempt:
        now = self._clock()
        body = delivery.body.encode()
        headers = {
            "Content-Type": "application/json",
            "Tandem-Event": delivery.event,
            "Tandem-Delivery": delivery.delivery_id,
            "Tandem-Signature": signature(endpoint.secrets_at(now), now, body),
        }
        answer = await self._client.send(endpoint.url, headers, body)
        return Attempt(delivery, now, answer)

    async def _note(
        self, tx: Connection, webhook_id: str, tried: list[Attempt]
    ) -> None:
        """Writes down what came of a batch: of each delivery, then of the endpoint."""
        for one in tried:
            kept = [*one.delivery.attempts, one.as_dict()][-ATTEMPTS_KEPT:]
            pause = None if one.is_delivered else self._pause(one)
            await webhook_deliveries.note(
                tx,
                one.delivery.delivery_id,
                kept,
                state=_state(one, pause),
                again_in=pause,
            )
        if not tried:
            return
        known = await webhooks.load(tx, webhook_id, lock=True)
        if known is not None:
            await webhooks.change(tx, webhook_id, **_health(known, tried))
        if pauses := [one.asked_pause for one in tried if one.asked_pause]:
            await webhooks.pause(tx, webhook_id, min(max(pauses), LONGEST_PAUSE_SECS))

    def _pause(self, one: Attempt) -> float | None:
        """Seconds until the next attempt; None where that was the last one."""
        tries = one.delivery.tries + 1
        if tries >= MAX_TRIES or one.delivery.event == "test":
            return None
        asked = min(one.asked_pause or 0.0, LONGEST_PAUSE_SECS)
        return max(pause_after(tries, self._pause_secs), asked)


def pause_after(tries: int, first_secs: float = PAUSE_SECS) -> float:
    """Seconds after so many attempts, not the same for everybody who waits."""
    secs = min(first_secs * 3 ** (tries - 1), LONGEST_PAUSE_SECS)
    return secs * (1 + JITTER * random.random())


def _state(one: Attempt, pause: float | None) -> State:
    if one.is_delivered:
        return "delivered"
    return "failed" if pause is None else "pending"


def signature(secrets: list[str], at: datetime, body: bytes) -> str:
    """The header `Tandem-Signature`: one `v1` for each secret that is good."""
    t = int(at.timestamp())
    signed = f"{t}.".encode() + body
    each = [
        hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        for secret in secrets
    ]
    return ",".join([f"t={t}", *(f"v1={one}" for one in each)])


def _health(known: Webhook, tried: list[Attempt]) -> dict[str, object]:
    """The endpoint's columns once it has been tried: one that got through is enough."""
    values: dict[str, object] = {"last_attempt": tried[-1].as_dict()}
    if taken := [one.at for one in tried if one.is_delivered]:
        return values | {"delivered_at": max(taken), "failing_since": None}
    now = tried[-1].at
    since = known.failing_since or tried[0].at
    values["failing_since"] = since
    is_gone = any(one.answer.status == GONE for one in tried)
    if is_gone or now - since >= FAILING_FOR:
        values |= {
            "disabled_at": now,
            "disabled_reason": "gone" if is_gone else "failing",
        }
    return values
