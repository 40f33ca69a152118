import pytest

from actions.delete_account import (
    ActionAskDeleteAccountFormConfirm,
    ActionDeleteAccount,
    ValidateDeleteAccountForm,
)

FORM = "delete_account_form"
# without orders under way
FREE = "C-2013"


def confirmed(chat, customer=FREE, confirm=True):
    chat.verified(customer).asked(FORM, "confirm").says("yes", "affirm")
    return chat.knows(confirm=confirm)


async def test_a_verified_customer_is_only_asked_for_a_yes(backoffice, chat):
    chat.verified(FREE).says("delete my account", "delete_account").starts(FORM)
    ran = await chat.run(ValidateDeleteAccountForm())
    assert ran.slots["requested_slot"] == "confirm"


async def test_the_question_names_the_account_masked(backoffice, chat):
    ran = await confirmed(chat).run(ActionAskDeleteAccountFormConfirm())
    assert ran.responses == ["utter_delete_account_confirm"]
    assert ran.messages[0]["email"] == "i•••@example.com"


@pytest.mark.parametrize(
    ("customer", "response"),
    [
        ("C-2001", "utter_delete_account_open_orders"),
        ("C-2012", "utter_delete_account_open_orders"),
        ("C-2018", "utter_account_blocked"),
    ],
)
async def test_an_account_that_must_stay_is_not_asked_about(
    backoffice, chat, customer, response
):
    confirmed(chat, customer, confirm=None)
    asked = await chat.run(ActionAskDeleteAccountFormConfirm())
    ran = await chat.knows(**asked.slots).run(ActionDeleteAccount())
    assert (asked.responses, asked.slots["requested_slot"]) == ([], None)
    assert ran.responses == [response]


async def test_a_yes_does_not_close_it_over_open_orders(backoffice, chat):
    ran = await confirmed(chat, "C-2001").run(ActionDeleteAccount())
    assert ran.responses == ["utter_delete_account_open_orders"]
    assert ran.messages[0]["orders"] == "HP-10434"
    assert backoffice.account("C-2001")["state"] == "active"


@pytest.mark.parametrize("confirm", [False, None, "unclear"])
async def test_without_a_yes_nothing_closes(backoffice, chat, confirm):
    ran = await confirmed(chat, confirm=confirm).run(ActionDeleteAccount())
    assert ran.responses == ["utter_delete_account_kept"]
    assert backoffice.account(FREE)["state"] == "active"


async def test_a_number_said_before_does_not_void_the_yes(backoffice, chat):
    chat.verified(FREE, method="signed_identity").knows(order_number="10415")
    chat.asked(FORM, "confirm").says("yes", "affirm")
    ran = await chat.run(ValidateDeleteAccountForm(), confirm=True)
    assert ran.slots["confirm"] is True


async def test_a_stranger_closes_nothing(backoffice, chat):
    chat = confirmed(chat).knows(authentication=None, customer_id=FREE)
    ran = await chat.run(ActionDeleteAccount())
    assert ran.responses == ["utter_account_not_verified"]
    assert backoffice.account(FREE)["state"] == "active"


async def test_an_old_verification_closes_nothing(backoffice, chat):
    confirmed(chat).verified(FREE, at="2026-01-01T00:00:00+00:00")
    ran = await chat.run(ActionDeleteAccount())
    assert ran.responses == ["utter_account_not_verified"]


async def test_a_yes_closes_it_once_and_says_how_to_undo_it(backoffice, chat):
    customer = "C-2022"
    confirmed(chat, customer)
    for _ in range(2):
        ran = await chat.run(ActionDeleteAccount())
    assert ran.responses == ["utter_account_closing"]
    assert backoffice.account(customer)["state"] == "closing"
    assert len(backoffice.mails_to("liam.roux@example.com")) == 1


async def test_a_yes_says_by_when(backoffice, chat):
    ran = await confirmed(chat, "C-2023").run(ActionDeleteAccount())
    assert ran.responses == ["utter_delete_account_done"]
    assert ran.messages[0]["closes_on"]
    assert ran.messages[0]["sent_to"] == "m•••@example.com"
    assert ran.slots["confirm"] is None


async def test_a_lost_answer_is_uncertain(backoffice, chat):
    backoffice.fail(mode="lost", paths=["/accounts/C-2033/close"])
    ran = await confirmed(chat, "C-2033").run(ActionDeleteAccount())
    assert ran.responses == ["utter_backoffice_uncertain"]


async def test_an_outage_closes_nothing(no_backoffice, chat):
    ran = await confirmed(chat).run(ActionDeleteAccount())
    assert ran.responses == ["utter_backoffice_unavailable"]
