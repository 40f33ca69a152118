"""What an agent is shown before ending a chat is what the customer then gets."""

from typing import Any

import httpx
import pytest

from tests.bridge.support import AgentClient, Customer, House
from tests.bridge.support.assistant import says
from tests.bridge.support.refusals import http_refused

OUTCOME = "Dein neuer Kessel ist unterwegs 🫖"


async def preview(
    house: House, agent: AgentClient, row: dict[str, Any], **ending: Any
) -> httpx.Response:
    return await house.http.post(
        f"/handoffs/{row['handoff_id']}/preview",
        json=ending,
        headers={"Authorization": f"Bearer {agent.token}"},
    )


async def shown(
    house: House, agent: AgentClient, row: dict[str, Any], **ending: Any
) -> list[tuple[str, str]]:
    answer = await preview(house, agent, row, **ending)
    assert answer.status_code == 200, answer.text
    return [(one["sender"], one["text"]) for one in answer.json()["messages"]]


async def claimed(
    house: House, locale: str, *, introduced: bool = True
) -> tuple[Customer, AgentClient, dict[str, Any]]:
    maria = await house.agent()
    customer = await house.customer(locale=locale)
    if introduced:
        await customer.say("hallo")
        await customer.hears("You said: hallo")
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await customer.status("agent")
    return customer, maria, row


async def told_after(customer: Customer, seq: int, count: int) -> list[tuple[str, str]]:
    def later() -> list[Any]:
        said = [m for m in customer.all("bot_uttered") if m["seq"] > seq]
        return said if len(said) >= count else []

    return [(m["sender"], m["text"]) for m in await customer.until(later)]


@pytest.mark.parametrize("introduced", [True, False])
@pytest.mark.parametrize("locale", ["en", "de-AT"])
async def test_return_says_what_was_shown(
    each_house: House, locale: str, introduced: bool
) -> None:
    house = each_house
    customer, maria, row = await claimed(house, locale, introduced=introduced)
    ending = {"disposition": "resolved", "outcome": OUTCOME}
    promised = await shown(house, maria, row, kind="return", **ending)
    assert [sender for sender, _ in promised] == ["system", "bot", "bot"][
        : 2 if introduced else 3
    ]
    assert ("verlassen" in promised[0][1]) == (locale == "de-AT")
    assert OUTCOME in promised[-1][1]
    seq = customer.all("bot_uttered")[-1]["seq"]
    call = {"handoff_id": row["handoff_id"], **ending}
    assert (await maria.act("handoff_return", **call))["ok"]
    assert await told_after(customer, seq, len(promised)) == promised


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_close_says_what_was_shown(each_house: House, locale: str) -> None:
    customer, maria, row = await claimed(each_house, locale)
    promised = await shown(
        each_house, maria, row, kind="close", disposition="follow_up"
    )
    assert [sender for sender, _ in promised] == ["system"]
    seq = customer.all("bot_uttered")[-1]["seq"]
    call = {"handoff_id": row["handoff_id"], "disposition": "follow_up"}
    assert (await maria.act("handoff_close", **call))["ok"]
    assert await told_after(customer, seq, 1) == promised


async def test_looking_changes_nothing(each_house: House) -> None:
    house = each_house
    _, maria, row = await claimed(house, "en")
    before = await house.events(maria, row["conversation_id"])
    for kind in ("return", "close"):
        await shown(house, maria, row, kind=kind, disposition="resolved")
    assert await house.events(maria, row["conversation_id"]) == before
    assert house.assistant.handbacks == []
    [asked] = house.assistant.previews
    assert asked["greet"] and asked["preview"]
    ack = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="still mine"
    )
    assert ack["ok"], ack


async def test_preview_is_for_who_has_the_chat(house: House) -> None:
    _, maria, row = await claimed(house, "en")
    sam = await house.agent("sam")
    ending = {"kind": "return", "disposition": "resolved"}
    http_refused(await preview(house, sam, row, **ending), 409, "not_owner")
    unknown = {"handoff_id": "nothing"}
    http_refused(await preview(house, maria, unknown, **ending), 404, "unknown_handoff")
    for wrong in (
        {**ending, "kind": "release"},
        {**ending, "outcome": "x" * 2_001},
        {"kind": "return"},
    ):
        http_refused(await preview(house, maria, row, **wrong), 400, "bad_request")
    # As the protocol counts: an emoji is one.
    emoji = {**ending, "outcome": "🫖" * 2_000}
    assert (await preview(house, maria, row, **emoji)).status_code == 200


async def test_preview_without_an_assistant_says_so(house: House) -> None:
    _, maria, row = await claimed(house, "en")

    async def broken(body: dict[str, Any]) -> Any:
        return 500, {}

    house.assistant.handback_script = broken
    ending = {"kind": "return", "disposition": "resolved"}
    answer = await preview(house, maria, row, **ending)
    http_refused(answer, 503, "bot_unavailable")
    assert await shown(house, maria, row, kind="close", disposition="resolved")


async def test_buttons_are_shown_by_their_titles(house: House) -> None:
    _, maria, row = await claimed(house, "en")

    async def asks(body: dict[str, Any]) -> Any:
        answer = says("Anything else?")
        answer["replies"][0]["buttons"] = [{"title": "Yes", "payload": "/affirm"}]
        return answer

    house.assistant.handback_script = asks
    answer = await preview(house, maria, row, kind="return", disposition="resolved")
    assert answer.json()["messages"][-1] == {
        "sender": "bot",
        "text": "Anything else?",
        "buttons": ["Yes"],
    }
