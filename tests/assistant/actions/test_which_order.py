"""Which order is meant: asked, kept from an earlier topic, another one, several."""

import re
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timezone
from uuid import uuid4

import pytest

from actions.cancel_order import ValidateCancelOrderForm
from actions.change_address import ValidateChangeAddressForm
from actions.edit_account import ValidateEditAccountForm
from actions.order_status import ActionCheckOrderStatus, ValidateOrderStatusForm
from actions.return_item import ValidateReturnItemForm
from actions.verification import ActionAskOneTimeCode
from actions.which_order import (
    ActionAskOrderNumber,
    ActionNoteOrderNumber,
    ActionNoteOtherOrder,
    order_button,
)

CANCEL = "cancel_order_form"
STATUS = "order_status_form"


async def test_the_verified_are_offered_their_latest_orders(backoffice, chat):
    chat.verified("C-2001").says("invoice", "find_invoice")
    ran = await chat.run(ActionAskOrderNumber())
    assert ran.responses == ["utter_ask_which_order"]
    buttons = ran.messages[0]["buttons"]
    ends = [re.search(r", \d+ \w+ \(…(\d+)\)$", one["title"]) for one in buttons[:-1]]
    assert [end[1] for end in ends] == ["434", "428"]
    assert buttons[0]["payload"] == '/inform{"order_number": "HP-10434"}'
    assert buttons[-1] == {
        "title": "Another order",
        "payload": '/inform{"order_number": "other"}',
    }
    assert ran.events


@pytest.mark.parametrize(
    ("code", "title", "other"),
    [
        ("en", "Kettle and 1 more, 12 Nov (…428)", "Another order"),
        ("es", "Kettle y 1 más, 12 nov (…428)", "Otro pedido"),
        ("de", "Kettle und 1 weitere, 12. Nov. (…428)", "Eine andere Bestellung"),
        ("fr", "Kettle et 1 de plus, 12 nov. (…428)", "Une autre commande"),
    ],
)
async def test_orders_are_named_in_the_customers_language(
    backoffice, shop, chat, code, title, other
):
    order = shop.orders.get("HP-10428")
    kettle = replace(order.items[0], name="Kettle")
    placed = datetime(2026, 11, 12, tzinfo=timezone.utc)
    chat.verified("C-2001").knows(language=code)
    ran = await chat.run(ActionAskOrderNumber())  # speaks this language from now on
    assert ran.messages[0]["buttons"][-1]["title"] == other
    two = replace(order, items=(kettle, kettle), placed_at=placed)
    assert order_button(two)["title"] == title
    assert order_button(replace(two, items=(kettle,)))["title"].startswith("Kettle, ")


async def test_a_long_name_leaves_room_for_day_and_number(backoffice, shop, chat):
    order = shop.orders.get("HP-10428")
    long = replace(order.items[0], name="Two-person tent " * 9)
    title = order_button(replace(order, items=(long,)))["title"]
    assert title.startswith("Two-person tent")
    assert len(title) <= 60
    assert "…, " in title
    assert title.endswith("(…428)")


async def test_no_more_than_five_orders_newest_first(
    backoffice, shop, chat, monkeypatch
):
    order = shop.orders.get("HP-10428")
    numbers = tuple(f"HP-2000{n}" for n in range(9))
    known = replace(shop.customers.get("C-2001"), orders=numbers)
    monkeypatch.setattr(type(shop.customers), "get", lambda *_: known)
    monkeypatch.setattr(
        type(shop.orders), "get", lambda _, number: replace(order, number=number)
    )
    ran = await chat.verified("C-2001").run(ActionAskOrderNumber())
    payloads = [one["payload"] for one in ran.messages[0]["buttons"]]
    told = [f'/inform{{"order_number": "{one}"}}' for one in (*numbers[:5], "other")]
    assert payloads == told


@pytest.mark.parametrize("level", ["known", None])
async def test_who_has_not_proved_who_they_are_sees_no_orders(backoffice, chat, level):
    chat.verified("C-2001", level=level)
    ran = await chat.run(ActionAskOrderNumber())
    assert ran.responses == ["utter_ask_order_number"]
    assert not ran.messages[0]["buttons"]


async def test_another_order_is_asked_for_by_its_number(backoffice, chat):
    chat.verified("C-2001").asked(STATUS, "order_number")
    chat.says('/inform{"order_number": "other"}')
    ran = await chat.run(ValidateOrderStatusForm(), order_number="other")
    assert ran.responses == []
    assert ran.slots["order_number"] is None
    assert ran.slots["requested_slot"] == "order_number"
    chat.message["entities"] = [{"entity": "order_number", "value": "other"}]
    asked = await chat.run(ActionAskOrderNumber())
    assert asked.responses == ["utter_ask_order_number"]


async def test_the_order_that_was_left_is_not_offered(backoffice, chat):
    chat.verified("C-2001").knows(order_number="HP-10434").says("my other order")
    chat.knows(order_number=None)
    ran = await chat.run(ActionAskOrderNumber())
    payloads = [one["payload"] for one in ran.messages[0]["buttons"]]
    assert payloads == [
        '/inform{"order_number": "HP-10428"}',
        '/inform{"order_number": "other"}',
    ]


async def test_others_are_asked_for_a_number(backoffice, chat):
    ran = await chat.says("invoice", "find_invoice").run(ActionAskOrderNumber())
    assert ran.responses == ["utter_ask_order_number"]


async def test_without_a_back_office_the_number_is_asked_for(no_backoffice, chat):
    ran = await chat.verified("C-2001").run(ActionAskOrderNumber())
    assert ran.responses == ["utter_ask_order_number"]


async def test_a_bare_number_is_asked_what_it_is_for(chat):
    ran = await chat.knows(order_number="HP-10423").run(ActionNoteOrderNumber())
    assert ran.responses == ["utter_order_number_noted"]
    ran = await chat.knows(order_number=None).run(ActionNoteOrderNumber())
    assert ran.responses == ["utter_order_number_missing"]


@pytest.mark.parametrize(
    "text",
    [
        "where is my other order",
        "¿dónde está mi otro pedido?",
        "wo ist die andere Bestellung",
        "et mon autre commande ?",
        "and the other one?",
        "und die andere?",
        "¿y el otro?",
        "et l'autre ?",
    ],
)
async def test_another_order_is_not_the_one_before(backoffice, chat, text):
    chat.starts(STATUS).left().knows(
        order_number="HP-10423", order_customer_id="C-2003"
    )
    chat.says(text, "check_order_status").starts(STATUS)
    ran = await chat.run(ValidateOrderStatusForm(), order_number="HP-10423")
    assert ran.slots["order_number"] is None
    assert ran.slots["requested_slot"] == "order_number"


async def test_another_order_with_its_number_is_that_one(backoffice, chat):
    chat.knows(order_number="HP-10423")
    chat.says("where is my other order HP-10424", "check_order_status")
    chat.knows(order_number="HP-10424").starts(STATUS)
    ran = await chat.run(ValidateOrderStatusForm(), order_number="HP-10424")
    assert ran.slots["order_number"] == "HP-10424"


async def test_a_kept_order_is_named_before_it_is_changed(backoffice, chat):
    chat.verified("C-2002").knows(order_number="HP-10421")
    chat.says("cancel it", "cancel_order").starts(CANCEL)
    ran = await chat.run(ValidateCancelOrderForm(), order_number="HP-10421")
    assert ran.responses == ["utter_order_kept"]
    assert ran.messages[0]["order_number"] == "HP-10421"


async def test_an_order_in_the_request_needs_no_naming(backoffice, chat):
    chat.verified("C-2002").says("cancel HP-10421", "cancel_order")
    chat.knows(order_number="HP-10421").starts(CANCEL)
    ran = await chat.run(ValidateCancelOrderForm(), order_number="HP-10421")
    assert ran.responses == []


@pytest.mark.parametrize("intent", ["deny", "cancel_order", "nlu_fallback"])
async def test_the_other_order_is_heard_whatever_it_resembles(backoffice, chat, intent):
    chat.verified("C-2002").asked(CANCEL, "order_number")
    chat.knows(order_number="HP-10421", order_customer_id="C-2002")
    chat.knows(requested_slot="confirm").hears_question()
    chat.says("no, my other order", intent)
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.slots == {"order_number": None, "requested_slot": "order_number"}


async def test_a_reason_may_speak_of_another_order(backoffice, chat):
    chat.verified("C-2006").asked("return_item_form", "order_number")
    chat.knows(order_number="HP-10425", order_customer_id="C-2006")
    chat.knows(return_item_name="Bottle", requested_slot="return_reason")
    chat.says("I have one from another order", "inform")
    ran = await chat.run(
        ValidateReturnItemForm(), return_reason="I have one from another order"
    )
    assert ran.slots["return_reason"] == "I have one from another order"


async def test_of_two_orders_the_second_waits(backoffice, chat):
    both = ["HP-10421", "HP-10434"]
    chat.says("cancel HP-10421 and HP-10434", "cancel_order")
    chat.knows(order_number=both).starts(CANCEL)
    ran = await chat.run(ValidateCancelOrderForm(), order_number=both)
    assert ran.responses == ["utter_orders_in_turn"]
    assert ran.slots["order_number"] == "HP-10421"
    [waiting] = ran.slots["waiting_requests"]
    assert waiting["payload"] == '/cancel_order{"order_number": "HP-10434"}'


@pytest.mark.parametrize("text", ["10969", "it's 10969, third floor"])
async def test_a_number_in_an_address_is_no_order(backoffice, chat, text):
    chat.verified("C-2002").knows(order_number="HP-10421")
    chat.asked("change_address_form", "new_address").says(text)
    ran = await chat.run(
        ValidateChangeAddressForm(), order_number="HP-10969", new_address=text
    )
    assert ran.slots["order_number"] == "HP-10421"


async def test_an_order_that_is_called_one_corrects_an_address_question(
    backoffice, chat
):
    chat.verified("C-2002").knows(order_number="HP-10434")
    chat.asked("change_address_form", "new_address").says("no, order 10421")
    ran = await chat.run(
        ValidateChangeAddressForm(),
        order_number="HP-10421",
        new_address="no, order 10421",
    )
    assert ran.slots["order_number"] == "HP-10421"


@pytest.mark.parametrize(
    "text",
    [
        "I don't have it",
        "no encuentro el número",
        "ich hab sie nicht",
        "je ne retrouve plus le numéro",
    ],
)
async def test_without_a_number_the_mail_address_is_asked_for(backoffice, chat, text):
    chat.asked(STATUS, "order_number").says(text, "nlu_fallback")
    ran = await chat.run(ValidateOrderStatusForm())
    assert ran.slots["number_at_hand"] is False
    assert ran.slots["requested_slot"] == "order_email"


async def test_a_mail_address_for_a_number_is_taken(backoffice, chat):
    text = "no number, I ordered with priya.nair@mail.example"
    chat.asked(STATUS, "order_number").says(text)
    ran = await chat.run(ValidateOrderStatusForm())
    assert ran.slots["order_email"] == "priya.nair@mail.example"
    assert ran.slots["requested_slot"] == "one_time_code"


async def test_a_code_by_mail_shows_whose_the_orders_are(backoffice, shop, chat):
    email = shop.customers.get("C-2004").email
    chat.asked(STATUS, "order_number").knows(number_at_hand=False, order_email=email)
    chat.knows(requested_slot="one_time_code")
    sent = await chat.run(ActionAskOneTimeCode())
    assert sent.responses == ["utter_ask_one_time_code_mailed"]
    [mail, *_] = backoffice.mails_to(email)
    code = next(word[:6] for word in mail["body"].split() if word[:6].isdecimal())
    chat.knows(code_sent=sent.slots["code_sent"]).says(code)
    ran = await chat.run(ValidateOrderStatusForm(), one_time_code=code)
    assert ran.slots["authentication"]["customer_id"] == "C-2004"
    assert ran.slots["requested_slot"] == "order_number"


async def hears_of_codes(chat, email: str) -> list[list[str]]:
    """Returns what is said to wrong codes, and to asking for more, without end."""
    chat.asked(STATUS, "order_number").knows(number_at_hand=False, order_email=email)
    heard = []
    for _ in range(11):
        chat.message_id = uuid4().hex
        sent = await chat.says("a new code", "resend_code").run(ActionAskOneTimeCode())
        heard.append(sent.responses)
        chat.knows(blocked_by=sent.slots.get("blocked_by"))
        chat.knows(
            requested_slot="one_time_code", code_sent=sent.slots.get("code_sent")
        )
        for _ in range(6 if len(heard) == 1 else 0):
            chat.message_id = uuid4().hex
            ran = await chat.says("000 000").run(
                ValidateOrderStatusForm(), one_time_code="000 000"
            )
            heard.append(ran.responses)
        chat.knows(code_sent=None)
    ran = await chat.run(ActionCheckOrderStatus())
    return [*heard, ran.responses]


async def test_a_strangers_address_is_not_told_apart(backoffice, shop, chat):
    known, unknown = shop.customers.get("C-2005").email, "nobody@mail.example"
    heard = [await hears_of_codes(deepcopy(chat), one) for one in (known, unknown)]
    assert heard[0] == heard[1]
    assert heard[0][0] == ["utter_ask_one_time_code_mailed"]
    assert ["utter_verification_wrong_code"] in heard[0]
    assert ["utter_verification_too_many_attempts"] in heard[0]
    assert heard[0][-1] == ["utter_verification_too_many_codes"]
    assert backoffice.mails_to(unknown) == []


@pytest.mark.parametrize(
    "text",
    [
        "I lost the order number, I ordered with priya.nair@mail.example, where is it",
        "dónde está mi pedido, no tengo el número, compré con priya.nair@mail.example",
        "wo ist mein Paket, Nummer hab ich nicht, Mail ist priya.nair@mail.example",
        "où est mon colis, j'ai plus le numéro, mon mail est priya.nair@mail.example",
    ],
)
async def test_a_request_without_a_number_goes_on_by_its_address(
    backoffice, chat, text
):
    chat.says(text, "check_order_status").starts(STATUS)
    ran = await chat.run(ValidateOrderStatusForm())
    assert ran.slots["order_email"] == "priya.nair@mail.example"
    assert ran.slots["requested_slot"] == "one_time_code"


async def test_a_request_without_a_number_is_not_asked_for_one(backoffice, chat):
    text = "cancel my order, I don't have the number"
    chat.says(text, "cancel_order").starts(CANCEL)
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.slots["requested_slot"] == "order_email"


@pytest.mark.parametrize(
    "text", ["I don't have my parcel yet", "no tengo mi paquete", "wo ist es"]
)
async def test_who_only_misses_a_parcel_is_asked_for_the_number(backoffice, chat, text):
    chat.says(text, "check_order_status").starts(STATUS)
    ran = await chat.run(ValidateOrderStatusForm())
    assert ran.slots["requested_slot"] == "order_number"


async def test_who_is_known_and_has_no_number_is_just_shown_the_orders(
    backoffice, chat
):
    chat.verified("C-2002").says("cancel it, don't have the number", "cancel_order")
    ran = await chat.starts(CANCEL).run(ValidateCancelOrderForm())
    assert ran.responses == []
    assert ran.slots["requested_slot"] == "order_number"


async def test_the_request_says_the_address_before_the_number_is_missed(
    backoffice, chat
):
    chat.says("where is it, my mail is jo@mail.example", "check_order_status")
    chat.asked(STATUS, "order_number").says("I don't have it", "nlu_fallback")
    ran = await chat.run(ValidateOrderStatusForm())
    assert ran.slots["order_email"] == "jo@mail.example"


async def test_a_new_address_of_an_account_gets_no_code(backoffice, chat):
    text = "new mail address new@mail.example, I don't have an order number"
    chat.says(text, "edit_account").starts("edit_account_form")
    ran = await chat.run(ValidateEditAccountForm())
    assert ran.slots.get("order_email") is None


async def test_who_is_known_chooses_among_their_orders(backoffice, chat):
    chat.verified("C-2002").asked(CANCEL, "order_number").says("I don't have it")
    ran = await chat.run(ValidateCancelOrderForm())
    assert ran.responses == ["utter_order_number_choose"]
    assert ran.slots["requested_slot"] == "order_number"


async def test_the_next_form_begins_with_the_number_again(backoffice, chat):
    chat.knows(number_at_hand=False, order_email="jo@mail.example")
    chat.says("track it", "check_order_status").starts(STATUS)
    ran = await chat.run(ValidateOrderStatusForm())
    assert ran.slots["number_at_hand"] is None
    assert ran.slots["requested_slot"] == "order_number"


async def test_the_other_one_after_a_topic_does_it_again(chat):
    chat.starts(STATUS).left().knows(order_number="HP-10423")
    ran = await chat.says("and the other one?", "mean_other").run(
        ActionNoteOtherOrder()
    )
    assert ran.slots["order_number"] is None
    assert ran.events[-1] == {**ran.events[-1], "event": "followup", "name": STATUS}


async def test_an_account_is_not_touched_again_for_another_order(chat):
    chat.starts("delete_account_form").left().knows(order_number="HP-10423")
    ran = await chat.says("the other one", "mean_other").run(ActionNoteOtherOrder())
    assert ran.responses == ["utter_other_order"]
