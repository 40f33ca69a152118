"""Two bridges on one database and one Redis behave as one."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.databases import postgres_database

REDIS = "redis://127.0.0.1:6379/0"


def redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(REDIS, socket_timeout=5).ping())
    except redis.RedisError:
        return False


@pytest.fixture
async def houses(
    postgres_template: str | None,
    assistant: ScriptedAssistant,
    tmp_path: Path,
) -> AsyncIterator[tuple[House, House]]:
    if postgres_template is None or not redis_answers():
        missing = "PostgreSQL and Redis have to answer on 127.0.0.1."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with postgres_database(postgres_template) as url:
        assert url is not None
        more: dict[str, Any] = {
            "redis_url": REDIS,
            "redis_channel": f"tandem-test-{secrets.token_hex(4)}",
        }
        ports = assistant.port, tmp_path
        first, second = (settings_for(url, *ports, **more) for _ in range(2))
        async with House.open(first, assistant) as one:
            async with House.open(second, assistant) as two:
                yield one, two


async def test_customer_and_agent_meet_across_bridges(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    customer, maria = await one.customer(), await two.agent()
    await customer.say("hello")
    await customer.hears("You said: hello")
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await customer.hears("Maria from the returns team has joined")
    for n in range(10):
        await customer.say(f"line {n}")
        ack = await maria.act(
            "message_send", conversation_id=row["conversation_id"], text=f"reply {n}"
        )
        assert ack["ok"]
    await maria.sees("line 9")
    await customer.hears("reply 9")
    tab = await two.customer(session_id=customer.session_id)
    messages = tab.all("history")[0]["messages"]
    seqs = [message["seq"] for message in messages]
    assert [m["prev"] for m in messages] == [0, *seqs[:-1]]
    texts = [m["text"] for m in messages if m["text"].startswith(("line", "reply"))]
    assert texts == [f"{word} {n}" for n in range(10) for word in ("line", "reply")]


async def test_one_of_two_claims_on_two_bridges_wins(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    maria, sam = await one.agent("maria"), await two.agent("sam")
    for agent in (maria, sam):
        await agent.act("presence_set", status="available", capacity=50)
    for _ in range(8):
        customer = await one.customer()
        await customer.ask_for_human()
        found = await one.get("/handoffs", maria.token, state="queued")
        handoff_id = found.json()["handoffs"][0]["handoff_id"]
        acks = await asyncio.gather(
            maria.act("handoff_claim", handoff_id=handoff_id),
            sam.act("handoff_claim", handoff_id=handoff_id),
        )
        assert sorted(a.get("error", "ok") for a in acks) == ["already_claimed", "ok"]
