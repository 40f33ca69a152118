"""Entries of the log as the events that webhooks are told of."""

import secrets

from handoff_bridge.conversation.events import (
    AgentName,
    ContactLeft,
    Entry,
    HandoffRequested,
    HandoffUpdated,
    Message,
    OwnerChanged,
    Surveyed,
    WrappedUp,
)
from handoff_bridge.conversation.log import agent_event
from handoff_bridge.conversation.states import HandoffState, Owner
from handoff_bridge.packet.promises import promised
from handoff_bridge.packet.reading import read
from handoff_bridge.packet.summary import summary
from handoff_bridge.protocol import webhook_events as told
from handoff_bridge.protocol.inbox import Assigned, Row
from handoff_bridge.service.handoff_view import rows_of
from handoff_bridge.service.packets import time_words
from handoff_bridge.service.reports import spans_of
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.store import conversations, handoffs
from handoff_bridge.store.conversations import Customer

_ENDED = (HandoffState.RETURNED, HandoffState.CLOSED, HandoffState.ABANDONED)


def types_of(entry: Entry) -> list[str]:
    """The events that an entry is, in order; most entries are none."""
    started = ["conversation.started"] if entry.seq == 1 else []
    kind = _type_of(entry)
    return [*started, *([kind] if kind else [])]


def _type_of(entry: Entry) -> str | None:
    match entry:
        case Message():
            return "message.created"
        case OwnerChanged(to=Owner.CLOSED):
            return "conversation.closed"
        case OwnerChanged(from_=Owner.CLOSED):
            return "conversation.reopened"
        case HandoffRequested():
            return "handoff.queued"
        case HandoffUpdated():
            return _type_of_update(entry)
        case WrappedUp():
            return "handoff.wrapped_up"
        case ContactLeft():
            return "contact.left"
        case Surveyed():
            return "survey.answered"
    return None


def _type_of_update(entry: HandoffUpdated) -> str | None:
    """Not of what only agents care about: a more urgent reason, a wait that is over."""
    if entry.state in _ENDED:
        return "handoff.ended"
    if entry.for_agent is not None or entry.for_team is not None:
        return "handoff.transferred"
    if entry.requeued_from is not None:
        return "handoff.released"
    return "handoff.claimed" if entry.state == HandoffState.CLAIMED else None


class EventBuilder:
    """Makes the events of one unit, and reads for all of them but once."""

    def __init__(self, unit: UnitOfWork, public: str) -> None:
        """`public` is where people reach the pages."""
        self._unit = unit
        self._public = public
        self._conversation: told.WebhookConversation | None = None

    async def build(self, kind: str, entry: Entry) -> told.WebhookEvent:
        """The event of a type that an entry is."""
        return told.WEBHOOK_EVENTS[kind].model_validate(
            {
                "id": new_event_id(),
                "at": entry.at,
                "conversation_id": self._unit.conversation.conversation_id,
                "seq": entry.seq,
                "data": await self._data(kind, entry),
            }
        )

    async def _data(self, kind: str, entry: Entry) -> told.AboutConversation:
        about = await self._about()
        if kind != "conversation.started":
            match entry:
                case Message():
                    message = _message(entry)
                    return told.MessageCreatedData(conversation=about, message=message)
                case OwnerChanged(to=Owner.CLOSED):
                    by = "customer" if entry.reason == "left" else "agent"
                    return told.ConversationClosedData.model_validate(
                        {"conversation": about, "closed_by": by}
                    )
                case Surveyed():
                    answer = told.SurveyAnswer(score=entry.score, comment=entry.comment)
                    return told.SurveyAnsweredData(conversation=about, survey=answer)
                case (
                    HandoffRequested() | HandoffUpdated() | WrappedUp() | ContactLeft()
                ):
                    row = await self._row(entry.handoff_id)
                    both = told.AboutHandoff(
                        conversation=about, handoff=self._handoff(row)
                    )
                    return await self._of_handoff(kind, entry, row, both)
        return told.AboutConversation(conversation=about)

    async def _of_handoff(
        self,
        kind: str,
        entry: HandoffRequested | HandoffUpdated | WrappedUp | ContactLeft,
        row: Row,
        about: told.AboutHandoff,
    ) -> told.AboutHandoff:
        match entry:
            case HandoffUpdated() if kind == "handoff.ended":
                return await self._ended(entry, row, about)
            case HandoffUpdated() if kind == "handoff.transferred":
                return told.HandoffTransferredData(
                    **dict(about),
                    from_agent=_assigned(entry.requeued_from),
                    to_agent=_assigned(entry.for_agent),
                    to_team=entry.for_team,
                )
            case HandoffUpdated() if kind == "handoff.released":
                reason = row.requeued.reason if row.requeued else "agent_gone"
                return told.HandoffReleasedData.model_validate(
                    {
                        **dict(about),
                        "from_agent": _assigned(entry.requeued_from),
                        "reason": reason,
                    }
                )
            case WrappedUp():
                return told.HandoffWrappedUpData(
                    **dict(about), disposition=row.disposition
                )
            case ContactLeft():
                return told.ContactLeftData(**dict(about), contact=self._contact(entry))
        return about

    async def _ended(
        self, entry: HandoffUpdated, row: Row, about: told.AboutHandoff
    ) -> told.HandoffEndedData:
        unit = self._unit
        log = await unit.read_log()
        [asked] = [
            one.seq
            for one in log
            if one.type == "handoff_requested"
            and one.data.get("handoff_id") == entry.handoff_id
        ][:1] or [1]
        spent = spans_of(
            [one for one in log if asked <= one.seq], unit.now, Owner.BOT
        ).seconds
        reading = read(
            [agent_event(one) for one in log],
            entry.handoff_id,
            asked=asked,
            now=unit.now,
        )
        words = time_words(unit.texts_in, unit.conversation.language)
        matter = summary(
            reading,
            promised(reading, words),
            row.customer.name if row.customer else None,
        )
        return told.HandoffEndedData.model_validate(
            {
                **dict(about),
                "result": entry.state.value,
                "disposition": entry.disposition,
                "outcome": entry.outcome,
                "summary": matter.text,
                "request": matter.request,
                "waited_secs": round(spent.get(Owner.QUEUE, 0.0), 3),
                "handled_secs": round(spent.get(Owner.AGENT, 0.0), 3),
            }
        )

    async def _about(self) -> told.WebhookConversation:
        if self._conversation is None:
            row = self._unit.conversation
            customer = await conversations.load_customer(self._unit.tx, row.customer_id)
            self._conversation = told.WebhookConversation(
                conversation_id=row.conversation_id,
                channel=row.channel,
                language=row.language or (customer.language if customer else None),
                customer=_customer(customer),
            )
        return self._conversation

    async def _row(self, handoff_id: str) -> Row:
        """As agents are told of it, or would be."""
        unit = self._unit
        if handoff_id in unit.told:
            return unit.told[handoff_id].handoff
        handoff = await handoffs.load(unit.tx, handoff_id)
        assert handoff is not None  # handoffs stay
        [row] = await rows_of(unit.tx, [handoff], await unit.row_context())
        return row

    def _handoff(self, row: Row) -> told.WebhookHandoff:
        return told.WebhookHandoff(
            handoff_id=row.handoff_id,
            url=f"{self._public}/inbox#{row.handoff_id}",
            state=row.state,
            trigger=row.trigger,
            triggers=row.triggers,
            label=row.label,
            labels=row.labels,
            reason=row.reason,
            priority=row.priority,
            topic=row.topic,
            reference=row.order_number,
            team=row.team,
            agent=row.agent,
            queued_at=row.queued_at,
            claimed_at=row.claimed_at,
            ended_at=row.ended_at,
        )

    def _contact(self, entry: ContactLeft) -> told.LeftContact:
        """In full: whoever gets it is to reach them."""
        handoff = self._unit.handoff
        contact = handoff.contact if handoff else None
        return told.LeftContact(
            want=entry.want,
            email=contact.email if contact else None,
            phone=contact.phone if contact else None,
        )


def new_event_id() -> str:
    """Nobody guesses it."""
    return f"evt_{secrets.token_hex(12)}"


def _assigned(agent: AgentName | None) -> Assigned | None:
    if agent is None or agent.id is None:
        return None
    return Assigned(agent_id=agent.id, name=agent.name or "")


def _customer(known: Customer | None) -> told.WebhookCustomer | None:
    if known is None:
        return None
    return told.WebhookCustomer(
        customer_id=known.customer_id,
        name=known.name,
        email=known.email,
        tier=known.tier,
    )


def _message(entry: Message) -> told.WebhookMessage:
    actor = entry.actor
    return told.WebhookMessage(
        message_id=entry.message_id,
        sender=actor.type,
        agent=_assigned(AgentName(id=actor.id, name=actor.name)),
        text=entry.text,
        attachments=entry.attachments,
        redacted=entry.redacted,
    )
