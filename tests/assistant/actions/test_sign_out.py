import pytest

from actions.sign_out import ActionSignOut


async def test_everything_that_tells_who_the_customer_is_is_forgotten(chat):
    chat.verified("C-2001").knows(
        order_number="HP-10428",
        order_customer_id="C-2001",
        email="jo@example.com",
        one_time_code="used",
        language="de",
    )
    ran = await chat.says("vergiss mich", "sign_out").run(ActionSignOut())
    assert ran.responses == ["utter_sign_out_done"]
    told = ("authentication", "order_number", "order_customer_id", "email")
    assert {ran.slots[name] for name in (*told, "one_time_code")} == {None}
    assert "language" not in ran.slots


@pytest.mark.parametrize("code", [True, False])
async def test_who_is_signed_in_hears_that_the_site_has_to_sign_them_out(chat, code):
    method = "one_time_code" if code else "signed_identity"
    chat.verified("C-2001", method=method).knows(customer_id="C-3001")
    ran = await chat.says("log me out", "sign_out").run(ActionSignOut())
    assert ran.responses == ["utter_sign_out_signed_in"]
    assert ran.slots["authentication"] is None


async def test_a_stranger_is_forgotten_without_a_question(chat):
    ran = await chat.says("forget me", "sign_out").run(ActionSignOut())
    assert ran.responses == ["utter_sign_out_done"]
    assert ran.events
