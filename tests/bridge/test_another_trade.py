"""A bank on the same bridge, by data alone: a chat's whole way in its own words."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.conftest import SERVICE_TOKEN, settings_for
from tests.bridge.support import AgentClient, Customer, House, hire, serving
from tests.bridge.support.back_office import ScriptedBackOffice
from tests.bridge.support.bank import BRAND, BankAssistant, bank_back_office
from tests.bridge.test_nothing_of_the_shop import shop_names

PAYMENT = "TB400000000017"
LABELS = {"de": "Karte gestohlen", "es": "Tarjeta robada"}
# What a shop would say of itself; keys of the protocol are none of its words.
SHOP = re.compile(
    r"\b(?:shop|orders?|parcels?|refunds?|returns|purchases?|deliver(?:y|ies)|"
    r"harbour|pine|hp-\d+)\b",
    re.IGNORECASE,
)
SAID = {
    "de": {
        "hello": "Hallo!",
        "request": f"Wo ist meine Überweisung {PAYMENT}?",
        "stolen": "Meine Karte wurde gestohlen.",
        "introduced": "ich bin Ada, der automatische Assistent von Torvald Bank",
        "promises": [
            f"Ihre Überweisung {PAYMENT} ist bis 14:30 beim Empfänger.",
            "Die Karte ist gesperrt, die neue kommt bis zum 12. Mai. "
            "Ich hole jemanden dazu.",
        ],
        "waits": "Sie sind an erster Stelle",
        "joined": "Maria vom Team cards ist jetzt da",
        "outcome": "Bis zum 12. Mai ist die Karte bei Ihnen.",
        "again": "Da bin ich wieder. Bis zum 12. Mai ist die Karte bei Ihnen.",
    },
    "es": {
        "hello": "Hola",
        "request": f"¿Dónde está mi transferencia {PAYMENT}?",
        "stolen": "Me han robado la tarjeta.",
        "introduced": "soy Ada, el asistente automático de Torvald Bank",
        "promises": [
            f"Su transferencia {PAYMENT} llegará antes del 12 de mayo.",
            "La tarjeta está bloqueada, la nueva llega antes del 12 de mayo. "
            "Aviso a una persona.",
        ],
        "waits": "Estás en el primer lugar de la cola",
        "joined": "Maria, del equipo cards, se ha unido",
        "outcome": "La tarjeta llega antes del 12 de mayo.",
        "again": "Ya estoy de vuelta. La tarjeta llega antes del 12 de mayo.",
    },
}


@pytest.fixture
async def assistant() -> AsyncIterator[BankAssistant]:
    """The bank's."""
    bank = BankAssistant(SERVICE_TOKEN)
    async with serving(bank.app) as port:
        bank.port = port
        yield bank


@pytest.fixture
async def systems() -> ScriptedBackOffice:
    """The bank's."""
    return bank_back_office()


@pytest.fixture
async def bank(
    database_url: str,
    assistant: BankAssistant,
    systems: ScriptedBackOffice,
    tmp_path: Path,
) -> AsyncIterator[House]:
    """The bridge with the bank's brand beside its assistant and its systems."""
    await hire(database_url, BRAND)
    async with serving(systems.app) as port:
        settings = settings_for(
            database_url,
            assistant.port,
            tmp_path,
            backoffice_port=port,
            brand_file=BRAND,
        )
        async with House.open(settings, assistant) as opened:
            yield opened


async def packet_of(house: House, agent: AgentClient, language: str) -> Any:
    row = await agent.queued()
    answer = await house.http.get(
        f"/handoffs/{row['handoff_id']}",
        headers={
            "Authorization": f"Bearer {agent.token}",
            "Accept-Language": language,
        },
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def texts_in(value: Any) -> Iterator[str]:
    """All texts in something that was received; keys and codes are the protocol's."""
    if isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, str) and not re.fullmatch(r"[a-z_:]+", value):
        yield value


def names_the_shop(value: Any) -> set[str]:
    names = shop_names()
    found = set()
    for text in texts_in(value):
        found |= {match[0] for match in SHOP.finditer(text)}
        found |= names & set(re.findall(r"\w+_\w+", text))
    return found


async def brings_somebody(bank: House, language: str) -> Customer:
    """A customer of the bank who has come by its own trigger."""
    said = SAID[language]
    customer = await bank.customer(
        locale=language, identity=bank.identity("TBK-77", name="Inés Roth")
    )
    for text in (said["hello"], said["request"], said["stolen"]):
        await customer.say(text)
    await customer.hears(said["waits"])
    return customer


@pytest.mark.parametrize("language", SAID)
async def test_row_and_packet_are_in_the_banks_words(
    bank: House, language: str
) -> None:
    said, maria = SAID[language], await bank.agent()
    customer = await brings_somebody(bank, language)
    await customer.hears(said["introduced"])
    assert customer.texts("bot")[-2:] == said["promises"]

    def shown() -> Any:
        rows = [change["handoff"] for change in maria.all("handoff_updated")]
        return next((row for row in rows if row.get("cards")), None)

    row = await maria.until(shown, "a row with cards")
    assert (row["trigger"], row["labels"]) == ("card_theft", {"card_theft": LABELS})
    assert (row["priority"], row["skill"]) == (12, "card_desk")
    assert row["customer"] == {
        "name": "Inés Roth",
        "tier": "private banking",
        "language": language,
    }
    heading = {"kind": "transaction", "id": PAYMENT, "title": "Miete Juni"}
    assert row["cards"][0] == {**heading, "status": "Unterwegs"}

    packet = await packet_of(bank, maria, language)
    assert packet["label"] == packet["reason"] == LABELS[language]
    summary = packet["summary"]
    # Small talk is no request, and what was answered is none any more.
    assert summary["request"] == said["stolen"]
    assert [(t["what"], t["outcome"]) for t in summary["tried"]] == [
        (f"Zahlung {PAYMENT} verfolgt", "unterwegs zur Empfängerbank"),
        ("Umsatz angefochten", "refused, noch nicht gebucht"),
    ]
    assert [p["text"] for p in summary["promised"]] == said["promises"]
    assert [p["text"] for p in packet["promises"]] == said["promises"]
    assert [intent["label"] for intent in packet["intents"]][:2] == [
        "Begrüßung",
        "Zahlung verfolgen",
    ]
    # What has no label is of no interest to agents.
    assert packet["slots"] == {"zahlungsnummer": PAYMENT}
    payment, loan = packet["cards"]
    assert [row["type"] for row in payment["rows"]] == [
        *("money", "date", "datetime", "code", "text", "text")
    ]
    assert loan["kind"] == "lombard_loan"
    assert names_the_shop([packet, maria.events, customer.events]) == set()


@pytest.mark.parametrize("language", SAID)
async def test_claim_chat_and_hand_back(
    bank: House, assistant: BankAssistant, language: str
) -> None:
    said, maria = SAID[language], await bank.agent()
    customer = await brings_somebody(bank, language)
    row = await maria.claim(await maria.queued())
    await customer.hears(said["joined"])
    await customer.say("…?")
    seen = await maria.sees("…?")
    await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="Roth, TB?"
    )
    await customer.hears("Roth, TB?", "agent")
    back = await maria.act(
        "handoff_return",
        handoff_id=row["handoff_id"],
        disposition="follow_up",
        outcome=said["outcome"],
        slots={"zahlungsnummer": "TB400000000099"},
        seen_seq=seen["seq"] + 1,
    )
    assert back["ok"], back
    await customer.hears(said["again"])
    [given] = assistant.handbacks
    assert given["slots"] == {"zahlungsnummer": "TB400000000099"}
    assert len(assistant.heard) == 3
    promised = (await packet_of(bank, maria, language))["promises"]
    assert [p["text"] for p in promised] == [*said["promises"], said["outcome"]]
    assert names_the_shop([maria.events, customer.events]) == set()


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "dann haben Sie bis Dienstag, 14:30 CEST, eine Antwort"),
        ("es", "tendrás una respuesta antes del martes a las 14:30 CEST"),
    ],
)
async def test_with_nobody_there_row_and_packet_show_the_bridges_promise_too(
    bank: House, systems: ScriptedBackOffice, language: str, line: str
) -> None:
    answer_by = "2026-05-12T12:30:00.000Z"
    systems.ticket = {"ticket_number": "TB-T-1", "answer_by": answer_by}
    customer = await bank.customer(locale=language)
    await customer.say(SAID[language]["stolen"])
    told = await customer.hears(line)
    maria = await bank.agent()
    [row] = maria.all("snapshot")[0]["queue"]
    promise = {"answer_by": answer_by, "ticket": "TB-T-1"}
    assert (row["labels"], row["promise"]) == ({"card_theft": LABELS}, promise)
    path = f"/handoffs/{row['handoff_id']}"
    packet = (await bank.get(path, maria.token)).json()
    stolen, answer = packet["promises"]
    assert stolen["text"] == SAID[language]["promises"][1]
    assert (answer["text"], answer["ticket"]) == (told, "TB-T-1")


async def test_an_agent_of_another_language_reads_a_label_all_the_same(
    bank: House,
) -> None:
    maria = await bank.agent()
    await brings_somebody(bank, "es")
    row = await maria.queued()
    assert row["label"] == row["reason"] == LABELS["de"]
    assert (await packet_of(bank, maria, "fr"))["label"] == LABELS["de"]


async def test_what_has_no_metadata_is_shown_in_plain_words(bank: House) -> None:
    maria, customer = await bank.agent(), await bank.customer(locale="de")
    await customer.say("Wie hoch sind die Zinsen?")
    await customer.hears("Der Zinssatz steht im Vertrag.")
    await customer.ask_for_human()
    packet = await packet_of(bank, maria, "de")
    assert packet["summary"]["request"] == "Wie hoch sind die Zinsen?"
    [step] = packet["steps"]
    assert step["action"] == "action_zinssatz_nennen"
    [attempt] = packet["summary"]["tried"]
    assert (attempt["what"], attempt["outcome"]) == (
        "Ran “zinssatz nennen”",
        "zinssatz",
    )
    assert packet["promises"] == []
    assert packet["slots"]["konto_art"] == "Tagesgeld"


async def test_nothing_is_lost_with_a_card_that_cannot_be_read(
    bank: House, systems: ScriptedBackOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    systems.cards["TBK-77"].append("no card at all")
    maria = await bank.agent()
    await brings_somebody(bank, "de")
    packet = await packet_of(bank, maria, "de")
    assert [card["id"] for card in packet["cards"]] == [PAYMENT, "L-3"]
    account = packet["cards"][0]["rows"][-1]
    assert (account["type"], account["value"]) == ("text", "TB21 0000 0000 0017")
    assert "'cards[1]', 'cards[3]'" in capsys.readouterr().out
