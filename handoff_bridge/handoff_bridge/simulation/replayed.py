"""A past day, to be run again: what is not known of it is drawn from what is."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from statistics import fmean

from handoff_bridge.routing.assignment import Chat
from handoff_bridge.simulation.day import REACTION_SECS, Arrival, Day, Person
from handoff_bridge.simulation.generated import HANDLING, HANDLING_VARIES, lognormal

# Below so many claims by hand, agents are as quick as usual.
MIN_REACTIONS = 5


@dataclass(frozen=True)
class Record:
    """What became of a handoff; `free_at` is since when a place was free for it."""

    chat: Chat
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    free_at: datetime | None = None
    agent_id: str | None = None
    has_left: bool = False
    is_promised: bool = False

    @property
    def waited(self) -> float | None:
        """Seconds until a claim or until they gave up; None while they wait."""
        until = self.claimed_at or self.ended_at
        if until is None:
            return None
        return (until - self.chat.queued_at).total_seconds()

    @property
    def handling(self) -> float | None:
        """Seconds from the claim to the end."""
        if self.claimed_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.claimed_at).total_seconds()

    @property
    def reaction(self) -> float | None:
        """Seconds from a free place to the claim."""
        if self.claimed_at is None or self.free_at is None:
            return None
        return (self.claimed_at - self.free_at).total_seconds()


def replayed(records: Sequence[Record], agents: Sequence[Person], day: datetime) -> Day:
    """The day that begins at `day`.

    Who gave up does so after as long again. Whoever was served would have given up
    later: at the rate at which others did. An agent who says nothing of when they were
    there was there while any of their chats waited or went on.
    """
    ends = day + timedelta(days=1)
    reactions = [one.reaction for one in records if one.reaction is not None]
    reaction = fmean(reactions) if len(reactions) >= MIN_REACTIONS else REACTION_SECS
    staff = tuple(
        one if one.there else replace(one, there=_there(one, records, ends))
        for one in agents
    )
    return Day(
        day,
        ends,
        tuple(_arrivals(records)),
        tuple(
            replace(one, reaction=reaction) if one.reaction == REACTION_SECS else one
            for one in staff
        ),
    )


def _arrivals(records: Sequence[Record]) -> Iterator[Arrival]:
    leaving = _leaving(records)
    handled = [one.handling for one in records if one.handling is not None]
    for one in records:
        random = Random(one.chat.handoff_id)
        handling = one.handling
        if handling is None:
            handling = (
                random.choice(handled)
                if handled
                else lognormal(random, HANDLING, HANDLING_VARIES)
            )
        yield Arrival(one.chat, _patience(one, leaving, random), handling)


def _leaving(records: Sequence[Record]) -> float:
    """How many give up in a second of one customer's wait."""
    in_line = [one for one in records if not one.is_promised]
    waited = sum(one.waited or 0.0 for one in in_line)
    return sum(one.has_left for one in in_line) / waited if waited else 0.0


def _patience(one: Record, leaving: float, random: Random) -> float:
    waited = 0.0 if one.is_promised else one.waited or 0.0
    if one.has_left and not one.is_promised:
        return waited
    return waited + random.expovariate(leaving) if leaving else math.inf


def _there(
    person: Person, records: Sequence[Record], ends: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    mine = [one for one in records if one.agent_id == person.agent_id]
    if not mine:
        return ()
    last = max(one.ended_at or one.claimed_at or ends for one in mine)
    return ((min(one.chat.queued_at for one in mine), last),)
