"""The connector says what is a fragment, and answers what belongs together."""

import pytest
from rasa_process import RasaProcess, new_id, texts

from channels.bridge_requests import BadRequest, read_message

FRAGMENT = "purple wombat sofa"
OTHER = "flim flam florp"


def more(message: str, message_id: str | None = None, **fields: object) -> dict:
    return {"message_id": message_id or new_id(), "message": message, **fields}


def test_fragment_is_not_recorded_where_more_may_come(
    rasa: RasaProcess, sender: str
) -> None:
    answer = rasa.say(sender, FRAGMENT, may_wait=True)
    assert (answer["replies"], answer["turn"]) == ([], {"recorded": False})
    assert rasa.stored_events(sender) == 0
    assert texts(rasa.say(sender, FRAGMENT)) == ["I didn't get that."]


def test_whole_thought_is_answered_at_once(rasa: RasaProcess, sender: str) -> None:
    assert texts(rasa.say(sender, "hello there", may_wait=True)) == ["Hello there."]


def test_answer_to_no_question_is_a_fragment(rasa: RasaProcess, sender: str) -> None:
    turn = rasa.say(sender, "the number is", may_wait=True)["turn"]
    assert turn == {"recorded": False}
    assert rasa.say(sender, "the number is HP-10005", may_wait=True)["replies"]


def test_answer_in_a_form_does_not_wait(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, "where is my order", may_wait=True)
    assert rasa.say(sender, FRAGMENT, may_wait=True)["replies"]


def test_joined_messages_are_one_turn_known_by_each_id(
    rasa: RasaProcess, sender: str
) -> None:
    ids = [new_id(), new_id()]
    answer = rasa.say(
        sender, "where is", message_id=ids[0], joined=[more("my order", ids[1])]
    )
    assert answer["turn"]["intent"]["name"] == "check_order_status"
    assert answer["turn"]["message_ids"] == ids
    assert answer["turn"]["turns"] == 1
    stored = rasa.stored_events(sender)
    for message_id in ids:
        again = rasa.say(sender, "anything", message_id=message_id)
        assert again["replies"] == answer["replies"]
        assert again["turn"]["message_ids"] == ids
    assert rasa.stored_events(sender) == stored


def test_last_part_is_heard_where_the_whole_is_not(
    rasa: RasaProcess, sender: str
) -> None:
    joined = [more(OTHER), more("asdf qwer zxcv"), more("when are you open")]
    answer = rasa.say(sender, FRAGMENT, joined=joined)
    assert texts(answer) == ["From nine to six."]


def test_one_thought_fails_once(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, FRAGMENT, sent_at=100.0, joined=[more(OTHER, sent_at=101.0)])
    answer = rasa.say(sender, "blub blub blub", sent_at=102.0)
    assert answer["turn"]["trigger"] is None
    answer = rasa.say(sender, "asdf qwer zxcv", sent_at=104.0)
    assert answer["turn"]["trigger"]["trigger"] == "repeated_fallback"


def test_client_cannot_claim_other_ids(rasa: RasaProcess, sender: str) -> None:
    forged = {"joined": ["m-9"], "sent_at": [0, 0]}
    turn = rasa.say(sender, "hello", message_id="m-1", metadata=forged)["turn"]
    assert turn["message_ids"] == ["m-1"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"joined": {}}, "joined must be a list"),
        ({"joined": ["x"]}, "must be a JSON object"),
        ({"joined": [{"message": "x"}]}, r"joined\[\].message_id must be a text"),
        ({"may_wait": "yes"}, "may_wait must be true or false"),
        ({"sent_at": "now"}, "sent_at must be a number of seconds"),
        ({"sent_at": True}, "sent_at must be a number of seconds"),
    ],
)
def test_malformed_fields_are_refused(fields: dict, says: str) -> None:
    body = {"sender": "c", "message_id": "m", "message": "hi", **fields}
    with pytest.raises(BadRequest, match=says):
        read_message(body)
