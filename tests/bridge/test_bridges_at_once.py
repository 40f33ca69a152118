"""Two bridges as processes, at once at one conversation, one agent, one message."""

import asyncio
import signal
from typing import Any

from tests.bridge.support import AgentClient, House, ScriptedAssistant
from tests.bridge.support.assistant import says
from tests.bridge.support.bridges import Bridges
from tests.bridge.support.clients import Customer


class SlowAssistant:
    """Answers `slow` once the door is open, and everything else with an echo."""

    def __init__(self, scripted: ScriptedAssistant, slow: str) -> None:
        self.scripted = scripted
        self.slow = slow
        self.entered = asyncio.Event()
        self.door = asyncio.Event()
        scripted.script = self.answer

    async def answer(self, body: dict[str, Any]) -> Any:
        if body["message"] == self.slow:
            self.entered.set()
            await self.door.wait()
        said = f"You said: {body['message']}"
        return says(said, message_ids=[body["message_id"]])

    @property
    def times_asked(self) -> int:
        """How often it was asked the slow question."""
        return self.scripted.heard.count(self.slow)


async def tabs(bridges: Bridges) -> tuple[House, House, Customer, Customer]:
    """A customer's chat, open at both bridges."""
    one, two = await bridges.two()
    first = await one.house.customer()
    second = await two.house.customer(session_id=first.session_id)
    return one.house, two.house, first, second


async def texts_of(customer: Customer) -> list[str]:
    return [message["text"] for message in await customer.history()]


async def test_turn_that_one_bridge_is_at_is_left_alone_by_the_other(
    bridges: Bridges, assistant: ScriptedAssistant
) -> None:
    slow = SlowAssistant(assistant, "one")
    _, there, first, second = await tabs(bridges)
    await first.say("one")
    await slow.entered.wait()
    # The other bridge is woken for this conversation, again and again.
    for n in range(5):
        await second.say(f"more {n}")
    stranger = await there.customer()
    await stranger.say("hello")
    await stranger.hears("You said: hello")
    slow.door.set()
    await first.hears("You said: more 4")
    assert slow.times_asked == 1
    shown = await texts_of(second)
    for text in ("one", "more 0", "more 4"):
        assert shown.count(f"You said: {text}") == 1


async def test_bridge_that_stood_still_says_nothing_again(
    bridges: Bridges, assistant: ScriptedAssistant
) -> None:
    slow = SlowAssistant(assistant, "slow")
    one, two = await bridges.two()
    customer = await two.house.customer()
    # By a connection to the other one, which then stands still in its turn.
    sender = await one.house.customer(session_id=customer.session_id)
    await sender.say("slow")
    await slow.entered.wait()
    one.signal(signal.SIGSTOP)
    try:
        slow.door.set()
        await customer.hears("You said: slow")
    finally:
        one.signal(signal.SIGCONT)
    # What it was told meanwhile it has dealt with before it hears of this.
    await sender.say("awake")
    await sender.hears("You said: awake")
    await sender.say("and on")
    await sender.hears("You said: and on")
    assert (await texts_of(customer)).count("You said: slow") == 1
    told = customer.all("conversation_status") + sender.all("conversation_status")
    assert {status["owner"] for status in told} == {"bot"}


async def test_writers_at_two_bridges_are_one_gapless_log(bridges: Bridges) -> None:
    _, _, first, second = await tabs(bridges)
    acks = await asyncio.gather(
        *(
            tab.say(f"{name} {n}")
            for n in range(20)
            for name, tab in (("first", first), ("second", second))
        )
    )
    assert [ack for ack in acks if not ack["ok"]] == []
    messages = await first.history()
    seqs = [message["seq"] for message in messages]
    assert [message["prev"] for message in messages] == [0, *seqs[:-1]]
    written = [m["text"] for m in messages if m["sender"] == "customer"]
    for name in ("first", "second"):
        own = [text for text in written if text.startswith(name)]
        assert own == [f"{name} {n}" for n in range(20)]


async def test_message_sent_to_two_bridges_is_one_message(
    bridges: Bridges, assistant: ScriptedAssistant
) -> None:
    _, _, first, second = await tabs(bridges)
    for n in range(8):
        acks = await asyncio.gather(
            *(
                tab.say(f"hello {n}", message_id=f"m-{n}")
                for tab in (first, second, first, second)
            )
        )
        assert all(ack == acks[0] for ack in acks), acks
        assert acks[0]["ok"], acks
    await first.hears("You said: hello 7")
    assert sorted(assistant.heard) == [f"hello {n}" for n in range(8)]


async def test_agents_call_repeated_at_another_bridge_is_done_once(
    bridges: Bridges,
) -> None:
    here, there, customer, _ = await tabs(bridges)
    maria, again = await here.agent(), await there.agent()
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    for n in range(8):
        message = {
            "conversation_id": row["conversation_id"],
            "text": f"once {n}",
            "client_id": f"c-{n}",
        }
        calls = (tab.call("message_send", message) for tab in (maria, again))
        first, second = await asyncio.gather(*calls)
        assert first["ok"] and first == second
    shown = await texts_of(customer)
    assert [text for text in shown if "once" in text] == [f"once {n}" for n in range(8)]


async def test_capacity_holds_when_tabs_claim_at_two_bridges(bridges: Bridges) -> None:
    one, two = await bridges.two()
    here, there = await one.house.agent(), await two.house.agent()
    await here.act("presence_set", status="available", capacity=1)
    for _ in range(8):
        rows = [await _queued(one.house, here) for _ in "12"]
        acks = await asyncio.gather(
            *(
                tab.act("handoff_claim", handoff_id=row["handoff_id"])
                for tab, row in zip((here, there), rows, strict=True)
            )
        )
        assert sorted(ack.get("error", "ok") for ack in acks) == ["at_capacity", "ok"]
        won = [ack["ok"] for ack in acks].index(True)
        for row in (rows[won], rows[1 - won]):
            await here.act("handoff_claim", handoff_id=row["handoff_id"])
            ending = {"handoff_id": row["handoff_id"], "disposition": "spam"}
            assert (await here.act("handoff_close", **ending))["ok"]


async def _queued(house: House, agent: AgentClient) -> dict[str, Any]:
    """A new customer's handoff."""
    known = len(agent.all("handoff_queued"))
    customer = await house.customer()
    await customer.ask_for_human()
    await agent.until(lambda: len(agent.all("handoff_queued")) > known)
    row: dict[str, Any] = agent.all("handoff_queued")[-1]["handoff"]
    return row


async def test_reply_of_before_the_agents_chat_is_not_spoken_after_it(
    bridges: Bridges, assistant: ScriptedAssistant
) -> None:
    slow = SlowAssistant(assistant, "slow")
    _, there, first, second = await tabs(bridges)
    maria = await there.agent()
    await first.say("slow")
    await slow.entered.wait()
    await second.ask_for_human()
    row = await maria.claim(await maria.queued())
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **ending))["ok"]
    # The chat is the bot's again, and the turn of before is still under way.
    await second.say("one more thing")
    slow.door.set()
    await first.hears("You said: one more thing")
    assert "You said: slow" not in await texts_of(first)


async def test_agents_message_after_the_hand_back_is_refused(bridges: Bridges) -> None:
    here, there, customer, _ = await tabs(bridges)
    maria, again = await here.agent(), await there.agent()
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_return", **ending))["ok"]
    await customer.status("bot")
    late = {"conversation_id": row["conversation_id"], "text": "one thing more"}
    assert (await again.act("message_send", **late))["error"] == "not_owner"
    assert "one thing more" not in await texts_of(customer)
