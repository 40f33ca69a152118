"""Who may take a waiting chat, and to whom it is offered next.

A chat walks through the steps of the rules whose condition it meets, one after the
other. Whoever an earlier step wanted may still take it later; after the last step
anybody may, so that nobody starves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handoff_bridge.conversation.handoff import is_reserved
from handoff_bridge.routing.documents import Routing
from handoff_bridge.routing.queue import in_order
from handoff_bridge.routing.rules import Rules, Step
from handoff_bridge.routing.teams import Team


@dataclass(frozen=True)
class Chat:
    """A customer in line, as routing sees one."""

    handoff_id: str
    conversation_id: str
    queued_at: datetime
    requeued_at: datetime | None = None
    priority: int = 0
    triggers: tuple[str, ...] = ()
    topic: str | None = None
    language: str | None = None
    tier: str | None = None
    channel: str = "web"
    # Whom the customer had last.
    last_agent: str | None = None
    # Whom alone it waits for until then, because it was passed on to them.
    for_agent: str | None = None
    for_team: str | None = None
    waits_until: datetime | None = None
    # Who is offered it now, and who was before.
    offered_to: str | None = None
    offer_expires_at: datetime | None = None
    last_offered_to: str | None = None

    @property
    def waiting_since(self) -> datetime:
        """When its present wait began."""
        return self.requeued_at or self.queued_at


@dataclass(frozen=True)
class Seat:
    """An agent who can take chats. `taken` counts chats and offers by weight."""

    agent_id: str
    team: str | None = None
    capacity: float = 0
    taken: float = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    # Since when nothing has come or gone; None: nothing ever has.
    idle_since: datetime | None = None
    # When they were last offered a chat.
    offered_at: datetime | None = None

    def has_room(self, weight: float) -> bool:
        """Whether a chat of that weight would fit."""
        return self.taken + weight <= self.capacity


@dataclass(frozen=True)
class Stage:
    """How far a chat has come: the steps reached, and when that changes."""

    steps: tuple[Step, ...] = ()
    is_open: bool = True
    changes_at: datetime | None = None


@dataclass(frozen=True)
class Assignment:
    """A chat is to be offered to an agent for so long."""

    chat: Chat
    agent_id: str
    accept_secs: int


def wants(step: Step, chat: Chat, seat: Seat) -> bool:
    """Whether a step wants this agent for this chat."""
    if step.team is not None and seat.team != step.team:
        return False
    if step.last_agent and seat.agent_id != chat.last_agent:
        return False
    if step.speaks_language and not _speaks(seat, chat.language):
        return False
    return all(
        seat.skills.get(skill, 0) >= level for skill, level in step.skills.items()
    )


def _speaks(seat: Seat, language: str | None) -> bool:
    """Regions count as their language; who has told none is spoken to by anybody."""
    return language is None or _base(language) in map(_base, seat.languages)


def applies(step: Step, chat: Chat) -> bool:
    """Whether a chat meets a step's condition."""
    when = step.when
    has_last = chat.last_agent is not None
    return (
        (when.trigger is None or not set(when.trigger).isdisjoint(chat.triggers))
        and (when.topic is None or chat.topic in when.topic)
        and (when.language is None or _is_any_of(chat.language, when.language))
        and (when.tier is None or chat.tier in when.tier)
        and (when.channel is None or chat.channel in when.channel)
        and (when.last_agent is None or when.last_agent == has_last)
    )


def _base(language: str) -> str:
    """Without the region."""
    return language.partition("-")[0]


def _is_any_of(language: str | None, wanted: Sequence[str]) -> bool:
    """A language that is wanted without a region is wanted with any."""
    return language is not None and (language in wanted or _base(language) in wanted)


def stage(chat: Chat, seats: Sequence[Seat], rules: Rules, now: datetime) -> Stage:
    """How far a chat has come by now.

    The expiries of the steps that are not skipped add up from when its wait began.
    """
    weight = rules.weight_of(chat.channel)
    reached: list[Step] = []
    ends = chat.waiting_since
    for step in rules.steps:
        if not applies(step, chat):
            continue
        is_possible = any(
            wants(step, chat, seat) and seat.has_room(weight) for seat in seats
        )
        if step.skip_if == "nobody_available" and not is_possible:
            continue
        reached.append(step)
        ends += timedelta(seconds=step.expires_secs)
        if now < ends:
            return Stage(tuple(reached), is_open=False, changes_at=ends)
    return Stage(tuple(reached))


def rank(chat: Chat, seat: Seat, at: Stage, now: datetime) -> int | None:
    """Which reached step wants this agent, from 0; None where they may not take it."""
    if is_reserved(chat.waits_until, now):
        is_meant = chat.for_agent == seat.agent_id or (
            chat.for_team is not None and chat.for_team == seat.team
        )
        return 0 if is_meant else None
    for number, step in enumerate(at.steps):
        if wants(step, chat, seat):
            return number
    return len(at.steps) if at.is_open else None


def team_of(chat: Chat, rules: Rules) -> str | None:
    """Whose chat it is: whom it was passed on to, or whom a step wants first."""
    if chat.for_team is not None:
        return chat.for_team
    found = (step.team for step in rules.steps if applies(step, chat) and step.team)
    return next(found, None)


def is_line_full(chat: Chat, line: Sequence[Chat], routing: Routing) -> bool:
    """Whether as many of its team as may wait before a chat, which may be in `line`."""
    name = team_of(chat, routing.rules)
    most = routing.teams.of(name).longest_queue
    if most is None:
        return False
    others = [one for one in line if one.handoff_id != chat.handoff_id]
    ordered = in_order([*others, chat], routing.rules.head_start)
    before = ordered[: ordered.index(chat)]
    return sum(team_of(one, routing.rules) == name for one in before) >= most


def assign(
    chats: Sequence[Chat], seats: Sequence[Seat], routing: Routing, now: datetime
) -> list[Assignment]:
    """To whom each waiting chat is offered now, in the order of the line.

    Only to agents of teams that work by offers, one at a time, and never twice in a
    row to the same.
    """
    busy = {chat.offered_to for chat in chats if chat.offered_to}
    found = []
    for chat in in_order(chats, routing.rules.head_start):
        if chat.offered_to is not None:
            continue
        at = stage(chat, seats, routing.rules, now)
        best = None
        for seat in seats:
            if seat.agent_id in busy or _had_it_last(chat, seat, now):
                continue
            if not _can_be_offered(chat, seat, routing, now):
                continue
            number = rank(chat, seat, at, now)
            if number is None:
                continue
            key = (number, *_turn(seat, routing.teams.of(seat.team)))
            if best is None or key < best[0]:
                best = (key, seat)
        if best is not None:
            seat = best[1]
            busy.add(seat.agent_id)
            found.append(
                Assignment(chat, seat.agent_id, routing.teams.of(seat.team).accept_secs)
            )
    return found


def _had_it_last(chat: Chat, seat: Seat, now: datetime) -> bool:
    """Whether they were offered it last; to be passed on to them is another offer."""
    is_kept_for_them = chat.for_agent == seat.agent_id
    if is_kept_for_them and is_reserved(chat.waits_until, now):
        return False
    return seat.agent_id == chat.last_offered_to


def _can_be_offered(chat: Chat, seat: Seat, routing: Routing, now: datetime) -> bool:
    team = routing.teams.of(seat.team)
    weight = routing.rules.weight_of(chat.channel)
    return (
        team.mode == "offers"
        and seat.has_room(weight)
        and not is_reserved(_paused_until(seat, team), now)
    )


def _paused_until(seat: Seat, team: Team) -> datetime | None:
    """Until when an agent is left in peace after an offer."""
    if seat.offered_at is None:
        return None
    return seat.offered_at + timedelta(seconds=team.pause_secs)


def _turn(seat: Seat, team: Team) -> tuple[float, float, str]:
    """Whose turn it is: the smallest is first; ties go by how long they were idle."""
    idle = seat.idle_since.timestamp() if seat.idle_since else 0.0
    share = seat.taken / seat.capacity if seat.capacity else 1.0
    if team.order == "least_busy":
        return share, idle, seat.agent_id
    return idle, share, seat.agent_id


def next_look(
    chats: Sequence[Chat], seats: Sequence[Seat], routing: Routing, now: datetime
) -> datetime | None:
    """When time alone may change an offer: an expiry, a step's end, a pause's end."""
    times = [
        *(chat.offer_expires_at for chat in chats),
        *(chat.waits_until for chat in chats),
        *(stage(chat, seats, routing.rules, now).changes_at for chat in chats),
        *(_paused_until(seat, routing.teams.of(seat.team)) for seat in seats),
    ]
    return min((at for at in times if at is not None and at > now), default=None)
