from actions.password_reset import ActionResetPassword, ValidatePasswordResetForm


async def test_a_verified_customer_gets_a_link(backoffice, chat):
    chat.verified("C-2003").knows(order_customer_id="C-2003").says("x")
    ran = await chat.run(ActionResetPassword())
    assert ran.responses == ["utter_password_reset_sent"]
    assert "•" in ran.messages[0]["sent_to"]
    assert ran.messages[0]["valid_mins"] > 0
    assert ran.events


async def test_a_verified_customer_is_asked_nothing(backoffice, chat):
    chat.verified("C-2003").says("reset", "reset_password")
    ran = await chat.starts("password_reset_form").run(ValidatePasswordResetForm())
    assert ran.slots["requested_slot"] is None


async def test_nobody_else_gets_a_link(backoffice, chat):
    ran = await chat.says("x").run(ActionResetPassword())
    assert ran.responses == ["utter_account_not_verified"]


async def test_a_chat_about_somebody_elses_order_gets_no_link(backoffice, chat):
    chat.verified("C-2003").knows(order_customer_id="C-2001").says("x")
    ran = await chat.run(ActionResetPassword())
    assert ran.responses == ["utter_account_not_verified"]


async def test_a_lost_answer_is_uncertain(backoffice, chat):
    backoffice.fail(mode="lost")
    ran = await chat.verified("C-2003").says("x").run(ActionResetPassword())
    assert ran.responses == ["utter_backoffice_uncertain"]


async def test_a_signed_in_customer_is_asked_nothing_whatever_order_was_named(
    backoffice, chat
):
    chat.verified("C-2003", method="signed_identity")
    chat.knows(order_number="HP-10428", order_customer_id="C-2001")
    chat.says("reset", "reset_password").starts("password_reset_form")
    asked = await chat.run(ValidatePasswordResetForm())
    ran = await chat.run(ActionResetPassword())
    assert asked.slots["requested_slot"] is None
    assert ran.messages[0]["sent_to"] == "t•••@example.com"


async def test_a_stranger_is_asked_for_an_order_number(backoffice, chat):
    chat.says("reset", "reset_password").starts("password_reset_form")
    ran = await chat.run(ValidatePasswordResetForm())
    assert ran.slots["requested_slot"] == "order_number"


async def test_a_mail_that_has_not_come_is_sent_again(backoffice, chat):
    chat.verified("C-2005").says("no mail has come", "reset_password")
    for message_id in ("first", "second", "second"):
        chat.message["message_id"] = message_id
        ran = await chat.run(ActionResetPassword())
        assert ran.responses == ["utter_password_reset_sent"]
    assert len(backoffice.mails_to("ewan.reid@example.com")) == 2
