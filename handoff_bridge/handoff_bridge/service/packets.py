"""The handoff packet of one handoff, built from the log as it stands."""

from typing import Any

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import agent_event, compact, iso
from handoff_bridge.errors import UnknownHandoff
from handoff_bridge.packet.build import build_packet
from handoff_bridge.service.access import access_conversation
from handoff_bridge.service.ports import Brain, Clock, Shop
from handoff_bridge.store import attachments, conversations, handoffs, log
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Database


class Packets:
    """Gathers what the pure builder needs."""

    def __init__(
        self, database: Database, brain: Brain, shop: Shop, clock: Clock
    ) -> None:
        """`shop` gives profile and orders, `brain` articles, where they answer."""
        self._database = database
        self._brain = brain
        self._shop = shop
        self._clock = clock

    async def of(
        self, agent: Agent, handoff_id: str, language: str | None = None
    ) -> dict[str, Any]:
        """The whole packet, its reason in the agent's `language` where labels have it.

        Raises UnknownHandoff, Forbidden.
        """
        async with self._database.read() as tx:
            handoff = await handoffs.load(tx, handoff_id)
            if handoff is None:
                raise UnknownHandoff
            conversation_id = handoff.conversation_id
            row = await access_conversation(tx, agent, conversation_id)
            customer = await conversations.load_customer(tx, row.customer_id)
            entries = await log.read(tx, conversation_id)
            photos = await attachments.of_conversation(tx, conversation_id)
            others = await handoffs.of_conversation(tx, conversation_id)
        events = [agent_event(entry) for entry in entries]
        profile, orders = await self._cards(events, customer)
        packet = build_packet(
            _as_dict(handoff),
            {
                "conversation_id": conversation_id,
                "channel": row.channel,
                "language": row.language,
            },
            customer,
            events,
            attachments=[
                photo.as_dict() | {"at": iso(photo.created_at)} for photo in photos
            ],
            earlier=[
                _as_dict(other)
                for other in others
                if other.queued_at < handoff.queued_at
            ],
            profile=profile,
            orders=orders,
            language=language,
            now=self._clock(),
        )
        if not any("articles" in event for event in events):
            # No turn has said what it found: the assistant was away, or the log is old.
            request = packet["summary"]["request"]
            found = await self._suggested(request, row.language)
            packet["suggestions"]["articles"] = found
        return packet

    async def _suggested(
        self, request: str, language: str | None
    ) -> list[dict[str, Any]]:
        return await self._brain.suggest(request, language) if request else []

    async def _cards(
        self, events: list[dict[str, Any]], customer: dict[str, Any] | None
    ) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """The known customer's profile and the order in question, as far as known."""
        slots: dict[str, Any] = {}
        for event in events:
            if event["type"] == "turn":
                slots = event.get("slots") or {}
        number = slots.get("order_number")
        order = await self._shop.order(number) if isinstance(number, str) else None
        # Only of a customer who proved who they are: an order number proves nothing.
        profile = None
        if customer is not None:
            profile = await self._shop.profile(customer["customer_id"])
        return profile, [order] if order else []


def _as_dict(handoff: Handoff) -> dict[str, Any]:
    return compact(
        {
            "handoff_id": handoff.handoff_id,
            "conversation_id": handoff.conversation_id,
            "state": handoff.state,
            "trigger": handoff.trigger,
            "triggers": handoff.triggers,
            "labels": handoff.labels,
            "skill": handoff.skill,
            "evidence": handoff.evidence,
            "priority": handoff.priority,
            "queued_at": iso(handoff.queued_at),
            "at": iso(handoff.queued_at),
            "seq": handoff.queued_seq,
            "disposition": handoff.disposition,
            "outcome": handoff.outcome,
        }
    )
