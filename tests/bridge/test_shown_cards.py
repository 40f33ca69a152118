"""Cards that the assistant shows customers: what of them comes through, and where."""

import json
from typing import Any

import pytest

from tests.bridge.support import House
from tests.bridge.support.assistant import says
from tests.bridge.support.clients import BareClient

CARD_NUMBER = "4111 1111 1111 1111"
VISIT: dict[str, Any] = {
    "kind": "appointment",
    "id": "A-7",
    "title": "Check-up, Dr. Lee",
    "status": "Confirmed",
    "rows": [
        {"label": "At", "value": "2026-03-02T09:00:00.000Z", "type": "datetime"},
        {"label": "Bill", "value": {"amount": "12.50", "currency": "EUR"},
         "type": "money", "emphasis": True},
        {"label": "Way there", "value": "https://clinic.example/way", "type": "link"},
        {"label": "Ask", "value": "mailto:desk@clinic.example", "type": "link"},
    ],
    "photo": "https://clinic.example/lee.jpg",
}  # fmt: skip
TEXT = "Your check-up is on 2 March."


def shows(house: House, *cards: Any, **custom: Any) -> None:
    """From now on the assistant says one sentence and shows these cards."""

    async def script(_body: dict[str, Any]) -> Any:
        answer = says()
        reply = {"text": TEXT, "custom": {"cards": [*cards], **custom}}
        answer["replies"] = [reply]
        return answer

    house.assistant.script = script


async def shown(house: House, *cards: Any, **custom: Any) -> dict[str, Any]:
    """The message as the customer gets it."""
    shows(house, *cards, **custom)
    customer = await house.customer()
    await customer.say("when?")
    return dict(await customer.next("bot_uttered", text=TEXT))


async def test_card_comes_typed_beside_the_text_and_again_in_the_history(
    each_house: House,
) -> None:
    shows(each_house, VISIT)
    customer = await each_house.customer()
    await customer.say("when?")
    message = await customer.next("bot_uttered", text=TEXT)
    assert message["cards"] == [VISIT]
    assert "custom" not in message
    [again] = [one for one in await customer.history() if one.get("text") == TEXT]
    assert again["cards"] == [VISIT]


async def test_widgets_of_rasas_form_get_the_text_alone(house: House) -> None:
    shows(house, VISIT)
    bare = BareClient(house.url)
    customer = await house.customer()
    await bare.open(customer.session_id)
    await customer.say("when?")
    await customer.hears(TEXT)
    told = [await bare.next_message() for _ in range(2)]
    assert told[-1] == {"text": TEXT}
    await bare.close()


async def test_what_is_no_card_is_left_out_and_the_rest_said(house: House) -> None:
    odd = [None, "card", {}, {**VISIT, "rows": "none"}, VISIT]
    message = await shown(house, *odd, colour="blue")
    assert message["cards"] == [VISIT]
    assert message["custom"] == {"colour": "blue"}


@pytest.mark.parametrize("cards", [None, 5, "all", {"kind": "order"}, []])
async def test_cards_that_are_none_break_no_message(house: House, cards: Any) -> None:
    async def script(_body: dict[str, Any]) -> Any:
        answer = says()
        answer["replies"] = [{"text": TEXT, "custom": {"cards": cards}}]
        return answer

    house.assistant.script = script
    customer = await house.customer()
    await customer.say("when?")
    message = await customer.next("bot_uttered", text=TEXT)
    assert not {"cards", "custom"} & set(message)


async def test_brief_is_for_those_who_draw_the_cards(house: House) -> None:
    message = await shown(house, VISIT, brief="Here it is.")
    assert (message["text"], message["brief"]) == (TEXT, "Here it is.")
    assert "custom" not in message


@pytest.mark.parametrize("brief", [None, "", 5, ["Here"]])
async def test_brief_that_is_none_is_left_out(house: House, brief: Any) -> None:
    assert "brief" not in await shown(house, VISIT, brief=brief)
    # Nor does it hide the text where no card is left.
    assert "brief" not in await shown(house, "odd", brief="Here it is.")


async def test_only_so_many_cards_and_rows(house: House) -> None:
    rows = [{"label": f"No. {n}", "value": "x", "type": "text"} for n in range(40)]
    many = [{**VISIT, "id": f"A-{n}", "rows": rows} for n in range(9)]
    message = await shown(house, *many)
    assert [card["id"] for card in message["cards"]] == [f"A-{n}" for n in range(5)]
    assert {len(card["rows"]) for card in message["cards"]} == {12}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//clinic.example", "tel:112",
     "http://clinic.example@evil.example/", "mailto:x@y.example?body=z"],
)  # fmt: skip
async def test_other_addresses_are_no_links(house: House, address: str) -> None:
    row = {"label": "Way there", "value": address, "type": "link"}
    message = await shown(house, {**VISIT, "rows": [row], "photo": address})
    [card] = message["cards"]
    assert [one["type"] for one in card["rows"]] == ["text"]
    assert "photo" not in card


async def test_card_numbers_are_taken_out_before_it_is_stored(house: House) -> None:
    told = {
        **VISIT,
        "title": f"Paid with {CARD_NUMBER}",
        "rows": [{"label": CARD_NUMBER, "value": CARD_NUMBER, "type": "code"}],
        "photo": f"https://clinic.example/{CARD_NUMBER.replace(' ', '')}.jpg",
    }
    message = await shown(house, told)
    text = json.dumps(message)
    assert "1111 1111" not in text
    assert "41111111" not in text
    assert "ends in 1111" in message["cards"][0]["title"]


async def test_what_agents_can_do_is_not_told_to_customers(house: House) -> None:
    action = {"id": "cancel", "label": "Cancel", "fields": []}
    message = await shown(house, {**VISIT, "actions": [action]})
    assert message["cards"] == [VISIT]


async def test_agents_read_that_a_card_was_sent(house: House) -> None:
    maria = await house.agent()
    shows(house, VISIT)
    customer = await house.customer()
    await customer.say("when?")
    await customer.hears(TEXT)
    await customer.ask_for_human()
    row = await maria.queued()
    answer = await house.get(f"/handoffs/{row['handoff_id']}", maria.token)
    heading = {name: VISIT[name] for name in ("kind", "id", "title", "status")}
    [line] = [one for one in answer.json()["transcript"] if one.get("text") == TEXT]
    assert line["cards"] == [heading]
