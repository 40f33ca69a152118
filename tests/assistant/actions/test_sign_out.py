import pytest

from actions.sign_out import ActionSignOut, ValidateSignOutForm

FORM = "sign_out_form"


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


async def test_who_surely_asks_is_not_asked(chat):
    chat.says("forget me", "sign_out", 0.97).starts(FORM)
    ran = await chat.run(ValidateSignOutForm())
    assert ran.slots["requested_slot"] is None
    ran = await chat.left().run(ActionSignOut())
    assert ran.responses == ["utter_sign_out_done"]
    assert ran.events


@pytest.mark.parametrize(
    ("text", "confidence", "is_doubtful"),
    [
        ("ich bin todmüde, mach hin", 0.64, False),
        ("this is a shared computer", 0.85, False),
        ("should I log out?", 0.99, True),
    ],
)
async def test_a_guess_is_asked_first(chat, text, confidence, is_doubtful):
    chat.verified("C-2001").says(text, "sign_out", confidence).starts(FORM)
    chat.message["polarity"] = {"doubtful": is_doubtful}
    ran = await chat.run(ValidateSignOutForm())
    assert "requested_slot" not in ran.slots  # Rasa asks for the only one


@pytest.mark.parametrize(("confirm", "is_out"), [(True, True), (False, False)])
async def test_only_a_yes_signs_out_on_a_guess(chat, confirm, is_out):
    chat.verified("C-2001").asked(FORM, "confirm").says("hm", "affirm")
    ran = await chat.left().knows(confirm=confirm).run(ActionSignOut())
    kept = ["utter_sign_out_kept"]
    assert (ran.responses == kept) is not is_out
    assert ("authentication" in ran.slots) is is_out
    assert ran.slots["confirm"] is None


async def test_the_question_of_another_form_is_not_answered(chat):
    chat.asked("cancel_order_form", "confirm")
    chat.says("other people use this tablet", "sign_out", 0.85).starts(FORM)
    ran = await chat.run(ValidateSignOutForm())
    assert ran.responses == []


async def test_the_plain_wish_is_a_yes(chat):
    chat.asked(FORM, "confirm").says("oui, déconnectez-moi", "sign_out", 0.95)
    ran = await chat.run(ValidateSignOutForm())
    assert ran.slots["confirm"] is True
    assert ran.responses == []
