"""Several requests in one message, through the connector."""

from fake_actions import FakeActions
from rasa_process import RasaProcess, new_id, texts


def names(answer: dict) -> list[str]:
    return [action["name"] for action in answer["turn"]["actions"]]


def test_two_questions_are_both_answered(rasa: RasaProcess, sender: str) -> None:
    answer = rasa.say(sender, "do you take paypal and when are you open on Sunday?")
    assert texts(answer) == ["Cards and PayPal.", "From nine to six."]
    assert answer["turn"]["turns"] == 1
    assert [r["intent"] for r in answer["turn"]["requests"]] == [
        "ask_payment_methods",
        "ask_opening_hours",
    ]


def test_question_is_answered_before_the_form_starts(
    rasa: RasaProcess, sender: str
) -> None:
    answer = rasa.say(sender, "I want to cancel my order. When are you open?")
    assert texts(answer) == ["From nine to six.", "Which order?"]
    assert answer["turn"]["active_loop"] == "cancel_form"


def test_each_request_keeps_its_own_order(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    answer = rasa.say(sender, "cancel order HP-10001 and where is my order HP-10002?")
    assert texts(answer) == ["HP-10002 is on its way.", "HP-10001 is cancelled."]
    assert actions.calls[sender, "action_cancel"] == 1


def test_second_action_is_offered_when_the_first_is_done(
    rasa: RasaProcess, sender: str
) -> None:
    answer = rasa.say(sender, "I want to cancel my order and also track my parcel")
    assert texts(answer) == [
        "First: Cancel an order. Then: Track an order.",
        "Which order?",
    ]
    answer = rasa.say(sender, "it's HP-10004")
    assert texts(answer) == ["HP-10004 is cancelled.", "Now: Track an order?"]
    [button] = answer["replies"][-1]["buttons"]
    assert button == {"title": "Track an order", "payload": "/check_order_status"}
    answer = rasa.say(sender, "Track an order", payload=button["payload"])
    assert texts(answer) == ["Which order?"]


def test_repeated_message_with_two_requests_is_one_turn(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    body = {
        "sender": sender,
        "message": "cancel order HP-10001 and where is my order HP-10002?",
        "message_id": new_id(),
    }
    first = rasa.post("webhook", body).json()
    rasa.say(sender, "hello there")
    stored = rasa.stored_events(sender)
    assert rasa.post("webhook", body).json() == first
    assert rasa.stored_events(sender) == stored
    assert actions.calls[sender, "action_cancel"] == 1


def test_three_requests_are_for_a_person(rasa: RasaProcess, sender: str) -> None:
    message = "cancel order HP-10001, where is my order HP-10002? Do you take paypal?"
    turn = rasa.say(sender, message.replace(", where", ". Where"))["turn"]
    assert turn["trigger"]["trigger"] == "complexity"
    assert len(turn["trigger"]["evidence"]["requests"]) == 3


def test_person_is_asked_for_beside_a_request(rasa: RasaProcess, sender: str) -> None:
    answer = rasa.say(sender, "let me speak to someone real. And when are you open?")
    assert names(answer) == ["action_handoff"]


def test_answer_within_a_form_is_no_second_request(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, "where is my order")
    answer = rasa.say(sender, "it's HP-10004. When are you open, do you take paypal?")
    assert "requests" not in answer["turn"]
