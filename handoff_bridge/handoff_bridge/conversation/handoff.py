"""The record of one transfer to a human, and why it was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from typing import TypedDict

from handoff_bridge.conversation.contact import Contact
from handoff_bridge.conversation.states import WAITING_STATES
from handoff_bridge.conversation.triggers import (
    DeclaredTrigger,
    Trigger,
    priority_of,
    ranked,
    read_triggers,
)
from handoff_bridge.models import JsonObject


@dataclass(frozen=True)
class Reasons:
    """Why a human is needed: triggers, the first of which names it, and evidence."""

    triggers: tuple[DeclaredTrigger, ...]
    evidence: JsonObject = field(default_factory=dict)

    @classmethod
    def of(cls, triggers: Sequence[DeclaredTrigger], evidence: JsonObject) -> "Reasons":
        """Ranks the triggers.

        A handoff without a reason is the assistant's mistake, not the customer's.
        """
        found = ranked(triggers) or [DeclaredTrigger(Trigger.BOT_FAILURE)]
        return cls(tuple(found), evidence)

    @property
    def priority(self) -> int:
        """That of the most urgent trigger."""
        return priority_of(self.triggers)

    def fields(self) -> "ReasonFields":
        """What a handoff's record keeps of them."""
        return {
            "trigger": self.triggers[0].name,
            "triggers": [trigger.name for trigger in self.triggers],
            "declared": [trigger.as_dict() for trigger in self.triggers],
            "priority": self.priority,
            "evidence": self.evidence,
        }


class ReasonFields(TypedDict):
    """The fields of a handoff that its reasons fill."""

    trigger: str
    triggers: list[str]
    declared: list[JsonObject]
    priority: int
    evidence: JsonObject


@dataclass(frozen=True)
class Handoff:
    """The record of one transfer, from queued to its end."""

    handoff_id: str
    conversation_id: str
    state: str
    trigger: str
    triggers: list[str]
    priority: int
    queued_seq: int
    queued_at: datetime
    evidence: JsonObject = field(default_factory=dict)
    # The triggers in order, as they were sent: name, labels?, priority?, skill?,
    # reason?
    declared: list[JsonObject] | None = None
    message_id: str | None = None
    agent_id: str | None = None
    is_returning: bool = False
    waiting_seq: int | None = None
    is_promised: bool = False
    # Since when it is back in line, whose doing or absence that was, and why.
    requeued_at: datetime | None = None
    requeued_from: str | None = None
    requeued_reason: str | None = None
    # In line for this agent, or else this team, alone until then.
    for_agent: str | None = None
    for_team: str | None = None
    waits_until: datetime | None = None
    # Who is offered it, since when and until when; and who was before.
    offered_to: str | None = None
    offered_at: datetime | None = None
    offer_expires_at: datetime | None = None
    last_offered_to: str | None = None
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    # Until when its agent wraps up, which holds their place; and when that was over.
    wrap_up_until: datetime | None = None
    wrapped_up_at: datetime | None = None
    disposition: str | None = None
    outcome: str | None = None
    # Headings of cards: kind, id, title, status?
    cards: list[JsonObject] | None = None
    # What its customer was told of the wait when it began, in seconds, and how many
    # slots had to become free first; null where nothing true could be said.
    predicted_secs: float | None = None
    eta_low: float | None = None
    eta_high: float | None = None
    slots_awaited: int | None = None
    # Since when the slot that it took was free and it waited for one.
    slot_free_at: datetime | None = None
    # The newest entry that an agent who had the chat has seen of it.
    seen_seq: int | None = None
    # The line that said sorry once the wait had outlasted what was told.
    overdue_seq: int | None = None
    # By when its customer was promised to hear, and when an agent wrote first.
    answer_by: datetime | None = None
    answered_at: datetime | None = None
    # How its customer wants to hear who does not stay, and where.
    contact_want: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None

    @property
    def done_at(self) -> datetime | None:
        """When its agent was done with it; None as long as they wrap up."""
        if self.wrap_up_until is not None:
            return None
        return self.wrapped_up_at or self.ended_at

    @property
    def is_waiting(self) -> bool:
        """Whether its customer is in line."""
        return self.state in WAITING_STATES

    @property
    def contact(self) -> Contact | None:
        """How its customer wants to hear, if they said."""
        if self.contact_want is None:
            return None
        return Contact.model_validate(
            {
                "want": self.contact_want,
                "email": self.contact_email,
                "phone": self.contact_phone,
            }
        )

    def is_overdue(self, now: datetime) -> bool:
        """Whether its customer has waited for longer than they read."""
        if not self.is_waiting or self.is_promised or self.eta_high is None:
            return False
        told = timedelta(minutes=max(1, ceil(self.eta_high / 60)))
        return now >= self.waiting_since + told

    @property
    def waiting_since(self) -> datetime:
        """When its present wait began, or the one that a claim has ended."""
        return self.requeued_at or self.queued_at

    def is_meant_for(self, agent_id: str, team: str | None) -> bool:
        """Whether that is this agent, or one of this team."""
        return self.for_agent == agent_id or (
            self.for_team is not None and self.for_team == team
        )

    def for_anyone(self) -> "Handoff":
        """As it is once it waits for nobody in particular any more."""
        return replace(self, for_agent=None, for_team=None, waits_until=None)

    def without_offer(self) -> "Handoff":
        """As it is once an offer of it has ended."""
        return replace(
            self,
            offered_to=None,
            offer_expires_at=None,
            last_offered_to=self.offered_to or self.last_offered_to,
        )

    @property
    def labels(self) -> dict[str, dict[str, str]]:
        """The labels that were sent, by trigger, then by language."""
        found = read_triggers(self.declared or [])
        return {
            trigger.name: dict(trigger.labels) for trigger in found if trigger.labels
        }

    @property
    def reasons(self) -> dict[str, str]:
        """Why each trigger holds, in a sentence, as far as it was sent."""
        found = read_triggers(self.declared or [])
        return {trigger.name: trigger.reason for trigger in found if trigger.reason}

    @property
    def skill(self) -> str | None:
        """The skill wanted by the first trigger that wants one."""
        found = read_triggers(self.declared or [])
        return next((one.skill for one in found if one.skill), None)

    def raised_by(self, asked: Reasons) -> Reasons | None:
        """Its reasons once it is asked for again; None where that changes nothing.

        A more urgent reason moves it forward. Of a reason as urgent as the one that
        moved it forward, what is new is kept.
        """
        known = read_triggers(self.declared or self.triggers)
        merged = Reasons.of(
            [*known, *asked.triggers], {**self.evidence, **asked.evidence}
        )
        is_as_urgent = 0 < self.priority <= asked.priority
        is_news = is_as_urgent and merged.evidence != self.evidence
        return merged if merged.priority > self.priority or is_news else None


def is_reserved(waits_until: datetime | None, now: datetime) -> bool:
    """Whether a handoff in line still waits for somebody in particular."""
    return waits_until is not None and now < waits_until
