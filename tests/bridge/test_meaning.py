"""What a turn means comes with it: an assistant of any trade, in any language."""

from typing import Any

from tests.bridge.support import House
from tests.bridge.support.assistant import says

TURN = {
    "intent": {"name": "sperren", "confidence": 0.9, "label": "block a card"}
    | {"topic": "card_block"},
    "actions": [
        {
            "name": "action_sperre",
            "attempt": "Tried to block card 7",
            "outcome": {"kind": "refused", "label": "blocked by the issuer"},
            "topic": "card_block",
            "noun": "card block",
            "result": "utter_x",
        },
        {"name": "action_intern", "internal": True},
    ],
    "slots": {"karte": "7", "merker": "x"},
    "slot_labels": {"karte": {"label": "the card", "fixed": True}},
    "subject": "card 7",
    "requested_slot": "pin",
    "asked_for": "the PIN",
    "asks_secret": True,
}
STUCK = {
    "name": "stuck",
    "labels": {"en": "Stuck"},
    "reason": "could not give the PIN 3 times",
}
PROMISED = "Bis zum 12. Mai haben Sie eine neue Karte."


async def blocks_a_card(body: dict[str, Any]) -> Any:
    trigger = {
        "trigger": "stuck",
        "triggers": [STUCK],
        "evidence": {"asked_for": "pin"},
    }
    told = says(
        PROMISED, **TURN, trigger=trigger if "mensch" in body["message"] else None
    )
    told["replies"][0]["promise"] = True
    return told


async def test_row_and_packet_show_the_assistants_words(each_house: House) -> None:
    house = each_house
    house.assistant.script = blocks_a_card
    customer, maria = await house.customer(), await house.agent()
    await customer.say("karte 7 sperren, mensch!")
    row = await maria.queued()
    assert row["reason"] == "Could not give the PIN 3 times"

    packet = (await house.get(f"/handoffs/{row['handoff_id']}", maria.token)).json()
    summary = packet["summary"]
    assert [(t["what"], t["outcome"]) for t in summary["tried"]] == [
        ("Tried to block card 7", "refused, blocked by the issuer")
    ]
    assert [promise["text"] for promise in packet["promises"]] == [PROMISED]
    assert summary["promised"] == packet["promises"]
    assert packet["slots"] == {"karte": "7"}
    assert packet["slot_labels"] == {"karte": {"label": "the card", "fixed": True}}
    assert packet["intents"][0]["label"] == "block a card"
    [step] = packet["steps"]
    assert (step["label"], step["outcome"], step["ok"]) == (
        "Tried to block card 7",
        "refused, blocked by the issuer",
        False,
    )
    assert packet["reason"] == "Could not give the PIN 3 times"


async def test_customers_are_not_told_what_is_meant_for_agents(house: House) -> None:
    house.assistant.script = blocks_a_card
    customer, maria = await house.customer(), await house.agent()
    await customer.say("karte 7 sperren, mensch!")
    await customer.hears(PROMISED)
    await maria.queued()
    assert all("promise" not in said for said in customer.all("bot_uttered"))
    assert "Tried to block" not in str(customer.all("bot_uttered"))
    conversation_id = str(house.assistant.turns[-1]["sender"])
    said = await house.events(maria, conversation_id)
    assert [e.get("promise") for e in said if e.get("text") == PROMISED] == [True]


async def test_six_digits_are_a_code_where_a_secret_is_asked_for(house: House) -> None:
    house.assistant.script = blocks_a_card
    customer, maria = await house.customer(), await house.agent()
    await customer.say("karte sperren")
    await customer.hears(PROMISED)
    code = "I looked into my mail for you and it says 123456, thanks"
    await customer.say(code)
    await customer.until(lambda: customer.texts().count(PROMISED) == 2)
    await customer.say("mensch!")
    await maria.queued()
    conversation_id = str(house.assistant.turns[-1]["sender"])
    assert "123456" not in str(await house.events(maria, conversation_id))
    assert house.assistant.heard[1] == code


async def test_what_failed_is_named_as_agents_call_it(house: House) -> None:
    async def crashes(_body: dict[str, Any]) -> Any:
        return says("Hm.", **TURN, failed_action="action_sperre")

    house.assistant.script = crashes
    customer, maria = await house.customer(), await house.agent()
    await customer.say("karte 7 sperren")
    row = await maria.queued()
    assert row["reason"] == "The assistant failed at “card block”"
