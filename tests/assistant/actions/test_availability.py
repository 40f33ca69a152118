import pytest

from actions.availability import (
    ActionAskAvailabilityFormProductName,
    ActionCheckAvailability,
    ValidateAvailabilityForm,
)

FORM = "availability_form"


def asks(chat, text, intent="check_availability"):
    return chat.says(text, intent).starts(FORM)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("is the rain jacket in stock?", "Squall rain jacket"),
        ("do you have the camping kettel", "Gull camping kettle 0.9 l"),
        ("when is the hammock back", "Driftwood hammock"),
    ],
)
async def test_the_product_is_heard_in_the_question(backoffice, chat, said, name):
    ran = await asks(chat, said).run(ValidateAvailabilityForm())
    assert ran.slots["product_name"] == name
    assert ran.responses == []


async def test_a_name_is_taken_as_the_answer(backoffice, chat):
    chat.asked(FORM, "product_name").says("hammock")
    ran = await chat.run(ValidateAvailabilityForm(), product_name="hammock")
    assert ran.slots["product_name"] == "Driftwood hammock"


async def test_several_become_buttons(backoffice, chat):
    validated = await asks(chat, "any tents left?").run(ValidateAvailabilityForm())
    assert validated.slots["product_name"] is None
    ran = await chat.run(ActionAskAvailabilityFormProductName())
    assert ran.responses == ["utter_availability_several"]
    assert [one["payload"] for one in ran.messages[0]["buttons"]] == [
        '/inform{"product_name": "Skerry two-person tent"}',
        '/inform{"product_name": "Skerry four-person tent"}',
    ]
    assert ran.events


async def test_what_we_do_not_sell_is_said_with_the_nearest_names(backoffice, chat):
    validated = await asks(chat, "got any surfboards").run(ValidateAvailabilityForm())
    assert validated.slots["product_name"] is None
    ran = await chat.run(ActionAskAvailabilityFormProductName())
    assert ran.responses == ["utter_availability_not_found"]
    assert len(ran.messages[0]["buttons"]) == 3


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("is it in stock", "check_availability"),
        ("/check_availability", "check_availability"),
        ("how do i pay", "ask_payment_methods"),
    ],
)
async def test_where_nothing_was_named_it_is_only_asked(backoffice, chat, said, intent):
    ran = await asks(chat, said, intent).run(ActionAskAvailabilityFormProductName())
    assert ran.responses == ["utter_availability_which"]


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("Gull camping kettle 0.9 l", "utter_availability_in_stock"),
        ("Driftwood hammock", "utter_availability_sold_out"),
        ("Skerry four-person tent", "utter_availability_back_on"),
    ],
)
async def test_stock_is_told(backoffice, chat, name, response):
    chat.says("is it there", "check_availability").knows(product_name=name)
    ran = await chat.run(ActionCheckAvailability())
    assert ran.responses == [response]
    assert ran.messages[0]["product"] == name
    assert ran.messages[0]["price"].startswith("€")
    assert ran.slots["product_name"] is None


async def test_sizes_and_colours_are_told(backoffice, chat):
    chat.says("x", "check_availability").knows(product_name="Squall rain jacket")
    ran = await chat.run(ActionCheckAvailability())
    assert ran.responses == ["utter_availability_variants"]
    there, gone = ran.messages[0]["lines"].splitlines()
    assert there == "• In stock: S, navy · M, navy · S, moss · M, moss · L, moss"
    assert gone.startswith("• Sold out, back on ") and gone.endswith(": L, navy")


async def test_no_product_left_from_before_is_told(backoffice, chat):
    chat.asked(FORM, "product_name").knows(product_name="Driftwood hammock").left()
    asks(chat, "/check_availability")
    ran = await chat.run(ValidateAvailabilityForm(), product_name="Driftwood hammock")
    assert ran.slots["product_name"] is None


async def test_an_outage_ends_the_form_and_is_told(no_backoffice, chat):
    validated = await asks(chat, "any tents?").run(ValidateAvailabilityForm())
    assert validated.slots["requested_slot"] is None
    asked = await chat.run(ActionAskAvailabilityFormProductName())
    assert asked.slots == {"blocked_by": "unavailable", "requested_slot": None}
    ran = await chat.left().knows(**asked.slots).run(ActionCheckAvailability())
    assert ran.responses == ["utter_backoffice_unavailable"]
    assert ran.messages[0]["retry"] == "/check_availability"


async def test_a_form_that_ended_without_a_product_asks(backoffice, chat):
    ran = await chat.says("x").run(ActionCheckAvailability())
    assert ran.responses == ["utter_availability_which"]
    assert ran.events
