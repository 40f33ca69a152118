"""What came of a simulated day, in figures."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from statistics import fmean, median, quantiles

from handoff_bridge.protocol.http import (
    WAIT_BINS,
    SimulatedAgent,
    SimulatedDay,
    SimulatedGroup,
)
from handoff_bridge.routing.assignment import Chat, team_of
from handoff_bridge.routing.rules import Rules
from handoff_bridge.simulation.run import Customer, Result, Worker

TENTHS = 10


def figures(result: Result, rules: Rules) -> SimulatedDay:
    """By team as `rules` see it, so that the same customers are compared."""

    def team(chat: Chat) -> str | None:
        return team_of(chat, rules)

    customers = result.customers
    return SimulatedDay(
        all=group(None, customers),
        teams=_groups(customers, team),
        languages=_groups(customers, _language),
        agents=[_agent(worker, customers) for worker in result.workers],
    )


def _language(chat: Chat) -> str | None:
    """Regions count as their language, as they do to routing."""
    return chat.language and chat.language.partition("-")[0]


def _groups(
    customers: Sequence[Customer], of: Callable[[Chat], str | None]
) -> list[SimulatedGroup]:
    found: dict[str | None, list[Customer]] = {}
    for one in customers:
        found.setdefault(of(one.arrival.chat), []).append(one)
    return [group(name, found[name]) for name in sorted(found, key=_none_last)]


def _none_last(name: str | None) -> tuple[bool, str]:
    return name is None, name or ""


def group(name: str | None, customers: Sequence[Customer]) -> SimulatedGroup:
    """Waits are of those who were served without having been promised a date."""
    waits = sorted(
        one.waited
        for one in customers
        if one.waited is not None and one.promised_by is None
    )
    return SimulatedGroup(
        name=name,
        came=len(customers),
        served=_count(one.claimed_at is not None for one in customers),
        left=_count(one.left_at is not None for one in customers),
        promised=_count(one.promised_by is not None for one in customers),
        broken=_count(map(_is_broken, customers)),
        mean_secs=fmean(waits) if waits else None,
        median_secs=median(waits) if waits else None,
        p90_secs=_ninth_tenth(waits),
        waits=_histogram(waits),
    )


def _count(values: Iterable[bool]) -> int:
    return sum(values)


def _is_broken(one: Customer) -> bool:
    """Whether they were served later than promised; the rest may still be in time."""
    by = one.promised_by
    return by is not None and one.claimed_at is not None and one.claimed_at > by


def _ninth_tenth(waits: Sequence[float]) -> float | None:
    if len(waits) < 2:
        return waits[0] if waits else None
    return quantiles(waits, n=TENTHS, method="inclusive")[-1]


def _histogram(waits: Sequence[float]) -> list[int]:
    counts = [0] * (len(WAIT_BINS) + 1)
    for secs in waits:
        counts[bisect_left(WAIT_BINS, secs)] += 1
    return counts


def _agent(worker: Worker, customers: Sequence[Customer]) -> SimulatedAgent:
    person = worker.person
    chats = [one for one in customers if one.agent_id == person.agent_id]
    there = sum((ends - begins).total_seconds() for begins, ends in person.there)
    busy = sum(_while_there(one, person.there) for one in chats)
    slots = there * person.capacity
    return SimulatedAgent(
        name=person.name,
        team=person.team,
        chats=len(chats),
        occupancy=busy / slots if slots else 0.0,
        declined=worker.declined,
        missed=worker.missed,
    )


def _while_there(one: Customer, there: Iterable[tuple[datetime, datetime]]) -> float:
    """Seconds of the chat while its agent was there."""
    assert one.claimed_at is not None
    secs = 0.0
    for begins, ends in there:
        first, last = max(begins, one.claimed_at), min(ends, one.ended_at or ends)
        secs += max(0.0, (last - first).total_seconds())
    return secs
