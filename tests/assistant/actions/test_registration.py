import pytest

from actions.registration import ActionHelpRegistration, ValidateRegistrationForm

FORM = "registration_form"


async def test_the_address_is_asked_unless_it_was_told(chat):
    chat.says("cant register as ida@other.example", "report_registration_problem")
    ran = await chat.starts(FORM).run(ValidateRegistrationForm())
    assert ran.slots["email"] == "ida@other.example"


async def test_no_address_is_asked_again(chat):
    chat.asked(FORM, "email").says("with my mail")
    ran = await chat.run(ValidateRegistrationForm(), email="with my mail")
    assert ran.slots["email"] is None
    assert ran.responses == ["utter_account_email_unclear"]


async def test_every_address_hears_the_same(backoffice, chat):
    answers = []
    for who in ("mateo.brandt", "mona.nobody", "marta.kowalska"):
        chat.message_id = who
        chat.knows(email=f"{who}@example.com").says("x")
        ran = await chat.run(ActionHelpRegistration())
        answers.append((ran.responses, ran.messages[0]["sent_to"]))
        assert ran.slots["email"] is None
    assert answers == [(["utter_registration_mailed"], "m•••@example.com")] * 3
    [mail] = backoffice.mails_to("mateo.brandt@example.com")
    assert mail["kind"] == "account_activation"


async def test_a_flooded_mailbox_is_left_alone(backoffice, chat):
    for count in range(6):
        chat.message_id = f"flood {count}"
        ran = (
            await chat.knows(email="flood@other.example")
            .says("x")
            .run(ActionHelpRegistration())
        )
    assert ran.responses == ["utter_account_too_many_mails"]


@pytest.mark.parametrize("mode", ["error", "lost", "down"])
async def test_a_bad_day_keeps_the_address_for_another_try(backoffice, chat, mode):
    backoffice.fail(mode=mode)
    chat.knows(email="ida@other.example").says("x")
    ran = await chat.run(ActionHelpRegistration())
    assert ran.responses == ["utter_backoffice_uncertain"]
    assert ran.slots["email"] == "ida@other.example"
