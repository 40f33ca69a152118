"""Old, odd and broken log entries never keep a packet from an agent."""

from datetime import datetime
from typing import Any

import jsonschema
import pytest
from packet_chats import NOW, SCHEMA, Chat, damaged_return, second_handoff

from handoff_bridge.packet.schema import Packet


@pytest.mark.parametrize("how", ["missing", "none"])
def test_any_field_of_any_event_may_be_missing(how: str) -> None:
    for place, event in enumerate(second_handoff().events):
        for key in event:
            chat = second_handoff()
            if how == "missing":
                del chat.events[place][key]
            else:
                chat.events[place][key] = None
            chat.packet()


@pytest.mark.parametrize(
    "fields",
    [
        {"intent": {"name": "greet", "confidence": 1.0000001}},
        {"intent": {"name": None, "confidence": None}},
        {"intent": {}},
        {"sentiment": {"score": -1.2, "label": "negative"}},
        {"sentiment": {"label": "negative"}},
        {"sentiment": {"score": 0}},
        {"sentiment": {"score": 0, "label": "furious"}},
        {"entities": [{}, None, {"entity": "order_number"}, {"value": 1}]},
        {"actions": [{}, None, {"name": "action_check_order_status", "events": None}]},
        {"slots": {"authentication": "yes", "order_number": None}},
        {"slots": {"authentication": {"level": "verified", "at": "yesterday"}}},
        {"slots": [], "slots_set": []},
        {"slot_labels": {"order_number": "odd", "photo": {"label": 3}, "x": None}},
        {"slot_labels": ["order_number"], "asked_for": 3, "subject": {}},
        {"actions": [{"name": "action_x", "outcome": "odd", "attempt": ["odd"]}]},
        {"a_field_of_tomorrow": 1},
    ],
)
def test_odd_turns_are_read_as_far_as_they_go(fields: dict[str, Any]) -> None:
    chat = Chat()
    seq = chat.asks("hello")
    chat.turn(seq, "greet")
    chat.events[-1] |= fields
    chat.hands_off("customer_request", seq)
    chat.packet()


@pytest.mark.parametrize(
    "fields",
    [
        {"attachments": ["a1", None, {}, {"attachment_id": "a1", "width": None}]},
        {"quick_replies": [{}, None, {"title": "Yes"}]},
        {"redacted": ["card", "pin"]},
        {"custom": {"x": 1}, "attachment": {"type": "video"}},
        {"text": ""},
        {"actor": {"type": "robot"}},
    ],
)
def test_odd_messages_are_read_as_far_as_they_go(fields: dict[str, Any]) -> None:
    chat = Chat()
    seq = chat.asks("hello")
    chat.events[-1] |= fields
    chat.hands_off("customer_request", seq)
    assert len(chat.packet()["transcript"]) == 1


def test_unknown_kinds_of_events_are_passed_over() -> None:
    chat = damaged_return()
    before = chat.packet()
    chat.add("delivery_failed", "system", message_id="m1", text="not for the packet")
    assert chat.packet() == before


def test_events_out_of_order_make_the_same_packet() -> None:
    chat = second_handoff()
    before = chat.packet()
    chat.events.reverse()
    assert chat.packet() == before


def test_a_handoff_that_the_log_does_not_have_is_bounded_by_its_row() -> None:
    chat = damaged_return()
    asked = next(e for e in chat.events if e["type"] == "handoff_requested")
    before = chat.packet()
    chat.events = [e for e in chat.events if e["type"] != "handoff_requested"]
    assert chat.packet(handoff={"seq": asked["seq"]}) == before


@pytest.mark.parametrize(
    "path",
    [(), ("customer",), ("summary",), ("intents", 0), ("steps", 0), ("sentiment",)],
)
def test_a_misspelt_field_does_not_fit_the_schema(path: tuple[Any, ...]) -> None:
    packet = damaged_return().packet()
    part: Any = packet
    for key in path:
        part = part[key]
    part["requst"] = "typo"
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(packet)


@pytest.mark.parametrize("key", ["name", "reason"])
def test_null_does_not_fit_the_schema(key: str) -> None:
    packet = damaged_return().packet()
    (packet if key in packet else packet["customer"])[key] = None
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(packet)


def test_the_schema_is_a_schema_and_the_models_read_what_is_built() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA.schema)
    assert SCHEMA.schema["$schema"].endswith("2020-12/schema")
    packet = second_handoff().packet()
    read = Packet.model_validate(packet)
    assert datetime.fromisoformat(read.built_at) == NOW
    again = read.model_dump(mode="json", exclude_none=True)
    assert again["summary"] == packet["summary"]
    assert set(again) == set(packet)
