"""What a client sends and should not is gone, and the customer is told."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.store.database import Database
from tests.bridge.support import House
from tests.bridge.support.assistant import says
from tests.bridge.support.clients import Customer

CARD = "4012 8888 8888 1881"
FIT = "4012888888881881"


def files_of(house: House) -> dict[str, bytes]:
    """Every file of the bridge's database and its folder, by name."""
    folder = Path(house.settings.data_dir)
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def files_with(house: House, text: str) -> list[str]:
    return [name for name, held in files_of(house).items() if text.encode() in held]


async def until_gone(house: House, text: str) -> None:
    """Polls the files, of whose change nobody tells."""
    async with asyncio.timeout(10):
        while files_with(house, text):
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("locale", "text", "line"),
    [
        ("en-GB", f"use {CARD}", "taken out of your message: a card number."),
        ("de-DE", "mein Passwort ist Gipfel99", "entfernt: ein Passwort."),
        ("es-ES", "el cvv es 309", "mensaje: un código de seguridad de tarjeta."),
        (
            "fr-FR",
            f"carte {CARD}, mot de passe : marmotte",
            "message : un numéro de carte, un mot de passe.",
        ),
    ],
)
async def test_the_customer_is_told_in_their_language(
    house: House, locale: str, text: str, line: str
) -> None:
    customer = await house.customer(locale=locale)
    ack = await customer.say(text)
    said = await customer.hears(line, sender="system")
    assert "1881" not in said
    history = await customer.history()
    places = [message["sender"] for message in history]
    # Right behind the message itself, before anything that answers it.
    assert places[places.index("customer") + 1] == "system"
    assert history[places.index("customer")]["seq"] == ack["seq"]


async def test_harmless_messages_and_codes_get_no_such_line(house: House) -> None:
    customer = await house.customer()
    await customer.say(f"tracking number {FIT}")
    await customer.until(lambda: customer.texts("bot"))
    assert [m["sender"] for m in await customer.history()][:2] == ["customer", "bot"]


async def test_agents_see_the_kind_and_a_cards_last_four(house: House) -> None:
    customer, maria, row = await house.claimed()
    await customer.say(f"card {CARD}, cvc 737, password: marmalade")
    seen = await maria.sees("card [")
    assert seen["text"] == (
        "card [card number removed, ends in 1881], cvc [security code removed], "
        "password: [password removed]"
    )
    assert seen["redacted"] == ["card", "security_code", "password"]
    packet = await house.get(f"/handoffs/{row['handoff_id']}", maria.token)
    assert packet.json()["transcript"][-2]["redacted"] == seen["redacted"]


async def test_whatever_else_a_client_sends_is_redacted(house: House) -> None:
    customer = await house.customer(locale=FIT, timezone=f"x {CARD}")
    metadata = {
        "form": {"cardNumber": "4012-8888-8888-1882", "cvc": 737},
        "typed": [f"{CARD}", int(FIT)],
        "page": "/basket",
    }
    sent = {"message_id": FIT, "metadata": metadata}
    first = await customer.say("hello", **sent)
    assert first["ok"]
    assert await customer.say("hello", **sent) == first
    survey = {"session_id": customer.session_id, "score": 2, "comment": f"no {CARD}"}
    assert (await customer.call("survey", survey))["ok"]
    await customer.until(lambda: customer.texts("bot"))
    [turn] = house.assistant.turns
    assert turn["metadata"] == {
        "form": {
            "cardNumber": "[card number removed, ends in 1882]",
            "cvc": "[security code removed]",
        },
        "typed": ["[card number removed, ends in 1881]"] * 2,
        "page": "/basket",
    }
    for secret in (CARD, FIT, "8888-8888"):
        assert secret not in json.dumps(house.assistant.turns)
        assert files_with(house, secret) == []


async def asks_for_a_code(body: dict[str, Any]) -> Any:
    if "cancel" in body["message"]:
        return says("Which code?", asks_secret=True)
    return says("Done.")


async def asked(house: House) -> Customer:
    house.assistant.script = asks_for_a_code
    customer = await house.customer()
    await customer.say("cancel my order")
    await customer.hears("Which code?")
    return customer


async def test_a_used_code_is_in_no_file(house: House) -> None:
    customer = await asked(house)
    house.assistant.entered.clear()
    house.assistant.door.clear()
    await customer.say("it is 940 173", metadata={"typed": "940 173"})
    await house.assistant.entered.wait()
    # While its answer is owed it is there, or a killed bridge would lose it.
    assert files_with(house, "940 173")
    assert house.assistant.turns[-1]["not_kept"] == ["940 173"]
    assert house.assistant.turns[-1]["metadata"] == {"typed": "[code]"}
    house.assistant.door.set()
    await customer.hears("Done.")
    await until_gone(house, "940 173")


async def test_a_code_sent_again_is_hidden_again(house: House) -> None:
    customer = await asked(house)
    for n, text in enumerate(("940173", "940173", "my code is 940 173")):
        await customer.say(text)
        await customer.until(lambda n=n: customer.texts().count("Done.") == n + 1)
    await customer.say("and 222333 is my number")
    await customer.until(lambda: customer.texts().count("Done.") == 4)
    said = [m["text"] for m in await customer.history() if m["sender"] == "customer"]
    assert said[1:] == [
        "[code]",
        "[code]",
        "my code is [code]",
        "and 222333 is my number",
    ]
    for code in ("940173", "940 173"):
        await until_gone(house, code)


async def test_a_code_meant_for_the_assistant_is_hidden_from_people(
    house: House,
) -> None:
    customer, maria = await asked(house), await house.agent()
    await customer.ask_for_human()
    await maria.claim(await maria.queued())
    await customer.say("940173")
    seen = await maria.sees("[code]")
    assert seen["redacted"] == ["code"]
    assert files_with(house, "940173") == []


async def test_erasing_waits_for_nobody(house: House) -> None:
    database = Database(house.settings.database)
    other = Database(house.settings.database)
    async with other.read() as tx, asyncio.timeout(5):
        await tx.execute(sa.text("SELECT count(*) FROM events"))
        await asked(house)  # newer than what the reader sees
        assert not await database.erase_deleted()
    async with asyncio.timeout(10):
        while not await database.erase_deleted():
            await asyncio.sleep(0.02)
    log = next(Path(house.settings.data_dir).glob("*.db-wal"))
    assert log.stat().st_size == 0
    await database.close()
    await other.close()


async def test_evidence_of_a_handoff_quotes_no_secret(house: House) -> None:
    customer, maria = await asked(house), await house.agent()
    conversation_id = house.assistant.turns[0]["sender"]
    evidence = {"messages": ["it is 940173", f"card {CARD}"], "times": 2}
    answer = await house.ask(
        conversation_id=conversation_id, trigger="no_progress", evidence=evidence
    )
    assert answer.status_code == 200
    packet = await house.get(f"/handoffs/{answer.json()['handoff_id']}", maria.token)
    assert "it is [code]" in packet.text and "ends in 1881" in packet.text
    assert files_with(house, "940173") == files_with(house, CARD) == []
    await customer.close()
