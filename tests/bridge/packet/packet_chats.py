"""Logs of whole conversations, written the way the bridge writes them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema

from handoff_bridge.packet.build import build_packet
from handoff_bridge.packet.schema import Packet, packet_schema

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = START + timedelta(hours=1)
CUSTOMER = {"customer_id": "C-1007", "name": "Jo Marsh", "tier": "gold"}
SCHEMA = jsonschema.Draft202012Validator(packet_schema())

Action = tuple[str, str | None]

# What a shop's designers wrote beside the names, as its assistant sends it.
SMALL_TALK = {"greet", "request_human", "share_photo", "thank"}
INTENTS = {
    "inform": {"label": "give details"},
    "nlu_fallback": {"label": "not understood"},
    "return_item": {"label": "return something", "topic": "return_item"},
    "cancel_order": {"label": "cancel an order", "topic": "cancel_order"},
    "check_order_status": {"label": "track an order", "topic": "order_status"},
    "check_refund_status": {"label": "check a refund", "topic": "refund_status"},
    "raise_legal_issue": {"label": "raise a legal matter", "topic": "complaint"},
    "make_complaint": {"label": "make a formal complaint", "topic": "complaint"},
}
ACTIONS = {
    "action_start_return": (
        "Started a return for {}",
        "Tried to start a return for {}",
        {"noun": "return", "topic": "return_item"},
    ),
    "action_cancel_order": (
        "Cancelled {}",
        "Tried to cancel {}",
        {"noun": "cancellation", "topic": "cancel_order"},
    ),
    "action_check_order_status": (
        "Looked up {}",
        "Tried to look up {}",
        {"noun": "order look-up", "topic": "order_status"},
    ),
    "action_check_refund_status": (
        "Looked up the refund for {}",
        "Tried to look up the refund for {}",
        {"noun": "refund look-up", "topic": "refund_status"},
    ),
}
RESPONSES = {
    "utter_backoffice_unavailable": ("failed", "the order system was out of reach"),
    "utter_return_item_window_over": ("refused", "outside the return window"),
    "utter_cancel_order_done": ("done", None),
    "utter_cancel_order_shipped": ("refused", "already shipped"),
    "utter_order_status_shipped": ("answered", "shipped"),
    "utter_order_number_unclear": ("unclear", "no order number understood"),
    "utter_order_number_unknown": ("unclear", "no such order"),
}
ANSWERS = {
    "utter_ask_opening_hours": "Answered “Opening hours”",
    "utter_ask_payment_methods": "Answered “Ways to pay”",
    "utter_ask_refund_policy": "Answered “Refunds”",
}
SLOTS = {
    "order_number": {"label": "the order number"},
    "new_address": {"label": "the new address"},
    "photo": {"label": "a photo", "fixed": True},
    "one_time_code": {"label": "the one-time code", "secret": True},
}
REASONS = {
    "raise_legal_issue": "wants to raise a legal matter",
    "make_complaint": "wants to make a formal complaint",
}


class Chat:
    """A conversation's log, one event after the other."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.slots: dict[str, Any] = {}
        self.handoff: dict[str, Any] = {}

    def add(self, kind: str, actor: str = "system", **fields: Any) -> int:
        seq = len(self.events) + 1
        who = fields.pop("by", {})
        at = (START + timedelta(seconds=seq)).isoformat().replace("+00:00", "Z")
        event = {"seq": seq, "type": kind, "at": at, "actor": {"type": actor, **who}}
        self.events.append({**event, **fields})
        return seq

    def asks(self, text: str, **fields: Any) -> int:
        """A message of the customer that nothing has answered yet."""
        message_id = f"m{len(self.events) + 1}"
        return self.add(
            "message", "customer", message_id=message_id, text=text, **fields
        )

    def says(self, text: str, sender: str = "bot", **fields: Any) -> int:
        return self.add("message", sender, text=text, **fields)

    def turn(self, seq: int, intent: str, *actions: Action, **fields: Any) -> int:
        """What the assistant made of message `seq`."""
        return self.add("turn", "bot", **self.thought(seq, intent, *actions, **fields))

    def thought(
        self,
        seq: int,
        intent: str,
        *actions: Action,
        mood: float = 0.0,
        slots: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        self.slots |= slots or {}
        label = "negative" if mood < -0.3 else "positive" if mood > 0.3 else "neutral"
        asked = fields.get("requested_slot")
        words: dict[str, Any] = {"slot_labels": _labelled(self.slots)}
        if asked:
            words["asked_for"] = SLOTS[asked]["label"]
        if number := self.slots.get("order_number"):
            words["subject"] = f"order {number}"
        failed = fields.get("failed_action")
        return {
            "message_id": self.events[seq - 1]["message_id"],
            "intent": {"name": intent, "confidence": 0.93, **_meant(intent)},
            "intent_ranking": [{"name": intent, "confidence": 0.93}],
            "entities": [],
            "sentiment": {"label": label, "score": mood},
            "actions": [
                _action(name, result, self.slots, asked, name == failed)
                for name, result in actions
            ],
            "slots": dict(self.slots),
            "slots_set": dict(slots or {}),
            "active_loop": None,
            "requested_slot": None,
            "trigger": None,
            "failed_action": None,
            "turns": 1,
            "duration_ms": 40,
            **words,
            **fields,
        }

    def hands_off(
        self, trigger: str, seq: int, handoff_id: str = "H1", **evidence: Any
    ) -> None:
        reason = evidence.pop("sentence", REASONS.get(evidence.get("topic", "")))
        self.handoff = {
            "handoff_id": handoff_id,
            "conversation_id": "conv-1",
            "trigger": trigger,
            "triggers": [trigger],
            "evidence": evidence,
            "priority": int(trigger == "restricted_topic"),
            "reasons": {trigger: reason} if reason else {},
            "queued_at": START,
        }
        unlogged = ("queued_at", "reasons")
        asked = {k: v for k, v in self.handoff.items() if k not in unlogged}
        self.add("handoff_requested", **asked)
        self.add(
            "owner_changed",
            epoch=2,
            **{"from": "bot", "to": "queue"},
            reason=trigger,
            handoff_id=handoff_id,
            message_id=self.events[seq - 1]["message_id"],
        )

    def packet(self, **parts: Any) -> dict[str, Any]:
        """Build the packet and hold it against the published schema."""
        handoff = {**self.handoff, **parts.pop("handoff", {})}
        customer = parts.pop("customer", CUSTOMER)
        written = {"conversation_id": "conv-1", "channel": "web", "language": "en"}
        conversation = parts.pop("conversation", written)
        packet = build_packet(
            handoff, conversation, customer, self.events, **{"now": NOW, **parts}
        ).as_json()
        SCHEMA.validate(packet)
        Packet.model_validate(packet)  # times too, which the schema only describes
        return packet


def _meant(intent: str) -> dict[str, Any]:
    if intent in SMALL_TALK:
        return {"small_talk": True}
    return INTENTS.get(intent) or {"label": f"ask: {intent}", "topic": intent}


def _labelled(slots: Mapping[str, Any]) -> dict[str, Any]:
    return {name: SLOTS[name] for name in slots if name in SLOTS}


def _action(
    name: str,
    result: str | None,
    slots: Mapping[str, Any],
    asked: str | None,
    failed: bool,
) -> dict[str, Any]:
    action: dict[str, Any] = {"name": name, "events": 1}
    if result:
        action["result"] = result
    kind, label = RESPONSES.get(result or "", (None, None))
    if kind:
        action["outcome"] = {"kind": kind, **({"label": label} if label else {})}
    if name in ANSWERS:
        action |= {"attempt": ANSWERS[name], "outcome": {"kind": "answered"}}
    elif name.endswith("_form"):
        action["label"] = "Asked what it needs"
        if kind:
            action["attempt"] = f"Asked for {SLOTS[asked or '']['label']}"
    elif known := ACTIONS.get(name):
        done, tried, more = known
        worked = not failed and kind in (None, "done", "answered")
        order = f"order {slots.get('order_number', '')}".strip()
        action |= {"attempt": (done if worked else tried).format(order), **more}
    elif name == "action_handoff":
        action["internal"] = True
    return action


def texts(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    return [line.get("text", "") for line in lines]


def damaged_return() -> Chat:
    """A return that fails twice, then the customer wants a person."""
    chat = Chat()
    chat.says("Hi, I'm Pine, an automated assistant.", key="introduction")
    hello = chat.asks("hello")
    chat.turn(hello, "greet", ("utter_greet", "utter_greet"), mood=0.2)
    chat.says("Hello! What can I do for you?")
    wish = chat.asks("my kettle arrived broken, the second one! order HP-10428")
    chat.turn(
        wish,
        "return_item",
        ("return_item_form", "utter_ask_one_time_code"),
        mood=-0.5,
        slots={"order_number": "HP-10428"},
        entities=[{"entity": "order_number", "value": "HP-10428", "confidence": 0.99}],
        active_loop="return_item_form",
        requested_slot="one_time_code",
    )
    chat.says("I've mailed a 6-digit code to j***@example.com. Please type it here.")
    code = chat.asks("[code]", redacted=["code"])
    proof = {
        "method": "one_time_code",
        "level": "verified",
        "at": "2026-03-02T09:00:09Z",
        "customer_id": "C-1007",
    }
    chat.turn(
        code,
        "inform",
        ("return_item_form", None),
        ("action_start_return", "utter_backoffice_unavailable"),
        slots={"authentication": proof, "one_time_code": "834211"},
        entities=[{"entity": "one_time_code", "value": "834211"}],
    )
    chat.says("I'm sorry, I can't reach our order system right now.")
    again = chat.asks("try again then")
    chat.turn(
        again,
        "return_item",
        ("return_item_form", None),
        ("action_start_return", "utter_return_item_window_over"),
        mood=-0.4,
    )
    chat.says(
        "Order HP-10428 was delivered more than 30 days ago. You'll get a mail.",
        promise=True,
    )
    person = chat.asks("this is useless, get me a human")
    chat.hands_off("customer_request", person, intent="request_human")
    chat.turn(
        person,
        "request_human",
        ("action_handoff", "utter_handoff_customer_request"),
        mood=-0.8,
        trigger={"trigger": "customer_request", "triggers": ["customer_request"]},
    )
    chat.says("Of course, I'm bringing in a colleague.")
    chat.says("You're first in line.", "system", key="waiting")
    return chat


def second_handoff() -> Chat:
    """The same, returned by Maria, and a legal threat after that."""
    chat = damaged_return()
    maria = {"id": "A1", "name": "Maria Lopez"}
    chat.add("handoff_updated", handoff_id="H1", state="claimed", agent=maria)
    chat.says("Maria has joined and has read the chat.", "system", key="joined")
    chat.says("Hi Jo, I can see the kettle.", "agent", by=maria)
    chat.add("note", "agent", by=maria, text="second broken kettle, be generous")
    chat.asks("thank you")
    chat.add(
        "handoff_updated",
        "agent",
        by=maria,
        handoff_id="H1",
        state="returned",
        disposition="resolved",
        outcome="A new kettle is on its way.",
        slots={"order_number": "HP-10777"},
    )
    chat.says("Pine again. A new kettle is on its way.")
    wish = chat.asks("and where is HP-10777 now?")
    chat.turn(
        wish,
        "check_order_status",
        ("action_check_order_status", "utter_order_status_shipped"),
        mood=0.4,
        slots={"order_number": "HP-10777"},
    )
    chat.says("It should reach you by 6 March.", promise=True)
    threat = chat.asks("if not you hear from my lawyer. which depot is it in?")
    chat.turn(
        threat, "raise_legal_issue", ("action_handoff", "utter_handoff"), mood=-0.9
    )
    chat.says("This belongs with a person.")
    chat.hands_off("restricted_topic", threat, "H2", topic="raise_legal_issue")
    return chat
