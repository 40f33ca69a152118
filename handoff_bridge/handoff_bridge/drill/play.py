"""A drill: so many customers over so many minutes."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random

import jwt

from handoff_bridge.drill.customer import Actor, Pace
from handoff_bridge.drill.scores import Chat
from handoff_bridge.drill.stories import Story

LASTS = timedelta(hours=6)


@dataclass(frozen=True)
class Drill:
    """`secret` is the IDENTITY_SECRET of the copy at `url`, if at hand."""

    url: str
    stories: Sequence[Story]
    customers: int = 20
    secs: float = 300.0
    secret: str | None = None
    seed: int | None = None


def usual_pace(random: Random) -> Pace:
    """Two to ten seconds to read and write."""
    return Pace(lambda: random.uniform(2.0, 10.0))


async def play(
    drill: Drill, pace: Pace, watch: Callable[[Sequence[Chat]], None]
) -> list[Chat]:
    """All chats, over; cancelled, it ends those that are open.

    `watch` gets all that have begun, twice a second.
    """
    random = Random(drill.seed)
    chats: list[Chat] = []
    starts = sorted(random.uniform(0, drill.secs) for _ in range(drill.customers))
    stories = list(islice(cycle(drill.stories), drill.customers))
    random.shuffle(stories)

    async def one(story: Story, after: float) -> None:
        await asyncio.sleep(after)
        now = asyncio.get_running_loop().time()
        chat = Chat(story.name, story.language, now)
        chats.append(chat)
        identity = _identity(drill.secret, story) if drill.secret else None
        await Actor(drill.url, story, chat, pace, identity).play()

    async def show() -> None:
        while True:
            watch(chats)
            await asyncio.sleep(0.5)

    showing = asyncio.create_task(show())
    try:
        async with asyncio.TaskGroup() as group:
            for story, after in zip(stories, starts, strict=True):
                group.create_task(one(story, after))
    except asyncio.CancelledError:
        # Whoever has begun has left by now: the group waits for them.
        pass
    finally:
        showing.cancel()
        watch(chats)
    return chats


def _identity(secret: str, story: Story) -> str:
    """As the shop's own site would sign it, of a customer whom nobody knows."""
    claims = {
        "customer_id": f"drill-{secrets.token_hex(6)}",
        "name": f"Drill: {story.name}",
        "channel": "drill",
        "exp": (datetime.now(UTC) + LASTS).timestamp(),
    }
    return jwt.encode(claims, secret, algorithm="HS256")
