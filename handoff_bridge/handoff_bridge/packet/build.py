"""The handoff packet: everything an agent needs to take over, from the log.

Pure: the caller reads the rows, this puts them in the published shape (schema.py).
Old logs lack fields; a packet is built of what there is and never fails for it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from handoff_bridge.conversation.contact import Contact
from handoff_bridge.conversation.events import TriggerLabels
from handoff_bridge.conversation.triggers import label_of
from handoff_bridge.models import JsonObject
from handoff_bridge.packet import facts
from handoff_bridge.packet.attempts import failures, steps
from handoff_bridge.packet.backoffice import Told
from handoff_bridge.packet.customer import Person, customer_part, earlier_handoffs
from handoff_bridge.packet.events import Fitting, Maybe, Read, SentFile
from handoff_bridge.packet.kept import kept_for
from handoff_bridge.packet.promises import TimeWords, promised
from handoff_bridge.packet.reading import read, timestamp
from handoff_bridge.packet.reason import reason_sentence
from handoff_bridge.packet.schema import Packet, Suggestions
from handoff_bridge.packet.sentiment import sentiment
from handoff_bridge.packet.summary import suggested_articles, summary
from handoff_bridge.packet.transcript import attachments as sent
from handoff_bridge.packet.transcript import transcript

NO_WORDS = TimeWords()


class HandoffFacts(Read):
    """What the packet needs of a handoff's row."""

    handoff_id: str
    conversation_id: Maybe[str] = None
    trigger: str
    triggers: Fitting[str] = []
    labels: Maybe[TriggerLabels] = None
    reasons: Maybe[dict[str, str]] = None
    skill: Maybe[str] = None
    evidence: Maybe[JsonObject] = None
    priority: Maybe[int] = None
    seq: Maybe[int] = None
    answer_by: Maybe[str] = None
    contact: Maybe[Contact] = None


class Written(Read):
    """What the packet needs of a conversation's row."""

    conversation_id: str
    channel: Maybe[str] = None
    language: Maybe[str] = None
    is_signed: Maybe[bool] = None


def build_packet(
    handoff: JsonObject,
    conversation: JsonObject,
    customer: JsonObject | None,
    events: Sequence[JsonObject],
    *,
    attachments: Iterable[JsonObject] = (),
    earlier: Iterable[JsonObject] = (),
    told: Told | None = None,
    language: str | None = None,
    times: TimeWords = NO_WORDS,
    now: datetime,
) -> Packet:
    """Build the packet of one handoff.

    Args:
        handoff: of its row what `HandoffFacts` names.
        conversation: of its row what `Written` names.
        customer: what `Person` names, as far as known.
        events: the whole log of the conversation, as agents get it.
        attachments: stored uploads, for types that old messages lack.
        earlier: rows of the customer's other handoffs; those of this log are known.
        told: the back office's answer, masked for whom it is to be.
        language: the agent's, for the triggers' labels.
        times: the words by which an agent's sentence is known to say a time.
        now: when the packet is built.
    """
    facts_of = HandoffFacts.model_validate(handoff)
    written = Written.model_validate(conversation)
    reading = read(events, facts_of.handoff_id, asked=facts_of.seq, now=now)
    told = told or Told(cards=[])
    people = [Person.model_validate(customer or {}), told.customer or Person()]
    person = customer_part(
        written.channel,
        written.language,
        people,
        earlier_handoffs(facts_of.handoff_id, reading, earlier, language),
    )
    promises = promised(reading, times)
    slots = facts.slots(reading)
    triggers = facts_of.triggers or [facts_of.trigger]
    labels, evidence = facts_of.labels or {}, facts_of.evidence or {}
    return Packet(
        version=1,
        built_at=timestamp(now),
        handoff_id=facts_of.handoff_id,
        conversation_id=facts_of.conversation_id or written.conversation_id,
        customer=person,
        trigger=facts_of.trigger,
        triggers=triggers,
        label=label_of(facts_of.trigger, labels.get(facts_of.trigger), language),
        labels=labels or None,
        skill=facts_of.skill or None,
        reason=reason_sentence(
            triggers,
            evidence,
            failures(reading),
            labels,
            facts_of.reasons,
            language,
        ),
        evidence=evidence,
        priority=facts_of.priority or 0,
        kept=kept_for(reading, facts_of.handoff_id),
        answer_by=facts_of.answer_by,
        contact=facts_of.contact,
        summary=summary(reading, promises, person.name),
        promises=promises,
        intents=facts.intents(reading),
        entities=facts.entities(reading),
        slots=slots,
        slot_labels=facts.slot_labels(reading) or None,
        slot_seqs=facts.slot_seqs(reading, slots) or None,
        steps=steps(reading),
        authentication=facts.authentication(reading, is_signed=bool(written.is_signed)),
        sentiment=sentiment(reading),
        attachments=sent(reading, map(SentFile.model_validate, attachments)),
        cards=told.cards,
        suggestions=Suggestions(
            actions=[], replies=[], articles=suggested_articles(reading)
        ),
        transcript=transcript(reading),
    )
