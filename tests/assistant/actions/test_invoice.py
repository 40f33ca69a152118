import pytest

from actions.invoice import (
    ActionFindInvoice,
    ActionSendInvoice,
    ValidateFindInvoiceForm,
    ValidateSendInvoiceForm,
)


def asked_about(chat, number, customer):
    chat.verified(customer).knows(order_number=number, order_customer_id=customer)
    return chat.says("the invoice please", "find_invoice")


async def test_an_invoice_is_told_and_may_be_mailed(backoffice, chat):
    ran = await asked_about(chat, "HP-10428", "C-2001").run(ActionFindInvoice())
    assert ran.responses == ["utter_invoice_found"]
    message = ran.messages[0]
    assert (message["invoice_number"], message["total"]) == ("IN-10428", "€34.90")
    assert message["issued_on"] and message["order_number"] == "HP-10428"
    assert backoffice.mails("HP-10428", "invoice") == []
    assert ran.events


async def test_several_are_listed_in_the_designers_words(backoffice, chat):
    ran = await asked_about(chat, "HP-10430", "C-2010").run(ActionFindInvoice())
    assert ran.responses == ["utter_invoice_found_several"]
    lines = ran.messages[0]["lines"].splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("• Invoice IN-10430 of ")
    assert lines[1].startswith("• Credit note CN-10430-")


@pytest.mark.parametrize(
    ("number", "customer", "response"),
    [
        ("HP-10434", "C-2001", "utter_invoice_not_yet"),
        ("HP-10431", "C-2011", "utter_invoice_none"),
        ("HP-10427", "C-2008", "utter_invoice_none"),
    ],
)
@pytest.mark.parametrize("action", [ActionFindInvoice(), ActionSendInvoice()])
async def test_none_is_said_so(backoffice, chat, number, customer, response, action):
    ran = await asked_about(chat, number, customer).run(action)
    assert ran.responses == [response]
    assert ran.messages[0]["order_number"] == number
    assert backoffice.mails(number, "invoice") == []


async def test_it_is_mailed_once_to_the_address_on_file(backoffice, chat):
    chat.message_id = "mail-it"
    asked_about(chat, "HP-10428", "C-2001")
    first = await chat.run(ActionSendInvoice())
    second = await chat.run(ActionSendInvoice())
    assert first.responses == second.responses == ["utter_invoice_sent"]
    assert first.messages[0]["sent_to"] == "j•••@example.com"
    assert len(backoffice.mails("HP-10428", "invoice")) == 1


@pytest.mark.parametrize("action", [ActionFindInvoice(), ActionSendInvoice()])
async def test_a_stranger_hears_nothing(backoffice, chat, action):
    ran = (
        await asked_about(chat, "HP-10423", "C-2001")
        .knows(authentication=None)
        .run(action)
    )
    assert ran.responses == ["utter_verification_missing"]
    chat.verified("C-2001")
    ran = await chat.run(action)
    assert ran.responses == ["utter_verification_missing"]
    assert backoffice.mails("HP-10423", "invoice") == []


@pytest.mark.parametrize(
    ("mode", "response"),
    [
        ("lost", "utter_backoffice_uncertain"),
        ("error", "utter_backoffice_uncertain"),
    ],
)
async def test_a_failed_mailing_is_told_honestly(backoffice, chat, mode, response):
    backoffice.fail(mode=mode, paths=["/orders/HP-10430/invoices"])
    ran = await asked_about(chat, "HP-10430", "C-2010").run(ActionSendInvoice())
    assert ran.responses == [response]
    assert ran.messages[0]["retry"] == "/send_invoice"


async def test_an_outage_is_told(no_backoffice, chat):
    for action in (ActionFindInvoice(), ActionSendInvoice()):
        ran = await asked_about(chat, "HP-10430", "C-2010").run(action)
        assert ran.responses == ["utter_backoffice_unavailable"]
        assert ran.slots["blocked_by"] is None


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (ValidateFindInvoiceForm(), "find_invoice_form"),
        (ValidateSendInvoiceForm(), "send_invoice_form"),
    ],
)
async def test_a_code_is_asked_for_unless_verified(backoffice, chat, form, name):
    chat.says("HP-10428").starts(name)
    ran = await chat.run(form, order_number="HP-10428")
    assert ran.slots["requested_slot"] == "one_time_code"
    ran = await chat.verified("C-2001").run(form, order_number="HP-10428")
    assert ran.slots["requested_slot"] is None
