"""Articles that agents are offered, and what happens when nobody offers any."""

import asyncio
import time
from typing import Any

import pytest

from tests.bridge.support.assistant import ScriptedAssistant, says
from tests.bridge.support.house import House

SIZES = {
    "article_id": "sizes",
    "title": "Finding the right size",
    "score": 0.61,
    "answer": "Between two sizes, take the larger one.",
}
# What a packet may wait for, with room for a busy machine.
SOON_SECS = 2.0


async def knows_sizes(body: dict[str, Any]) -> Any:
    return {"articles": [SIZES], "intent": "nlu_fallback"}


async def is_broken(body: dict[str, Any]) -> Any:
    return 500, {"ok": False, "error": "turn_failed"}


async def talks_nonsense(body: dict[str, Any]) -> Any:
    return {"articles": "sizes"}


async def never_answers(body: dict[str, Any]) -> Any:
    await asyncio.Event().wait()


async def packet_of(house: House, agent: Any, row: dict[str, Any]) -> dict[str, Any]:
    response = await house.get(f"/handoffs/{row['handoff_id']}", agent.token)
    assert response.status_code == 200, response.text
    packet: dict[str, Any] = response.json()
    return packet


async def suggested(house: House, agent: Any, conversation_id: str) -> list[Any]:
    path = f"/conversations/{conversation_id}/suggestions"
    response = await house.get(path, agent.token)
    assert response.status_code == 200, response.text
    articles: list[Any] = response.json()["articles"]
    return articles


async def test_the_packet_has_the_articles_that_the_turn_found(
    house: House, assistant: ScriptedAssistant
) -> None:
    async def finds(body: dict[str, Any]) -> Any:
        intent = {"name": "check_availability", "confidence": 0.9}
        return says("Which one?", intent=intent, articles=[SIZES])

    assistant.script = finds
    maria = await house.agent()
    customer = await house.customer()
    await customer.say("do your boots run small?")
    await customer.hears("Which one?")
    await customer.ask_for_human()
    packet = await packet_of(house, maria, await maria.queued())
    assert packet["summary"]["request"] == "do your boots run small?"
    assert packet["suggestions"]["articles"] == [SIZES]
    assert assistant.suggested == []  # the log knew


async def test_what_the_log_does_not_know_is_asked_for(
    house: House, assistant: ScriptedAssistant
) -> None:
    assistant.suggest_script = knows_sizes
    _, maria, row = await house.claimed()
    packet = await packet_of(house, maria, row)
    assert packet["suggestions"]["articles"] == [SIZES]
    assert [ask["text"] for ask in assistant.suggested] == ["hello"]


@pytest.mark.alone
@pytest.mark.parametrize("script", [is_broken, talks_nonsense, never_answers])
async def test_a_failing_assistant_delays_no_packet(
    house: House, assistant: ScriptedAssistant, script: Any
) -> None:
    assistant.suggest_script = script
    _, maria, row = await house.claimed()
    started = time.monotonic()
    packet = await packet_of(house, maria, row)
    assert packet["suggestions"]["articles"] == []
    assert time.monotonic() - started < SOON_SECS
    assert assistant.suggested


async def test_an_agent_is_offered_articles_for_the_latest_message(
    house: House, assistant: ScriptedAssistant
) -> None:
    assistant.suggest_script = knows_sizes
    customer, maria, row = await house.claimed()
    await customer.say("and which size of boots?")
    found = await suggested(house, maria, row["conversation_id"])
    assert found == [SIZES]
    assert assistant.suggested[-1]["text"] == "and which size of boots?"


async def test_who_may_not_read_a_chat_gets_no_suggestions_for_it(
    house: House, assistant: ScriptedAssistant
) -> None:
    maria = await house.agent()
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    dana = await house.agent("dana")
    rows = await house.get("/handoffs", dana.token)
    assert rows.json()["handoffs"] == []
    [heard] = assistant.turns
    path = f"/conversations/{heard['sender']}/suggestions"
    assert (await house.get(path, maria.token)).status_code == 403
    assert (await house.get(path, "no token")).status_code == 401
    assert (await house.get(path, dana.token)).status_code == 200
    missing = "/conversations/nowhere/suggestions"
    assert (await house.get(missing, dana.token)).status_code == 404
