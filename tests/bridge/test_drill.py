"""A drill: made-up customers at a real inbox, told apart from real ones."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.drill.customer import Pace
from handoff_bridge.drill.play import Drill, play
from handoff_bridge.drill.scores import Chat, scores
from handoff_bridge.drill.stories import Answer, Story, read_stories
from tests.bridge.support import AgentClient, House

ROOT = Path(__file__).resolve().parents[2]
QUICK = Pace(lambda: 0.0)
STORY = Story(
    name="Ana",
    opens="It does not work.",
    lines=["Since yesterday."],
    answers=[Answer(when=["number"], say="I have no number.")],
    impatient="Hello?",
    thanks="Thank you!",
)


def ignore(_: Sequence[Chat]) -> None:
    """A drill that nobody watches."""


def drill(house: House, count: int, *stories: Story, signed: bool = True) -> Drill:
    secret = house.settings.identity_secret if signed else None
    return Drill(house.url, stories or (STORY,), count, 0.0, secret, seed=1)


@asynccontextmanager
async def at_work(agent: AgentClient, *answers: str) -> AsyncIterator[list[Any]]:
    """Claims whatever is in line and answers it so; gives the rows."""
    rows: list[Any] = []
    turns = [*answers, "Done."]

    async def answer(row: dict[str, Any], text: str) -> None:
        told = {"conversation_id": row["conversation_id"], "text": text}
        ack = await agent.act("message_send", **told)
        assert ack["ok"], ack

    def heard(row: dict[str, Any]) -> list[str]:
        return [
            added["event"].get("text") or ""
            for added in agent.all("event_added")
            if added["conversation_id"] == row["conversation_id"]
            and added["event"]["actor"]["type"] == "customer"
        ]

    async def serve(row: dict[str, Any]) -> None:
        claimed = await agent.claim(row)
        before = len(heard(row))
        for text in turns:
            await answer(row, text)
            await agent.until(lambda n=before: len(heard(row)) > n)
            before = len(heard(row))
            if heard(row)[-1] == STORY.thanks:
                break
        end = {"handoff_id": claimed["handoff_id"], "disposition": "resolved"}
        await agent.act("handoff_close", **end)

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                count = len(rows)
                await agent.until(
                    lambda n=count: len(agent.all("handoff_queued")) > n,
                    "another customer",
                )
                row = agent.all("handoff_queued")[count]["handoff"]
                rows.append(row)
                group.create_task(serve(row))

    task = asyncio.create_task(work())
    try:
        yield rows
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_three_customers_are_served_and_rate_it(house: House) -> None:
    maria = await house.agent()
    await maria.act("presence_set", status="available", capacity=3)
    answers = ("What is your number?", "Since when?")
    async with at_work(maria, *answers) as rows:
        chats = await asyncio.wait_for(play(drill(house, 3), QUICK, ignore), 30)
    assert [chat.state for chat in chats] == ["served"] * 3
    assert [chat.rating for chat in chats] == [5] * 3
    [score] = scores(chats)
    assert (score.agent, score.chats, len(score.to_answer)) == ("Maria", 3, 3)
    events = await house.events(maria, rows[0]["conversation_id"])
    said = [
        e["text"] for e in events if e["actor"]["type"] == "customer" and "text" in e
    ]
    # What fits an answer comes first, then what is next.
    opens, *others = (STORY.answers[0].say, *STORY.lines, STORY.thanks)
    assert said == [STORY.opens, opens, *others]
    assert [e["score"] for e in events if e["type"] == "survey"] == [5]


async def test_drills_are_told_apart_and_no_report_counts_them(
    each_house: House,
) -> None:
    house = each_house
    maria, dana = await house.agent(), await house.login("dana")
    await maria.act("presence_set", status="available", capacity=3)
    async with at_work(maria, "Since when?") as rows:
        await asyncio.wait_for(play(drill(house, 1), QUICK, ignore), 30)
    packet = await house.get(f"/handoffs/{rows[0]['handoff_id']}", maria.token)
    assert rows[0]["channel"] == "drill"
    assert packet.json()["customer"]["name"] == "Drill: Ana"
    assert await reported(house, dana["token"]) == (0, 0)
    headers = {"Authorization": f"Bearer {dana['token']}"}
    today = {"day": f"{datetime.now(UTC):%Y-%m-%d}"}
    replay = await house.http.post("/routing/simulate", json=today, headers=headers)
    assert replay.json()["error"] == "nothing_to_simulate"
    await house.serve(maria, 1)
    assert (await reported(house, dana["token"]))[0] == 1


async def reported(house: House, token: str) -> tuple[int, int]:
    """Handoffs, and conversations with a customer's message."""
    report = (await house.get("/reports/today", token)).json()
    hours = report["hours"]
    return sum(one["handoffs"] for one in hours), sum(
        one["conversations"] for one in hours
    )


async def test_nobody_but_the_shop_can_call_a_chat_a_drill(house: House) -> None:
    customer = await house.customer(channel="drill")
    maria = await house.agent()
    await customer.ask_for_human()
    assert (await maria.queued())["channel"] == "web"
    other = house.identity("c-1", channel="elsewhere")
    stranger = await house.customer()
    refused = await stranger.call("session_request", {"protocol": 1, "identity": other})
    assert refused["error"] == "token_invalid"


async def test_without_the_secret_the_first_message_says_so(house: House) -> None:
    maria = await house.agent()
    task = asyncio.create_task(play(drill(house, 1, signed=False), QUICK, ignore))
    row = await maria.queued()
    assert row["channel"] == "web"
    task.cancel()
    await task
    events = await house.events(maria, row["conversation_id"])
    assert f"Drill: {STORY.opens}" in [one.get("text") for one in events]


async def test_ending_a_drill_ends_all_its_chats(house: House) -> None:
    maria = await house.agent()
    task = asyncio.create_task(play(drill(house, 3), QUICK, ignore))
    await maria.until(lambda: len(maria.all("handoff_queued")) == 3)
    await maria.claim(maria.all("handoff_queued")[0]["handoff"])
    task.cancel()
    chats = await task
    assert len(chats) == 3 and all(chat.ended for chat in chats)
    found = (await house.get("/handoffs", maria.token, state="queued")).json()
    assert found["handoffs"] == []
    logs = [
        await house.events(maria, row["handoff"]["conversation_id"])
        for row in maria.all("handoff_queued")
    ]
    # Whoever is with an agent leaves: the agent ends it, as they do any other.
    assert "customer_left" in [event["type"] for event in logs[0]]
    for log in logs[1:]:
        assert [e["to"] for e in log if e["type"] == "owner_changed"][-1] == "closed"


async def test_ctrl_c_ends_all_chats_of_the_command(house: House) -> None:
    maria = await house.agent()
    environment = {
        "PYTHONPATH": str(ROOT / "handoff_bridge"),
        "BRIDGE_URL": house.url,
        "DATA_DIR": str(house.settings.data_dir),
        "IDENTITY_SECRET": house.settings.identity_secret,
        "COLUMNS": "100",
    }
    command = [sys.executable, "-m", "handoff_bridge.drill"]
    started = await asyncio.create_subprocess_exec(
        *command,
        *("--customers", "2", "--minutes", "0.001"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(60):
            while len(maria.all("handoff_queued")) < 2:
                with suppress(AssertionError):
                    await maria.until(lambda: len(maria.all("handoff_queued")) == 2)
            row = maria.all("handoff_queued")[0]["handoff"]
            await maria.claim(row)
            text = {"conversation_id": row["conversation_id"], "text": "Hello!"}
            assert (await maria.act("message_send", **text))["ok"]
            started.send_signal(signal.SIGINT)
            told, _ = await started.communicate()
    finally:
        if started.returncode is None:
            started.kill()
    assert started.returncode == 0, told.decode()
    assert "Maria" in told.decode() and "1 of 2 were not served." in told.decode()
    found = (await house.get("/handoffs", maria.token, state="queued")).json()
    assert found["handoffs"] == []
    events = await house.events(maria, row["conversation_id"])
    assert "customer_left" in [event["type"] for event in events]


async def test_customers_lose_patience(house: House) -> None:
    hasty = Pace(lambda: 0.0, patience=0.01)
    story = STORY.model_copy(update={"impatient_secs": 20.0, "patience_secs": 10.0})
    [chat] = await asyncio.wait_for(play(drill(house, 1, story), hasty, ignore), 30)
    assert (chat.state, chat.agent, chat.rating) == ("gave up", None, None)
    maria = await house.agent()
    story = story.model_copy(update={"patience_secs": 1000.0})
    task = asyncio.create_task(play(drill(house, 1, story), hasty, ignore))
    await maria.claim(await maria.queued())
    [chat] = await asyncio.wait_for(task, 30)
    assert (chat.state, chat.impatience, chat.rating) == ("left", 3, 1)
    assert await maria.sees("Hello?")


@pytest.mark.parametrize(
    ("claimed", "answered", "impatience", "rating"),
    [
        (10, 20, 0, 5),
        (121, 130, 0, 4),
        (10, 71, 0, 4),
        (121, 190, 2, 1),
        (10, None, 0, 1),
    ],
)
def test_ratings_are_by_simple_rules(
    claimed: float, answered: float | None, impatience: int, rating: int
) -> None:
    chat = Chat("Ana", "en", 0.0, claimed=claimed, answered=answered)
    chat.impatience = impatience
    assert chat.rate() == rating


def test_the_projects_own_stories_can_be_played() -> None:
    stories = read_stories(ROOT / "drill.yml")
    assert len({story.language for story in stories}) >= 3
    assert len({story.name for story in stories}) == len(stories)
