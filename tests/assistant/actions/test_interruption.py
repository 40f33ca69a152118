"""A look at something else comes back to the question that was open."""

import pytest

from actions.cancel_order import ActionCancelOrder
from actions.order_status import ActionCheckOrderStatus

REVIEW = "leave_review_form"


def looks_up(chat, number="HP-10421"):
    chat.says(f"where is {number}", "check_order_status").starts("order_status_form")
    return chat.knows(order_number=number).left()


def opened(ran) -> list[tuple[str, str]]:
    kinds = ("followup", "active_loop")
    return [(one["event"], one["name"]) for one in ran.events if one["event"] in kinds]


async def test_the_interrupted_form_goes_on_as_it_was(backoffice, chat):
    chat.knows(review_rating=4, order_number="HP-10428").asked(REVIEW, "review_text")
    ran = await looks_up(chat).run(ActionCheckOrderStatus())
    assert ran.responses == ["utter_order_status_placed"]
    assert opened(ran) == [("followup", REVIEW), ("active_loop", REVIEW)]
    assert ran.slots["requested_slot"] == "review_text"
    assert ran.slots["order_number"] == "HP-10428"
    assert "review_rating" not in ran.slots


async def test_so_it_does_if_the_look_up_had_to_ask(backoffice, chat):
    chat.asked(REVIEW, "review_text")
    chat.says("where is my order", "check_order_status").starts("order_status_form")
    chat.knows(requested_slot="order_number").says("HP-10421")
    ran = await chat.knows(order_number="HP-10421").left().run(ActionCheckOrderStatus())
    assert opened(ran)[-1] == ("active_loop", REVIEW)
    assert ran.slots["order_number"] is None


@pytest.mark.parametrize("before", ["ended", "a look-up", "another session", "nothing"])
async def test_nothing_else_is_opened(backoffice, chat, before):
    if before != "nothing":
        chat.asked("refund_status_form" if before == "a look-up" else REVIEW, "x")
    if before == "ended":
        chat.left()
    if before == "another session":
        chat.events.append({"event": "session_started"})
    ran = await looks_up(chat).run(ActionCheckOrderStatus())
    assert opened(ran) == []


async def test_what_changes_something_ends_what_was_open(backoffice, chat):
    chat.asked(REVIEW, "review_text").says("cancel HP-10421", "cancel_order")
    chat.starts("cancel_order_form").knows(order_number="HP-10421").left()
    assert opened(await chat.run(ActionCancelOrder())) == []
