"""Runs a day under rules. Who gets which chat is for `handoff_bridge.routing` to say.

Members of teams that work by claims take the first in line once they have room and have
seen it. To the others chats are offered; what they let go by, and nobody else was
offered, they take by hand in the end.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import simpy

from handoff_bridge.routing.assignment import (
    Assignment,
    Chat,
    Seat,
    assign,
    is_line_full,
    next_look,
    rank,
    stage,
    team_of,
)
from handoff_bridge.routing.documents import Routing
from handoff_bridge.routing.hours import add_open_time
from handoff_bridge.routing.queue import in_order
from handoff_bridge.simulation.day import Arrival, Day, Person
from handoff_bridge.simulation.generated import REACTION_VARIES, lognormal

# Past the day's end, for whoever is still in line or in a chat.
AFTER_SECS = 2 * 3600.0
# For a second look at a chat whose offer one has let go by.
AGAIN_SECS = 60.0
# Floating seconds are not quite the microseconds of dates.
TICK = 1e-5

type Process = Generator[simpy.Event, Any, None]
# Told how much of the day has passed, from 0 to 1; may raise, to end it.
type Watch = Callable[[float], None]


@dataclass
class Customer:
    """What became of somebody who asked for a person."""

    arrival: Arrival
    chat: Chat
    promised_by: datetime | None = None
    claimed_at: datetime | None = None
    agent_id: str | None = None
    ended_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def waited(self) -> float | None:
        """Seconds in line; None for those who were not served."""
        if self.claimed_at is None:
            return None
        return (self.claimed_at - self.arrival.chat.queued_at).total_seconds()


@dataclass
class Worker:
    """An agent at work, and how often offers came to nothing."""

    person: Person
    is_there: bool = False
    taken: float = 0.0
    idle_since: datetime | None = None
    offered_at: datetime | None = None
    declined: int = 0
    missed: int = 0

    def seat(self) -> Seat:
        """As routing sees them."""
        one = self.person
        return Seat(
            one.agent_id,
            one.team,
            one.capacity,
            self.taken,
            one.skills,
            one.languages,
            self.idle_since,
            self.offered_at,
        )


@dataclass(frozen=True)
class Result:
    """Everybody who came, and everybody who worked."""

    day: Day
    customers: list[Customer] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)


def simulate(
    day: Day, routing: Routing, *, seed: int = 1, watch: Watch | None = None
) -> Result:
    """The day under these rules.

    Chance depends on the seed, the chat and the agent alone: under other rules all who
    come, and how quick everybody is, are the same.
    """
    return _Run(day, routing, seed).run(watch)


class _Run:
    def __init__(self, day: Day, routing: Routing, seed: int) -> None:
        self._day, self._routing, self._seed = day, routing, seed
        self._env = simpy.Environment()
        self._line: dict[str, Customer] = {}
        self._ordered: list[Customer] | None = None
        self._result = Result(day, workers=[Worker(one) for one in day.agents])
        self._by_id = {one.person.agent_id: one for one in self._result.workers}
        self._news = self._env.event()
        self._wakes = 0

    def run(self, watch: Watch | None) -> Result:
        env = self._env
        for worker in self._result.workers:
            env.process(self._shifts(worker))
            env.process(self._claims(worker))
        env.process(self._arrivals())
        until = (self._day.ends - self._day.begins).total_seconds() + AFTER_SECS
        while env.peek() < until:
            env.step()
            if watch:
                watch(min(1.0, env.now / until))
        return self._result

    @property
    def _now(self) -> datetime:
        return self._day.begins + timedelta(seconds=self._env.now)

    def _until(self, at: datetime) -> simpy.Timeout:
        passed = (at - self._day.begins).total_seconds() - self._env.now
        return self._env.timeout(max(0.0, passed))

    def _random(self, *of: str) -> Random:
        return Random(":".join((str(self._seed), *of)))

    def _weight(self, chat: Chat) -> float:
        return self._routing.rules.weight_of(chat.channel)

    # Customers.

    def _arrivals(self) -> Process:
        for arrival in self._day.arrivals:
            yield self._until(arrival.chat.queued_at)
            customer = Customer(arrival, arrival.chat)
            self._result.customers.append(customer)
            if not self._is_anyone_there() or self._is_line_full(customer.chat):
                self._promise(customer)
            self._line[customer.chat.handoff_id] = customer
            self._env.process(self._patience(customer))
            self._changed()

    def _patience(self, customer: Customer) -> Process:
        yield self._env.timeout(customer.arrival.patience)
        if customer.chat.handoff_id in self._line and customer.promised_by is None:
            self._end_offer(customer)
            del self._line[customer.chat.handoff_id]
            customer.left_at = self._now
            self._changed()

    def _promise(self, customer: Customer) -> None:
        team = self._routing.teams.of(team_of(customer.chat, self._routing.rules))
        hours = timedelta(hours=team.answer_hours)
        customer.promised_by = add_open_time(team.hours, self._now, hours)

    def _is_anyone_there(self) -> bool:
        return any(worker.is_there for worker in self._result.workers)

    def _is_line_full(self, chat: Chat) -> bool:
        line = [one.chat for one in self._line.values()]
        return is_line_full(chat, line, self._routing)

    # Agents.

    def _shifts(self, worker: Worker) -> Process:
        for begins, ends in worker.person.there:
            yield self._until(begins)
            worker.is_there = True
            self._changed()
            yield self._until(ends)
            worker.is_there = False
            self._leave(worker)

    def _leave(self, worker: Worker) -> None:
        for customer in list(self._line.values()):
            if customer.chat.offered_to == worker.person.agent_id:
                self._end_offer(customer)
        if not self._is_anyone_there():
            for customer in self._line.values():
                if customer.promised_by is None:
                    self._promise(customer)
        self._changed()

    def _claims(self, worker: Worker) -> Process:
        """By hand, one chat after the other."""
        while True:
            seen = self._first_for(worker)
            if seen is None:
                yield self._news
                continue
            yield self._env.timeout(self._reaction(worker, seen.chat, "claim"))
            # Somebody may have been quicker, or have come before.
            first = self._first_for(worker)
            if first is not None:
                self._claim(first, worker)

    def _first_for(self, worker: Worker) -> Customer | None:
        """The first in line whom this agent may take by hand, and has room for."""
        if not worker.is_there:
            return None
        seat = worker.seat()
        is_offered = self._routing.teams.of(seat.team).mode == "offers"
        for customer in self._in_order():
            chat = customer.chat
            if chat.offered_to is not None or not seat.has_room(self._weight(chat)):
                continue
            if not is_offered or self._may_take_late(chat, seat):
                return customer
        return None

    def _may_take_late(self, chat: Chat, seat: Seat) -> bool:
        if chat.last_offered_to != seat.agent_id:
            return False
        rules, now = self._routing.rules, self._now
        return rank(chat, seat, stage(chat, self._seats(), rules, now), now) is not None

    def _reaction(self, worker: Worker, chat: Chat, to: str) -> float:
        mean = worker.person.reaction if to == "claim" else worker.person.answer
        if not mean:
            return 0.0
        chance = self._random(chat.handoff_id, worker.person.agent_id, to)
        is_late = to == "claim" and chat.last_offered_to == worker.person.agent_id
        secs = lognormal(chance, mean, REACTION_VARIES)
        return secs + AGAIN_SECS if is_late else secs

    def _claim(self, customer: Customer, worker: Worker) -> None:
        weight = self._weight(customer.chat)
        del self._line[customer.chat.handoff_id]
        customer.claimed_at, customer.agent_id = self._now, worker.person.agent_id
        worker.taken += weight
        worker.idle_since = self._now
        self._env.process(self._talk(customer, worker, weight))
        self._changed()

    def _talk(self, customer: Customer, worker: Worker, weight: float) -> Process:
        yield self._env.timeout(customer.arrival.handling)
        worker.taken -= weight
        customer.ended_at = worker.idle_since = self._now
        self._changed()

    # Offers.

    def _look(self) -> None:
        """As the bridge does whenever anything has changed."""
        chats = [customer.chat for customer in self._line.values()]
        for made in assign(chats, self._seats(), self._routing, self._now):
            self._offer(made)
        chats = [customer.chat for customer in self._line.values()]
        at = next_look(chats, self._seats(), self._routing, self._now)
        self._wakes += 1
        if at is not None:
            self._env.process(self._wake(at, self._wakes))

    def _wake(self, at: datetime, number: int) -> Process:
        yield self._until(at + timedelta(seconds=TICK))
        if number == self._wakes:
            self._changed()

    def _offer(self, made: Assignment) -> None:
        customer, worker = (
            self._line[made.chat.handoff_id],
            self._by_id[made.agent_id],
        )
        expires = self._now + timedelta(seconds=made.accept_secs)
        customer.chat = replace(
            customer.chat, offered_to=made.agent_id, offer_expires_at=expires
        )
        self._ordered = None
        worker.taken += self._weight(customer.chat)
        worker.offered_at = self._now
        self._env.process(self._answer(customer, worker, made.accept_secs))

    def _answer(self, customer: Customer, worker: Worker, accept_secs: int) -> Process:
        chat, person = customer.chat, worker.person
        fate = self._random(chat.handoff_id, person.agent_id, "fate").random()
        secs = self._reaction(worker, chat, "offer")
        is_missed = fate < person.misses or secs >= accept_secs
        yield self._env.timeout(accept_secs if is_missed else secs)
        # The offer may have ended, and another may have been made since.
        if customer.chat.offer_expires_at != chat.offer_expires_at:
            return
        self._end_offer(customer)
        if is_missed:
            worker.missed += 1
        elif fate < person.misses + person.declines:
            worker.declined += 1
        else:
            self._claim(customer, worker)
            return
        self._changed()

    def _end_offer(self, customer: Customer) -> None:
        """Back to the line, without telling anybody yet."""
        agent_id = customer.chat.offered_to
        if agent_id is None:
            return
        self._by_id[agent_id].taken -= self._weight(customer.chat)
        customer.chat = replace(
            customer.chat,
            offered_to=None,
            offer_expires_at=None,
            last_offered_to=agent_id,
        )

    # What all look at.

    def _seats(self) -> list[Seat]:
        return [worker.seat() for worker in self._result.workers if worker.is_there]

    def _in_order(self) -> list[Customer]:
        if self._ordered is None:
            chats = [customer.chat for customer in self._line.values()]
            line = in_order(chats, self._routing.rules.head_start)
            self._ordered = [self._line[chat.handoff_id] for chat in line]
        return self._ordered

    def _changed(self) -> None:
        self._ordered = None
        if self._routing.teams.any_offers:
            self._look()
        self._news.succeed()
        self._news = self._env.event()
