"""Who does not stay in line leaves an address, and hears by mail or by a call."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.conversation.contact import Contact, read_email, read_phone
from handoff_bridge.errors import InvalidEmail, InvalidPhone
from handoff_bridge.routing.estimate import MIN_HANDLED
from handoff_bridge.service import mails as service_mails
from handoff_bridge.service.mails import Mails
from handoff_bridge.service.overdue import Overdue
from handoff_bridge.store.tables import handoffs, mails
from tests.bridge.conftest import settings_for
from tests.bridge.support import AgentClient, Customer, House, ScriptedAssistant
from tests.bridge.support.mail_server import MailServer

MAIL = {"want": "mail", "email": "Jo@Shop.example"}
CALL = {"want": "callback", "phone": "0664 1234567"}


@pytest.fixture
async def mailing(
    database_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    mail_server: MailServer,
) -> AsyncIterator[House]:
    """A bridge with a mail server, on SQLite and PostgreSQL."""
    settings = settings_for(
        database_url,
        assistant.port,
        tmp_path,
        smtp_url=f"smtp://127.0.0.1:{mail_server.port}",
        mail_from="The Shop <service@shop.example>",
    )
    async with House.open(settings, assistant) as opened:
        assert opened.bridge is not None
        opened.bridge.mails._pause_secs = 0.05
        yield opened


async def leave(customer: Customer, **contact: Any) -> dict[str, Any]:
    wanted = {"session_id": customer.session_id, **contact}
    ack: dict[str, Any] = await customer.call("contact_leave", wanted)
    return ack


async def in_line(house: House, **request: Any) -> Customer:
    customer = await house.customer(**request)
    await customer.ask_for_human()
    return customer


async def claimed_with_mail(house: House) -> tuple[Customer, AgentClient, Any]:
    maria = await house.agent()
    customer = await in_line(house)
    assert (await leave(customer, **MAIL))["ok"]
    row = await maria.claim(await maria.queued())
    return customer, maria, row


async def answer(maria: AgentClient, row: Any, text: str) -> None:
    ack = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text=text
    )
    assert ack["ok"]


async def stored(house: House, column: sa.Column[Any]) -> list[Any]:
    assert house.bridge is not None
    async with house.bridge.database.read() as tx:
        return list((await tx.execute(sa.select(column))).scalars())


@pytest.mark.parametrize(
    ("text", "locale", "number"),
    [
        ("0664 1234567", "de-AT", "+436641234567"),
        ("0664 1234567", "de_AT", "+436641234567"),
        ("+49 30 901820", None, "+4930901820"),
        ("030 901820", "de", "+4930901820"),
    ],
)
def test_phone_number_is_one_of_the_region(
    text: str, locale: str | None, number: str
) -> None:
    assert read_phone(text, locale) == number


@pytest.mark.parametrize("text", ["12", "call me", "", "0664 1234567", "+1"])
def test_no_phone_number(text: str) -> None:
    with pytest.raises(InvalidPhone):
        read_phone(text, None)


@pytest.mark.parametrize(
    "text", ["jo", "jo@", "jo@localhost", "a b@c.de", "jo@c.de\nBcc: x@y.de", ""]
)
def test_no_email(text: str) -> None:
    with pytest.raises(InvalidEmail):
        read_email(text)


def test_email_is_one_that_every_server_takes() -> None:
    assert read_email(" jo@Bücher.example ") == "jo@xn--bcher-kva.example"


def test_what_is_hidden_is_a_hint() -> None:
    left = Contact(want="mail", email="jo@shop.example", phone="+436641234567")
    assert left.hidden().as_json() == {
        "want": "mail",
        "email": "j•••@shop.example",
        "phone": "•••67",
        "masked": True,
    }


@pytest.mark.parametrize(
    ("contact", "error"),
    [
        ({"want": "mail"}, "invalid_email"),
        ({"want": "mail", "email": "nobody"}, "invalid_email"),
        ({"want": "callback"}, "invalid_phone"),
        ({"want": "callback", "phone": "12"}, "invalid_phone"),
        ({"want": "fax"}, "bad_request"),
        ({}, "bad_request"),
    ],
)
async def test_what_is_no_address_changes_nothing(
    mailing: House, contact: dict[str, str], error: str
) -> None:
    maria = await mailing.agent()
    customer = await in_line(mailing)
    refused = await leave(customer, **contact)
    assert (refused["ok"], refused["error"]) == (False, error)
    assert refused["message"].endswith(".")
    row = await maria.queued()
    assert "contact" not in row
    assert "contact" not in customer.all("conversation_status")[-1]


async def test_without_a_mail_server_no_mail_is_promised(each_house: House) -> None:
    maria = await each_house.agent()
    customer = await in_line(each_house, locale="de-AT")
    refused = await leave(customer, **MAIL)
    assert refused["error"] == "not_available"
    assert "mail" in refused["message"]
    assert "answers_by_mail" not in await brand(each_house)
    ack = await leave(customer, **CALL)
    assert (ack["ok"], ack["contact"]) == (True, "callback")
    await customer.hears("Wir rufen Sie zurück")
    await maria.claim(await maria.queued())


async def brand(house: House) -> str:
    answer = await house.http.get(f"{house.url}/brand.js")
    return answer.text


async def test_address_is_kept_and_only_a_hint_until_it_is_claimed(
    mailing: House,
) -> None:
    maria, sam = await mailing.agent(), await mailing.agent("sam")
    customer = await in_line(mailing, locale="de-AT")
    ack = await leave(customer, **CALL, email="jo@shop.example")
    assert (ack["owner"], ack["contact"]) == ("queue", "callback")
    assert "answers_by_mail" in await brand(mailing)
    hint = {
        "want": "callback",
        "email": "j•••@shop.example",
        "phone": "•••67",
        "masked": True,
    }
    updated = await maria.until(
        lambda: [
            told["handoff"]
            for told in maria.all("handoff_updated")
            if "contact" in told["handoff"]
        ]
    )
    row = updated[-1]
    assert row["contact"] == hint
    path = f"/handoffs/{row['handoff_id']}"
    assert (await mailing.get(path, maria.token)).json()["contact"] == hint
    claimed = await maria.claim(row)
    assert claimed["contact"] == hint
    whole = {
        "want": "callback",
        "email": "jo@shop.example",
        "phone": "+436641234567",
    }
    assert (await mailing.get(path, maria.token)).json()["contact"] == whole
    others = await mailing.get(path, sam.token)
    assert others.status_code == 403 or others.json()["contact"] == hint
    events = await mailing.events(maria, row["conversation_id"])
    [left] = [one for one in events if one["type"] == "contact_left"]
    assert (left["want"], left["handoff_id"]) == ("callback", row["handoff_id"])
    assert "1234567" not in str(events) and "jo@" not in str(events)


async def test_the_same_again_is_said_once_and_another_takes_its_place(
    mailing: House,
) -> None:
    customer = await in_line(mailing, locale="de-AT")
    for contact in (MAIL, MAIL, CALL):
        assert (await leave(customer, **contact))["ok"]
    await customer.hears("Wir rufen Sie zurück")
    thanks = [text for text in customer.texts("system") if text.startswith("Danke")]
    assert len(thanks) == 2
    assert await stored(mailing, handoffs.c.contact_want) == ["callback"]
    assert await stored(mailing, handoffs.c.contact_email) == [None]


async def test_who_has_not_asked_for_a_person_is_in_line_with_it(
    mailing: House,
) -> None:
    customer = await mailing.customer()
    ack = await leave(customer, **MAIL)
    assert (ack["owner"], ack["contact"]) == ("queue", "mail")
    again = await mailing.customer(session_id=customer.session_id)
    assert again.all("conversation_status")[-1]["contact"] == "mail"


async def test_answer_reaches_who_has_closed_the_page(
    mailing: House, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    customer, maria, row = await claimed_with_mail(mailing)
    await customer.close()
    await answer(maria, row, "It is on its way: {42} <b>\u2603</b>")
    [mail] = await mail_server.until_taken(1)
    assert mail["To"] == "Jo@shop.example"
    assert mail["From"] == "The Shop <service@shop.example>"
    assert mail["Message-ID"].endswith("@shop.example>")
    text = mail.get_content().replace("\r\n", "\n")
    assert text.startswith("It is on its way: {42} <b>\u2603</b>\n")
    assert "Maria" in text
    again = await mailing.customer(session_id=customer.session_id)
    assert "It is on its way: {42} <b>\u2603</b>" in str(again.all("history"))
    # But for what the server of the test says itself.
    own = [one.getMessage() for one in caplog.records if one.name != "mail.log"]
    assert "Jo@shop.example" not in "\n".join(own)


async def test_mail_is_tried_again_and_goes_out_once(
    mailing: House, mail_server: MailServer
) -> None:
    _, maria, row = await claimed_with_mail(mailing)
    mail_server.answer = "451 Later"
    await answer(maria, row, "Done.")
    await mail_server.until_attempts(1)
    mail_server.answer = "250 OK"
    await until_empty(mailing)
    assert len(mail_server.taken) == 1
    events = await mailing.events(maria, row["conversation_id"])
    assert "mail_failed" not in [one["type"] for one in events]


async def until_empty(house: House) -> None:
    """Looks as a bridge does every few seconds, until nothing is left to send."""
    assert house.bridge is not None
    async with asyncio.timeout(10):
        while await stored(house, mails.c.mail_id):
            await house.bridge.mails.look()
            task = house.bridge.mails._task
            if task is not None:
                await task


@pytest.mark.parametrize("answers", ["of_recipient", "answer"])
async def test_mail_that_nobody_takes_is_told_to_the_agent(
    mailing: House, mail_server: MailServer, answers: str
) -> None:
    _, maria, row = await claimed_with_mail(mailing)
    setattr(mail_server, answers, "550 No such user")
    await answer(maria, row, "Done.")
    told = await maria.until(
        lambda: [
            added["event"]
            for added in maria.all("event_added")
            if added["event"]["type"] == "mail_failed"
        ]
    )
    assert told[0]["reason"] == "refused"
    events = await mailing.events(maria, row["conversation_id"])
    [said] = [one for one in events if one.get("text") == "Done."]
    assert told[0]["of_seq"] == said["seq"]
    assert mail_server.attempts == 1
    assert await stored(mailing, mails.c.mail_id) == []


async def test_a_wrong_password_loses_no_mail(
    mailing: House, mail_server: MailServer
) -> None:
    _, maria, row = await claimed_with_mail(mailing)
    mail_server.of_sender = "530 Sign in first"
    await answer(maria, row, "Done.")
    await mail_server.until_attempts(1)
    mail_server.of_sender = "250 OK"
    await until_empty(mailing)
    assert len(mail_server.taken) == 1


async def test_server_that_stays_away_is_given_up_and_told(
    mailing: House, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_mails, "MAX_ATTEMPTS", 3)
    _, maria, row = await claimed_with_mail(mailing)
    await mail_server.stop()
    await answer(maria, row, "Done.")
    await until_empty(mailing)
    events = await mailing.events(maria, row["conversation_id"])
    [failed] = [one for one in events if one["type"] == "mail_failed"]
    assert failed["reason"] == "unreachable"


async def test_mail_waits_for_a_bridge_that_is_there(
    mailing: House, mail_server: MailServer
) -> None:
    assert mailing.bridge is not None
    post, mailing.bridge.mails._post = mailing.bridge.mails._post, None
    _, maria, row = await claimed_with_mail(mailing)
    await answer(maria, row, "Done.")
    assert len(await stored(mailing, mails.c.mail_id)) == 1
    both = [Mails(mailing.bridge.held, post, name) for name in ("one", "two")]
    for bridge in both:
        bridge.due()
    await asyncio.gather(*(one._task for one in both if one._task is not None))
    assert len(mail_server.taken) == 1


async def test_who_wants_a_call_gets_no_mail(
    mailing: House, mail_server: MailServer
) -> None:
    maria = await mailing.agent()
    customer = await in_line(mailing, locale="de-AT")
    await leave(customer, **CALL, email="jo@shop.example")
    await answer(maria, await maria.claim(await maria.queued()), "Calling you now.")
    assert await stored(mailing, mails.c.mail_id) == []
    assert mail_server.attempts == 0


async def test_past_the_range_the_customer_is_told_once(mailing: House) -> None:
    assert mailing.bridge is not None
    held = mailing.bridge.held
    maria = await mailing.agent()
    await mailing.serve(maria, MIN_HANDLED)
    customer = await in_line(mailing)
    overdue = Overdue(held, sends_mail=True)
    await overdue.look()
    assert "late" not in customer.all("conversation_status")[-1]
    later = datetime.now(UTC) + timedelta(minutes=3)
    held.clock = lambda: later
    await asyncio.gather(overdue.look(), overdue.look())
    await overdue.look()
    await customer.next("conversation_status", owner="queue", late=True)
    await customer.hears("Sorry, this is taking longer than I said")
    sorry = [text for text in customer.texts("system") if text.startswith("Sorry")]
    assert len(sorry) == 1
    assert "mail" in sorry[0]


async def test_who_left_an_address_is_told_no_more(mailing: House) -> None:
    assert mailing.bridge is not None
    held = mailing.bridge.held
    maria = await mailing.agent()
    await mailing.serve(maria, MIN_HANDLED)
    customer = await in_line(mailing)
    await leave(customer, **MAIL)
    later = datetime.now(UTC) + timedelta(minutes=3)
    held.clock = lambda: later
    await Overdue(held, sends_mail=True).look()
    assert not [text for text in customer.texts("system") if text.startswith("Sorry")]


async def test_customer_who_ends_the_chat_is_called_all_the_same(house: House) -> None:
    maria = await house.agent()
    customer = await in_line(house)
    assert (await leave(customer, want="callback", phone="+436641234567"))["ok"]
    left = await customer.call(
        "leave", {"session_id": customer.session_id, "end": True}
    )
    assert left["ok"], left
    rows = (await house.get("/handoffs", maria.token, state="queued")).json()
    assert [row["contact"]["want"] for row in rows["handoffs"]] == ["callback"]
    row = await maria.claim(rows["handoffs"][0])
    packet = (await house.get(f"/handoffs/{row['handoff_id']}", maria.token)).json()
    assert packet["contact"]["phone"]
