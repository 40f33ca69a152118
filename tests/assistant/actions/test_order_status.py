from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from actions.order_status import (
    ActionCheckOrderStatus,
    ValidateOrderStatusForm,
    status_speech,
)


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("HP-10423", "utter_order_status_shipped"),
        ("HP-10424", "utter_order_status_out_for_delivery"),
        ("HP-10428", "utter_order_status_delivered"),
        ("HP-10427", "utter_order_status_cancelled"),
        ("HP-10429", "utter_order_status_return_started"),
        ("HP-10430", "utter_order_status_refunded"),
        ("HP-10431", "utter_order_status_payment_failed"),
        ("HP-10433", "utter_order_status_late"),
    ],
)
async def test_each_status_has_its_words(backoffice, chat, number, response):
    chat.knows(order_number=number).says("where is it", "check_order_status")
    ran = await chat.run(ActionCheckOrderStatus())
    assert ran.responses == [response]
    assert ran.messages[0]["order_number"] == number
    assert ran.events


async def test_every_status_of_the_shop_has_a_response(backoffice, shop, domain):
    order = shop.orders.get("HP-10423")
    now = datetime.now(timezone.utc)
    for status in (
        "placed packed shipped out_for_delivery delivered cancelled return_started "
        "refunded payment_failed"
    ).split():
        response, _ = status_speech(replace(order, status=status), now)
        assert response in domain["responses"]


def test_a_parcel_without_a_date_promises_none(backoffice, shop):
    order = replace(shop.orders.get("HP-10423"), expected_at=None)
    response, _ = status_speech(order, datetime.now(timezone.utc))
    assert response == "utter_order_status_undated"


def test_a_parcel_is_late_from_the_day_after_it_was_due(backoffice, shop):
    order = shop.orders.get("HP-10423")
    on_time, _ = status_speech(order, order.expected_at)
    late, _ = status_speech(order, order.expected_at + timedelta(days=1))
    assert on_time == "utter_order_status_shipped"
    assert late == "utter_order_status_late"


@pytest.mark.parametrize("typed", ["HP-10423", "hp 10423", "#10423", "its 10423 ok"])
async def test_a_number_is_understood_however_it_is_typed(backoffice, chat, typed):
    chat.asked("order_status_form", "order_number").says(typed)
    ran = await chat.run(ValidateOrderStatusForm(), order_number=typed)
    assert ran.slots["order_number"] == "HP-10423"
    assert ran.slots["order_customer_id"] == "C-2004"
    assert ran.responses == []


@pytest.mark.parametrize("typed", ["whatever", "HP-104", "104231"])
async def test_no_number_is_said_so(backoffice, chat, typed):
    chat.asked("order_status_form", "order_number").says(typed)
    ran = await chat.run(ValidateOrderStatusForm(), order_number=typed)
    assert ran.slots["order_number"] is None
    assert ran.responses == ["utter_order_number_unclear"]


async def test_an_unknown_number_is_said_so(backoffice, chat):
    chat.asked("order_status_form", "order_number").says("HP-99999")
    ran = await chat.run(ValidateOrderStatusForm(), order_number="HP-99999")
    assert ran.slots["order_number"] is None
    assert ran.responses == ["utter_order_number_unknown"]
    assert ran.messages[0]["order_number"] == "HP-99999"


async def test_an_outage_ends_the_form_and_is_said_once(no_backoffice, chat):
    chat.asked("order_status_form", "order_number").says("HP-10423")
    validated = await chat.run(ValidateOrderStatusForm(), order_number="HP-10423")
    assert validated.responses == []
    assert validated.slots["requested_slot"] is None
    chat.left().knows(order_number="HP-10423", **{"blocked_by": "unavailable"})
    ran = await chat.run(ActionCheckOrderStatus())
    assert ran.responses == ["utter_backoffice_unavailable"]
    assert ran.messages[0]["retry"] == "/check_order_status"
    assert ran.slots["blocked_by"] is None


async def test_another_topic_within_the_form_is_left_to_the_rules(backoffice, chat):
    chat.asked("order_status_form", "order_number")
    chat.says("cancel HP-10421", "cancel_order")
    ran = await chat.run(ValidateOrderStatusForm(), order_number="HP-10421")
    assert ran.slots["order_number"] is None  # the other topic reads it for itself
    assert ran.events[-1]["event"] == "action_execution_rejected"


async def test_a_correction_that_resembles_another_topic_is_taken(backoffice, chat):
    chat.asked("order_status_form", "order_number")
    chat.says("no wait its HP-10421", "cancel_order", confidence=0.5)
    ran = await chat.run(ValidateOrderStatusForm(), order_number="HP-10421")
    assert ran.slots["order_number"] == "HP-10421"


async def test_a_form_that_ended_without_a_number_says_so(backoffice, chat):
    ran = await chat.says("x").run(ActionCheckOrderStatus())
    assert ran.responses == ["utter_order_number_unknown"]
    assert ran.events
