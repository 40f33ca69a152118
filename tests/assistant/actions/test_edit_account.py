import pytest

from actions.edit_account import (
    ActionAskEditAccountFormConfirm,
    ActionEditAccount,
    ValidateEditAccountForm,
)

FORM = "edit_account_form"
NEW = {
    "name": ("customer_name", "Jo Lind"),
    "email": ("email", "jo@new.example"),
    "phone": ("phone", "+4930123456"),
}


def asking(chat, slot, **known):
    return chat.verified("C-2012").knows(**known).asked(FORM, slot)


def confirmed(chat, field, customer="C-2012", confirm=True, value=None):
    slot, new = NEW[field]
    chat.verified(customer).knows(account_field=field, **{slot: value or new})
    return chat.asked(FORM, "confirm").says("yes", "affirm").knows(confirm=confirm)


async def test_a_signed_in_customer_gives_no_order_number(backoffice, chat):
    chat.verified("C-2012", method="signed_identity").says("edit", "edit_account")
    ran = await chat.starts(FORM).run(ValidateEditAccountForm())
    assert ran.slots["requested_slot"] == "account_field"


async def test_a_stranger_gives_an_order_number_first(backoffice, chat):
    chat.says("change my phone number", "edit_account").starts(FORM)
    ran = await chat.run(ValidateEditAccountForm())
    assert ran.slots["account_field"] == "phone"
    assert ran.slots["requested_slot"] == "order_number"


@pytest.mark.parametrize(
    ("text", "field", "asked"),
    [
        ("change my phone number", "phone", "phone"),
        ("change my mail address", "email", "email"),
        ("my surname changed", "name", "customer_name"),
        ("change my email to jo@new.example", "email", "confirm"),
    ],
)
async def test_what_the_request_says_is_not_asked(backoffice, chat, text, field, asked):
    chat.verified("C-2012").says(text, "edit_account").starts(FORM)
    ran = await chat.run(ValidateEditAccountForm())
    assert ran.slots["account_field"] == field
    assert ran.slots["requested_slot"] == asked


@pytest.mark.parametrize(
    ("answer", "field"), [("email", "email"), ("my mobile", "phone"), ("shoes", None)]
)
async def test_which_field_is_told_by_a_button_or_words(
    backoffice, chat, answer, field
):
    asking(chat, "account_field").says(answer)
    ran = await chat.run(ValidateEditAccountForm(), account_field=answer)
    assert ran.slots["account_field"] == field
    assert bool(ran.responses) is (field is None)


async def test_a_phone_number_is_not_taken_for_an_order(backoffice, chat):
    text = "+44 7700 900123, 07700 900123 from here"
    asking(chat, "phone", account_field="phone", order_number="HP-10432").says(text)
    ran = await chat.run(ValidateEditAccountForm(), order_number="07700", phone=text)
    assert ran.slots["order_number"] == "HP-10432"
    assert ran.slots["phone"] == "+447700900123"


async def test_a_phone_number_without_its_country_is_asked_again(backoffice, chat):
    asking(chat, "phone", account_field="phone").says("0117 496 0123")
    ran = await chat.run(ValidateEditAccountForm(), phone="0117 496 0123")
    assert ran.slots["phone"] is None
    assert ran.responses == ["utter_edit_account_phone_unclear"]


async def test_a_corrected_number_is_asked_about_again(backoffice, chat):
    asking(chat, "confirm", account_field="phone", phone="+4930123456")
    chat.says("no, +49 30 654321", "deny")
    ran = await chat.run(ValidateEditAccountForm(), confirm=False)
    assert ran.slots["phone"] == "+4930654321"
    assert ran.slots["confirm"] is None


@pytest.mark.parametrize(
    ("field", "customer", "response", "old"),
    [
        ("name", "C-2001", "utter_edit_account_confirm_name", "J••• M•••"),
        ("email", "C-2001", "utter_edit_account_confirm_email", "j•••@example.com"),
        ("phone", "C-2001", "utter_edit_account_confirm_phone", "•••123"),
        ("phone", "C-2002", "utter_edit_account_confirm_first_phone", None),
    ],
)
async def test_the_question_shows_the_old_masked_and_the_new(
    backoffice, chat, field, customer, response, old
):
    confirmed(chat, field, customer)
    ran = await chat.run(ActionAskEditAccountFormConfirm())
    assert ran.responses == [response]
    assert ran.messages[0].get("old") == old
    assert ran.messages[0]["new"] == NEW[field][1]


async def test_a_yes_changes_the_name(backoffice, chat):
    ran = await confirmed(chat, "name").run(ActionEditAccount())
    assert ran.responses == ["utter_edit_account_name_done"]
    assert backoffice.account("C-2012")["name"] == "J••• L•••"
    assert set(ran.slots.values()) == {None}


async def test_a_yes_changes_the_phone_number(backoffice, chat):
    ran = await confirmed(chat, "phone").run(ActionEditAccount())
    assert ran.responses == ["utter_edit_account_phone_done"]
    assert backoffice.account("C-2012")["phone"] == "•••456"


async def test_a_new_mail_address_waits_for_its_link(backoffice, chat):
    ran = await confirmed(chat, "email").run(ActionEditAccount())
    assert ran.responses == ["utter_edit_account_email_sent"]
    assert ran.messages[0]["old"] == "g•••@example.com"
    assert backoffice.account("C-2012")["email"] == "g•••@example.com"
    assert [len(backoffice.mails_to("jo@new.example"))] == [1]


@pytest.mark.parametrize("confirm", [False, None])
async def test_without_a_yes_nothing_changes(backoffice, chat, confirm):
    before = backoffice.account("C-2004")
    confirmed(chat, "name", "C-2004", confirm)
    ran = await chat.run(ActionEditAccount())
    assert ran.responses == ["utter_edit_account_kept"]
    assert backoffice.account("C-2004") == before


async def test_a_stranger_changes_nothing(backoffice, chat):
    before = backoffice.account("C-2004")
    confirmed(chat, "name", "C-2004").knows(authentication=None, customer_id="C-2004")
    asked = await chat.run(ActionAskEditAccountFormConfirm())
    ran = await chat.run(ActionEditAccount())
    assert (asked.responses, asked.slots["blocked_by"]) == ([], "refused")
    assert ran.responses == ["utter_account_not_verified"]
    assert backoffice.account("C-2004") == before


@pytest.mark.parametrize(
    ("field", "customer", "value", "response"),
    [
        ("name", "C-2018", None, "utter_account_blocked"),
        ("email", "C-2012", "jo.marsh@example.com", "utter_edit_account_email_taken"),
    ],
)
async def test_a_refusal_has_its_words(
    backoffice, chat, field, customer, value, response
):
    ran = await confirmed(chat, field, customer, value=value).run(ActionEditAccount())
    assert ran.responses == [response]


async def test_an_outage_at_the_question_is_told(no_backoffice, chat):
    asked = await confirmed(chat, "name").run(ActionAskEditAccountFormConfirm())
    ran = await chat.knows(**asked.slots).run(ActionEditAccount())
    assert asked.slots["requested_slot"] is None
    assert ran.responses == ["utter_backoffice_unavailable"]
    assert ran.slots["customer_name"] == "Jo Lind"


async def test_a_lost_answer_is_uncertain_and_another_try_is_safe(backoffice, chat):
    backoffice.fail(mode="lost")
    ran = await confirmed(chat, "name", "C-2004").run(ActionEditAccount())
    assert ran.responses == ["utter_backoffice_uncertain"]
    backoffice.fail(mode="none")
    chat.message["message_id"] = "another"
    ran = await chat.run(ActionEditAccount())
    assert ran.responses == ["utter_edit_account_name_done"]
