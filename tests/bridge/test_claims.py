"""N agents claim at once: one owner, and never more chats than capacity."""

import asyncio
from functools import partial
from typing import Any

from handoff_bridge.conversation.states import HandoffState, may_move
from tests.bridge.support import AgentClient, House


async def test_of_many_claims_at_once_one_wins(each_house: House) -> None:
    house = each_house
    agents = [await house.agent(name) for name in ("maria", "sam", "dana")]
    for agent in agents:
        await agent.act("presence_set", status="available", capacity=50)
    for _ in range(8):
        customer = await house.customer()
        await customer.ask_for_human()
        row = (await house.get("/handoffs", agents[0].token, state="queued")).json()
        handoff_id = row["handoffs"][0]["handoff_id"]
        start = asyncio.Barrier(len(agents))

        async def claim(agent: object, wanted: str, line: asyncio.Barrier) -> dict:
            await line.wait()
            return await agent.act("handoff_claim", handoff_id=wanted)  # type: ignore[attr-defined]

        acks = await asyncio.gather(*(claim(a, handoff_id, start) for a in agents))
        assert sorted(ack.get("error", "ok") for ack in acks) == [
            "already_claimed",
            "already_claimed",
            "ok",
        ]
        await customer.status("agent")


async def test_capacity_holds_when_tabs_claim_together(each_house: House) -> None:
    house = each_house
    tabs = [await house.agent() for _ in range(4)]
    await tabs[0].act("presence_set", status="available", capacity=2)
    for _ in range(3):
        ids = []
        for _ in tabs:
            customer = await house.customer()
            await customer.ask_for_human()
            row = await tabs[0].until(partial(_other_than, tabs[0], ids))
            ids.append(row["handoff_id"])
        acks = await asyncio.gather(
            *(
                tab.act("handoff_claim", handoff_id=handoff_id)
                for tab, handoff_id in zip(tabs, ids, strict=True)
            )
        )
        assert sorted(ack.get("error", "ok") for ack in acks) == [
            *["at_capacity"] * 2,
            *["ok"] * 2,
        ]
        found = await house.get("/handoffs", tabs[0].token, state="claimed")
        assert len(found.json()["handoffs"]) == 2
        for row in found.json()["handoffs"]:
            await tabs[0].act(
                "handoff_close", handoff_id=row["handoff_id"], disposition="spam"
            )
        await _empty_the_queue(house, tabs[0])
        tabs[0].events.clear()


def _other_than(agent: AgentClient, ids: list[str]) -> dict[str, Any] | None:
    queued = agent.all("handoff_queued")
    return next((row for row in queued if row["handoff_id"] not in ids), None)


async def _empty_the_queue(house: House, agent: AgentClient) -> None:
    found = await house.get("/handoffs", agent.token, state="queued")
    for row in found.json()["handoffs"]:
        await agent.claim(row)
        await agent.act(
            "handoff_close", handoff_id=row["handoff_id"], disposition="spam"
        )


async def test_own_claim_repeated_is_harmless(house: House) -> None:
    _, maria, row = await house.claimed()
    ack = await maria.act("handoff_claim", handoff_id=row["handoff_id"])
    assert ack["ok"]
    events = await house.events(maria, row["conversation_id"])
    joined = [e for e in events if e.get("key") == "joined_team"]
    assert len(joined) == 1


async def test_refusals_of_calls_on_a_handoff(house: House) -> None:
    customer, maria, row = await house.claimed()
    sam = await house.agent("sam")
    wanted = {"handoff_id": row["handoff_id"]}
    conversation = {"conversation_id": row["conversation_id"]}
    ending = wanted | {"disposition": "resolved"}
    cases = [
        ("handoff_claim", wanted, "already_claimed"),
        ("handoff_claim", {"handoff_id": "nothing"}, "unknown_handoff"),
        ("handoff_claim", {}, "bad_request"),
        ("message_send", conversation | {"text": "hi"}, "not_owner"),
        (
            "message_send",
            {"conversation_id": "no", "text": "hi"},
            "unknown_conversation",
        ),
        ("message_send", conversation | {"text": ""}, "bad_request"),
        ("message_send", conversation | {"text": "x" * 5001}, "message_too_long"),
        ("handoff_close", ending, "not_owner"),
        ("handoff_return", ending, "not_owner"),
        ("handoff_close", wanted | {"disposition": "whatever"}, "bad_request"),
        ("presence_set", {"status": "asleep"}, "bad_request"),
        ("offer_decline", wanted, "offer_over"),
        ("note_add", conversation | {"text": "psst", "whisper": True}, "forbidden"),
        ("no_such_call", {}, "not_available"),
    ]
    for event, data, code in cases:
        ack = await sam.act(event, **data)
        assert ack["ok"] is False, event
        assert ack["error"] == code, (event, ack)
        assert ack["message"]
    closed = await maria.act("handoff_close", **ending)
    assert closed["ok"]
    late = await maria.act("message_send", **conversation, text="one more thing")
    assert late["error"] == "conversation_closed"
    again = await maria.act("handoff_claim", **wanted)
    assert again["error"] == "illegal_transition"
    texts = [message.get("text") for message in await customer.history()]
    assert "one more thing" not in texts


async def test_places_in_line_are_told_as_they_change(house: House) -> None:
    maria = await house.agent()
    customers = [await house.customer() for _ in range(3)]
    for place, customer in enumerate(customers, start=1):
        ack = await customer.ask_for_human()
        assert ack["position"] == place
    first = (await house.get("/handoffs", maria.token, state="queued")).json()
    by_place = {row["position"]: row for row in first["handoffs"]}
    await maria.claim(by_place[1])
    await customers[1].next("conversation_status", owner="queue", position=1)
    await customers[2].next("conversation_status", owner="queue", position=2)


async def test_customer_may_leave_the_line(house: House) -> None:
    maria, customer = await house.agent(), await house.customer()
    await customer.ask_for_human()
    row = await maria.queued()
    ack = await customer.call("leave", {"session_id": customer.session_id})
    assert ack == {"ok": True, "owner": "bot"}
    await maria.until(
        lambda: [
            update
            for update in maria.all("handoff_updated")
            if update["handoff"]["state"] == "abandoned"
        ]
    )
    late = await maria.act("handoff_claim", handoff_id=row["handoff_id"])
    assert late["error"] == "illegal_transition"
    await customer.say("back again")
    await customer.hears("You said: back again")


async def test_leaving_the_line_twice_does_not_end_the_chat(
    each_house: House,
) -> None:
    customer = await each_house.customer()
    await customer.ask_for_human()
    call = {"session_id": customer.session_id, "owner": "queue"}
    acks = [await customer.call("leave", call) for _ in range(2)]
    assert acks == [{"ok": True, "owner": "bot"}] * 2
    assert customer.all("session_ended") == []
    await customer.say("back again")
    await customer.hears("You said: back again")


async def test_note_needs_no_client_id_and_reaches_colleagues_alone(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    dana = await house.agent("dana")
    note = {"conversation_id": row["conversation_id"], "text": "check the invoice"}
    ack = await maria.call("note_add", note)
    assert ack["ok"], ack
    seen = await dana.sees("check the invoice")
    assert (seen["type"], seen["seq"]) == ("note", ack["seq"])
    texts = [message.get("text") for message in await customer.history()]
    assert "check the invoice" not in texts


async def test_agent_is_told_when_the_customer_leaves_the_chat(house: House) -> None:
    customer, maria, row = await house.claimed()
    ack = await customer.call("leave", {"session_id": customer.session_id})
    assert ack == {"ok": True, "owner": "agent"}
    await maria.until(
        lambda: [
            added
            for added in maria.all("event_added")
            if added["event"]["type"] == "customer_left"
        ]
    )


async def test_agent_is_offline_a_while_after_the_last_tab(house: House) -> None:
    maria = await house.agent()
    second = await house.agent()
    dana = await house.agent("dana")
    await maria.close()
    await second.close()
    gone = await dana.next("presence_changed", status="offline")
    assert gone["agent_id"] == maria.agent_id
    back = await house.agent()
    await dana.until(lambda: dana.all("presence_changed")[-1]["status"] == "available")
    assert back.all("snapshot")[0]["agent"]["status"] == "available"


def test_only_the_listed_moves_are_legal() -> None:
    legal = {
        ("queued", "offered"),
        ("queued", "claimed"),
        ("queued", "abandoned"),
        ("offered", "queued"),
        ("offered", "claimed"),
        ("offered", "abandoned"),
        ("claimed", "queued"),
        ("claimed", "wrap_up"),
        ("claimed", "returned"),
        ("claimed", "closed"),
        ("wrap_up", "returned"),
        ("wrap_up", "closed"),
    }
    found = {
        (old.value, new.value)
        for old in HandoffState
        for new in HandoffState
        if may_move(old, new)
    }
    assert found == legal


async def test_place_that_was_read_before_a_claim_is_not_told_after_it(
    house: House,
) -> None:
    maria = await house.agent()
    first, second = await house.customer(), await house.customer()
    for customer in (first, second):
        await customer.ask_for_human()
    await maria.until(lambda: len(maria.all("handoff_queued")) == 2)
    rows = maria.all("handoff_queued")
    await house.line_is_told()
    assert house.queue is not None
    told = len(maria.all("queue_changed"))
    async with house.queue._held.lock(rows[0]["conversation_id"]):
        house.queue.moved(rows[0]["conversation_id"])
        # By now the line is read, and telling it waits for its first customer.
        await maria.until(lambda: len(maria.all("queue_changed")) > told)
        await maria.claim(rows[1]["handoff"])
        await second.status("agent")
    await house.line_is_told()
    # What was told before has arrived once this has.
    await second.say("are you there?")
    assert second.all("conversation_status")[-1]["owner"] == "agent"
