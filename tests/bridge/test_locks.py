"""Locks by key: fair, apart from one another, and leaving nothing behind."""

import asyncio
from collections.abc import Callable

import pytest

from handoff_bridge.service.locks import KeyedLocks


class Holder:
    """A task that takes a lock and keeps it until it is told to let go."""

    def __init__(self, locks: KeyedLocks, key: str, log: list[str], name: str) -> None:
        self.entered = asyncio.Event()
        self.let_go = asyncio.Event()
        self.task = asyncio.create_task(self._hold(locks, key, log, name))

    async def _hold(
        self, locks: KeyedLocks, key: str, log: list[str], name: str
    ) -> None:
        async with locks.hold(key):
            log.append(name)
            self.entered.set()
            await self.let_go.wait()

    async def finish(self) -> None:
        self.let_go.set()
        async with asyncio.timeout(5):
            await self.task


Make = Callable[[str, str], Holder]


@pytest.fixture
def locks() -> KeyedLocks:
    return KeyedLocks()


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def holder(locks: KeyedLocks, log: list[str]) -> Make:
    return lambda key, name: Holder(locks, key, log, name)


async def entered(holder: Holder) -> None:
    async with asyncio.timeout(5):
        await holder.entered.wait()


async def test_one_at_a_time_in_the_order_of_asking(
    holder: Make, log: list[str]
) -> None:
    holders = [holder("key", str(n)) for n in range(10)]
    for n, one in enumerate(holders):
        await entered(one)
        assert log == [str(m) for m in range(n + 1)]
        await one.finish()


async def test_keys_do_not_wait_for_one_another(holder: Make, log: list[str]) -> None:
    first, second = holder("a", "first"), holder("b", "second")
    await entered(first)
    await entered(second)
    assert log == ["first", "second"]
    await first.finish()
    await second.finish()


async def test_place_in_line_is_taken_before_any_other_await(
    locks: KeyedLocks, log: list[str]
) -> None:
    async def work(n: int) -> None:
        async with locks.hold("key"):
            for _ in range(8 - n):  # the later, the faster
                await asyncio.sleep(0)
            log.append(str(n))

    await asyncio.gather(*(work(n) for n in range(8)))
    assert log == [str(n) for n in range(8)]


async def test_waiter_that_gives_up_holds_nobody_up(
    locks: KeyedLocks, holder: Make, log: list[str]
) -> None:
    first, second, third = (holder("key", name) for name in "abc")
    await entered(first)
    second.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second.task
    await first.finish()
    await entered(third)
    assert log == ["a", "c"]
    await third.finish()
    assert len(locks) == 0


async def test_holder_that_is_cancelled_lets_go(
    locks: KeyedLocks, holder: Make
) -> None:
    first, second = holder("key", "a"), holder("key", "b")
    await entered(first)
    first.task.cancel()
    await entered(second)
    await second.finish()
    assert len(locks) == 0


async def test_key_in_use_is_kept_and_an_idle_one_is_not(
    locks: KeyedLocks, holder: Make
) -> None:
    first, second = holder("key", "a"), holder("key", "b")
    await entered(first)
    assert len(locks) == 1
    await first.finish()
    await entered(second)
    assert len(locks) == 1
    await second.finish()
    assert len(locks) == 0
    with pytest.raises(KeyError):
        async with locks.hold("key"):
            raise KeyError
    assert len(locks) == 0
