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
    assert ran.responses == ["utter_verification_missing"]


async def test_a_chat_about_somebody_elses_order_gets_no_link(backoffice, chat):
    chat.verified("C-2003").knows(order_customer_id="C-2001").says("x")
    ran = await chat.run(ActionResetPassword())
    assert ran.responses == ["utter_verification_missing"]


async def test_a_lost_answer_is_uncertain(backoffice, chat):
    backoffice.fail(mode="lost")
    ran = await chat.verified("C-2003").says("x").run(ActionResetPassword())
    assert ran.responses == ["utter_backoffice_uncertain"]
