from datetime import datetime, timedelta, timezone

import pytest

from actions.cancel_order import ValidateCancelOrderForm
from actions.proof import fresh_customer
from actions.refund_status import ActionCheckRefundStatus, ValidateRefundStatusForm
from actions.verification import ActionAskOneTimeCode

NUMBER, CUSTOMER = "HP-10430", "C-2010"
NOW = datetime(2026, 1, 5, 12, tzinfo=timezone.utc)


def waiting(chat, number=NUMBER, customer=CUSTOMER):
    """A form that has asked for the code."""
    chat.knows(order_number=number, order_customer_id=customer)
    return chat.asked("refund_status_form", "one_time_code")


async def send(chat):
    ran = await chat.run(ActionAskOneTimeCode())
    chat.knows(code_sent=ran.slots["code_sent"])
    return ran


async def test_the_question_sends_a_code_and_says_where(backoffice, chat):
    before = len(backoffice.mails(NUMBER, "one_time_code"))
    chat.message_id = "ask-1"
    ran = await send(waiting(chat).says("hi"))
    assert ran.responses == ["utter_ask_one_time_code"]
    assert "•" in ran.messages[0]["sent_to"]
    assert len(backoffice.mails(NUMBER, "one_time_code")) == before + 1


async def test_asking_again_sends_no_second_code(backoffice, chat):
    chat.message_id = "ask-2"
    await send(waiting(chat).says("hi"))
    before = len(backoffice.mails(NUMBER, "one_time_code"))
    chat.message_id = "ask-3"
    ran = await send(chat.says("what are your hours", "ask_opening_hours"))
    assert ran.responses == ["utter_ask_one_time_code_again"]
    assert len(backoffice.mails(NUMBER, "one_time_code")) == before


async def test_the_right_code_verifies_and_is_not_kept(backoffice, chat):
    chat.message_id = "ask-4"
    await send(waiting(chat).says("hi"))
    code = backoffice.code(NUMBER)
    chat.says(code)
    ran = await chat.run(ValidateRefundStatusForm(), one_time_code=code)
    assert ran.slots["authentication"]["customer_id"] == CUSTOMER
    assert ran.slots["authentication"]["method"] == "one_time_code"
    assert ran.slots["requested_slot"] is None
    assert code not in str(ran.events)


async def test_a_wrong_code_is_refused_and_changes_nothing(backoffice, chat):
    chat.message_id = "ask-5"
    await send(waiting(chat).says("hi"))
    wrong = "000000" if backoffice.code(NUMBER) != "000000" else "000001"
    chat.says(wrong)
    ran = await chat.run(ValidateRefundStatusForm(), one_time_code=wrong)
    assert ran.responses == ["utter_verification_wrong_code"]
    assert ran.slots["one_time_code"] is None
    assert "authentication" not in ran.slots


async def test_too_many_wrong_codes_bring_a_fresh_one(backoffice, chat):
    chat.message_id = "ask-6"
    await send(waiting(chat, "HP-10432", "C-2012").says("hi"))
    wrong = "000000" if backoffice.code("HP-10432") != "000000" else "000001"
    for attempt in range(5):
        chat.message_id = f"wrong-{attempt}"
        chat.says(wrong)
        ran = await chat.run(ValidateRefundStatusForm(), one_time_code=wrong)
    assert ran.responses == ["utter_verification_too_many_attempts"]
    assert ran.slots["code_sent"] is None


async def test_a_code_that_a_newer_one_ended_is_refused(backoffice, shop, chat):
    chat.message_id = "ask-7"
    await send(waiting(chat, "HP-10427", "C-2008").says("hi"))
    code = backoffice.code("HP-10427")
    shop.codes.verify("HP-10427", code, key="used elsewhere")
    chat.says(code)
    ran = await chat.run(ValidateRefundStatusForm(), one_time_code=code)
    assert ran.responses == ["utter_verification_expired"]
    assert ran.slots["code_sent"] is None


async def test_a_new_code_may_be_asked_for(backoffice, chat):
    chat.message_id = "ask-8"
    await send(waiting(chat).says("hi"))
    chat.says("send it again", "resend_code")
    ran = await chat.run(ValidateRefundStatusForm(), one_time_code="resend")
    assert ran.slots["code_sent"] is None
    assert ran.slots["one_time_code"] is None


async def test_words_instead_of_a_code_are_refused(backoffice, chat):
    chat.message_id = "ask-9"
    await send(waiting(chat).says("hi"))
    chat.says("it is in the mail")
    ran = await chat.run(ValidateRefundStatusForm(), one_time_code="it is in the mail")
    assert ran.responses == ["utter_verification_code_unclear"]


async def test_a_code_left_from_before_is_dropped_in_silence(backoffice, chat):
    chat.knows(order_number=NUMBER, order_customer_id=CUSTOMER)
    chat.says("refund?", "check_refund_status").starts("refund_status_form")
    ran = await chat.run(ValidateRefundStatusForm(), one_time_code="123456")
    assert ran.slots["one_time_code"] is None
    assert ran.responses == ["utter_order_kept"]


async def test_too_many_codes_end_the_form(backoffice, shop, chat):
    for index in range(10):
        shop.codes.send("HP-10426", key=f"many-{index}")
    ran = (
        await waiting(chat, "HP-10426", "C-2007").says("hi").run(ActionAskOneTimeCode())
    )
    assert ran.slots == {"blocked_by": "too_many_codes", "requested_slot": None}
    chat.knows(blocked_by="too_many_codes")
    ran = await chat.run(ActionCheckRefundStatus())
    assert ran.responses == ["utter_verification_too_many_codes"]


async def test_an_outage_ends_the_question(no_backoffice, chat):
    ran = await waiting(chat).says("hi").run(ActionAskOneTimeCode())
    assert ran.slots == {"blocked_by": "unavailable", "requested_slot": None}


async def test_an_outage_ends_the_check(no_backoffice, chat):
    soon = datetime.now(timezone.utc) + timedelta(minutes=5)
    sent = {"order_number": NUMBER, "sent_to": "x", "expires_at": soon.isoformat()}
    waiting(chat).knows(code_sent=sent).says("123456")
    ran = await chat.run(ValidateRefundStatusForm(), one_time_code="123456")
    assert ran.slots["blocked_by"] == "unavailable"
    assert ran.slots["requested_slot"] is None


async def needed(chat, number=NUMBER):
    chat.says("refund?", "check_refund_status").starts("refund_status_form")
    ran = await chat.run(ValidateRefundStatusForm(), order_number=number)
    return ran.slots["requested_slot"] == "one_time_code"


async def test_a_verified_customer_is_not_asked_again(backoffice, chat):
    assert not await needed(chat.verified(CUSTOMER))


async def test_a_signed_identity_is_enough(backoffice, chat):
    assert not await needed(chat.verified(CUSTOMER, method="signed_identity"))


async def test_a_stranger_is_asked(backoffice, chat):
    assert await needed(chat)


async def test_somebody_elses_order_needs_a_code(backoffice, chat):
    assert await needed(chat.verified("C-2001"))


async def test_an_old_verification_does_not_count(backoffice, chat):
    old = datetime.now(timezone.utc) - timedelta(minutes=31)
    assert await needed(chat.verified(CUSTOMER, at=old.isoformat()))


async def test_a_correction_to_somebody_elses_order_asks_again(backoffice, chat):
    chat.verified("C-2001").knows(
        order_number="HP-10434", order_customer_id="C-2001", one_time_code="used"
    )
    chat.asked("cancel_order_form", "confirm").says("no, HP-10421")
    ran = await chat.run(ValidateCancelOrderForm(), order_number="HP-10421")
    assert ran.slots["one_time_code"] is None
    assert ran.slots["order_customer_id"] == "C-2002"


async def test_turning_to_somebody_elses_order_asks_again(backoffice, chat):
    chat.verified("C-2001").asked("refund_status_form", "one_time_code")
    chat.knows(one_time_code="used", order_customer_id="C-2001")
    chat.says("cancel HP-10421", "cancel_order").starts("cancel_order_form")
    ran = await chat.run(
        ValidateCancelOrderForm(), order_number="HP-10421", one_time_code="used"
    )
    assert ran.slots["one_time_code"] is None
    assert ran.slots["requested_slot"] == "one_time_code"


@pytest.mark.parametrize(
    "authentication",
    [
        None,
        "verified",
        {},
        {"level": "verified", "customer_id": "C-1"},
        {"level": "verified", "customer_id": "C-1", "at": "yesterday"},
        {"level": "asked", "customer_id": "C-1", "at": NOW.isoformat()},
        {"level": "verified", "customer_id": "C-1", "at": "2026-01-05T13:00:00Z"},
    ],
)
def test_anything_odd_is_not_a_verification(authentication):
    assert fresh_customer(authentication, NOW) is None


def test_a_verification_counts_for_half_an_hour():
    passed = {"level": "verified", "customer_id": "C-1", "at": NOW.isoformat()}
    assert fresh_customer(passed, NOW + timedelta(minutes=30)) == "C-1"
    assert fresh_customer(passed, NOW + timedelta(minutes=30, seconds=1)) is None
