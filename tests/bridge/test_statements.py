"""How many statements each use case costs, whatever the line."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from tests.bridge.support import House
from tests.bridge.support.clients import Customer


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that reach any database meanwhile, for better reading as text.

    Not those that a bridge makes every few seconds, whatever it is asked.
    """
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        task = asyncio.current_task()
        if task is None or not task.get_name().startswith("periodic:"):
            seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def one_a_line(seen: list[str]) -> str:
    return "\n".join(" ".join(statement.split())[:60] for statement in seen)


async def stand_in_line(house: House, count: int) -> list[Customer]:
    customers = [await house.customer() for _ in range(count)]
    for customer in customers:
        await customer.ask_for_human()
    return customers


@pytest.mark.parametrize("waiting", [3, 30])
async def test_claim_and_all_that_is_told_of_it(
    each_house: House, waiting: int
) -> None:
    maria = await each_house.agent()
    customers = await stand_in_line(each_house, waiting)
    await maria.until(lambda: len(maria.all("handoff_queued")) == waiting)
    await each_house.line_is_told()
    await asyncio.gather(*each_house.learning)
    with counting() as seen:
        await maria.claim(maria.all("handoff_queued")[0]["handoff"])
        await customers[-1].next("conversation_status", position=waiting - 1)
        await each_house.line_is_told()
    assert len(seen) <= 15, one_a_line(seen)


@pytest.mark.parametrize("waiting", [3, 30])
async def test_snapshot(each_house: House, waiting: int) -> None:
    await each_house.agent()
    await stand_in_line(each_house, waiting)
    await each_house.line_is_told()
    login = await each_house.login("sam")
    with counting() as seen:
        sam = await each_house.arrive(login)
        assert len(sam.all("snapshot")[0]["queue"]) == waiting
    assert len(seen) <= 15, one_a_line(seen)


async def test_message_to_an_agent(each_house: House) -> None:
    customer, maria, _ = await each_house.claimed()
    await each_house.line_is_told()
    with counting() as seen:
        await customer.say("are you there?")
        await maria.sees("are you there?")
    # Conversation, handoff, the message id; the entry, the conversation.
    assert len(seen) == 5, one_a_line(seen)


async def test_message_that_the_bot_answers(each_house: House) -> None:
    customer = await each_house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    await customer.until(lambda: not customer.all("typing")[-1]["active"])
    with counting() as seen:
        await customer.say("and again")
        await customer.hears("You said: and again")
        await customer.until(
            lambda: (
                [one["active"] for one in customer.all("typing")[-2:]] == [True, False]
                and len(customer.all("typing")) == 4
            )
        )
    # Receiving it 5, leasing its turn 3, its answer 4.
    assert len(seen) == 12, one_a_line(seen)
