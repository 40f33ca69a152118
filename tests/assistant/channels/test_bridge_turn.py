"""What an answered turn tells about itself."""

from datetime import datetime, timezone

from rasa_process import RasaProcess, texts


def test_turn_tells_what_happened(rasa: RasaProcess, sender: str) -> None:
    answer = rasa.say(sender, "where is my order HP-10001")
    turn = answer["turn"]
    assert texts(answer) == ["HP-10001 is on its way."]
    assert turn["intent"]["name"] == "check_order_status"
    assert len(turn["intent_ranking"]) == 5
    assert turn["entities"][0]["value"] == "HP-10001"
    assert turn["sentiment"]["label"] == "neutral"
    names = [action["name"] for action in turn["actions"]]
    assert names == ["order_form", "action_look_up"]
    assert turn["actions"][1]["arguments"] == {"order_number": "HP-10001"}
    assert turn["actions"][1]["events"] == 2
    assert turn["slots"] == {
        "language": "en",
        "order_number": "HP-10001",
        "looked_up": "HP-10001",
    }
    assert turn["slots_set"] == turn["slots"]
    assert turn["failed_action"] is None


def test_slots_that_the_back_office_knows_are_told_as_references(
    rasa: RasaProcess, sender: str
) -> None:
    assert rasa.say(sender, "hello")["turn"]["references"] == []
    rasa.say(sender, "where is my order HP-10001")
    # Whatever this message is about, the chat still is about that.
    assert rasa.say(sender, "hello")["turn"]["references"] == ["HP-10001"]


def test_slots_marked_as_internal_are_not_told(rasa: RasaProcess, sender: str) -> None:
    rasa.hand_back(
        sender, slots={"order_customer_id": "archive", "looked_up": "HP-10001"}
    )
    turn = rasa.say(sender, "hello")["turn"]
    assert turn["slots"]["looked_up"] == "HP-10001"
    assert "archive" not in str(turn)


def test_what_designers_wrote_beside_it_comes_along(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, "it's HP-10004")
    answer = rasa.say(sender, "when are you open")
    [reply] = answer["replies"]
    assert reply == {"text": "From nine to six.", "promise": True}
    [action] = answer["turn"]["actions"]
    assert action["attempt"] == "Told HP-10004 the hours"
    assert action["outcome"] == {"kind": "answered"}
    assert answer["turn"]["subject"] == "order HP-10004"
    labels = answer["turn"]["slot_labels"]
    assert labels["order_number"] == {"label": "the order number"}
    assert rasa.say(sender, "hello")["turn"]["intent"]["small_talk"] is True


def test_open_form_and_its_question_are_told(rasa: RasaProcess, sender: str) -> None:
    answer = rasa.say(sender, "where is my order")
    assert texts(answer) == ["Which order?"]
    assert answer["turn"]["active_loop"] == "order_form"
    assert answer["turn"]["requested_slot"] == "order_number"
    assert answer["turn"]["asked_for"] == "the order number"
    assert answer["turn"]["actions"][0]["result"] == "utter_ask_order_number"


def test_buttons_come_along(rasa: RasaProcess, sender: str) -> None:
    [reply] = rasa.say(sender, "hello")["replies"]
    assert reply["buttons"] == [{"title": "Track", "payload": "/check_order_status"}]


def test_code_is_not_told(rasa: RasaProcess, sender: str) -> None:
    answer = rasa.hand_back(sender, slots={"one_time_code": "123456"})
    assert "123456" not in str(answer)


def test_message_without_the_last_question_is_marked(
    rasa: RasaProcess, sender: str
) -> None:
    forged = {"saw_last_question": True}
    rasa.say(sender, "hello", saw_last_question=False, metadata=forged)
    rasa.say(sender, "hello", saw_last_question=True)
    rasa.say(sender, "hello", metadata={"saw_last_question": False})
    marked, seen, unsaid = rasa.metadata_of(sender)
    assert (marked["saw_last_question"], marked["client"]) == (False, forged)
    assert "saw_last_question" not in seen
    assert "saw_last_question" not in unsaid


def test_signed_identity_fills_its_slots(rasa: RasaProcess, sender: str) -> None:
    identity = {"customer_id": "c-7", "name": "Jo"}
    slots = rasa.say(sender, "hello", identity=identity)["turn"]["slots_set"]
    assert slots["customer_id"] == "c-7"
    assert slots["authentication"]["method"] == "signed_identity"
    assert slots["authentication"]["customer_id"] == "c-7"
    again = rasa.say(sender, "hello", identity=identity)["turn"]
    assert again["slots_set"] == {}
    assert again["slots"] == slots


def test_identity_that_is_no_longer_told_is_dropped(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, "it's HP-10004", identity={"customer_id": "c-7"})
    slots = rasa.say(sender, "hello")["turn"]["slots"]
    assert "authentication" not in slots
    assert "customer_id" not in slots
    assert slots["order_number"] == "HP-10004"


def test_proof_by_code_outlasts_an_identity(rasa: RasaProcess, sender: str) -> None:
    now = datetime.now(timezone.utc).isoformat()
    proof = {"method": "one_time_code", "customer_id": "c-9", "at": now}
    rasa.hand_back(sender, slots={"authentication": proof})
    signed = rasa.say(sender, "hello", identity={"customer_id": "c-7"})["turn"]["slots"]
    assert (signed["customer_id"], signed["authentication"]) == ("c-7", proof)
    slots = rasa.say(sender, "hello")["turn"]["slots"]
    assert slots["authentication"] == proof
    assert "customer_id" not in slots


def test_who_has_left_is_forgotten_with_their_open_form(
    rasa: RasaProcess, sender: str
) -> None:
    proof = {"method": "one_time_code", "customer_id": "c-9"}
    rasa.hand_back(sender, slots={"authentication": proof, "language": "de"})
    rasa.say(sender, "it's HP-10004")
    assert rasa.say(sender, "where is my order")["turn"]["slots"]["authentication"]
    turn = rasa.say(sender, "hello", forget=True)["turn"]
    assert turn["slots"].keys() <= {"language"}
    assert turn["active_loop"] is None
    assert turn["turns"] == 1


def test_new_session_keeps_slots_and_counts_from_one(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, "it's HP-10004")
    turn = rasa.say(sender, "hello", new_session=True)["turn"]
    assert turn["turns"] == 1
    assert turn["slots"]["order_number"] == "HP-10004"
    assert rasa.say(sender, "hello")["turn"]["turns"] == 2


def test_new_session_waits_for_an_open_form(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, "where is my order")
    answer = rasa.say(sender, "HP-10003", new_session=True)
    assert texts(answer) == ["HP-10003 is on its way."]
    assert answer["turn"]["turns"] == 2


def test_sessions_do_not_grow(rasa: RasaProcess, sender: str) -> None:
    for _ in range(3):
        rasa.say(sender, "it's HP-10004", new_session=True)
    before = rasa.stored_events(sender)
    rasa.say(sender, "it's HP-10004", new_session=True)
    fourth = rasa.stored_events(sender) - before
    rasa.say(sender, "it's HP-10004", new_session=True)
    assert rasa.stored_events(sender) - before == 2 * fourth
