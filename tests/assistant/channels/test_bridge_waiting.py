"""What customers write in line: heard by the connector, mostly in silence."""

import pytest
from rasa_process import RasaProcess, new_id, texts

from channels.bridge_requests import BadRequest, read_message

ASKED = {"triggers": ["customer_request"], "evidence": {}}
COMPLAINT = "I want to make a formal complaint"


def write(rasa: RasaProcess, sender: str, message: str, **fields: object) -> dict:
    body = {
        "sender": sender,
        "message": message,
        "message_id": new_id(),
        "waiting": ASKED,
        **fields,
    }
    response = rasa.post("waiting", body)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    "message", ["hello", "where is my order", "purple wombat sofa", "human please"]
)
def test_ordinary_message_is_met_with_silence(
    rasa: RasaProcess, sender: str, message: str
) -> None:
    answer = write(rasa, sender, message)
    assert answer["replies"] == []
    assert answer["turn"]["recorded"] is False
    assert answer["turn"]["trigger"] is None
    assert rasa.stored_events(sender) == 0


def test_open_form_does_not_go_on(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, "where is my order")
    before = rasa.stored_events(sender)
    answer = write(rasa, sender, "HP-10003")
    assert (answer["replies"], answer["turn"]["slots_set"]) == ([], {})
    assert rasa.stored_events(sender) == before


def test_more_urgent_reason_is_said_once_for_each_message(
    rasa: RasaProcess, sender: str
) -> None:
    message_id = new_id()
    answer = write(rasa, sender, COMPLAINT, message_id=message_id)
    assert texts(answer) == ["Bringing in a colleague."]
    assert answer["turn"]["trigger"]["trigger"] == "restricted_topic"
    assert answer["turn"]["trigger"]["triggers"][0]["priority"] == 1
    stored = rasa.stored_events(sender)
    assert write(rasa, sender, COMPLAINT, message_id=message_id) == answer
    assert rasa.stored_events(sender) == stored


def test_reason_that_is_known_already_is_met_with_silence(
    rasa: RasaProcess, sender: str
) -> None:
    known = {"triggers": ["restricted_topic", "customer_request"], "evidence": {}}
    assert write(rasa, sender, COMPLAINT, waiting=known)["replies"] == []


def test_message_heard_in_silence_gets_its_turn_afterwards(
    rasa: RasaProcess, sender: str
) -> None:
    message_id = new_id()
    write(rasa, sender, "when are you open", message_id=message_id)
    answer = rasa.say(sender, "when are you open", message_id=message_id)
    assert texts(answer) == ["From nine to six."]


def test_reasons_that_are_no_object_are_refused() -> None:
    body = {"sender": "c", "message_id": "m", "message": "hi", "waiting": ["x"]}
    with pytest.raises(BadRequest, match="waiting must be an object"):
        read_message(body)
