"""A conversation that comes back from a human."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fake_actions import WAIT_SECS, FakeActions
from rasa_process import RasaProcess, new_id, texts

TALK = [
    {"sender": "customer", "text": "is anybody there?", "at": "2026-01-05T10:00:00Z"},
    {"sender": "agent", "text": "Hi, Maria here.", "agent": "Maria"},
]


def handback(sender: str) -> dict[str, object]:
    outcome = "a new kettle is on its way"
    return {
        "sender": sender,
        "handoff_id": new_id(),
        "messages": TALK,
        "outcome": outcome,
    }


def test_assistant_greets_with_the_outcome(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, "can I talk to a person")
    answer = rasa.post("handback", handback(sender)).json()
    assert texts(answer) == ["I'm back. Outcome: a new kettle is on its way."]
    assert texts(rasa.say(sender, "hello")) == ["Hello there."]


def test_preview_speaks_alike_and_keeps_nothing(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    rasa.say(sender, "can I talk to a person")
    body = handback(sender)
    for outcome in ("a new one", body["outcome"]):
        shown = rasa.post("handback", {**body, "outcome": outcome, "preview": True})
        assert texts(shown.json()) == [f"I'm back. Outcome: {outcome}."]
    assert rasa.post("handback", body).json()["replies"] == shown.json()["replies"]
    # Had the last preview been kept, the hand-back would have been answered from it.
    assert actions.calls[sender, "action_greet_after_handback"] == 3


@pytest.mark.parametrize("new_session", [False, True])
def test_repeated_handback_speaks_once(
    rasa: RasaProcess, actions: FakeActions, sender: str, new_session: bool
) -> None:
    body = {**handback(sender), "new_session": new_session}
    first = rasa.post("handback", body).json()
    rasa.say(sender, "hello", new_session=new_session)
    assert rasa.post("handback", body).json() == first
    assert actions.calls[sender, "action_greet_after_handback"] == 1


def test_handback_posted_twice_at_once_speaks_once(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    body = handback(sender)
    with ThreadPoolExecutor() as pool:
        with actions.held(sender) as arrived:
            first = pool.submit(rasa.post, "handback", body)
            assert arrived.wait(WAIT_SECS)
            second = pool.submit(rasa.post, "handback", body)
            rasa.say(new_id(), "hello")
        assert first.result().json() == second.result().json()
    assert actions.calls[sender, "action_greet_after_handback"] == 1


@pytest.mark.parametrize("new_session", [False, True])
@pytest.mark.parametrize("greet", [False, True])
def test_open_form_is_closed_and_not_acted_on(
    rasa: RasaProcess, actions: FakeActions, sender: str, greet: bool, new_session: bool
) -> None:
    rasa.say(sender, "where is my order")
    said = [{"sender": "customer", "text": "it's HP-10004"}]
    turn = rasa.hand_back(sender, messages=said, greet=greet, new_session=new_session)[
        "turn"
    ]
    assert turn["active_loop"] is None
    assert turn["requested_slot"] is None
    assert "order_number" not in turn["slots"]
    assert actions.calls[sender, "action_look_up"] == 0
    assert texts(rasa.say(sender, "hello")) == ["Hello there."]


def test_handback_without_greeting_only_catches_up(
    rasa: RasaProcess, actions: FakeActions, sender: str
) -> None:
    rasa.say(sender, "hello")
    body = {**handback(sender), "greet": False}
    answer = rasa.post("handback", body).json()
    stored = rasa.stored_events(sender)
    assert answer["replies"] == []
    assert answer["turn"]["actions"] == []
    assert actions.calls[sender, "action_greet_after_handback"] == 0
    assert rasa.post("handback", body).json() == answer
    assert rasa.stored_events(sender) == stored


def test_slots_of_the_agent_are_known_afterwards(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.hand_back(sender, slots={"order_number": "HP-10042"})
    answer = rasa.say(sender, "where is my order")
    assert texts(answer) == ["HP-10042 is on its way."]


@pytest.mark.parametrize("slot", ["shoe_size", "requested_slot", "handoff_request"])
def test_unknown_slot_saves_nothing(rasa: RasaProcess, sender: str, slot: str) -> None:
    rasa.say(sender, "where is my order")
    stored = rasa.stored_events(sender)
    body = {**handback(sender), "slots": {"order_number": "HP-1", slot: "44"}}
    refused = rasa.post("handback", body)
    assert refused.status_code == 422
    assert refused.json()["error"] == "unknown_slot"
    assert rasa.stored_events(sender) == stored
    assert texts(rasa.say(sender, "HP-10003")) == ["HP-10003 is on its way."]


def test_conversation_that_rasa_never_saw_can_come_back(
    rasa: RasaProcess, sender: str
) -> None:
    assert texts(rasa.hand_back(sender, outcome="done")) == ["I'm back. Outcome: done."]


def test_message_that_was_told_already_is_not_heard_again(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, "hello", message_id="m-1")
    said = [
        {"sender": "customer", "text": "hello", "message_id": "m-1"},
        {"sender": "customer", "text": "anybody?", "message_id": "m-2"},
        {"sender": "agent", "text": "Hi, Maria here.", "message_id": "agent:1"},
    ]
    rasa.hand_back(sender, messages=said, greet=False)
    more = {"sender": "customer", "text": "thanks", "message_id": "m-3"}
    # The bridge died before it wrote down how far it had told it.
    rasa.hand_back(sender, messages=[*said, more], greet=False)
    heard = [told.get("message_id") for told in rasa.metadata_of(sender)]
    assert heard == [None, "m-2", "m-3"]
    assert rasa.count_of(sender, "bot", "Hi, Maria here.") == 1


def test_message_that_was_told_may_still_have_a_turn(
    rasa: RasaProcess, sender: str
) -> None:
    told = {"sender": "customer", "text": "hello", "message_id": "m-1"}
    rasa.hand_back(sender, messages=[told], greet=False)
    assert texts(rasa.say(sender, "hello", message_id="m-1")) == ["Hello there."]
