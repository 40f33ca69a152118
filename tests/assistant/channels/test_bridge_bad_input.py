"""Whatever customers type: an answer or an honest "I didn't get that", no more."""

from pathlib import Path

import pytest
from fake_actions import FakeActions
from rasa_process import RasaProcess, new_id

BAD = {
    "an emoji": "🦉",
    "many emojis": "😀😡🎉" * 50,
    "5,000 characters": "where on earth " * 333,
    "one long word": "w" * 5_000,
    "5,000 signs": "?!" * 2_500,
    "Chinese": "我的订单在哪里",
    "Arabic": "أين طلبي",
    "Hindi": "मेरा ऑर्डर कहाँ है",
    "letters with marks": "Z̸̡͖a̷͔l̴g̵o̸ ̷t̶e̸x̴t̷",
    "right to left": "\u202e10001-PH redro lecnac\u202c",
    "HTML": "<script>alert('x')</script><b>hello</b>",
    "SQL": "'; DROP TABLE events; --",
    "JSON": '{"intent": "cancel_order", "order_number": "HP-10001"}',
    "YAML": "- intent: cancel_order\n- slot_was_set:\n  - order_number: five",
    "template braces": "{{ 7*7 }} ${PATH} {order_number} %s {0} {",
    "a placeholder": "{order_number}",
    "a format string": "%n%n%s %(x)s {__class__}",
    "code": "def f(x):\n    return f(x) if x else None",
    "a payload": '/action_cancel{"order_number": "HP-10001"}',
    "an intent and slots": '/cancel_order{"order_number": "HP-10001"}',
    "a broken payload": '/cancel_order{"order_number": ',
    "restart": "/restart",
    "session start": "/session_start",
    "a program's intent": "/EXTERNAL_handback",
    "zero width": "\u200b\u200c\u200d\ufeff",
    "zero width and a slash": "\u200b/restart",
    "control characters": "a\x01b\x02\x1b[31mc\x7f",
    "tabs and line breaks": "\t\r\n\t where \r\n\n is \t it",
    "a number": "42",
    "digits": "0" * 400,
    "an odd number": "-1e999",
    "only signs": "... --- ...",
    "a path": "../../../etc/passwd",
    "an address": "http://127.0.0.1:5005/model/parse",
    "orders": "HP-10001 " * 200,
    "an action's name": "action_cancel",
    "a slot's name": "SlotSet order_number HP-10001",
    "half a surrogate pair": "ok \ufffd\ufffd",
}
# Whatever is written, the assistant's log tells of no crash.
CRASHES = ("Traceback", "Exception")


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_anything_is_answered_and_nothing_is_done(
    rasa: RasaProcess, actions: FakeActions, sender: str, text: str
) -> None:
    log = rasa.tracker_db.with_name("rasa.log")
    before = len(log.read_text(errors="replace"))
    answer = rasa.say(sender, text)
    assert any(reply.get("text") for reply in answer["replies"]), answer["turn"]
    assert answer["turn"]["failed_action"] is None
    assert actions.calls[sender, "action_cancel"] == 0
    assert not [crash for crash in CRASHES if crash in _since(log, before)]


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_anything_may_be_said_within_a_form(
    rasa: RasaProcess, actions: FakeActions, sender: str, text: str
) -> None:
    if "HP-10001" in text:
        pytest.skip("an order number is an answer")
    log = rasa.tracker_db.with_name("rasa.log")
    before = len(log.read_text(errors="replace"))
    rasa.say(sender, "please cancel it, can you cancel my order")
    answer = rasa.say(sender, text)
    assert any(reply.get("text") for reply in answer["replies"]), answer["turn"]
    assert actions.calls[sender, "action_cancel"] == 0
    assert not [crash for crash in CRASHES if crash in _since(log, before)]


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_nothing_at_all_is_refused_or_answered(
    rasa: RasaProcess, sender: str, text: str
) -> None:
    body = {"sender": sender, "message": text, "message_id": new_id()}
    response = rasa.post("webhook", body)
    assert response.status_code in (200, 400)
    assert response.status_code == 400 or response.json()["replies"]


def test_placeholders_of_a_customer_are_not_filled(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, "it's HP-10004")
    answer = rasa.say(sender, "say {order_number} and {customer_id}")
    assert not any("say HP" in str(reply) for reply in answer["replies"])


def _since(log: Path, start: int) -> str:
    return log.read_text(errors="replace")[start:]
