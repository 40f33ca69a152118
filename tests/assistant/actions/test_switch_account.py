import pytest

from actions.switch_account import (
    IDENTITY,
    ActionSwitchAccount,
    ValidateSwitchAccountForm,
)

FORM = "switch_account_form"


def known(chat, **changes):
    chat.verified("C-2001", **changes).knows(
        customer_id="C-2001", order_number="HP-10428", order_customer_id="C-2001"
    )
    return chat.says("switch account", "switch_account")


async def test_only_a_yes_can_forget_a_verification(chat):
    ran = await known(chat).starts(FORM).run(ValidateSwitchAccountForm())
    assert "requested_slot" not in ran.slots  # Rasa asks for the only one


@pytest.mark.parametrize("method", ["signed_identity", None])
async def test_where_nothing_can_be_forgotten_nothing_is_asked(chat, method):
    if method:
        known(chat, method=method)
    chat.says("switch account", "switch_account").starts(FORM)
    ran = await chat.run(ValidateSwitchAccountForm())
    assert ran.slots["requested_slot"] is None


async def test_a_yes_forgets_who_the_customer_was(chat):
    known(chat).asked(FORM, "confirm").says("yes", "affirm").knows(confirm=True)
    ran = await chat.run(ActionSwitchAccount())
    assert ran.responses == ["utter_switch_account_done"]
    assert {name: None for name in IDENTITY}.items() <= ran.slots.items()
    assert ran.slots["confirm"] is None


@pytest.mark.parametrize("confirm", [False, None])
async def test_without_a_yes_the_verification_stays(chat, confirm):
    known(chat).asked(FORM, "confirm").knows(confirm=confirm)
    ran = await chat.run(ActionSwitchAccount())
    assert ran.responses == ["utter_switch_account_kept"]
    assert not set(IDENTITY) & set(ran.slots)


async def test_who_is_signed_in_is_the_sites_to_change(chat):
    known(chat, method="signed_identity").knows(confirm=True)
    ran = await chat.run(ActionSwitchAccount())
    assert ran.responses == ["utter_switch_account_signed_in"]
    assert not set(IDENTITY) & set(ran.slots)


async def test_a_stranger_hears_how_to_prove_an_account(chat):
    ran = await chat.says("switch account", "switch_account").run(ActionSwitchAccount())
    assert ran.responses == ["utter_switch_account_unknown"]
    assert ran.events
