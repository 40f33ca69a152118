import pytest

from actions.items import fitting_item
from actions.return_item import (
    ActionAskReturnItemFormReturnItemName,
    ActionStartReturn,
    ValidateReturnItemForm,
    reason_in,
)

THREE_ITEMS, THEIR_CUSTOMER = "HP-10425", "C-2006"
KETTLE, KETTLE_CUSTOMER = "HP-10428", "C-2001"


def asking(chat, slot, number=THREE_ITEMS, customer=THEIR_CUSTOMER):
    chat.verified(customer).knows(
        order_number=number, order_customer_id=customer, one_time_code="used"
    )
    return chat.asked("return_item_form", slot)


def complete(chat, number, customer, item, photo=None, reason="damaged"):
    asking(chat, "photo", number, customer)
    return chat.knows(return_item_name=item, return_reason=reason, photo=photo).says(
        "no", "deny"
    )


async def test_the_only_item_is_not_asked_for(backoffice, chat):
    chat.says("i want to return it", "return_item").starts("return_item_form")
    ran = await chat.run(ValidateReturnItemForm(), order_number=KETTLE)
    assert ran.slots["return_item_name"] == "Gull camping kettle 0.9 l"


async def test_the_items_are_offered_as_buttons(backoffice, chat):
    ran = await asking(chat, "return_item_name").run(
        ActionAskReturnItemFormReturnItemName()
    )
    assert ran.responses == ["utter_ask_return_item_form_return_item_name"]
    buttons = ran.messages[0]["buttons"]
    assert len(buttons) == 3
    assert buttons[0]["payload"] == (
        '/inform{"return_item_name": "Heather sleeping bag -5 °C"}'
    )
    assert ran.events


@pytest.mark.parametrize(
    "said", ["sleeping bag", "the bag", "Heather sleeping bag -5 °C"]
)
async def test_an_item_is_known_by_its_words(backoffice, chat, said):
    asking(chat, "return_item_name").says(said)
    ran = await chat.run(ValidateReturnItemForm(), return_item_name=said)
    assert ran.slots["return_item_name"] == "Heather sleeping bag -5 °C"


@pytest.mark.parametrize("said", ["the kettle", "my", "sleeping"])
async def test_what_is_not_in_the_order_or_fits_two_is_refused(backoffice, chat, said):
    asking(chat, "return_item_name").says(said)
    ran = await chat.run(ValidateReturnItemForm(), return_item_name=said)
    assert ran.responses == ["utter_return_item_not_in_order"]
    assert ran.slots["return_item_name"] is None


@pytest.mark.parametrize(
    ("said", "item"),
    [
        ("la botella pierde agua", "Burn water bottle 1 l"),
        ("una de las botellas", "Burn water bottle 1 l"),
        ("die Flaschen sind undicht", "Burn water bottle 1 l"),
        ("la gourde fuit", "Burn water bottle 1 l"),
        ("beim Schlafsack klemmt etwas", "Heather sleeping bag -5 °C"),
        ("el saco de dormir", "Heather sleeping bag -5 °C"),
        ("le sac de couchage est déchiré", "Heather sleeping bag -5 °C"),
        ("la esterilla", "Moss sleeping mat"),
    ],
)
def test_an_item_is_known_by_its_words_in_each_language(backoffice, shop, said, item):
    found = fitting_item(shop.orders.get("HP-10425").items, said)
    assert found and found.name == item


@pytest.mark.parametrize(
    ("said", "item"),
    [
        ("not the bottle, the sleeping mat", "Moss sleeping mat"),
        ("la esterilla no, la botella", "Burn water bottle 1 l"),
        ("nicht den Schlafsack, die Flasche", "Burn water bottle 1 l"),
        ("pas la gourde, le sac de couchage", "Heather sleeping bag -5 °C"),
        ("the bottle, it isn't tight", "Burn water bottle 1 l"),
        ("la botella no cierra", "Burn water bottle 1 l"),
        ("las botellas no, la esterilla", "Moss sleeping mat"),
    ],
)
def test_an_item_that_is_denied_is_not_meant(backoffice, shop, said, item):
    found = fitting_item(shop.orders.get("HP-10425").items, said)
    assert found and found.name == item


@pytest.mark.parametrize(
    "said", ["la esterilla no, la otra", "not the mat", "pas le matelas"]
)
def test_of_two_items_the_one_that_is_not_denied_is_meant(backoffice, shop, said):
    two = shop.orders.get("HP-10425").items[1:]
    assert {item.name for item in two} >= {"Moss sleeping mat"}
    found = fitting_item(two, said)
    assert found and found.name != "Moss sleeping mat"


def test_no_items_fit_nothing():
    assert fitting_item((), "kettle") is None


async def test_damage_told_in_the_request_is_not_asked_for(backoffice, chat):
    chat.says("my kettle arrived broken, i want to return it", "return_item")
    ran = await chat.starts("return_item_form").run(
        ValidateReturnItemForm(), order_number=KETTLE
    )
    assert ran.slots["return_reason"] == "damaged"


@pytest.mark.parametrize(
    ("reason", "next_slot"),
    [("damaged", "photo"), ("the lid is cracked", "photo"), ("too small", None)],
)
async def test_a_photo_is_asked_of_damage_only(backoffice, chat, reason, next_slot):
    asking(chat, "return_reason").knows(return_item_name="Moss sleeping mat")
    ran = await chat.says(reason).run(ValidateReturnItemForm(), return_reason=reason)
    assert ran.slots["return_reason"] == reason
    assert ran.slots["requested_slot"] == next_slot


async def test_no_reason_is_said_so(backoffice, chat):
    asking(chat, "return_reason").says("??")
    ran = await chat.run(ValidateReturnItemForm(), return_reason="??")
    assert ran.responses == ["utter_return_item_reason_unclear"]


async def test_the_request_for_another_order_is_no_reason(backoffice, chat):
    asking(chat, "return_reason").knows(return_item_name="Moss sleeping mat")
    text = "return the mug from HP-10466"
    ran = await chat.says(text).run(ValidateReturnItemForm(), return_reason=text)
    assert ran.slots["return_reason"] is None
    assert ran.responses == []


async def test_asking_is_not_refusing(backoffice, chat):
    """A slot set to nothing while it is asked for counts towards a handoff."""
    ran = await asking(chat, "return_item_name").run(
        ActionAskReturnItemFormReturnItemName()
    )
    assert "return_item_name" not in ran.slots


async def test_a_photo_sent_early_is_kept(backoffice, chat):
    asking(chat, "return_reason").says("/share_photo", "share_photo")
    ran = await chat.run(ValidateReturnItemForm(), photo="att-1")
    assert ran.responses == ["utter_return_item_photo_kept"]
    assert ran.slots["photo"] == "att-1"


@pytest.mark.parametrize("photo", ["att-1", "skipped"])
async def test_a_photo_or_none_ends_the_form(backoffice, chat, photo):
    asking(chat, "photo").knows(return_item_name="mat", return_reason="damaged")
    ran = await chat.says("x").run(ValidateReturnItemForm(), photo=photo)
    assert ran.slots["photo"] == photo
    assert ran.slots["requested_slot"] is None


async def test_words_instead_of_a_photo_are_refused(backoffice, chat):
    asking(chat, "photo").knows(return_item_name="mat", return_reason="damaged")
    ran = await chat.says("hm").run(ValidateReturnItemForm(), photo="unclear")
    assert ran.responses == ["utter_return_item_photo_unclear"]


async def test_an_abandoned_return_leaves_nothing_for_the_next(backoffice, chat):
    asking(chat, "photo").knows(
        return_item_name="Moss sleeping mat", return_reason="damaged"
    ).left()
    chat.says("return something from HP-10425", "return_item")
    ran = await chat.starts("return_item_form").run(
        ValidateReturnItemForm(),
        order_number=THREE_ITEMS,
        return_item_name="Moss sleeping mat",
        return_reason="damaged",
    )
    assert ran.slots["return_item_name"] is None
    assert ran.slots["return_reason"] is None


async def test_a_return_is_started_with_its_photo(backoffice, chat):
    complete(chat, KETTLE, KETTLE_CUSTOMER, "Gull camping kettle 0.9 l", "att-1")
    ran = await chat.run(ActionStartReturn())
    assert ran.responses == ["utter_return_item_done"]
    message = ran.messages[0]
    assert message["return_number"].startswith("RT-")
    assert message["amount"] == "€34.90"
    assert "•" in message["sent_to"]
    assert backoffice.order(KETTLE)["status"] == "return_started"
    assert set(ran.slots.values()) == {None}


async def test_a_return_without_a_photo_sends_none(backoffice, chat):
    complete(chat, THREE_ITEMS, THEIR_CUSTOMER, "Moss sleeping mat", "skipped")
    ran = await chat.run(ActionStartReturn())
    assert ran.responses == ["utter_return_item_done"]


async def test_a_repeated_message_starts_one_return(backoffice, chat):
    complete(chat, "HP-10446", "C-2015", None)
    item = backoffice.order("HP-10446")["items"][0]["name"]
    chat.knows(return_item_name=item)
    first = await chat.run(ActionStartReturn())
    second = await chat.run(ActionStartReturn())
    assert first.responses == second.responses == ["utter_return_item_done"]
    assert first.messages == second.messages
    assert len(backoffice.mails("HP-10446", "return_label")) == 1


async def test_a_second_return_of_the_same_is_told(backoffice, chat):
    complete(chat, "HP-10429", "C-2009", "Fell backpack 38 l", "skipped")
    ran = await chat.run(ActionStartReturn())
    assert ran.responses == ["utter_return_item_already"]


async def test_a_stranger_starts_no_return(backoffice, chat):
    complete(chat, "HP-10415", "C-2001", "anything", "skipped")
    ran = await chat.run(ActionStartReturn())
    assert ran.responses == ["utter_verification_missing"]
    assert backoffice.order("HP-10415")["status"] == "delivered"


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("HP-10426", "utter_return_item_window_over"),
        ("HP-10423", "utter_return_item_not_delivered"),
        ("HP-10421", "utter_return_item_not_delivered"),
        ("HP-10427", "utter_return_item_closed"),
        ("HP-10430", "utter_return_item_closed"),
    ],
)
async def test_what_cannot_come_back_is_told_before_any_code(
    backoffice, chat, number, response
):
    chat.says("return it", "return_item").starts("return_item_form")
    validated = await chat.run(ValidateReturnItemForm(), order_number=number)
    assert validated.slots["requested_slot"] is None
    ran = await chat.left().knows(**validated.slots).run(ActionStartReturn())
    assert ran.responses == [response]


async def test_an_outage_keeps_the_answers_for_another_try(no_backoffice, chat):
    complete(chat, KETTLE, KETTLE_CUSTOMER, "kettle", "att-1")
    ran = await chat.run(ActionStartReturn())
    assert ran.responses == ["utter_backoffice_unavailable"]
    assert ran.slots["photo"] == "att-1"
    assert ran.slots["return_reason"] == "damaged"


async def test_an_outage_while_asking_for_the_item_ends_the_form(no_backoffice, chat):
    ran = await asking(chat, "return_item_name").run(
        ActionAskReturnItemFormReturnItemName()
    )
    assert ran.slots == {"blocked_by": "unavailable", "requested_slot": None}


async def test_an_outage_while_checking_the_item_ends_the_form(no_backoffice, chat):
    asking(chat, "return_item_name").says("mat")
    ran = await chat.run(ValidateReturnItemForm(), return_item_name="mat")
    assert ran.slots["blocked_by"] == "unavailable"
    assert ran.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("return it because the zip sticks", "the zip sticks"),
        ("ich will sie zurückgeben, weil sie kratzt", "sie kratzt"),
        ("quiero devolverla porque no combina", "no combina"),
        ("je la renvoie parce qu'elle gratte", "elle gratte"),
        ("it arrived broken, I want to return it", "damaged"),
        ("I want to return it", None),
    ],
)
def test_a_reason_is_heard_in_the_request(text, reason):
    assert reason_in(text) == reason


async def test_the_item_of_the_request_is_not_asked_for(backoffice, chat):
    chat.verified("C-2006")
    chat.says("return the sleeping bag of HP-10425, the zip is broken", "return_item")
    chat.knows(order_number=THREE_ITEMS).starts("return_item_form")
    ran = await chat.run(ValidateReturnItemForm(), order_number=THREE_ITEMS)
    assert ran.slots["return_item_name"] == "Heather sleeping bag -5 °C"
    assert ran.slots["requested_slot"] == "photo"


@pytest.mark.parametrize(
    "said", ["pas abîmé, juste plus besoin", "not broken, I just don't need it"]
)
async def test_no_longer_needed_is_a_reason_and_takes_nothing_back(
    backoffice, chat, said
):
    asking(chat, "return_reason").says(said, "stop")
    ran = await chat.run(ValidateReturnItemForm())
    assert ran.slots["return_reason"] == said
