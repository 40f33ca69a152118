"""The handoff packet: everything an agent needs to take over, from the log.

Pure: the caller reads the rows, this puts them in the published shape (schema.py).
Old logs lack fields; a packet is built of what there is and never fails for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from handoff_bridge.conversation.triggers import label_of
from handoff_bridge.packet import facts
from handoff_bridge.packet.events import AnyEvent
from handoff_bridge.packet.mood import sentiment
from handoff_bridge.packet.people import customer_part, earlier_handoffs
from handoff_bridge.packet.reading import Reading, read, timestamp
from handoff_bridge.packet.reason import reason_sentence
from handoff_bridge.packet.summary import suggested_articles, summary
from handoff_bridge.packet.transcript import attachments as sent
from handoff_bridge.packet.transcript import transcript
from handoff_bridge.packet.tried import failures

VERSION = 1
Row = Mapping[str, Any]


def build_packet(
    handoff: Row,
    conversation: Row,
    customer: Row | None,
    events: Sequence[AnyEvent],
    *,
    attachments: Iterable[Row] = (),
    earlier: Iterable[Row] = (),
    profile: Row | None = None,
    orders: Iterable[Row] = (),
    language: str | None = None,
    now: datetime,
) -> dict[str, Any]:
    """Build the packet of one handoff.

    Args:
        handoff: handoff_id, conversation_id, trigger, triggers, labels, skill,
            evidence, priority.
        conversation: conversation_id, channel, language.
        customer: customer_id, name, email, tier, language, as far as known.
        events: the whole log of the conversation, in the shapes of events.py.
        attachments: stored uploads, for types that old messages lack.
        earlier: rows of the customer's other handoffs; those of this log are known.
        profile: the back office's card of the customer.
        orders: the back office's order cards.
        language: the agent's, for the triggers' labels.
        now: when the packet is built.
    """
    asked = handoff.get("seq")
    reading = read(events, handoff["handoff_id"], asked=asked, now=now)
    person = customer_part(conversation, customer, profile, orders)
    before = earlier_handoffs(handoff["handoff_id"], reading, earlier)
    slots = facts.slots(reading)
    articles = suggested_articles(reading)
    return {
        "version": VERSION,
        "built_at": timestamp(now),
        "handoff_id": handoff["handoff_id"],
        "conversation_id": handoff.get("conversation_id")
        or conversation["conversation_id"],
        "customer": {**person, "earlier_handoffs": before},
        **_why(handoff, reading, language),
        "summary": summary(reading, slots, person.get("name")),
        "intents": facts.intents(reading),
        "entities": facts.entities(reading),
        "slots": slots,
        "steps": facts.steps(reading),
        "authentication": facts.authentication(reading),
        "sentiment": sentiment(reading),
        "attachments": sent(reading, attachments),
        "suggestions": {"actions": [], "replies": [], "articles": articles},
        "transcript": transcript(reading),
    }


def _why(handoff: Row, reading: Reading, language: str | None) -> dict[str, Any]:
    trigger = handoff["trigger"]
    triggers = list(handoff.get("triggers") or [trigger])
    evidence = dict(handoff.get("evidence") or {})
    labels = handoff.get("labels") or {}
    declared = {"labels": labels or None, "skill": handoff.get("skill")}
    return {
        "trigger": trigger,
        "triggers": triggers,
        "label": label_of(trigger, labels.get(trigger), language),
        **{key: value for key, value in declared.items() if value},
        "reason": reason_sentence(
            triggers, evidence, failures(reading), labels, language
        ),
        "evidence": evidence,
        "priority": int(handoff.get("priority") or 0),
    }
