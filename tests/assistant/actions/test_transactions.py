import pytest

from actions.transactions import ActionReviewTransactions, ValidateTransactionsForm


async def test_the_latest_are_listed_in_the_designers_words(backoffice, chat):
    chat.verified("C-2010").says("my payments", "review_transactions")
    ran = await chat.run(ActionReviewTransactions())
    assert ran.responses == ["utter_transactions_listed"]
    lines = ran.messages[0]["lines"].splitlines()
    assert 1 < len(lines) <= 5
    assert "€217.00 paid for HP-10475 (card ending 4242)" in lines[0]
    assert ran.events


@pytest.mark.parametrize(
    ("customer", "words"),
    [
        ("C-2011", "declined, nothing charged"),
        ("C-2009", "not here yet"),
        ("C-2008", "on its way back to you"),
    ],
)
async def test_each_state_has_its_words(backoffice, chat, customer, words):
    chat.verified(customer).says("my payments", "review_transactions")
    ran = await chat.run(ActionReviewTransactions())
    assert words in ran.messages[0]["lines"]


async def test_money_taken_twice_is_seen(backoffice, chat):
    chat.verified("C-2008").says("i was charged twice", "review_transactions")
    ran = await chat.run(ActionReviewTransactions())
    assert ran.responses == ["utter_transactions_twice"]
    assert ran.messages[0]["order_number"] == "HP-10473"


def test_every_state_has_a_line(domain):
    states = {
        "payment": "paid pending declined cancelled",
        "refund": "awaiting_return processing paid",
    }
    for kind, names in states.items():
        for state in names.split():
            assert f"utter_transactions_line_{kind}_{state}" in domain["responses"]


async def test_nobody_else_sees_them(backoffice, chat):
    chat.says("my payments", "review_transactions")
    ran = await chat.run(ActionReviewTransactions())
    assert ran.responses == ["utter_account_not_verified"]
    # verified, but the chat is about somebody else's order
    chat.verified("C-2001").knows(order_customer_id="C-2010")
    ran = await chat.run(ActionReviewTransactions())
    assert ran.responses == ["utter_account_not_verified"]
    assert "€" not in str(ran.messages)


async def test_the_verified_are_asked_nothing(backoffice, chat):
    chat.verified("C-2001").says("my payments", "review_transactions")
    ran = await chat.starts("transactions_form").run(ValidateTransactionsForm())
    assert ran.slots["requested_slot"] is None


async def test_others_are_asked_for_an_order(backoffice, chat):
    chat.says("my payments", "review_transactions").starts("transactions_form")
    ran = await chat.run(ValidateTransactionsForm())
    assert ran.slots["requested_slot"] == "order_number"


async def test_an_outage_is_told(no_backoffice, chat):
    chat.verified("C-2001").says("my payments", "review_transactions")
    ran = await chat.run(ActionReviewTransactions())
    assert ran.responses == ["utter_backoffice_unavailable"]
    assert ran.messages[0]["retry"] == "/review_transactions"
