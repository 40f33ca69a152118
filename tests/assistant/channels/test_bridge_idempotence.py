"""A message posted twice is one turn, whatever happened to the first answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from fake_actions import WAIT_SECS, FakeActions
from rasa_process import RasaProcess, new_id, texts

LOOK_UP = "it's HP-10004"


def message(sender: str) -> dict[str, str]:
    return {"sender": sender, "message": LOOK_UP, "message_id": new_id()}


def test_repeated_message_gets_the_stored_turn(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    body = message(sender)
    first = rasa.post("webhook", body).json()
    stored = rasa.stored_events(sender)
    second = rasa.post("webhook", body).json()
    assert texts(first) == ["HP-10004 is on its way."]
    assert second == first
    assert actions.calls[sender, "action_look_up"] == 1
    assert rasa.stored_events(sender) == stored


def test_stored_turn_is_found_after_later_turns(rasa: RasaProcess, sender: str) -> None:
    body = message(sender)
    first = rasa.post("webhook", body).json()
    rasa.say(sender, "hello")
    rasa.say(sender, "it's HP-10007")
    assert rasa.post("webhook", body).json() == first


def test_message_posted_twice_at_once_runs_once(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    body = message(sender)
    with ThreadPoolExecutor() as pool:
        with actions.held(sender) as arrived:
            first = pool.submit(rasa.post, "webhook", body)
            assert arrived.wait(WAIT_SECS)
            second = pool.submit(rasa.post, "webhook", body)
            rasa.say(new_id(), "hello")
        answers = [first.result().json(), second.result().json()]
    assert answers[0] == answers[1]
    assert actions.calls[sender, "action_look_up"] == 1


def test_turn_survives_a_caller_who_leaves(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    body = message(sender)
    with actions.held(sender) as arrived:
        with pytest.raises(requests.ReadTimeout):
            rasa.post("webhook", body, timeout=1)
        assert arrived.is_set()
        # Rasa has noticed by the time that it has served somebody else.
        rasa.say(new_id(), "hello")
    answer = rasa.post("webhook", body).json()
    assert texts(answer) == ["HP-10004 is on its way."]
    assert actions.calls[sender, "action_look_up"] == 1
    assert answer["turn"]["turns"] == 1


def test_messages_of_one_conversation_run_one_after_the_other(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    with ThreadPoolExecutor() as pool:
        with actions.held(sender) as arrived:
            first = pool.submit(rasa.say, sender, LOOK_UP)
            assert arrived.wait(WAIT_SECS)
            second = pool.submit(rasa.say, sender, "hello")
            rasa.say(new_id(), "hello")
            assert not second.done()
        assert first.result()["turn"]["turns"] == 1
        assert second.result()["turn"]["turns"] == 2


def test_lookup_tells_what_was_done_and_does_nothing(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    body = message(sender)
    lookup = {**body, "only_known": True}
    unheard = rasa.post("webhook", lookup).json()
    assert unheard == {"replies": [], "turn": {"recorded": False}}
    assert actions.calls[sender, "action_look_up"] == 0
    assert rasa.stored_events(sender) == 0
    first = rasa.post("webhook", body).json()
    assert rasa.post("webhook", lookup).json() == first
    assert actions.calls[sender, "action_look_up"] == 1
