import pytest

from actions.request_refund import ActionRequestRefund


def wants(chat, number):
    return chat.knows(order_number=number).says("my money back", "request_refund")


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("HP-10421", "utter_request_refund_not_shipped"),
        ("HP-10422", "utter_request_refund_not_shipped"),
        ("HP-10423", "utter_request_refund_on_its_way"),
        ("HP-10424", "utter_request_refund_on_its_way"),
        ("HP-10428", "utter_request_refund_delivered"),
        ("HP-10426", "utter_request_refund_window_over"),
        ("HP-10431", "utter_request_refund_nothing_paid"),
        ("HP-10427", "utter_request_refund_under_way"),
        ("HP-10429", "utter_request_refund_under_way"),
        ("HP-10430", "utter_request_refund_under_way"),
    ],
)
async def test_each_state_has_its_way_and_nothing_changes(
    backoffice, chat, number, response
):
    before = backoffice.order(number)
    ran = await wants(chat, number).run(ActionRequestRefund())
    assert ran.responses == [response]
    assert "€" not in str(ran.messages)  # nobody is verified
    assert backoffice.order(number) == before
    assert ran.events


@pytest.mark.parametrize(
    ("number", "customer", "response"),
    [
        ("HP-10427", "C-2008", "utter_refund_status_processing"),
        ("HP-10429", "C-2009", "utter_refund_status_awaiting_return"),
        ("HP-10430", "C-2010", "utter_refund_status_paid"),
    ],
)
async def test_the_verified_hear_where_their_refund_is(
    backoffice, chat, number, customer, response
):
    ran = await wants(chat.verified(customer), number).run(ActionRequestRefund())
    assert ran.responses == [response]
    assert ran.messages[0]["amount"].startswith("€")


async def test_another_customer_does_not(backoffice, chat):
    ran = await wants(chat.verified("C-2001"), "HP-10430").run(ActionRequestRefund())
    assert ran.responses == ["utter_request_refund_under_way"]


async def test_a_cancelled_order_that_was_never_paid_has_no_refund(
    backoffice, shop, chat
):
    shop.orders.cancel("HP-10474", key="never paid")
    ran = await wants(chat.verified("C-2009"), "HP-10474").run(ActionRequestRefund())
    assert ran.responses == ["utter_request_refund_nothing_paid"]


async def test_an_outage_is_told(no_backoffice, chat):
    ran = await wants(chat, "HP-10421").run(ActionRequestRefund())
    assert ran.responses == ["utter_backoffice_unavailable"]
    assert ran.messages[0]["retry"] == "/request_refund"
