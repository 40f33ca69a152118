"""The pipeline's stage that finds orders: what it adds, and what the next one reads."""

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from components.negation import NegationMask, NegationReader
from components.order_numbers import OrderNumberExtractor


def read(text: str) -> tuple[list[tuple[str, str]], str, str]:
    """Returns each number with its words, the text as read on, and as put back."""
    messages = [Message({"text": text})]
    OrderNumberExtractor().process(NegationMask().process(messages))
    [message] = messages
    read_on = message.get("text")
    NegationReader({}, LocalModelStorage(Path()), Resource("")).process(messages)
    back = message.get("text")
    found = [
        (one["value"], back[one["start"] : one["end"]])
        for one in message.get("entities") or []
    ]
    return found, read_on, back


def test_a_number_in_words_is_read_on_in_figures():
    text = "cancel order one oh five seventeen please"
    found, read_on, back = read(text)
    assert found == [("HP-10517", "one oh five seventeen")]
    assert read_on == "cancel order HP-10517 please"
    assert back == text


def test_a_usual_number_is_read_on_as_it_is():
    assert read("where is hp 10517?")[1] == "where is hp 10517?"


def test_the_order_of_a_negated_request_is_none():
    found, _, back = read("don't cancel HP-10428, cancel HP-10430")
    assert [number for number, _ in found] == ["HP-10430"]
    assert back == "don't cancel HP-10428, cancel HP-10430"


@pytest.mark.parametrize("text", ["order no 10517", "order no. HP-10517 please"])
def test_no_may_stand_for_number(text: str):
    assert [number for number, _ in read(text)[0]] == ["HP-10517"]


def test_what_is_blanked_out_still_tells_what_a_number_is_of():
    assert read("I never got invoice no. 10517")[0] == []


def test_the_payload_of_a_button_is_left_alone():
    assert read('/inform{"order_number": "HP-10517"}')[0] == []


@pytest.mark.parametrize(
    "text",
    [
        "don't send HP-10428 back, just tell me when it comes",
        "nicht HP-10428 stornieren, sag mir nur wann es kommt",
        "no canceles el HP-10428, solo dime cuándo llega",
        "n'annulez pas la HP-10428, dites-moi juste quand elle arrive",
    ],
)
def test_what_is_asked_instead_is_about_the_order_of_the_negated_request(text: str):
    found, read_on, back = read(text)
    assert [number for number, _ in found] == ["HP-10428"]
    assert "HP-10428" in read_on
    assert back == text


@pytest.mark.parametrize(
    "text",
    [
        "don't cancel HP-10428, cancel the other one",
        "don't cancel HP-10428, thanks",
        "don't cancel HP-10428 and don't cancel HP-10430, where is my parcel?",
    ],
)
def test_it_is_not_where_another_nothing_or_either_is_meant(text: str):
    assert read(text)[0] == []


def test_a_wish_is_no_denial_because_it_ends_in_nt():
    found, _, _ = read("please don't cancel HP-10428, I want to know when it comes")
    assert [number for number, _ in found] == ["HP-10428"]
