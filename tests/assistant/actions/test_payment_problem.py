import pytest

from actions.payment_problem import (
    ActionAskPaymentProblemFormConfirm,
    ActionReportPaymentProblem,
    ValidatePaymentProblemForm,
)

FORM = "payment_problem_form"
DECLINED, TWICE, PENDING, PAID, CANCELLED = (
    ("HP-10431", "C-2011"),
    ("HP-10473", "C-2008"),
    ("HP-10474", "C-2009"),
    ("HP-10434", "C-2001"),
    ("HP-10427", "C-2008"),
)


def asked(chat, order):
    number, customer = order
    chat.verified(customer).knows(order_number=number, order_customer_id=customer)
    return chat.asked(FORM, "confirm")


def answered(chat, order, confirm=True):
    return asked(chat, order).says("yes", "affirm").knows(confirm=confirm)


@pytest.mark.parametrize(
    ("order", "response"),
    [
        (DECLINED, "utter_ask_payment_problem_form_confirm_link"),
        (TWICE, "utter_ask_payment_problem_form_confirm_ticket"),
    ],
)
async def test_what_can_be_done_is_offered_first(backoffice, chat, order, response):
    ran = await asked(chat, order).run(ActionAskPaymentProblemFormConfirm())
    assert ran.responses == [response]
    assert ran.messages[0]["order_number"] == order[0]
    assert ran.events
    assert backoffice.mails(order[0], "pay_link") == []


@pytest.mark.parametrize(
    ("order", "response"),
    [
        (PENDING, "utter_payment_problem_pending"),
        (PAID, "utter_payment_problem_paid"),
        (CANCELLED, "utter_payment_problem_cancelled"),
    ],
)
async def test_what_needs_nothing_is_told_without_a_question(
    backoffice, chat, order, response
):
    ran = await asked(chat, order).run(ActionAskPaymentProblemFormConfirm())
    assert ran.slots == {"blocked_by": "refused", "requested_slot": None}
    ran = await chat.left().knows(**ran.slots).run(ActionReportPaymentProblem())
    assert ran.responses == [response]
    assert ran.messages[0]["total"].startswith("€")


async def test_a_yes_mails_the_link_once(backoffice, chat):
    chat.message_id = "pay-once"
    answered(chat, DECLINED)
    first = await chat.run(ActionReportPaymentProblem())
    second = await chat.run(ActionReportPaymentProblem())
    assert first.responses == second.responses == ["utter_payment_problem_link_sent"]
    assert first.messages[0]["sent_to"] == "s•••@example.com"
    assert len(backoffice.mails("HP-10431", "pay_link")) == 1
    assert first.slots["confirm"] is None


async def test_a_yes_opens_one_ticket_that_says_by_when(backoffice, chat):
    first = await answered(chat, TWICE).run(ActionReportPaymentProblem())
    chat.message_id = "asked again"
    again = await answered(chat, TWICE).run(ActionReportPaymentProblem())
    assert first.responses == again.responses == ["utter_payment_problem_ticket_opened"]
    told = first.messages[0]
    assert told["ticket_number"] == again.messages[0]["ticket_number"]
    assert told["answer_on"] and ":" in told["answer_at"]


@pytest.mark.parametrize("order", [DECLINED, TWICE])
async def test_nothing_happens_without_a_yes_or_for_a_stranger(backoffice, chat, order):
    mails = len(backoffice.mails(order[0], "pay_link"))
    kept = await answered(chat, order, confirm=False).run(ActionReportPaymentProblem())
    chat.verified("C-2001").knows(confirm=True)
    stranger = await chat.run(ActionReportPaymentProblem())
    assert kept.responses == ["utter_payment_problem_kept"]
    assert stranger.responses == ["utter_verification_missing"]
    assert len(backoffice.mails(order[0], "pay_link")) == mails


async def test_a_stranger_is_not_even_asked(backoffice, chat):
    asked(chat, TWICE).verified("C-2001")
    ran = await chat.run(ActionAskPaymentProblemFormConfirm())
    assert ran.messages == []
    assert ran.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("no", "deny"),
        ("/deny", "deny"),
        ("i don't have a number", "nlu_fallback"),
        ("there's no order yet", "place_order"),
    ],
)
async def test_without_an_order_the_usual_causes_are_told(
    backoffice, chat, said, intent
):
    chat.asked(FORM, "order_number").says(said, intent)
    validated = await chat.run(ValidatePaymentProblemForm())
    assert validated.slots["requested_slot"] is None
    assert validated.responses == []
    ran = await chat.left().knows(**validated.slots).run(ActionReportPaymentProblem())
    assert ran.responses == ["utter_payment_problem_no_order"]
    assert ran.slots["blocked_by"] is None


async def test_a_no_with_a_number_gives_the_number(backoffice, chat):
    chat.asked(FORM, "order_number").says("no, HP-10434", "deny")
    ran = await chat.run(ValidatePaymentProblemForm(), order_number="no, HP-10434")
    assert ran.slots["order_number"] == "HP-10434"
    assert ran.slots["requested_slot"] == "one_time_code"


async def test_what_was_settled_before_the_yes_is_told(backoffice, chat):
    ran = await answered(chat, PAID).run(ActionReportPaymentProblem())
    assert ran.responses == ["utter_payment_problem_paid"]
    assert backoffice.mails(PAID[0], "pay_link") == []


@pytest.mark.parametrize("order", [DECLINED, TWICE])
async def test_a_lost_answer_is_told_honestly(backoffice, chat, order):
    paths = [f"/orders/{order[0]}/pay_link", f"/orders/{order[0]}/charge_dispute"]
    backoffice.fail(mode="lost", paths=paths)
    ran = await answered(chat, order).run(ActionReportPaymentProblem())
    assert ran.responses == ["utter_backoffice_uncertain"]
    assert ran.messages[0]["retry"] == "/report_payment_problem"
    assert ran.slots["confirm"] is None


async def test_an_outage_is_told(no_backoffice, chat):
    ran = await asked(chat, TWICE).run(ActionAskPaymentProblemFormConfirm())
    assert ran.slots == {"blocked_by": "unavailable", "requested_slot": None}
    ran = await answered(chat, TWICE).run(ActionReportPaymentProblem())
    assert ran.responses == ["utter_backoffice_unavailable"]
