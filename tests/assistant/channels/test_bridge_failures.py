"""What fails, fails with its code and is noticed."""

import pytest
import requests
from fake_actions import FakeActions
from rasa_process import RasaProcess, new_id, texts

from channels.bridge_requests import BadRequest, read_handback, read_message

MESSAGE = {"sender": "s", "message": "hi", "message_id": "m"}
HANDBACK = {"sender": "s", "handoff_id": "h"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
@pytest.mark.parametrize("route", ["webhook", "handback", "suggest"])
def test_caller_without_the_token_is_refused(
    rasa: RasaProcess, route: str, headers: dict[str, str]
) -> None:
    refused = rasa.post(route, MESSAGE, headers=headers)
    assert refused.status_code == 401
    assert refused.json()["error"] == "unauthorized"


def test_dead_action_server_is_named(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    with actions.dead():
        turn = rasa.say(sender, "it's HP-10004")["turn"]
        assert turn["failed_action"] == "action_look_up"
        assert rasa.say(sender, "hello")["turn"]["failed_action"] is None
    assert texts(rasa.say(sender, "it's HP-10004")) == ["HP-10004 is on its way."]


def test_form_without_its_action_server_is_named(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    with actions.dead():
        turn = rasa.say(sender, "where is my order HP-10001")["turn"]
    assert turn["failed_action"] == "order_form"


def test_handoff_that_cannot_be_asked_for_still_tells_its_trigger(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    with actions.dead():
        turn = rasa.say(sender, "can I talk to a person")["turn"]
    assert turn["failed_action"] == "action_handoff"
    assert turn["trigger"]["trigger"] == "customer_request"


def test_failing_tracker_store_fails_the_turn_and_loses_nothing(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, "hello")
    body = {"sender": sender, "message": "it's HP-10004", "message_id": new_id()}
    with rasa.broken_tracker_store():
        failed = rasa.post("webhook", body)
        assert failed.status_code == 500
        assert failed.json()["error"] == "turn_failed"
        assert rasa.post("handback", HANDBACK).status_code == 500
    answer = rasa.post("webhook", body).json()
    assert texts(answer) == ["HP-10004 is on its way."]
    assert answer["turn"]["turns"] == 2


def test_health_names_the_model(rasa: RasaProcess) -> None:
    health = requests.get(f"{rasa.url}/webhooks/bridge/", timeout=5)
    assert health.status_code == 200
    told = health.json()
    assert (told["status"], told["model"]) == ("ok", "assistant.tar.gz")
    assert told["model_id"]


@pytest.mark.parametrize(
    "change",
    [
        {"sender": None},
        {"sender": "  "},
        {"sender": 7},
        {"sender": "x" * 256},
        {"message_id": None},
        {"message": " "},
        {"message": ["hi"]},
        {"payload": "greet"},
        {"payload": 1},
        {"metadata": "photo"},
        {"identity": {"name": "Jo"}},
        {"identity": "Jo"},
        {"new_session": "yes"},
        {"saw_last_question": 0},
    ],
)
def test_bad_message_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        read_message({**MESSAGE, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"handoff_id": None},
        {"messages": "hi"},
        {"messages": ["hi"]},
        {"messages": [{"sender": "bot", "text": "hi"}]},
        {"messages": [{"text": "hi"}]},
        {"slots": []},
        {"greet": 1},
        {"outcome": {}},
    ],
)
def test_bad_handback_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        read_handback({**HANDBACK, **change})


def test_null_counts_as_absent() -> None:
    assert read_message({**MESSAGE, "payload": None, "identity": None}).metadata == {}
    assert read_message({**MESSAGE, "saw_last_question": None}).saw_last_question
    assert read_handback({**HANDBACK, "messages": None, "greet": None}).greet is True


@pytest.mark.parametrize("body", [None, [], "hi", {}, {"sender": 1}])
@pytest.mark.parametrize("route", ["webhook", "handback"])
def test_bad_body_is_a_400(rasa: RasaProcess, route: str, body: object) -> None:
    refused = rasa.post(route, body)
    assert refused.status_code == 400
    assert refused.json()["error"] == "bad_request"


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b""])
def test_body_that_is_no_json_is_a_400(rasa: RasaProcess, data: bytes) -> None:
    refused = rasa.post("webhook", None, data=data)
    assert refused.status_code == 400
