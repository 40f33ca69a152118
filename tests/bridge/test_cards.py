"""Cards beside a chat: whose they are, when they come, and what an agent may see."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from backoffice.app import build_app
from backoffice.settings import Settings as BackOfficeSettings
from handoff_bridge.packet.backoffice import HIDDEN, read_cards
from tests.bridge.conftest import SERVICE_TOKEN, settings_for
from tests.bridge.support import (
    AgentClient,
    Customer,
    House,
    ScriptedAssistant,
    serving,
)
from tests.bridge.support.assistant import says
from tests.bridge.support.back_office import ScriptedBackOffice

MAIL = "ada.byron@example.com"
STREET = "9 Mill Lane, Leeds"
ADA = {"customer_id": "c-1", "name": "Ada Byron", "tier": "gold", "email": MAIL}
VISIT: dict[str, Any] = {
    "kind": "appointment",
    "id": "A-7",
    "title": "Dr. Lee, check-up",
    "status": "Confirmed",
    "rows": [
        {"label": "At", "value": "2026-03-02T09:00:00Z", "type": "datetime"},
        {"label": "Patient lives at", "value": STREET, "type": "text", "private": True},
        {"label": "Reminder to", "value": MAIL, "type": "text"},
    ],
}
ACCOUNT = {"kind": "patient", "id": "c-1", "title": "Ada Byron", "rows": []}
PROOF = {"level": "verified", "method": "one_time_code", "customer_id": "c-1"}


@pytest.fixture
async def back_office() -> ScriptedBackOffice:
    """A clinic's: one appointment, of one patient."""
    clinic = ScriptedBackOffice()
    clinic.customers["c-1"] = ADA
    clinic.cards["c-1"] = [VISIT, ACCOUNT]
    clinic.named["A-7"] = VISIT
    return clinic


@pytest.fixture
async def house(
    database_url: str,
    assistant: ScriptedAssistant,
    back_office: ScriptedBackOffice,
    tmp_path: Path,
) -> AsyncIterator[House]:
    """A bridge beside the clinic, on SQLite, then on PostgreSQL."""
    async with serving(back_office.app) as port:
        settings = settings_for(
            database_url, assistant.port, tmp_path, backoffice_port=port
        )
        async with House.open(settings, assistant) as opened:
            yield opened


def about(house: House, *references: str, **slots: Any) -> None:
    """From now on the assistant's turns say that the chat is about these."""

    async def script(_body: dict[str, Any]) -> Any:
        return says("Noted.", references=[*references], slots=slots)

    house.assistant.script = script


async def in_line(house: House, *references: str, **slots: Any) -> Customer:
    """A customer who has said something and asked for a person."""
    about(house, *references, **slots)
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("Noted.")
    await customer.ask_for_human()
    return customer


async def row_with(maria: AgentClient, **having: Any) -> dict[str, Any]:
    """The newest row that says so."""

    def found() -> dict[str, Any] | None:
        told = [*maria.all("handoff_queued"), *maria.all("handoff_updated")]
        rows = [change["handoff"] for change in told]
        fits = [row for row in rows if having.items() <= row.items()]
        return fits[-1] if fits else None

    row: dict[str, Any] = await maria.until(found, f"a row with {having}")
    return row


async def packet_of(house: House, maria: AgentClient) -> dict[str, Any]:
    row = await maria.queued()
    answer = await house.get(f"/handoffs/{row['handoff_id']}", maria.token)
    assert answer.status_code == 200, answer.text
    packet: dict[str, Any] = answer.json()
    return packet


HEADING = {key: VISIT[key] for key in ("kind", "id", "title", "status")}


async def test_row_and_packet_show_what_the_chat_is_about(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria = await house.agent()
    await in_line(house, "A-7")
    row = await row_with(maria, cards=[HEADING])
    assert row["order_number"] == "A-7"
    [card] = (await packet_of(house, maria))["cards"]
    assert {key: card[key] for key in HEADING} == HEADING
    assert back_office.asked[0] == {"reference": "A-7"}
    assert back_office.tokens == {f"Bearer {SERVICE_TOKEN}"}


async def test_nobodys_address_or_mail_reaches_an_agent(house: House) -> None:
    maria = await house.agent()
    await in_line(house, "A-7")
    await row_with(maria, cards=[HEADING])
    packet = await packet_of(house, maria)
    values = {row["label"]: row["value"] for row in packet["cards"][0]["rows"]}
    assert values["Patient lives at"] == HIDDEN
    assert values["Reminder to"] == "a***@example.com"
    seen = json.dumps([packet, maria.events])
    assert STREET not in seen
    assert MAIL not in seen


async def test_who_passed_a_code_is_shown_whole(house: House) -> None:
    maria = await house.agent()
    await in_line(house, "A-7", authentication=PROOF)
    row = await row_with(maria, customer={"name": "Ada Byron", "tier": "gold"})
    assert [card["id"] for card in row["cards"]] == ["A-7", "c-1"]
    packet = await packet_of(house, maria)
    visit, account = packet["cards"]
    assert [row["value"] for row in visit["rows"]][1:] == [STREET, MAIL]
    assert not any("masked" in row for row in visit["rows"])
    assert account["kind"] == "patient"
    customer = packet["customer"]
    assert (customer["id"], customer["email"]) == ("c-1", MAIL)


async def test_another_customers_card_stays_masked(
    house: House, back_office: ScriptedBackOffice
) -> None:
    back_office.cards["c-1"] = [ACCOUNT]
    maria = await house.agent()
    await in_line(house, "A-7", authentication=PROOF)
    await row_with(maria, customer={"name": "Ada Byron", "tier": "gold"})
    visit, account = (await packet_of(house, maria))["cards"]
    assert (visit["id"], account["id"]) == ("A-7", "c-1")
    assert STREET not in json.dumps(visit)


async def test_who_is_signed_in_has_cards_without_a_number(house: House) -> None:
    maria = await house.agent()
    customer = await house.customer(identity=house.identity("c-1", name="Ada Byron"))
    await customer.ask_for_human()
    row = await row_with(maria, order_number="A-7")
    assert [card["id"] for card in row["cards"]] == ["A-7", "c-1"]
    assert row["customer"] == {"name": "Ada Byron", "tier": "gold"}
    packet = await packet_of(house, maria)
    assert STREET in json.dumps(packet["cards"][0])
    proof = packet["authentication"]
    assert proof == {
        "verified": True,
        "method": "signed_identity",
        "level": "verified",
    }


async def test_signing_in_while_waiting_unmasks(house: House) -> None:
    maria = await house.agent()
    customer = await in_line(house, "A-7")
    await row_with(maria, cards=[HEADING])
    await house.customer(session_id=customer.session_id, identity=house.identity("c-1"))
    row = await row_with(maria, customer={"name": "Ada Byron", "tier": "gold"})
    assert [card["id"] for card in row["cards"]] == ["A-7", "c-1"]
    assert STREET in json.dumps(await packet_of(house, maria))


async def test_number_that_is_said_in_line_changes_the_row(
    house: House, back_office: ScriptedBackOffice
) -> None:
    back_office.named["A-8"] = {**VISIT, "id": "A-8", "title": "Dr. Lee, X-ray"}
    maria = await house.agent()
    customer = await in_line(house, "A-7")
    await row_with(maria, order_number="A-7")

    async def heard(_body: dict[str, Any]) -> Any:
        return says(recorded=True, references=["A-8"])

    house.assistant.waiting_script = heard
    await customer.say("it is A-8, sorry")
    row = await row_with(maria, order_number="A-8")
    assert row["cards"][0]["title"] == "Dr. Lee, X-ray"


async def test_broken_card_and_unknown_types_lose_nothing_else(
    house: House, back_office: ScriptedBackOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = {**VISIT, "rows": [{"label": "Pulse", "value": 61, "type": "heartbeat"}, 5]}
    back_office.cards["c-1"] = [{"title": MAIL}, odd, ACCOUNT]
    maria = await house.agent()
    await in_line(house, "A-7", authentication=PROOF)
    visit, account = (await packet_of(house, maria))["cards"]
    assert visit["rows"] == [{"label": "Pulse", "value": "61", "type": "text"}]
    assert account["id"] == "c-1"
    written = capsys.readouterr().out
    assert "cards_left_out" in written
    assert "cards[0]" in written
    assert "cards[1].rows[1]" in written
    assert MAIL not in written


async def test_packet_is_there_without_the_back_office(
    house: House, back_office: ScriptedBackOffice
) -> None:
    back_office.is_broken = True
    maria = await house.agent()
    await in_line(house, "A-7")
    packet = await packet_of(house, maria)
    assert packet["cards"] == []
    # What the assistant reported is known all the same.
    row = await row_with(maria, order_number="A-7")
    assert "cards" not in row


async def test_row_keeps_its_cards_while_the_back_office_is_away(
    house: House, back_office: ScriptedBackOffice
) -> None:
    maria = await house.agent()
    customer = await in_line(house, "A-7")
    await row_with(maria, cards=[HEADING])
    back_office.is_broken = True
    asked = len(back_office.asked)

    async def heard(_body: dict[str, Any]) -> Any:
        return says(recorded=True, references=["A-7"])

    house.assistant.waiting_script = heard
    await customer.say("still there?")
    async with asyncio.timeout(10):
        while len(back_office.asked) == asked:
            await asyncio.sleep(0.02)
    await asyncio.gather(*house.learning)
    [row] = (await house.get("/handoffs", maria.token)).json()["handoffs"]
    assert row["cards"] == [HEADING]


@pytest.mark.parametrize("told", ["A-7", {"a": 1}, [None, ["x"], ""]])
async def test_odd_references_break_nothing(house: House, told: Any) -> None:
    async def script(_body: dict[str, Any]) -> Any:
        return says("Noted.", references=told)

    house.assistant.script = script
    maria, customer = await house.agent(), await house.customer()
    await customer.say("hello")
    await customer.hears("Noted.")
    await customer.ask_for_human()
    assert (await packet_of(house, maria))["cards"] == []


async def test_every_card_of_the_sandbox_can_be_read(tmp_path: Path) -> None:
    settings = BackOfficeSettings(
        service_token=SERVICE_TOKEN, data_dir=tmp_path, kb_dir=tmp_path
    )
    async with serving(build_app(settings)) as port:
        headers = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, headers=headers) as client:
            for number in range(2001, 2041):
                answer = await client.get(f"/cards?customer_id=C-{number}")
                told = answer.json()["cards"]
                cards, left_out = read_cards(told, masked=False)
                assert left_out == []
                assert len(cards) == len(told) >= 1
                for card, one in zip(cards, told, strict=True):
                    types = [row["type"] for row in one["rows"]]
                    assert [row.type for row in card.rows] == types


async def test_earlier_conversations_of_the_same_customer_are_in_the_packet(
    house: House,
) -> None:
    maria = await house.agent()
    first = await house.customer(identity=house.identity("c-1"))
    await first.ask_for_human()
    row = await row_with(maria, order_number="A-7")
    await maria.claim(row)
    end = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **end))["ok"]
    stranger = await house.customer()
    await stranger.ask_for_human()
    maria.events.clear()
    again = await house.customer(identity=house.identity("c-1"))
    await again.ask_for_human()
    later = await row_with(maria, order_number="A-7")
    assert later["conversation_id"] != row["conversation_id"]
    answer = await house.get(f"/handoffs/{later['handoff_id']}", maria.token)
    [earlier] = answer.json()["customer"]["earlier_handoffs"]
    assert earlier["conversation_id"] == row["conversation_id"]
    assert (earlier["about"], earlier["disposition"]) == (VISIT["title"], "resolved")
    # And those may be read.
    assert await house.events(maria, earlier["conversation_id"])
