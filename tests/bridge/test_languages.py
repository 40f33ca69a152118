"""The bridge speaks the language that the customer writes."""

from typing import Any

from tests.bridge.support import House
from tests.bridge.support.assistant import Answer, says


def writes(language: str | None, text: str = "…", **turn: Any) -> Any:
    """A script of an assistant that has found the customer's language."""

    async def script(body: dict[str, Any]) -> Answer:
        slots = {"language": language} if language else {}
        return says(text, slots=slots, **turn)

    return script


WANTS_HUMAN = {
    "trigger": {
        "trigger": "customer_request",
        "triggers": ["customer_request"],
        "evidence": {},
    }
}


async def test_a_spanish_customer_waits_in_spanish(house: House) -> None:
    maria = await house.agent()
    customer = await house.customer(locale="en-GB")
    house.assistant.script = writes("es", **WANTS_HUMAN)
    await customer.say("quiero hablar con una persona")
    await customer.hears("Estás en el primer lugar de la cola")
    first = customer.all("bot_uttered")[0]
    assert "asistente automático" in first["text"]
    row = await maria.queued()
    assert row["customer"]["language"] == "es"
    await maria.claim(row)
    await customer.hears("se ha unido y ha leído el chat")


async def test_the_browser_s_language_counts_until_more_is_known(house: House) -> None:
    await house.agent()
    customer = await house.customer(locale="fr-FR")
    await customer.ask_for_human()
    await customer.hears("Vous êtes en première position dans la file")


async def test_the_language_outlasts_the_turn_that_told_it(house: House) -> None:
    await house.agent()
    customer = await house.customer()
    house.assistant.script = writes("de")
    await customer.say("wo ist mein paket")
    await customer.hears("…")
    await customer.ask_for_human()
    await customer.hears("Sie sind an erster Stelle")


async def test_a_turn_without_a_language_leaves_it_as_it_is(house: House) -> None:
    await house.agent()
    customer = await house.customer(locale="de")
    house.assistant.script = writes(None)
    await customer.say("ok")
    await customer.hears("…")
    await customer.ask_for_human()
    await customer.hears("Sie sind an erster Stelle")


async def test_a_language_without_sentences_of_ours_hears_english(house: House) -> None:
    maria = await house.agent()
    customer = await house.customer()
    house.assistant.script = writes("it", **WANTS_HUMAN)
    await customer.say("dov'è il mio pacco")
    await customer.hears("You're first in line")
    row = await maria.queued()
    assert row["customer"]["language"] == "it"


async def test_the_assistant_is_told_what_is_known(house: House) -> None:
    customer = await house.customer(locale="fr-FR")
    house.assistant.script = writes("es")
    await customer.say("hola")
    await customer.hears("…")
    house.assistant.script = writes("es", text="De nada.")
    await customer.say("gracias")
    await customer.hears("De nada.")
    told = [turn.get("language") for turn in house.assistant.turns]
    assert told == ["fr-FR", "es"]


async def test_agents_hear_the_language_of_a_chat_that_came_mid_turn(
    house: House,
) -> None:
    maria = await house.agent()
    customer = await house.customer(locale="en-GB")

    async def script(body: dict[str, Any]) -> Answer:
        await house.ask(
            conversation_id=body["sender"],
            message_id=body["message_id"],
            trigger="customer_request",
        )
        return says("…", slots={"language": "es"}, **WANTS_HUMAN)

    house.assistant.script = script
    await customer.say("quiero hablar con una persona")
    await customer.hears("Estás en el primer lugar de la cola")
    row = (await maria.next("handoff_updated"))["handoff"]
    assert row["customer"]["language"] == "es"


async def test_the_assistant_learns_where_the_browser_is(each_house: House) -> None:
    place = {"locale": "de-AT", "timezone": "Europe/Vienna"}
    customer = await each_house.customer(**place)
    each_house.assistant.script = writes("en")
    for text in ("hello", "is anybody there"):
        await customer.say(text)
        await customer.hears("…")
        asked = each_house.assistant.turns[-1]
        assert {name: asked[name] for name in place} == place
    other = await each_house.customer()
    await other.say("hi")
    await other.hears("…")
    assert not place.keys() & each_house.assistant.turns[-1].keys()


async def test_the_page_is_told_what_the_customer_writes(house: House) -> None:
    """Once, when it changes, so that the chat's own words can follow."""
    customer = await house.customer(locale="en-GB")
    assert customer.all("conversation_status")[-1]["language"] == "en-GB"
    house.assistant.script = writes("es")
    await customer.say("dónde está mi paquete")
    await customer.hears("…")
    await customer.until(
        lambda: customer.all("conversation_status")[-1].get("language") == "es"
    )
    told = len(customer.all("conversation_status"))
    await customer.say("gracias")
    await customer.until(lambda: customer.texts("bot").count("…") == 2)
    assert len(customer.all("conversation_status")) == told


async def test_a_line_of_ours_says_which_it_is(house: House) -> None:
    maria = await house.agent()
    customer = await house.customer(locale="de")
    await customer.ask_for_human()
    await maria.claim(await maria.queued())
    await customer.hears("hat den Chat gelesen")
    keys = [said.get("key") for said in customer.all("bot_uttered")]
    assert keys[-1] in ("joined", "joined_team")
