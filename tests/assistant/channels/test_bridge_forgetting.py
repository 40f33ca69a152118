"""What the bridge says may not be kept is used in its turn and written nowhere."""

from pathlib import Path

import pytest
from rasa_process import RasaProcess, new_id


def files_with(rasa: RasaProcess, text: str) -> list[str]:
    """Names of the tracker store's files in which a text stands."""
    files = Path(rasa.tracker_db).parent.glob(f"{Path(rasa.tracker_db).name}*")
    # As JSON writes it, escapes and all: the tests' codes are ASCII.
    return [path.name for path in files if text.encode() in path.read_bytes()]


@pytest.mark.parametrize("code", ["940173", "940 173", "9-4-0-1-7-3"])
def test_a_code_is_in_no_file_and_the_turn_can_be_asked_for_again(
    rasa: RasaProcess, sender: str, code: str
) -> None:
    rasa.say(sender, "where is my order")
    body = {
        "sender": sender,
        "message": f"it's HP-10004 and {code} thanks",
        "message_id": new_id(),
        "not_kept": [code],
    }
    first = rasa.post("webhook", body).json()
    assert first["replies"]
    assert files_with(rasa, body["message_id"])
    assert files_with(rasa, code) == []
    assert files_with(rasa, code.replace(" ", "").replace("-", "")) == []
    stored = rasa.stored_events(sender)
    assert rasa.post("webhook", body).json() == first
    assert rasa.stored_events(sender) == stored


def test_a_text_that_fills_a_slot_is_forgotten_in_the_slot(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, "where is my order")
    rasa.say(sender, "it is 381 552", not_kept=["381 552"])
    rasa.say(sender, "hello")
    assert files_with(rasa, "381 552") == []


def test_without_the_word_a_message_is_kept(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, "it's HP-10004 and 617 284")
    assert files_with(rasa, "617 284")


def test_not_kept_has_to_be_a_list_of_texts(rasa: RasaProcess, sender: str) -> None:
    body = {"sender": sender, "message": "hello", "message_id": new_id()}
    for wrong in ("123456", [123456], {"a": "b"}):
        refused = rasa.post("webhook", {**body, "not_kept": wrong})
        assert refused.status_code == 400
        assert refused.json()["error"] == "bad_request"
