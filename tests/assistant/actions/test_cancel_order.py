import pytest

from actions.cancel_order import (
    ActionAskCancelOrderFormConfirm,
    ActionCancelOrder,
    ValidateCancelOrderForm,
)


def confirming(chat, number, customer):
    """A verified customer who has been asked for a yes."""
    chat.verified(customer).knows(
        order_number=number, order_customer_id=customer, one_time_code="used"
    )
    chat.asked("cancel_order_form", "confirm")
    question = f"Order {number}: 2 x Tin mug, £24.00. Shall I cancel it?"
    return chat.hears_question(question, yes="Yes, cancel it", no="No, keep it")


def confirmed(chat, number, customer, confirm=True):
    return (
        confirming(chat, number, customer).says("yes", "affirm").knows(confirm=confirm)
    )


async def test_the_question_shows_what_would_be_cancelled(backoffice, chat):
    ran = await confirming(chat, "HP-10421", "C-2002").run(
        ActionAskCancelOrderFormConfirm()
    )
    assert ran.responses == ["utter_ask_cancel_order_form_confirm"]
    message = ran.messages[0]
    assert message["order_number"] == "HP-10421"
    assert "2 x" in message["items"]
    assert message["total"].startswith("€")
    # a slot set to nothing while it is asked for counts as a refusal
    assert "confirm" not in ran.slots
    assert ran.events


async def test_a_yes_cancels_once_and_says_where_the_money_goes(backoffice, chat):
    confirmed(chat, "HP-10402", "C-2020")
    ran = await chat.run(ActionCancelOrder())
    assert ran.responses == ["utter_cancel_order_done"]
    assert ran.messages[0]["amount"].startswith("€")
    assert ran.slots["confirm"] is None
    assert backoffice.order("HP-10402")["status"] == "cancelled"
    assert len(backoffice.mails("HP-10402", "order_cancelled")) == 1


async def test_an_unpaid_order_promises_no_money(backoffice, chat):
    ran = await confirmed(chat, "HP-10431", "C-2011").run(ActionCancelOrder())
    assert ran.responses == ["utter_cancel_order_done_unpaid"]


async def test_a_no_keeps_the_order(backoffice, chat):
    confirmed(chat, "HP-10421", "C-2002", confirm=False)
    ran = await chat.run(ActionCancelOrder())
    assert ran.responses == ["utter_cancel_order_kept"]
    assert backoffice.order("HP-10421")["status"] == "placed"


async def test_nothing_is_cancelled_without_verification(backoffice, chat):
    confirmed(chat, "HP-10421", "C-2001")
    ran = await chat.run(ActionCancelOrder())
    assert ran.responses == ["utter_verification_missing"]
    assert backoffice.order("HP-10421")["status"] == "placed"


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("HP-10423", "utter_cancel_order_shipped"),
        ("HP-10424", "utter_cancel_order_shipped"),
        ("HP-10428", "utter_cancel_order_delivered"),
        ("HP-10427", "utter_cancel_order_already"),
        ("HP-10430", "utter_cancel_order_closed"),
    ],
)
async def test_what_cannot_be_cancelled_is_told_before_any_code(
    backoffice, chat, number, response
):
    chat.says("cancel it", "cancel_order").starts("cancel_order_form")
    validated = await chat.run(ValidateCancelOrderForm(), order_number=number)
    assert validated.slots["requested_slot"] is None
    chat.left().knows(**validated.slots)
    ran = await chat.run(ActionCancelOrder())
    assert ran.responses == [response]
    assert ran.slots["blocked_by"] is None


async def test_a_change_between_question_and_yes_is_told(backoffice, shop, chat):
    shop.orders.cancel("HP-10409", key="by a colleague")
    ran = await confirmed(chat, "HP-10409", "C-2020").run(ActionCancelOrder())
    assert ran.responses == ["utter_cancel_order_already"]


async def test_a_lost_answer_is_not_told_as_done_or_refused(backoffice, chat):
    backoffice.fail(mode="lost", paths=["/orders/HP-10450/cancel"])
    confirmed(chat, "HP-10450", "C-2019")
    ran = await chat.run(ActionCancelOrder())
    assert ran.responses == ["utter_backoffice_uncertain"]
    assert ran.messages[0]["retry"] == "/cancel_order"
    assert ran.slots["confirm"] is None


async def test_the_same_message_cancels_once(backoffice, chat):
    chat.message_id = "twice"
    confirmed(chat, "HP-10417", "C-2017")
    first = await chat.run(ActionCancelOrder())
    # the second run finds the order cancelled, as after a lost answer
    second = await chat.run(ActionCancelOrder())
    assert first.responses == ["utter_cancel_order_done"]
    assert second.responses == ["utter_cancel_order_already"]
    assert len(backoffice.mails("HP-10417", "order_cancelled")) == 1


async def test_an_outage_changes_nothing(no_backoffice, chat):
    ran = await confirmed(chat, "HP-10421", "C-2002").run(ActionCancelOrder())
    assert ran.responses == ["utter_backoffice_unavailable"]
    assert ran.events


async def test_an_outage_before_the_question_ends_the_form(no_backoffice, chat):
    ran = await confirming(chat, "HP-10421", "C-2002").run(
        ActionAskCancelOrderFormConfirm()
    )
    assert ran.slots == {"blocked_by": "unavailable", "requested_slot": None}


@pytest.mark.parametrize(
    ("said", "intent", "confirm"),
    [
        ("ok", "affirm", True),
        ("cancel it", "cancel_order", True),
        ("thanks, go ahead", "thank", True),
        ("/affirm", "affirm", True),
        ("no", "deny", False),
        ("please keep it", "inform", False),
        ("/deny", "deny", False),
    ],
)
async def test_the_answer_to_the_question_is_taken(
    backoffice, chat, said, intent, confirm
):
    confirming(chat, "HP-10421", "C-2002").says(said, intent)
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.slots["confirm"] is confirm


@pytest.mark.parametrize(
    "said", ["yes, keep it", "yes but wait", "yes?", "ok, is it too late?", "no, yes"]
)
async def test_what_is_not_plainly_a_yes_changes_nothing(backoffice, chat, said):
    confirming(chat, "HP-10421", "C-2002").says(said, "affirm", confidence=0.99)
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.responses == ["utter_confirm_unclear"]
    assert ran.slots["confirm"] is None


@pytest.mark.parametrize(
    ("said", "resembles"),
    [
        ("fine, whatever", "goodbye"),
        ("oui, demain", "goodbye"),
        ("ja klar, und Ostern ist im Juli", "ask_opening_hours"),
        ("yes but keep my points", "leave_review"),
    ],
)
async def test_what_begins_as_an_answer_is_one_whatever_it_resembles(
    backoffice, chat, said, resembles
):
    confirming(chat, "HP-10421", "C-2002").says(said, resembles, confidence=0.99)
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.responses == ["utter_confirm_unclear"]
    assert ran.slots["confirm"] is None


async def test_a_yes_sent_before_its_question_was_seen_does_not_count(backoffice, chat):
    confirming(chat, "HP-10421", "C-2002").says("yes", "affirm")
    chat.events[-1]["metadata"] = {"saw_last_question": False}
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.responses == ["utter_confirm_too_early"]
    assert ran.slots["confirm"] is None


async def test_a_yes_to_something_said_since_the_question_does_not_count(
    backoffice, chat
):
    confirming(chat, "HP-10421", "C-2002")
    chat.events.append({"event": "bot", "text": "Returns are free.", "data": {}})
    chat.says("ok", "affirm")
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.responses == ["utter_confirm_unclear"]


async def test_another_request_instead_of_an_answer_is_that_request(backoffice, chat):
    confirming(chat, "HP-10421", "C-2002")
    chat.says("no, just tell me when it comes", "check_order_status")
    ran = await chat.run(ValidateCancelOrderForm())
    assert [event["event"] for event in ran.events] == ["action_execution_rejected"]


async def test_an_unclear_answer_is_refused(backoffice, chat):
    confirming(chat, "HP-10421", "C-2002").says("the blue one")
    ran = await chat.run(ValidateCancelOrderForm(), confirm="unclear")
    assert ran.responses == ["utter_confirm_unclear"]
    assert ran.slots["confirm"] is None


async def test_a_yes_left_from_another_question_is_not_taken(backoffice, chat):
    chat.verified("C-2002").knows(order_number="HP-10421")
    chat.says("cancel HP-10421", "cancel_order").starts("cancel_order_form")
    ran = await chat.run(
        ValidateCancelOrderForm(), order_number="HP-10421", confirm=True
    )
    assert ran.slots["confirm"] is None
    assert ran.slots["requested_slot"] == "confirm"


async def test_a_correction_is_no_answer(backoffice, chat):
    confirming(chat, "HP-10421", "C-2002").says("no, HP-10465", "deny")
    ran = await chat.run(
        ValidateCancelOrderForm(), order_number="HP-10465", confirm=False
    )
    assert ran.slots["confirm"] is None
    assert ran.slots["order_number"] == "HP-10465"


async def test_a_yes_that_repeats_the_number_is_taken(backoffice, chat):
    confirming(chat, "HP-10421", "C-2002").says("yes, cancel 10421", "affirm")
    ran = await chat.run(ValidateCancelOrderForm(), order_number="10421", confirm=True)
    assert ran.slots["confirm"] is True
