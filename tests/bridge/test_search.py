"""Finding past conversations by their words, on both databases."""

from typing import Any

import httpx
import sqlalchemy as sa

from handoff_bridge.service.search import best_hit, terms_of
from tests.bridge.support import AgentClient, Customer, House
from tests.bridge.support.assistant import says
from tests.bridge.support.refusals import http_refused


async def look(
    house: House, agent: AgentClient, q: str | None = None, **more: Any
) -> httpx.Response:
    asked = more if q is None else {"q": q, **more}
    return await house.get("/conversations", agent.token, **asked)


async def found(
    house: House, agent: AgentClient, q: str | None = None, **more: Any
) -> list[dict[str, Any]]:
    answer = await look(house, agent, q, **more)
    assert answer.status_code == 200, answer.text
    conversations: list[dict[str, Any]] = answer.json()["conversations"]
    return conversations


async def finds(house: House, agent: AgentClient, q: str) -> bool:
    return bool(await found(house, agent, q))


def writing(house: House) -> Any:
    """The bridge's database, to change what nothing changes yet."""
    assert house.bridge is not None
    return house.bridge.database.write()


def shown(one: dict[str, Any]) -> str:
    """A hit as text, what was found in brackets."""
    return "".join(
        f"[{piece['text']}]" if piece.get("found") else piece["text"]
        for piece in one["hit"]["pieces"]
    )


async def said(house: House, text: str) -> Customer:
    """A customer who has said it to the bot."""
    customer = await house.customer()
    await customer.say(text)
    await customer.hears(f"You said: {text}")
    return customer


async def test_words_of_everybody_are_found(each_house: House) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    await customer.say("Mein Wasserkocher ist undicht, très fâché")
    await maria.sees("undicht")
    await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="A new spout then."
    )
    await maria.act(
        "note_add", conversation_id=row["conversation_id"], text="Lieferant: Böhm & Co"
    )
    for q in ("hello", "You said", "undicht", "spout", "Lieferant", "böhm", "bohm"):
        [one] = await found(house, maria, q)
        assert one["conversation_id"] == row["conversation_id"], q
        assert one["handoff"]["handoff_id"] == row["handoff_id"]
    assert await finds(house, maria, "wasserk"), "words are found by their beginning"
    assert not await finds(house, maria, "kocher"), "and by nothing else"
    assert await finds(house, maria, "TRES fache")
    assert await finds(house, maria, "hello lieferant"), "in different entries"
    assert not await finds(house, maria, "hello lieferantin")


async def test_hit_is_the_entry_that_fits_best_with_what_was_found_marked(
    each_house: House,
) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    await customer.say("My <b>green</b> kettle leaks & drips")
    ack = await maria.act(
        "message_send",
        conversation_id=row["conversation_id"],
        text="The kettle, I see.",
    )
    assert ack["ok"], ack
    [one] = await found(house, maria, "gree kettle")
    assert shown(one) == "My <b>[gree]n</b> [kettle] leaks & drips"
    assert one["hit"]["sender"] == "customer"
    events = await house.events(maria, row["conversation_id"])
    hit = next(event for event in events if event["seq"] == one["hit"]["seq"])
    assert hit["text"].startswith("My <b>")
    # Of two that fit alike the newer.
    [one] = await found(house, maria, "kettle")
    assert shown(one) == "The [kettle], I see."


async def test_order_numbers_are_found(each_house: House) -> None:
    house = each_house
    dana = await house.agent("dana")

    async def script(_body: Any) -> Any:
        return says("Gone today.", references=["HP-10428"])

    house.assistant.script = script
    customer = await house.customer()
    await customer.say("where is it?")
    await customer.hears("Gone today.")
    for q in ("HP-10428", "hp-10428", "10428", "104"):
        [one] = await found(house, dana, q)
        assert one["hit"]["type"] == "turn", q
        assert "104" in shown(one), q
    # What was said is better to read than what was understood of it.
    await customer.say("HP-10428, as I said")
    await customer.until(lambda: len(customer.texts()) == 3)
    [one] = await found(house, dana, q)
    assert (one["hit"]["type"], one["hit"]["sender"]) == ("message", "customer")


async def test_names_and_masked_addresses_are_found(each_house: House) -> None:
    house = each_house
    identity = house.identity("c-7", name="Zoë Brandt", email="quill@mail.example")
    customer = await house.customer(identity=identity)
    await customer.say("hello")
    await customer.hears("You said: hello")
    maria = await house.agent()
    await customer.ask_for_human()
    await maria.queued()
    for q in ("zoe", "Zoë Bra", "brandt hello", "q…@mail.example"):
        [one] = await found(house, maria, q)
        assert one["customer"]["name"] == "Zoë Brandt", q
    assert "hit" not in (await found(house, maria, "zoe"))[0]
    assert not await finds(house, maria, "quill@mail.example")
    renamed = house.identity("c-7", name="Zoë Winter")
    await house.customer(identity=renamed)
    assert await finds(house, maria, "winter")
    assert not await finds(house, maria, "brandt")


async def test_what_was_redacted_is_not_found(each_house: House) -> None:
    house = each_house
    dana = await house.agent("dana")
    customer = await house.customer()
    await customer.say("my card is 4111 1111 1111 1111, thanks")
    await customer.hears("You said")
    assert await finds(house, dana, "thanks")
    assert not await finds(house, dana, "4111")


async def test_erased_entries_are_not_found(each_house: House) -> None:
    house = each_house
    dana = await house.agent("dana")
    await said(house, "remember the marmalade")
    [one] = await found(house, dana, "marmalade")
    async with writing(house) as tx:
        text = """UPDATE events SET data = '{"text": "gone"}' WHERE type = 'message'"""
        await tx.execute(sa.text(text))
    assert not await finds(house, dana, "marmalade")
    [again] = await found(house, dana, "gone")
    assert again["conversation_id"] == one["conversation_id"]
    async with writing(house) as tx:
        await tx.execute(sa.text("DELETE FROM events"))
    assert not await finds(house, dana, "gone")
    assert not await found(house, dana)


async def test_agents_find_only_what_they_may_read(each_house: House) -> None:
    house = each_house
    maria, dana = await house.agent(), await house.agent("dana")
    customer = await said(house, "a word with the bot")
    assert await finds(house, dana, "word")
    assert not await finds(house, maria, "word")
    assert not await found(house, maria)
    await customer.ask_for_human()
    await maria.queued()
    assert await finds(house, maria, "word")
    http_refused(await house.http.get("/conversations"), 401, "unauthorized")


HOSTILE = (
    *('"', "'", "a' OR '1'='1", 'kettle" OR "x', "kettle AND NOT (", "NEAR(a b)"),
    *("words:kettle", "a & | ! <-> b", "kettle:*", "-kettle", "^kettle", "*", "%"),
    *("\x00", "ket\x00tle", "kettle\\", "the a of", "😀", "\u202e", "½", "ß"),
    *("a " * 99, "x" * 200, "$$;DROP TABLE events;--"),
)


async def test_hostile_questions_are_answered_clearly(each_house: House) -> None:
    dana = await each_house.agent("dana")
    for q in HOSTILE:
        answer = await look(each_house, dana, q)
        if answer.status_code != 200:
            http_refused(answer, 400, "bad_request")
            assert answer.json()["message"].startswith("q: needs a letter"), q


async def test_questions_that_are_malformed_are_refused(house: House) -> None:
    dana = await house.agent("dana")
    for asked in (
        {"q": "x" * 10_000},
        {"q": ""},
        {"owner": "nobody"},
        {"from": "soon"},
        {"limit": 0},
        {"before": "yesterday"},
        {"before": "2026-05-01T10:00:00~x"},
        {"before": "2026-05-01T10:00:00+00:00~\x00"},
    ):
        http_refused(await look(house, dana, **asked), 400, "bad_request")


async def test_pages_follow_each_other_without_a_gap_or_a_double(
    each_house: House,
) -> None:
    house = each_house
    dana = await house.agent("dana")
    customers = [await said(house, f"kettle number {n}") for n in range(5)]
    seen: list[str] = []
    more: dict[str, Any] = {}
    for _ in range(3):
        page = (await look(house, dana, "kettle", limit=2, **more)).json()
        seen += [shown(one) for one in page["conversations"]]
        more = {"before": page.get("before")}
        # What goes on meanwhile is no reason to miss any.
        await customers[-1].say("again")
    assert more == {"before": None}
    assert [text[-1] for text in seen] == ["4", "3", "2", "1", "0"]


async def test_owner_and_time_bound_what_is_found(each_house: House) -> None:
    house = each_house
    _, maria, row = await house.claimed()
    dana = await house.agent("dana")
    await said(house, "hello there")
    by = {
        owner: [one["conversation_id"] for one in await found(house, dana, owner=owner)]
        for owner in ("bot", "queue", "agent", "closed")
    }
    assert (len(by["bot"]), by["agent"]) == (1, [row["conversation_id"]])
    assert by["queue"] == by["closed"] == []
    [one] = await found(house, dana, "hello", owner="agent")
    at = one["last_at"]
    assert len(await found(house, dana, **{"from": "2026-01-01"})) == 2
    assert not await found(house, dana, to="2026-01-01T00:00:00Z")
    later = await found(house, dana, **{"from": at})
    assert row["conversation_id"] in {one["conversation_id"] for one in later}


async def test_drills_are_not_found(each_house: House) -> None:
    house = each_house
    dana = await house.agent("dana")
    await said(house, "just practice")
    async with writing(house) as tx:
        await tx.execute(sa.text("UPDATE conversations SET channel = 'drill'"))
    assert not await finds(house, dana, "practice")


def test_words_are_plain_and_bounded() -> None:
    assert terms_of("HP-10428, Grüße an_Ana") == ["hp", "10428", "gruße", "an", "ana"]
    assert len(terms_of(" ".join(f"w{n}" for n in range(50)))) == 10
    assert best_hit([], ["x"]) is None
