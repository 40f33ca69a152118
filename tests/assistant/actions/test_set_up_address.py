import pytest

from actions.set_up_address import (
    ActionAskSetUpAddressFormConfirm,
    ActionSetUpAddress,
    ValidateSetUpAddressForm,
)

FORM = "set_up_address_form"
HOME = "4 Elm Road, Leeds LS1 4DY"


def asking(chat, slot, **known):
    return chat.verified("C-2002").knows(**known).asked(FORM, slot)


def confirmed(chat, wish="add", customer="C-2002", confirm=True, address=HOME):
    chat.verified(customer).knows(account_address=address, address_wish=wish)
    return chat.asked(FORM, "confirm").says("yes", "affirm").knows(confirm=confirm)


async def test_a_verified_customer_is_asked_for_the_address(backoffice, chat):
    chat.verified("C-2002").says("add another address", "set_up_address").starts(FORM)
    ran = await chat.run(ValidateSetUpAddressForm())
    assert ran.slots["address_wish"] == "add"
    assert ran.slots["requested_slot"] == "account_address"


@pytest.mark.parametrize("intent", ["inform", "change_address", "create_account"])
async def test_an_address_is_taken_whatever_it_was_read_as(backoffice, chat, intent):
    text = "12 Quay Street,\nBristol  BS1 4RB"
    asking(chat, "account_address").says(text, intent, confidence=0.5)
    ran = await chat.run(ValidateSetUpAddressForm(), account_address=text)
    assert ran.slots["account_address"] == "12 Quay Street, Bristol BS1 4RB"
    assert ran.slots["requested_slot"] == "address_wish"


async def test_a_postcode_is_not_taken_for_an_order_number(backoffice, chat):
    text = "Lindenstraße 8, 10969 Berlin"
    asking(chat, "account_address", order_number="HP-10421").says(text)
    ran = await chat.run(
        ValidateSetUpAddressForm(), order_number="10969", account_address=text
    )
    assert ran.slots["order_number"] == "HP-10421"
    assert ran.slots["account_address"] == text


async def test_no_address_is_said_so(backoffice, chat):
    asking(chat, "account_address").says("Leeds")
    ran = await chat.run(ValidateSetUpAddressForm(), account_address="Leeds")
    assert ran.responses == ["utter_change_address_unclear"]


async def test_a_corrected_address_is_asked_about_again(backoffice, chat):
    asking(chat, "confirm", account_address=HOME, address_wish="add")
    chat.says("no wait, it's 6 Elm Road, Leeds LS1 4DY", "deny")
    ran = await chat.run(ValidateSetUpAddressForm(), confirm=False)
    assert ran.slots["account_address"] == "6 Elm Road, Leeds LS1 4DY"
    assert ran.slots["confirm"] is None


@pytest.mark.parametrize(
    ("wish", "response"),
    [
        ("add", "utter_set_up_address_confirm_add"),
        ("usual", "utter_set_up_address_confirm_usual"),
    ],
)
async def test_the_question_shows_the_address_as_it_is_kept(
    backoffice, chat, wish, response
):
    ran = await confirmed(chat, wish).run(ActionAskSetUpAddressFormConfirm())
    assert ran.responses == [response]
    assert ran.messages[0]["address"] == HOME


async def test_a_yes_adds_the_address_beside_the_others(backoffice, chat):
    ran = await confirmed(chat, customer="C-2005").run(ActionSetUpAddress())
    assert ran.responses == ["utter_set_up_address_done"]
    assert backoffice.account("C-2005")["addresses"][1:] == [HOME]
    assert set(ran.slots.values()) == {None}


async def test_a_yes_makes_it_the_usual_one(backoffice, chat):
    order = backoffice.order("HP-10421")["shipping_address"]
    ran = await confirmed(chat, "usual").run(ActionSetUpAddress())
    assert ran.responses == ["utter_set_up_address_done_usual"]
    assert backoffice.account("C-2002")["addresses"][0] == HOME
    assert backoffice.order("HP-10421")["shipping_address"] == order


@pytest.mark.parametrize("confirm", [False, None])
async def test_without_a_yes_nothing_is_kept(backoffice, chat, confirm):
    ran = await confirmed(chat, customer="C-2006", confirm=confirm).run(
        ActionSetUpAddress()
    )
    assert ran.responses == ["utter_set_up_address_kept"]
    assert HOME not in backoffice.account("C-2006")["addresses"]


async def test_a_stranger_keeps_nothing(backoffice, chat):
    confirmed(chat, customer="C-2006").knows(authentication=None)
    ran = await chat.run(ActionSetUpAddress())
    assert ran.responses == ["utter_account_not_verified"]
    assert HOME not in backoffice.account("C-2006")["addresses"]


async def test_a_lost_answer_is_uncertain_and_another_try_is_safe(backoffice, chat):
    backoffice.fail(mode="lost")
    ran = await confirmed(chat, customer="C-2007").run(ActionSetUpAddress())
    assert ran.responses == ["utter_backoffice_uncertain"]
    backoffice.fail(mode="none")
    chat.message["message_id"] = "another try of the address"
    ran = await chat.run(ActionSetUpAddress())
    assert ran.responses == ["utter_set_up_address_done"]
    assert backoffice.account("C-2007")["addresses"].count(HOME) == 1
