"""The packet built of realistic logs; every one also fits the published schema."""

import pytest
from packet_chats import Chat, damaged_return, second_handoff, texts

from handoff_bridge.packet.backoffice import Told
from handoff_bridge.packet.customer import Person
from handoff_bridge.packet.schema import packet_schema

ALWAYS = (
    "handoff_id conversation_id customer trigger triggers summary intents entities "
    "slots steps authentication sentiment attachments cards suggestions transcript"
).split()


def test_a_failed_return_is_told_in_the_summary() -> None:
    packet = damaged_return().packet()
    summary = packet["summary"]
    assert summary["request"] == (
        "my kettle arrived broken, the second one! order HP-10428"
    )
    assert [(t["what"], t["outcome"]) for t in summary["tried"]] == [
        (
            "Tried to start a return for order HP-10428",
            "the order system was out of reach",
        ),
        (
            "Tried to start a return for order HP-10428",
            "refused, outside the return window",
        ),
    ]
    promise = "Order HP-10428 was delivered more than 30 days ago. You'll get a mail."
    assert texts(summary["promised"]) == [promise]
    assert packet["promises"] == summary["promised"]
    assert "open_question" not in summary
    assert packet["reason"] == "Asked for a person after 2 failed returns"
    for part in ("second one", "HP-10428", "outside the return window", "get a mail"):
        assert part in summary["text"]
    assert "\n" not in summary["text"]


def test_facts_point_to_the_messages_they_came_from() -> None:
    packet = damaged_return().packet()
    lines = {line["seq"]: line for line in packet["transcript"]}
    assert [(f["name"], lines[f["seq"]]["text"]) for f in packet["intents"]] == [
        ("greet", "hello"),
        ("return_item", "my kettle arrived broken, the second one! order HP-10428"),
        ("inform", "[code]"),
        ("return_item", "try again then"),
        ("request_human", "this is useless, get me a human"),
    ]
    summary = packet["summary"]
    lists = ("entities", "steps", "attachments")
    facts = [fact for name in lists for fact in packet[name]]
    facts += summary["tried"] + packet["sentiment"]["points"]
    assert facts
    assert {lines[fact["seq"]]["sender"] for fact in facts} == {"customer"}
    assert {lines[f["seq"]]["sender"] for f in summary["promised"]} == {"bot"}
    assert all(lines[fact["seq"]]["at"] == fact["at"] for fact in facts)


def test_steps_say_which_of_them_failed() -> None:
    steps = damaged_return().packet()["steps"]
    assert [(s["action"], s.get("result"), s["ok"]) for s in steps] == [
        ("return_item_form", "utter_ask_one_time_code", True),
        ("return_item_form", None, True),
        ("action_start_return", "utter_backoffice_unavailable", False),
        ("return_item_form", None, True),
        ("action_start_return", "utter_return_item_window_over", False),
    ]


def test_one_time_codes_are_nowhere_in_the_packet() -> None:
    packet = damaged_return().packet()
    assert "834211" not in str(packet)
    code = packet["entities"][1]
    assert (code["entity"], code["value"]) == ("one_time_code", "[code]")
    assert code["label"] == "the one-time code"
    assert packet["slots"] == {"order_number": "HP-10428"}


def test_authentication_and_mood_are_told() -> None:
    packet = damaged_return().packet()
    assert packet["authentication"] == {
        "verified": True,
        "method": "one_time_code",
        "label": "the one-time code",
        "level": "verified",
        "at": "2026-03-02T09:00:09Z",
        "seq": 8,
    }
    assert packet["sentiment"]["current"] == "negative"
    assert packet["sentiment"]["trend"] == "down"
    assert [p["score"] for p in packet["sentiment"]["points"]] == [
        0.2,
        -0.5,
        0.0,
        -0.4,
        -0.8,
    ]


def test_a_dead_assistant_on_the_first_message_still_gives_a_packet() -> None:
    chat = Chat()
    first = chat.asks("where is HP-10311?")
    chat.add("turn_failed", "bot", message_id="m1", reason="timeout")
    chat.says("Sorry, I can't get this done myself right now.", key="bot_failure")
    chat.hands_off("bot_failure", first, reason="timeout")
    packet = chat.packet(customer=None)
    assert set(ALWAYS) <= set(packet)
    assert packet["summary"]["request"] == "where is HP-10311?"
    assert packet["summary"]["open_question"] == "where is HP-10311?"
    assert [(t["what"], t["outcome"]) for t in packet["summary"]["tried"]] == [
        ("Tried to answer", "it took too long")
    ]
    assert packet["reason"] == "The assistant could not answer: it took too long"
    assert packet["intents"] == packet["entities"] == packet["steps"] == []
    assert packet["sentiment"] == {"trend": "flat", "points": []}
    assert packet["authentication"] == {"verified": False}
    assert packet["customer"] == {
        "language": "en",
        "channels": ["web"],
        "earlier_handoffs": [],
    }


def test_a_dead_action_server_is_a_failed_step() -> None:
    chat = Chat()
    first = chat.asks("cancel HP-10311")
    chat.add(
        "turn_failed",
        "bot",
        message_id="m1",
        reason="failed_action",
        failed_action="action_cancel_order",
    )
    chat.hands_off("bot_failure", first, failed_action="action_cancel_order")
    packet = chat.packet()
    assert packet["reason"] == "The assistant failed at “cancel order”"
    (step,) = packet["steps"]
    assert (step["action"], step["ok"]) == ("action_cancel_order", False)
    (attempt,) = packet["summary"]["tried"]
    assert attempt["what"] == "Tried “cancel order”"
    assert attempt["outcome"] == "it did not work"


def test_the_empty_log_gives_an_empty_packet() -> None:
    chat = Chat()
    chat.handoff = {
        "handoff_id": "H1",
        "conversation_id": "conv-1",
        "trigger": "customer_request",
    }
    packet = chat.packet()
    assert packet["transcript"] == []
    assert packet["triggers"] == ["customer_request"]
    assert packet["summary"]["request"] == ""
    assert packet["summary"]["text"] == "Jo Marsh wrote no request."


def test_a_second_handoff_is_about_the_second_matter() -> None:
    packet = second_handoff().packet()
    summary = packet["summary"]
    assert summary["request"].startswith("if not you hear from my lawyer")
    assert summary["open_question"] == summary["request"]
    assert [t["what"] for t in summary["tried"]] == ["Looked up order HP-10777"]
    # A promise stays one, whoever has taken over since.
    delivered, due = texts(summary["promised"])
    assert delivered.endswith("You'll get a mail.")
    assert due == "It should reach you by 6 March."
    assert packet["reason"] == "Wants to raise a legal matter"
    assert packet["priority"] == 1
    assert packet["sentiment"]["trend"] == "down"


def test_a_second_handoff_has_the_whole_transcript_and_the_first_handoff() -> None:
    packet = second_handoff().packet()
    spoken = texts(packet["transcript"])
    assert "hello" in spoken and spoken[-1] == "This belongs with a person."
    assert [line["seq"] for line in packet["transcript"]] == sorted(
        line["seq"] for line in packet["transcript"]
    )
    (agent,) = [line for line in packet["transcript"] if line["sender"] == "agent"]
    assert agent["name"] == "Maria Lopez"
    (before,) = packet["customer"]["earlier_handoffs"]
    assert before.pop("at")
    assert before == {
        "handoff_id": "H1",
        "trigger": "customer_request",
        "disposition": "resolved",
        "outcome": "A new kettle is on its way.",
    }


def test_notes_are_not_in_the_packet() -> None:
    assert "be generous" not in str(second_handoff().packet())


def test_the_first_packet_stays_about_the_first_matter() -> None:
    chat = second_handoff()
    packet = chat.packet(
        handoff={"handoff_id": "H1", "trigger": "customer_request", "triggers": []}
    )
    assert packet["summary"]["request"].startswith("my kettle arrived broken")
    assert packet["customer"]["earlier_handoffs"] == []


def test_what_an_agent_set_is_in_the_slots_until_the_next_turn() -> None:
    chat = damaged_return()
    chat.add(
        "handoff_updated",
        "agent",
        handoff_id="H1",
        state="returned",
        slots={"order_number": "HP-10777", "new_address": "1 High St"},
    )
    assert chat.packet()["slots"] == {
        "order_number": "HP-10777",
        "new_address": "1 High St",
    }


def test_a_suppressed_turn_is_told_by_what_it_did_but_not_by_what_it_said() -> None:
    chat = Chat()
    wish = chat.asks("cancel order HP-10311 please")
    chat.hands_off("customer_request", wish)
    chat.add(
        "reply_suppressed",
        "bot",
        message_id="m1",
        reason="owner_changed",
        replies=[{"text": "Done. You'll get your money within 3 days."}],
        turn=chat.thought(
            wish,
            "cancel_order",
            ("action_cancel_order", "utter_cancel_order_done"),
            slots={"order_number": "HP-10311"},
        ),
    )
    packet = chat.packet()
    assert texts(packet["transcript"]) == ["cancel order HP-10311 please"]
    assert packet["summary"]["promised"] == []
    (attempt,) = packet["summary"]["tried"]
    assert attempt["what"] == "Cancelled order HP-10311"
    assert attempt["outcome"] == "done (the customer was not told)"
    assert packet["steps"][0]["ok"]


def test_a_turn_and_its_suppressed_reply_are_one() -> None:
    chat = Chat()
    wish = chat.asks("cancel order HP-10311 please")
    action = ("action_cancel_order", "utter_cancel_order_done")
    turn = chat.thought(wish, "cancel_order", action)
    chat.add("turn", "bot", **turn)
    replies = [{"text": "Done."}]
    chat.add(
        "reply_suppressed",
        "bot",
        message_id="m1",
        turn=turn,
        replies=replies,
        reason="owner_changed",
    )
    chat.hands_off("customer_request", wish)
    packet = chat.packet()
    assert len(packet["intents"]) == len(packet["steps"]) == 1
    (attempt,) = packet["summary"]["tried"]
    assert attempt["outcome"] == "done (the customer was not told)"


def test_a_turn_that_failed_half_way_tells_what_was_done_and_what_was_not() -> None:
    chat = Chat()
    wish = chat.asks("cancel order HP-10311 please")
    failed = "action_check_refund_status"
    reason = {"reason": "failed_action", "failed_action": failed}
    turn = chat.thought(
        wish,
        "cancel_order",
        ("action_cancel_order", "utter_cancel_order_done"),
        (failed, None),
        failed_action=failed,
    )
    chat.add("turn_failed", message_id="m1", **reason)
    chat.add("turn", "bot", **turn)
    chat.add(
        "reply_suppressed", "bot", message_id="m1", turn=turn, reason="failed_turn"
    )
    chat.hands_off("bot_failure", wish, bot_failure=reason)
    packet = chat.packet()
    assert [(s["action"], s["ok"]) for s in packet["steps"]] == [
        ("action_cancel_order", True),
        (failed, False),
    ]
    assert [t["outcome"] for t in packet["summary"]["tried"]] == [
        "done (the customer was not told)",
        "it did not work",
    ]
    assert len(packet["intents"]) == 1
    assert packet["reason"] == "The assistant failed at “check refund status”"


def test_a_photo_with_a_text_is_two_turns_of_one_message() -> None:
    chat = Chat()
    photo = {"attachment_id": "a1", "content_type": "image/jpeg"}
    seq = chat.asks("my tent is torn", attachments=[photo])
    chat.turn(seq, "share_photo", ("utter_return_item_photo_received", None))
    chat.turn(seq, "return_item", ("return_item_form", "utter_ask_order_number"))
    failed = chat.asks("and this", attachments=[photo])
    chat.add("turn_failed", message_id=f"m{failed}:photo-0", reason="timeout")
    chat.hands_off("bot_failure", failed)
    packet = chat.packet()
    assert [(i["name"], i["seq"]) for i in packet["intents"]] == [
        ("share_photo", seq),
        ("return_item", seq),
    ]
    assert packet["summary"]["request"] == "my tent is torn"
    assert [t["seq"] for t in packet["summary"]["tried"]] == [failed]


def test_what_systems_tell_the_assistant_is_not_the_customers() -> None:
    chat = damaged_return()
    before = chat.packet()
    greeting = {"name": "EXTERNAL_handback", "confidence": 1.0}
    mood = {"score": 0.0, "label": "neutral"}
    chat.add("turn", "bot", message_id="H1", intent=greeting, sentiment=mood)
    chat.add("reply_suppressed", "bot", message_id="r1", replies=[{}], turn={})
    after = chat.packet()
    assert after["intents"] == before["intents"]
    assert after["sentiment"] == before["sentiment"]
    assert after["summary"]["tried"] == before["summary"]["tried"]


def test_redacted_text_stays_redacted_and_html_stays_text() -> None:
    chat = Chat()
    html = '<img src=x onerror="alert(1)"> my card is [card number removed]'
    wish = chat.asks(html, redacted=["card"])
    chat.turn(wish, "make_complaint")
    chat.hands_off("restricted_topic", wish, topic="make_complaint")
    packet = chat.packet()
    (line,) = packet["transcript"]
    assert line["text"] == html
    assert line["redacted"] == ["card"]
    assert packet["summary"]["request"] == html


def test_photos_are_listed_and_stand_in_their_message() -> None:
    chat = Chat()
    photo = {
        "attachment_id": "a1",
        "content_type": "image/jpeg",
        "width": 800,
        "height": 600,
    }
    seq = chat.add("message", "customer", message_id="m1", attachments=[photo])
    chat.turn(seq, "share_photo", slots={"photo": "a1"})
    old = chat.add(
        "message", "customer", message_id="m3", attachments=[{"attachment_id": "a0"}]
    )
    chat.hands_off("customer_request", old)
    stored = [{"attachment_id": "a0", "content_type": "image/png"}]
    packet = chat.packet(attachments=stored)
    assert [
        (a["attachment_id"], a["content_type"], a["seq"]) for a in packet["attachments"]
    ] == [("a1", "image/jpeg", seq), ("a0", "image/png", old)]
    assert packet["transcript"][0]["attachments"] == [photo]
    assert "text" not in packet["transcript"][0]


def test_buttons_are_kept_with_their_message() -> None:
    chat = Chat()
    button = {"content_type": "text", "title": "Track an order", "payload": "/track"}
    chat.says("Hello!", quick_replies=[button])
    seq = chat.asks("Track an order")
    chat.hands_off("customer_request", seq)
    line = chat.packet()["transcript"][0]
    assert line["quick_replies"] == [{"title": "Track an order", "payload": "/track"}]


def test_the_back_office_fills_in_what_the_chat_does_not_know() -> None:
    profile = Person(
        customer_id="C-9", name="Joanna Marsh", email="jo@example.com", language="de"
    )
    unknown = {"conversation_id": "conv-1", "channel": "web"}
    packet = damaged_return().packet(told=Told([], profile), conversation=unknown)
    customer = packet["customer"]
    assert (customer["id"], customer["name"]) == ("C-1007", "Jo Marsh")
    assert (customer["email"], customer["language"]) == ("jo@example.com", "de")


def test_handoffs_of_other_conversations_come_with_the_rows() -> None:
    rows = [
        {
            "handoff_id": "H0",
            "trigger": "no_progress",
            "queued_at": "2026-01-05T10:00:00Z",
            "labels": {"no_progress": {"en": "Stuck", "de": "Kommt nicht weiter"}},
            "disposition": None,
        },
        {
            "handoff_id": "H1",
            "trigger": "customer_request",
            "at": "2026-03-02T09:00:00Z",
        },
    ]
    earlier = damaged_return().packet(earlier=rows)["customer"]["earlier_handoffs"]
    assert earlier == [
        {
            "handoff_id": "H0",
            "trigger": "no_progress",
            "label": "Stuck",
            "at": "2026-01-05T10:00:00Z",
        }
    ]


@pytest.mark.parametrize("key", ALWAYS)
def test_required_parts_are_there_and_required_by_the_schema(key: str) -> None:
    assert key in damaged_return().packet()
    assert key in packet_schema()["required"]
