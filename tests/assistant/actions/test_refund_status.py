import pytest

from actions.refund_status import ActionCheckRefundStatus


@pytest.mark.parametrize(
    ("number", "customer", "response"),
    [
        ("HP-10429", "C-2009", "utter_refund_status_awaiting_return"),
        ("HP-10427", "C-2008", "utter_refund_status_processing"),
        ("HP-10430", "C-2010", "utter_refund_status_paid"),
        ("HP-10446", "C-2015", "utter_refund_status_none"),
    ],
)
async def test_each_refund_has_its_words(backoffice, chat, number, customer, response):
    chat.verified(customer).knows(order_number=number).says("x")
    ran = await chat.run(ActionCheckRefundStatus())
    assert ran.responses == [response]
    assert ran.messages[0]["order_number"] == number
    assert ran.events


async def test_money_is_told_to_its_owner_only(backoffice, chat):
    chat.verified("C-2001").knows(order_number="HP-10430").says("x")
    ran = await chat.run(ActionCheckRefundStatus())
    assert ran.responses == ["utter_verification_missing"]
    assert "amount" not in ran.messages[0]
