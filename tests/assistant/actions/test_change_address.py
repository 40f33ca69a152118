import pytest

from actions.addresses import is_address, told_address
from actions.change_address import ActionChangeAddress, ValidateChangeAddressForm

HOME = "4 Elm Road, Leeds LS1 4DY"


@pytest.mark.parametrize(
    "text",
    [
        HOME,
        "Lindenstraße 8, 10969 Berlin",
        "flat 3 9 queens road edinburgh",
        "Rose Cottage, Mill Lane, Oxted",
    ],
)
def test_an_address_is_one(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["Leeds", "no wait, its 10430", "sorry i meant HP-10430", "12 34 56", "x" * 400],
)
def test_other_words_are_none(text):
    assert not is_address(text)


def asking(chat, slot="new_address", number="HP-10421", customer="C-2002"):
    chat.verified(customer).knows(
        order_number=number, order_customer_id=customer, one_time_code="used"
    )
    return chat.asked("change_address_form", slot)


def confirmed(chat, number="HP-10421", customer="C-2002", confirm=True):
    asking(chat, "confirm", number, customer).knows(new_address=HOME)
    return chat.says("yes", "affirm").knows(confirm=confirm)


async def test_an_address_is_taken(backoffice, chat):
    asking(chat).says(HOME)
    ran = await chat.run(ValidateChangeAddressForm(), new_address=f"  {HOME}\n")
    assert ran.slots["new_address"] == HOME
    assert ran.slots["requested_slot"] == "confirm"


async def test_no_address_is_said_so(backoffice, chat):
    asking(chat).says("Leeds")
    ran = await chat.run(ValidateChangeAddressForm(), new_address="Leeds")
    assert ran.responses == ["utter_change_address_unclear"]
    assert ran.slots["new_address"] is None


async def test_a_postcode_is_not_taken_for_an_order_number(backoffice, chat):
    text = "Lindenstraße 8, 10969 Berlin"
    asking(chat).says(text)
    ran = await chat.run(
        ValidateChangeAddressForm(), order_number="10969", new_address=text
    )
    assert ran.slots["order_number"] == "HP-10421"
    assert ran.slots["new_address"] == text


async def test_a_correction_of_the_order_is_no_address(backoffice, chat):
    asking(chat).says("sorry i meant HP-10402")
    ran = await chat.run(
        ValidateChangeAddressForm(),
        order_number="HP-10402",
        new_address="sorry i meant HP-10402",
    )
    assert ran.slots["order_number"] == "HP-10402"
    assert ran.slots["new_address"] is None
    assert ran.responses == []


async def test_an_address_for_an_abandoned_change_is_asked_again(backoffice, chat):
    asking(chat, "confirm").knows(new_address=HOME).left()
    chat.says("change my address", "change_address").starts("change_address_form")
    ran = await chat.run(
        ValidateChangeAddressForm(), order_number="HP-10421", new_address=HOME
    )
    assert ran.slots["new_address"] is None


async def test_an_address_that_an_agent_filled_in_is_not_asked_again(backoffice, chat):
    asking(chat).left().knows(new_address=HOME)
    chat.says("change my address", "change_address").starts("change_address_form")
    ran = await chat.run(
        ValidateChangeAddressForm(), order_number="HP-10421", new_address=HOME
    )
    assert ran.slots["new_address"] == HOME


async def test_a_tapped_button_is_no_address(backoffice, chat):
    payload = '/inform{"return_reason": "wrong item 12"}'
    asking(chat).says(payload)
    ran = await chat.run(ValidateChangeAddressForm(), new_address=payload)
    assert ran.slots["new_address"] is None


async def test_a_yes_changes_the_address(backoffice, chat):
    ran = await confirmed(chat).run(ActionChangeAddress())
    assert ran.responses == ["utter_change_address_done"]
    assert ran.messages[0]["address"] == HOME
    assert backoffice.order("HP-10421")["shipping_address"] == HOME
    assert ran.slots["new_address"] is None


async def test_a_no_changes_nothing(backoffice, chat):
    before = backoffice.order("HP-10470")["shipping_address"]
    confirmed(chat, "HP-10470", "C-2029", confirm=False)
    ran = await chat.run(ActionChangeAddress())
    assert ran.responses == ["utter_change_address_kept"]
    assert backoffice.order("HP-10470")["shipping_address"] == before


async def test_a_stranger_changes_nothing(backoffice, chat):
    before = backoffice.order("HP-10470")["shipping_address"]
    ran = await confirmed(chat, "HP-10470", "C-2001").run(ActionChangeAddress())
    assert ran.responses == ["utter_verification_missing"]
    assert backoffice.order("HP-10470")["shipping_address"] == before


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("HP-10422", "utter_change_address_locked"),
        ("HP-10423", "utter_change_address_locked"),
        ("HP-10428", "utter_change_address_closed"),
        ("HP-10427", "utter_change_address_closed"),
    ],
)
async def test_a_locked_address_is_told_before_any_code(
    backoffice, chat, number, response
):
    chat.says("new address", "change_address").starts("change_address_form")
    validated = await chat.run(ValidateChangeAddressForm(), order_number=number)
    assert validated.slots["requested_slot"] is None
    ran = await chat.left().knows(**validated.slots).run(ActionChangeAddress())
    assert ran.responses == [response]


async def test_an_outage_keeps_the_address_for_another_try(no_backoffice, chat):
    ran = await confirmed(chat).run(ActionChangeAddress())
    assert ran.responses == ["utter_backoffice_unavailable"]
    assert ran.slots["new_address"] == HOME
    assert ran.slots["confirm"] is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "send HP-10421 to 5 Mill Lane, York YO1 7AB instead",
            "5 Mill Lane, York YO1 7AB",
        ),
        (
            "HP-10421 an Lindenweg 4, 20095 Hamburg liefern",
            "Lindenweg 4, 20095 Hamburg",
        ),
        ("el HP-10421 a Calle Mayor 5, 28013 Madrid", "Calle Mayor 5, 28013 Madrid"),
        (
            "livrez au 8 rue des Lilas, 35000 Rennes, merci",
            "8 rue des Lilas, 35000 Rennes",
        ),
        ("I want to change the address of HP-10421", None),
    ],
)
def test_an_address_is_heard_in_the_request(text, address):
    assert told_address(text) == address
