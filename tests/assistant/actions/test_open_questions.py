"""What is said to a form's open question without answering it."""

import pytest

from actions.cancel_order import ValidateCancelOrderForm
from actions.change_address import ValidateChangeAddressForm
from actions.create_account import ValidateCreateAccountForm
from actions.return_item import ValidateReturnItemForm
from actions.review import ValidateLeaveReviewForm

FORM = "cancel_order_form"


@pytest.mark.parametrize(
    ("intent", "response"),
    [
        ("cancel_order", "utter_help_order_number"),
        ("unsure", "utter_help_order_number"),
        ("ask_why", "utter_why_order_number"),
        ("mean_all", "utter_all_order_number"),
    ],
)
async def test_the_question_comes_again_after_an_answer(chat, intent, response):
    chat.asked(FORM, "order_number").says("whatever it is", intent)
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.responses == [response]
    assert ran.slots["order_number"] is None


async def test_a_question_answered_elsewhere_is_not_answered_again(chat):
    chat.asked(FORM, "order_number").says("hello", "greet")
    chat.events.append({"event": "action", "name": "utter_greet"})
    chat.message["intent"] = {"name": "ask_why", "confidence": 1.0}
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.responses == []


async def test_the_other_one_takes_the_order_back(backoffice, chat):
    chat.verified("C-2002").asked(FORM, "order_number")
    chat.knows(order_number="HP-10421", order_customer_id="C-2002")
    chat.knows(requested_slot="confirm").hears_question()
    chat.says("no, the other one", "mean_other")
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.responses == ["utter_mean_other"]
    assert ran.slots == {"order_number": None, "requested_slot": "order_number"}


async def test_the_other_one_takes_an_item_back_before_the_order(backoffice, chat):
    chat.verified("C-2006").asked("return_item_form", "order_number")
    chat.knows(order_number="HP-10425", order_customer_id="C-2006")
    chat.knows(requested_slot="return_item_name")
    chat.knows(return_item_name="Bottle", requested_slot="return_reason")
    chat.says("no, the other one", "mean_other")
    ran = await chat.run(ValidateReturnItemForm())
    assert ran.slots["return_item_name"] is None
    assert "order_number" not in ran.slots


@pytest.mark.parametrize(
    ("form", "slot", "text"),
    [
        (ValidateReturnItemForm(), "return_reason", "can you return it for me"),
        (ValidateCreateAccountForm(), "customer_name", "track my parcel please"),
        (ValidateChangeAddressForm(), "new_address", "please cancel the order"),
        (ValidateLeaveReviewForm(), "review_text", "I want to leave a review"),
    ],
)
async def test_a_request_is_no_free_text(backoffice, chat, form, slot, text):
    chat.asked(form.form_name(), slot).says(text, form.intent)
    ran = await chat.run(form, **{slot: text})
    assert ran.slots[slot] is None
    assert ran.responses == [f"utter_help_{slot}"]


@pytest.mark.parametrize(
    ("form", "slot", "text", "intent"),
    [
        (ValidateLeaveReviewForm(), "review_text", "HP-10421", "inform"),
        (ValidateLeaveReviewForm(), "review_text", "es la HP-10421", "inform"),
        (ValidateLeaveReviewForm(), "review_text", "Bestellung 10421", "inform"),
        (ValidateLeaveReviewForm(), "review_text", "commande n° 10421", "inform"),
        (ValidateReturnItemForm(), "return_reason", "HP-10421", "inform"),
        (
            ValidateChangeAddressForm(),
            "new_address",
            "change the address of HP-10421",
            "change_address",
        ),
        (
            ValidateChangeAddressForm(),
            "new_address",
            "cambiad la dirección del HP-10421",
            "change_address",
        ),
    ],
)
async def test_an_order_is_no_free_text(backoffice, chat, form, slot, text, intent):
    chat.verified("C-2002").knows(order_number="HP-10421", order_customer_id="C-2002")
    chat.asked(form.form_name(), slot).says(text, intent)
    ran = await chat.run(form, **{slot: text})
    assert ran.slots[slot] is None
    assert not {one for one in ran.responses if one.endswith("_unclear")}


async def test_a_review_may_speak_of_orders(chat):
    form, text = (
        ValidateLeaveReviewForm(),
        "my order HP-10421 came late but is fine",
    )
    chat.asked("leave_review_form", "review_text").says(text, "check_order_status", 0.7)
    ran = await chat.run(form, review_text=text)
    assert ran.slots["review_text"] == text


async def test_an_address_in_a_request_is_one(backoffice, chat):
    text = "change my address to 5 Mill Lane, York YO1 7AB"
    chat.verified("C-2002").knows(order_number="HP-10421")
    chat.asked("change_address_form", "new_address").says(text, "change_address")
    ran = await chat.run(ValidateChangeAddressForm(), new_address=text)
    assert ran.slots["new_address"] == text


async def test_a_request_within_a_review_is_one_if_it_is_sure(chat):
    form, text = ValidateLeaveReviewForm(), "where is my order?"
    chat.asked("leave_review_form", "review_text").says(text, "check_order_status")
    ran = await chat.run(form, review_text=text)
    assert ran.events[-1]["event"] == "action_execution_rejected"
    assert ran.slots == {"review_text": None}, "nor does it stay as the review's text"
