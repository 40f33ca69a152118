"""The trained assistant gets a photo and what is written beside it in one message."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from benchmarks.conversations import Conversations, conversations
from channels.turn_report import Answer

pytestmark = pytest.mark.slow
PHOTO = "8f2c1d"
ORDER = "HP-10428"  # delivered lately


@pytest.fixture(scope="module")
def talk() -> Iterator[Conversations]:
    with conversations() as running:
        yield running


def texts(answer: Answer) -> str:
    return "\n".join(str(reply.get("text")) for reply in answer.replies)


def intent(answer: Answer) -> str:
    return str(answer.turn["intent"]["name"])


@pytest.mark.parametrize(
    ("caption", "language"),
    [
        ("it arrived broken", "en"),
        ("la tienda que compré llegó rota, quiero devolverla", "es"),
        ("es kam kaputt an", "de"),
        ("la lampe est arrivée cassée", "fr"),
    ],
)
def test_caption_starts_what_it_asks_for_and_the_photo_is_kept(
    talk: Conversations, caption: str, language: str
) -> None:
    sender = uuid4().hex
    answer = talk.say(sender, caption, photos=[PHOTO], language=language)
    assert intent(answer) == "return_item"
    assert answer.turn["slots"]["photo"] == PHOTO
    assert answer.turn["active_loop"] == "return_item_form"


def code(talk: Conversations) -> str:
    found = talk.of_the_shop("/outbox.json", order_number=ORDER, limit="1")
    words = str(found["mails"][0]["body"]).replace(".", " ").split()
    return next(word for word in words if len(word) == 6 and word.isdecimal())


@pytest.mark.parametrize("caption", ["flumph bla", "thank you", "is it enough?"])
def test_photo_that_is_asked_for_counts_whatever_is_written_beside_it(
    talk: Conversations, caption: str
) -> None:
    sender = uuid4().hex
    talk.say(sender, f"the kettle from {ORDER} is broken, I want to return it")
    asks = talk.say(sender, code(talk))
    assert asks.turn["requested_slot"] == "photo"
    answer = talk.say(sender, caption, photos=[PHOTO])
    assert (answer.turn["active_loop"], intent(answer)) == (None, "share_photo")
    assert answer.turn["trigger"] is None


def test_return_with_a_captioned_photo_asks_for_no_other(talk: Conversations) -> None:
    sender = uuid4().hex
    answer = talk.say(sender, f"{ORDER} arrived broken", photos=[PHOTO])
    assert "I've added your photo" in texts(answer)
    assert answer.turn["requested_slot"] == "one_time_code"
    done = talk.say(sender, code(talk))
    # Another return of it may be under way by now; the question would come before.
    assert done.turn["active_loop"] is None


def test_caption_answers_a_forms_question(talk: Conversations) -> None:
    sender = uuid4().hex
    talk.say(sender, "I want to return something")
    answer = talk.say(sender, ORDER, photos=[PHOTO])
    assert answer.turn["slots"]["order_number"] == ORDER
    assert answer.turn["slots"]["photo"] == PHOTO
    assert answer.turn["requested_slot"] == "one_time_code"


def test_photo_whose_caption_asks_for_nothing_is_acknowledged(
    talk: Conversations,
) -> None:
    for caption in ("hello", "here you go", "qwrtz flumph", "please see this"):
        answer = talk.say(uuid4().hex, caption, photos=[PHOTO])
        assert intent(answer) == "share_photo", caption
        assert "your photo stays with this chat" in texts(answer)


def test_question_beside_a_photo_is_answered_and_the_photo_kept(
    talk: Conversations,
) -> None:
    answer = talk.say(uuid4().hex, "when are you open?", photos=[PHOTO])
    assert intent(answer) == "ask_opening_hours"
    assert answer.turn["slots"]["photo"] == PHOTO


def test_person_is_asked_for_beside_a_photo(talk: Conversations) -> None:
    answer = talk.say(uuid4().hex, "let me talk to a human please", photos=[PHOTO])
    assert intent(answer) == "request_human"
    assert answer.turn["slots"]["photo"] == PHOTO
