import pytest

from actions.review import (
    ActionAskLeaveReviewFormConfirm,
    ActionLeaveReview,
    ValidateLeaveReviewForm,
    rating_in,
)

FORM = "leave_review_form"
ORDER, BUYER = "HP-10428", "C-2001"
ANGRY = "Absolute rubbish, it leaks and nobody answers. I want my money back!"


def written(chat, rating=4, text="Light and sturdy.", by_name=False, confirm=True):
    return chat.knows(
        review_rating=rating,
        review_text=text,
        review_by_name=by_name,
        order_number=ORDER,
        confirm=confirm,
    ).says("yes", "affirm")


@pytest.mark.parametrize(
    ("said", "rating"),
    [
        ("5", 5),
        ("4 stars", 4),
        ("three", 3),
        ("★★", 2),
        ("1/5", 1),
        ("4 out of 5", 4),
        ("cinco", 5),
    ],
)
def test_stars_are_read(said, rating):
    assert rating_in(said) == rating


@pytest.mark.parametrize(
    "said",
    [
        "0",
        "6",
        "great",
        "3 or 4",
        "10428",
        "solo una pregunta antes: ¿es pública?",
        "ich möchte eine Bewertung schreiben",
        "je veux laisser un avis",
        "I'd like to leave one review",
        "can I ask 2 things?",
    ],
)
def test_what_gives_no_stars_is_none(said):
    assert rating_in(said) is None


async def test_stars_in_the_request_are_not_asked_for(backoffice, chat):
    chat.says("i want to leave a 5 star review", "leave_review").starts(FORM)
    ran = await chat.run(ValidateLeaveReviewForm())
    assert ran.slots["review_rating"] == 5


async def test_no_stars_are_refused(backoffice, chat):
    chat.asked(FORM, "review_rating").says("very good")
    ran = await chat.run(ValidateLeaveReviewForm(), review_rating="very good")
    assert ran.responses == ["utter_review_rating_unclear"]
    assert ran.slots["review_rating"] is None


@pytest.mark.parametrize("intent", ["request_refund", "make_complaint", "return_item"])
async def test_an_angry_text_is_the_review_and_not_another_wish(
    backoffice, chat, intent
):
    chat.asked(FORM, "review_text").knows(review_rating=1).says(ANGRY, intent)
    ran = await chat.run(ValidateLeaveReviewForm(), review_text=ANGRY)
    assert ran.slots["review_text"] == ANGRY
    assert {event["event"] for event in ran.events} == {"slot"}


async def test_an_angry_text_outlives_an_interruption(backoffice, chat):
    chat.asked(FORM, "review_text").knows(review_rating=1, review_text=ANGRY).left()
    chat.says("leave a review", "leave_review").starts(FORM)
    ran = await chat.run(ValidateLeaveReviewForm(), review_rating=1, review_text=ANGRY)
    assert ran.slots["review_text"] == ANGRY
    assert ran.slots["review_rating"] == 1


async def test_another_topic_elsewhere_in_the_form_is_left_to_the_rules(
    backoffice, chat
):
    chat.asked(FORM, "review_by_name").says("cancel HP-10421", "cancel_order")
    ran = await chat.run(ValidateLeaveReviewForm())
    assert [event["event"] for event in ran.events] == ["action_execution_rejected"]


@pytest.mark.parametrize(
    ("said", "intent", "candidates"),
    [
        ("no", "deny", {"review_by_name": False}),
        ("without a name", "inform", {"review_by_name": "unclear"}),
        ("anonymously please", "edit_account", {}),
    ],
)
async def test_without_a_name_no_order_is_asked_for(
    backoffice, chat, said, intent, candidates
):
    chat.knows(review_rating=4, review_text="Good.")
    chat.asked(FORM, "review_by_name").says(said, intent, confidence=0.5)
    ran = await chat.run(ValidateLeaveReviewForm(), **candidates)
    assert ran.slots["review_by_name"] is False
    assert ran.slots["requested_slot"] == "confirm"


@pytest.mark.parametrize(
    ("said", "intent", "candidates"),
    [
        ("yes", "affirm", {"review_by_name": True}),
        ("with my first name", "inform", {"review_by_name": "unclear"}),
        (ORDER, "inform", {"order_number": ORDER, "review_by_name": "unclear"}),
    ],
)
async def test_a_name_needs_order_and_code(backoffice, chat, said, intent, candidates):
    chat.knows(review_rating=4, review_text="Good.")
    chat.asked(FORM, "review_by_name").says(said, intent)
    ran = await chat.run(ValidateLeaveReviewForm(), **candidates)
    assert ran.slots["review_by_name"] is True
    assert ran.slots["requested_slot"] in ("order_number", "one_time_code")


async def test_who_has_no_number_goes_on_without_a_name(backoffice, chat):
    chat.knows(review_rating=4, review_text="Good.", review_by_name=True)
    chat.asked(FORM, "order_number").says("no", "deny")
    ran = await chat.run(ValidateLeaveReviewForm(), order_number="no")
    assert ran.slots["review_by_name"] is False
    assert ran.slots["requested_slot"] == "confirm"
    assert ran.responses == []


@pytest.mark.parametrize("by_name", [True, False])
async def test_the_question_shows_the_review(backoffice, chat, by_name):
    ran = await written(chat, by_name=by_name).run(ActionAskLeaveReviewFormConfirm())
    kind = "named" if by_name else "unnamed"
    assert ran.responses == [f"utter_ask_leave_review_form_confirm_{kind}"]
    assert ran.messages[0]["stars"] == "★★★★"
    assert ran.messages[0]["review_text"] == "Light and sturdy."
    assert ran.events


async def test_a_review_without_a_name_is_stored_once(backoffice, chat):
    before = len(backoffice.reviews())
    written(chat, text="Lovely shop.")
    first = await chat.run(ActionLeaveReview())
    chat.message_id = "tapped twice"
    second = await written(chat, text="Lovely shop.").run(ActionLeaveReview())
    assert first.responses == second.responses == ["utter_review_done"]
    assert len(backoffice.reviews()) == before + 1
    assert "shown_as" not in backoffice.reviews()[0]
    assert first.slots["review_text"] is None


async def test_a_buyers_review_takes_the_place_of_the_one_before(backoffice, chat):
    written(chat.verified(BUYER), text="Good.", by_name=True)
    first = await chat.run(ActionLeaveReview())
    written(chat, text="Still good.", by_name=True)
    second = await chat.run(ActionLeaveReview())
    assert first.responses == ["utter_review_done"]
    assert second.responses == ["utter_review_done_replaced"]
    review = backoffice.reviews()[0]
    assert (review["shown_as"], review["text"]) == ("Jo", "Still good.")


async def test_who_was_let_down_is_offered_a_person(backoffice, chat, domain):
    ran = await written(chat, rating=1, text=ANGRY).run(ActionLeaveReview())
    assert ran.responses == ["utter_review_done_unhappy"]
    assert backoffice.reviews()[0]["text"] == ANGRY
    buttons = domain["responses"]["utter_review_done_unhappy"][0]["buttons"]
    assert "/request_human" in [button["payload"] for button in buttons]


async def test_nothing_is_stored_without_a_yes_or_in_anothers_name(backoffice, chat):
    before = backoffice.reviews()
    kept = await written(chat, confirm=False).run(ActionLeaveReview())
    written(chat.verified("C-2002"), by_name=True)
    stranger = await chat.run(ActionLeaveReview())
    assert kept.responses == ["utter_review_kept"]
    assert stranger.responses == ["utter_verification_missing"]
    assert backoffice.reviews() == before


async def test_a_lost_answer_keeps_the_words_for_another_try(backoffice, chat):
    before = len(backoffice.reviews())
    backoffice.fail(mode="lost", paths=["/reviews"])
    lost = await written(chat, text="Lost once.").run(ActionLeaveReview())
    backoffice.fail(mode="none")
    assert lost.responses == ["utter_backoffice_uncertain"]
    assert lost.slots["review_text"] == "Lost once."
    assert lost.slots["confirm"] is None
    chat.message_id = "again"
    again = await written(chat, text="Lost once.").run(ActionLeaveReview())
    assert again.responses == ["utter_review_done"]
    assert len(backoffice.reviews()) == before + 1


async def test_an_outage_keeps_the_words(no_backoffice, chat):
    ran = await written(chat, rating=1, text=ANGRY).run(ActionLeaveReview())
    assert ran.responses == ["utter_backoffice_uncertain"]
    assert ran.slots["review_text"] == ANGRY
    assert ran.slots["review_rating"] == 1
