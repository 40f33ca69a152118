import pytest

from actions.create_account import ActionCreateAccount, ValidateCreateAccountForm

FORM = "create_account_form"


def confirmed(chat, email, confirm=True):
    chat.knows(customer_name="Ida Berg", email=email).asked(FORM, "confirm")
    return chat.says("yes", "affirm").knows(confirm=confirm)


async def test_name_and_address_are_taken_from_the_request(chat):
    chat.says(
        "sign me up with ida@other.example, my name is Ida Berg", "create_account"
    )
    ran = await chat.starts(FORM).run(ValidateCreateAccountForm())
    assert ran.slots["email"] == "ida@other.example"
    assert ran.slots["customer_name"] == "Ida Berg"


@pytest.mark.parametrize("intent", ["inform", "edit_account", "thank", "nlu_fallback"])
async def test_an_address_is_taken_whatever_it_was_read_as(chat, intent):
    chat.knows(customer_name="Ida Berg").asked(FORM, "email")
    chat.says("Ida@Other.example", intent, confidence=0.5)
    ran = await chat.run(ValidateCreateAccountForm(), email="Ida@Other.example")
    assert ran.slots["email"] == "ida@other.example"
    assert ran.responses == []


@pytest.mark.parametrize("text", ["ida at other", "ida@other", "/affirm"])
async def test_no_address_is_asked_again(chat, text):
    chat.knows(customer_name="Ida Berg").asked(FORM, "email").says(text)
    ran = await chat.run(ValidateCreateAccountForm(), email=text)
    assert ran.slots["email"] is None
    is_button = text.startswith("/")
    assert ran.responses == ([] if is_button else ["utter_account_email_unclear"])


@pytest.mark.parametrize("slot", ["customer_name", "email"])
async def test_a_password_is_not_kept(chat, slot):
    text = "my password is hunter2"
    chat.knows(customer_name="Ida Berg").asked(FORM, slot).says(text)
    ran = await chat.run(ValidateCreateAccountForm(), **{slot: text})
    assert ran.slots[slot] is None
    assert ran.responses == ["utter_account_no_password"]
    assert "hunter2" not in str(ran.events)


@pytest.mark.parametrize("slot", ["customer_name", "email"])
async def test_a_password_is_no_wish_for_a_new_one(chat, slot):
    chat.knows(customer_name="Ida Berg").asked(FORM, slot)
    chat.says("the password is [password removed]", "reset_password")
    ran = await chat.run(ValidateCreateAccountForm())
    assert ran.responses == ["utter_account_no_password"]
    assert ran.slots[slot] is None


@pytest.mark.parametrize("intent", ["deny", "affirm", "inform", "edit_account"])
async def test_a_correction_at_the_last_question_is_no_answer_to_it(chat, intent):
    chat.knows(customer_name="Ida Berg", email="ida@wrong.example")
    text = "no wait, it's ida@other.example"
    chat.asked(FORM, "confirm").says(text, intent, confidence=0.5)
    ran = await chat.run(ValidateCreateAccountForm(), confirm=intent == "affirm")
    assert ran.slots["email"] == "ida@other.example"
    assert ran.slots["confirm"] is None


async def test_a_corrected_name_is_no_answer_either(chat):
    chat.knows(customer_name="Ida Berg", email="ida@other.example")
    chat.asked(FORM, "confirm").says("no, my name is Ada Berg", "deny")
    ran = await chat.run(ValidateCreateAccountForm(), confirm=False)
    assert ran.slots["customer_name"] == "Ada Berg"
    assert ran.slots["confirm"] is None


async def test_what_an_abandoned_form_was_told_is_asked_again(chat):
    chat.asked(FORM, "email").knows(customer_name="Ida", email="i@other.example").left()
    chat.says("open an account", "create_account").starts(FORM)
    ran = await chat.run(ValidateCreateAccountForm())
    assert (ran.slots["customer_name"], ran.slots["email"]) == (None, None)


async def test_a_yes_opens_the_account(backoffice, chat):
    ran = await confirmed(chat, "ida@made.example").run(ActionCreateAccount())
    assert ran.responses == ["utter_create_account_done"]
    assert ran.messages[0]["sent_to"] == "i•••@made.example"
    assert len(backoffice.mails_to("ida@made.example")) == 1
    assert {ran.slots[name] for name in ("customer_name", "email", "confirm")} == {None}


async def test_the_same_message_opens_it_once(backoffice, chat):
    confirmed(chat, "ida@once.example")
    for _ in range(2):
        ran = await chat.run(ActionCreateAccount())
        assert ran.responses == ["utter_create_account_done"]
    assert len(backoffice.mails_to("ida@once.example")) == 1


@pytest.mark.parametrize("confirm", [False, None, "unclear"])
async def test_without_a_yes_no_account_is_opened(backoffice, chat, confirm):
    confirmed(chat, "ida@left.example", confirm)
    ran = await chat.run(ActionCreateAccount())
    assert ran.responses == ["utter_create_account_left"]
    assert backoffice.mails_to("ida@left.example") == []


async def test_an_address_in_use_is_said_so_and_nothing_more(backoffice, chat):
    ran = await confirmed(chat, "jo.marsh@example.com").run(ActionCreateAccount())
    assert ran.responses == ["utter_create_account_email_taken"]
    assert "Jo" not in str(ran.messages)
    assert ran.slots["email"] is None


@pytest.mark.parametrize("mode", ["error", "lost", "down", "slow"])
async def test_a_bad_day_is_told_and_another_try_opens_one(backoffice, chat, mode):
    email = f"ida@{mode}.example"
    backoffice.fail(mode=mode, seconds=3)
    ran = await confirmed(chat, email).run(ActionCreateAccount())
    assert ran.responses == ["utter_backoffice_uncertain"]
    assert (ran.slots["email"], ran.slots["confirm"]) == (email, None)
    backoffice.fail(mode="none")
    chat.message["message_id"] = f"after {mode}"
    ran = await chat.run(ActionCreateAccount())
    assert ran.responses == ["utter_create_account_done"]
