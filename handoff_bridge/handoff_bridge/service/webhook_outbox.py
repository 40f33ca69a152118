"""Writes down what webhooks are to be told, in the transaction of the event itself.

Each bridge knows by heart who wants which events: where nobody does, a unit costs no
statement more.
"""

import json
import secrets
from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy.exc import DBAPIError

from handoff_bridge.conversation.events import Entry
from handoff_bridge.protocol.webhook_events import WebhookEvent
from handoff_bridge.service.ports import WebhookDue
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.service.webhook_events import EventBuilder, types_of
from handoff_bridge.store import webhook_deliveries, webhooks
from handoff_bridge.store.conversations import DRILL
from handoff_bridge.store.database import Database
from handoff_bridge.store.webhook_deliveries import Delivery

logger = structlog.get_logger()


class WebhookOutbox:
    """What was written down is delivered by whichever bridge comes to it first."""

    def __init__(self, database: Database, public: str) -> None:
        """`public` is where people reach the pages."""
        self._database = database
        self._public = public
        # The endpoints that want an event, by its type.
        self._wanted: Mapping[str, Sequence[str]] = {}

    @property
    def is_used(self) -> bool:
        """Whether there is any endpoint."""
        return bool(self._wanted)

    async def refresh(self) -> None:
        """Hears of webhooks that were changed, at another bridge too."""
        async with self._database.read() as tx:
            known = await webhooks.everyone(tx)
        wanted: dict[str, list[str]] = {}
        for one in known:
            for kind in one.events if one.disabled_at is None else []:
                wanted.setdefault(kind, []).append(one.webhook_id)
        self._wanted = wanted

    async def record(self, unit: UnitOfWork) -> None:
        """What the unit did, for whoever wants to hear of it. Drills are left out."""
        if not self._wanted or unit.conversation.channel == DRILL:
            return
        builder = EventBuilder(unit, self._public)
        made = [
            delivery_of(event, webhook_id)
            for entry in unit.said
            for kind in types_of(entry)
            if kind in self._wanted and (event := await _built(builder, kind, entry))
            for webhook_id in self._wanted[kind]
        ]
        if made:
            await webhook_deliveries.enqueue(unit.tx, made)
            unit.follow_up(WebhookDue())


async def _built(builder: EventBuilder, kind: str, entry: Entry) -> WebhookEvent | None:
    """The event; None, and an error in the log, where an odd old log is in the way.

    Customers and agents get on without it.
    """
    try:
        return await builder.build(kind, entry)
    except DBAPIError:
        raise  # the whole transaction is over
    except Exception:
        logger.exception("webhook_event_not_built", event_type=kind)
        return None


def delivery_of(event: WebhookEvent, webhook_id: str) -> Delivery:
    """An event on its way to one endpoint."""
    wire = event.as_json()
    conversation_id = wire.get("conversation_id")
    return Delivery(
        delivery_id=f"dlv_{secrets.token_hex(12)}",
        webhook_id=webhook_id,
        event=event.type,
        conversation_id=str(conversation_id) if conversation_id else None,
        body=json.dumps(wire, ensure_ascii=False, separators=(",", ":")),
        created_at=event.at,
    )
