"""The handoff packet of one handoff, built from the log as it stands."""

from collections.abc import Callable
from dataclasses import asdict

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import agent_event, compact, iso
from handoff_bridge.errors import UnknownHandoff
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.backoffice import references_of
from handoff_bridge.packet.build import build_packet
from handoff_bridge.packet.promises import TimeWords
from handoff_bridge.packet.schema import Article, Packet
from handoff_bridge.packet.summary import likely
from handoff_bridge.service.access import access_conversation
from handoff_bridge.service.cards import Cards
from handoff_bridge.service.ports import AssistantClient, Clock
from handoff_bridge.store import attachments, conversations, handoffs, log
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Database
from handoff_bridge.texts import Texts

# Of the customer's other conversations; the newest.
MAX_EARLIER = 20


class Packets:
    """Gathers what the pure builder needs."""

    def __init__(
        self,
        database: Database,
        assistant: AssistantClient,
        cards: Cards,
        clock: Clock,
        texts_in: Callable[[str | None], Texts],
    ) -> None:
        """`cards` asks the back office, `assistant` gives articles, where they answer.

        `texts_in` has the words for times.
        """
        self._database = database
        self._assistant = assistant
        self._cards = cards
        self._clock = clock
        self._texts_in = texts_in

    async def of(
        self, agent: Agent, handoff_id: str, language: str | None = None
    ) -> Packet:
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
            if row.customer_id is not None:
                others += await handoffs.of_customer(
                    tx,
                    row.customer_id,
                    before=handoff.queued_at,
                    limit=MAX_EARLIER,
                )
        events = [agent_event(entry) for entry in entries]
        turn = next((one for one in reversed(events) if one["type"] == "turn"), {})
        told = await self._cards.ask(row.customer_id, references_of(turn))
        packet = build_packet(
            {**_as_dict(handoff), **_contact(handoff, agent)},
            {
                "conversation_id": conversation_id,
                "channel": row.channel,
                "language": row.language,
                "is_signed": row.signed_until is not None,
            },
            asdict(customer) if customer else None,
            events,
            attachments=[
                {
                    "attachment_id": photo.attachment_id,
                    "content_type": photo.content_type,
                }
                for photo in photos
            ],
            earlier=[
                _as_dict(other)
                for other in others
                if other.queued_at < handoff.queued_at
            ],
            told=told,
            language=language,
            times=time_words(self._texts_in, row.language),
            now=self._clock(),
        )
        if not any("articles" in event for event in events):
            # No turn has said what it found: the assistant was away, or the log is old.
            found = await self._suggested(packet.summary.request, row.language)
            fitting = {"articles": likely(found)}
            suggestions = packet.suggestions.model_copy(update=fitting)
            return packet.model_copy(update={"suggestions": suggestions})
        return packet

    async def _suggested(self, request: str, language: str | None) -> list[Article]:
        return await self._assistant.suggest(request, language) if request else []


def time_words(
    texts_in: Callable[[str | None], Texts], language: str | None
) -> TimeWords:
    """Agents write to customers in the first language or in the chat's."""
    texts = [texts_in(None), texts_in(language)]
    return TimeWords.of(
        times=[word for text in texts for word in text.times],
        months=[word for text in texts for word in text.months],
    )


def _contact(handoff: Handoff, agent: Agent) -> JsonObject:
    """Where to reach the customer: in full for whoever has the chat."""
    contact = handoff.contact
    if contact is None:
        return {}
    has_it = handoff.agent_id == agent.agent_id
    return {"contact": (contact if has_it else contact.hidden()).as_json()}


def _title(handoff: Handoff) -> str | None:
    title = handoff.cards[0].get("title") if handoff.cards else None
    return title if isinstance(title, str) else None


def _as_dict(handoff: Handoff) -> JsonObject:
    return compact(
        {
            "handoff_id": handoff.handoff_id,
            "conversation_id": handoff.conversation_id,
            "state": handoff.state,
            "trigger": handoff.trigger,
            "triggers": [*handoff.triggers],
            "labels": {name: {**own} for name, own in handoff.labels.items()},
            "reasons": {**handoff.reasons} or None,
            "skill": handoff.skill,
            "evidence": handoff.evidence,
            "priority": handoff.priority,
            "queued_at": iso(handoff.queued_at),
            "at": iso(handoff.queued_at),
            "seq": handoff.queued_seq,
            "answer_by": iso(handoff.answer_by) if handoff.answer_by else None,
            "disposition": handoff.disposition,
            "outcome": handoff.outcome,
            "about": _title(handoff),
        }
    )
