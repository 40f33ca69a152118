import pytest

from actions.newsletter import (
    ActionAskNewsletterFormConfirm,
    ActionChangeNewsletter,
    ValidateNewsletterForm,
)

FORM = "newsletter_form"


def confirmed(chat, wish, email=None, confirm=True):
    chat.knows(newsletter_wish=wish, email=email).asked(FORM, "confirm")
    return chat.says("yes", "affirm").knows(confirm=confirm)


@pytest.mark.parametrize(
    ("text", "wish", "asked"),
    [
        ("unsubscribe me", "unsubscribe", "confirm"),
        ("subscribe to the newsletter", "subscribe", "confirm"),
        ("newsletter", None, "newsletter_wish"),
    ],
)
async def test_a_verified_customer_is_asked_for_no_address(
    backoffice, chat, text, wish, asked
):
    chat.verified("C-2003").says(text, "change_newsletter").starts(FORM)
    ran = await chat.run(ValidateNewsletterForm())
    assert ran.slots.get("newsletter_wish") == wish
    assert ran.slots["requested_slot"] == asked


async def test_a_stranger_is_asked_for_an_address(chat):
    chat.says("unsubscribe me", "change_newsletter").starts(FORM)
    ran = await chat.run(ValidateNewsletterForm())
    assert ran.slots["newsletter_wish"] == "unsubscribe"
    assert "requested_slot" not in ran.slots  # Rasa asks for the next one


@pytest.mark.parametrize(
    ("answer", "wish"),
    [("subscribe", "subscribe"), ("no more of it", "unsubscribe"), ("shoes", None)],
)
async def test_which_way_is_told_by_a_button_or_words(chat, answer, wish):
    chat.asked(FORM, "newsletter_wish").says(answer)
    ran = await chat.run(ValidateNewsletterForm(), newsletter_wish=answer)
    assert ran.slots["newsletter_wish"] == wish
    assert bool(ran.responses) is (wish is None)


async def test_a_corrected_address_is_asked_about_again(chat):
    chat.knows(newsletter_wish="subscribe", email="i@wrong.example")
    chat.asked(FORM, "confirm").says("no, ida@other.example", "deny")
    ran = await chat.run(ValidateNewsletterForm(), confirm=False)
    assert ran.slots["email"] == "ida@other.example"
    assert ran.slots["confirm"] is None


async def test_the_question_names_the_address(backoffice, chat):
    typed = await confirmed(chat, "subscribe", "ida@other.example").run(
        ActionAskNewsletterFormConfirm()
    )
    known = await (
        chat.verified("C-2003")
        .knows(email=None, newsletter_wish="unsubscribe")
        .run(ActionAskNewsletterFormConfirm())
    )
    assert typed.messages[0]["email"] == "ida@other.example"
    assert known.messages[0]["email"] == "t•••@example.com"
    assert typed.responses == ["utter_newsletter_confirm_on"]
    assert known.responses == ["utter_newsletter_confirm_off"]


@pytest.mark.parametrize(
    ("wish", "customer", "response"),
    [
        ("subscribe", "C-2003", "utter_newsletter_link_sent"),
        ("subscribe", "C-2001", "utter_newsletter_already_on"),
        ("unsubscribe", "C-2006", "utter_newsletter_off"),
        ("unsubscribe", "C-2002", "utter_newsletter_not_on"),
    ],
)
async def test_a_customer_hears_what_was_needed(
    backoffice, chat, wish, customer, response
):
    ran = await confirmed(chat.verified(customer), wish).run(ActionChangeNewsletter())
    assert ran.responses == [response]
    assert set(ran.slots.values()) == {None}


@pytest.mark.parametrize(
    ("wish", "response"),
    [
        ("subscribe", "utter_newsletter_link_sent"),
        ("unsubscribe", "utter_newsletter_off"),
    ],
)
@pytest.mark.parametrize("email", ["greta.vogel@example.com", "new@other.example"])
async def test_a_stranger_does_not_hear_who_is_on_the_list(
    backoffice, chat, wish, response, email
):
    ran = await confirmed(chat, wish, email).run(ActionChangeNewsletter())
    assert ran.responses == [response]


@pytest.mark.parametrize("confirm", [False, None])
async def test_without_a_yes_nothing_changes(backoffice, chat, confirm):
    chat.verified("C-2001")
    ran = await confirmed(chat, "unsubscribe", confirm=confirm).run(
        ActionChangeNewsletter()
    )
    assert ran.responses == ["utter_newsletter_kept"]
    assert backoffice.account("C-2001")["is_subscribed"]


async def test_nobody_known_and_no_address_changes_nothing(backoffice, chat):
    ran = await confirmed(chat, "unsubscribe").run(ActionChangeNewsletter())
    assert ran.responses == ["utter_account_not_verified"]


async def test_a_lost_answer_is_uncertain_and_another_try_is_safe(backoffice, chat):
    backoffice.fail(mode="lost")
    confirmed(chat, "unsubscribe", "lost@other.example")
    ran = await chat.run(ActionChangeNewsletter())
    assert ran.responses == ["utter_backoffice_uncertain"]
    assert ran.slots["newsletter_wish"] == "unsubscribe"
    backoffice.fail(mode="none")
    chat.message["message_id"] = "another try of the newsletter"
    ran = await chat.run(ActionChangeNewsletter())
    assert ran.responses == ["utter_newsletter_off"]


@pytest.mark.parametrize(
    ("said", "resembles"),
    [("ja bitte, runter damit", "stop"), ("plus rien, merci", "deny")],
)
async def test_what_answers_the_question_is_heard_whatever_it_resembles(
    chat, said, resembles
):
    chat.asked(FORM, "newsletter_wish").says(said, resembles)
    ran = await chat.run(ValidateNewsletterForm())
    assert ran.slots["newsletter_wish"] == "unsubscribe"
