"""A day's figures, from the log alone: bot, queue and human time never mix."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean, median

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.conversation.states import Owner
from handoff_bridge.protocol.http import Figure, Hour, Report, TriggerCount, Unit
from handoff_bridge.protocol.http import Spans as SpanTotals
from handoff_bridge.service.days import Day, day_of
from handoff_bridge.service.ports import Clock
from handoff_bridge.service.wait_median import median_wait
from handoff_bridge.store import conversations, handoffs, log
from handoff_bridge.store.database import Database

KINDS = ("message", "owner_changed")


@dataclass
class Spans:
    """Seconds that each kind of owner had a conversation."""

    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, owner: str, start: datetime, end: datetime) -> None:
        """Adds a span; time of closed chats is nobody's."""
        if owner != Owner.CLOSED and end > start:
            span = (end - start).total_seconds()
            self.seconds[owner] = self.seconds.get(owner, 0.0) + span


def spans_of(
    entries: list[LogEvent], now: datetime, owner: str = Owner.BOT.value
) -> Spans:
    """Who had one conversation how long, from its first entry to its last or `now`.

    `owner` is who had it at its first entry. Time counts for the bot only between a
    conversation's entries; a chat in line or with a human runs on until it ends.
    """
    spans = Spans()
    since = entries[0].at
    for entry in entries:
        if entry.type == "owner_changed":
            spans.add(str(entry.data["from"]), since, entry.at)
            owner, since = str(entry.data["to"]), entry.at
    end = entries[-1].at if owner == Owner.BOT else now
    spans.add(owner, since, end)
    return spans


class Reports:
    """Use cases of supervisors."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Reads only."""
        self._database = database
        self._clock = clock

    async def today(self, zone: str = "UTC") -> Report:
        """The figures of today in a zone, as `GET /reports/today` gives them.

        Drills are left out.
        """
        now = self._clock()
        day = day_of(now, zone)
        start, end = day.start, day.end
        async with self._database.read(long=True) as tx:
            entries = await log.between(tx, start, end, KINDS)
            asked = await handoffs.queued_between(tx, start, end)
            owners = await log.owners_at(tx, start, end)
            promised = await handoffs.promised_until(tx, start, end)
            drills = await conversations.of_drills(tx)
        entries = [one for one in entries if one.conversation_id not in drills]
        asked = [one for one in asked if one.conversation_id not in drills]
        promised = [one for one in promised if one.conversation_id not in drills]
        return day_report(entries, asked, now, owners, promised, zone)


def day_report(
    entries: list[LogEvent],
    asked: list[Handoff],
    now: datetime,
    owners: Mapping[str, str] | None = None,
    promised: Sequence[Handoff] = (),
    zone: str = "UTC",
) -> Report:
    """A pure projection of a day's entries and handoffs.

    `owners` says who had a conversation when the day began, if not the bot; `promised`
    are those whose customers were to hear on that day, which is one of the `zone`.
    """
    owners, day = owners or {}, day_of(now, zone)
    by_chat: dict[str, list[LogEvent]] = {}
    for entry in entries:
        by_chat.setdefault(entry.conversation_id, []).append(entry)
    handed = {handoff.conversation_id for handoff in asked}
    chats = [
        key for key, found in by_chat.items() if key in handed or _has_customer(found)
    ]
    had = handed | {
        key for key in chats if owners.get(key) in (Owner.QUEUE, Owner.AGENT)
    }
    alone = [key for key in chats if key not in had and _only_bot(by_chat[key])]
    totals: Counter[str] = Counter()
    for key in chats:
        owner = owners.get(key, Owner.BOT.value)
        totals.update(spans_of(by_chat[key], now, owner).seconds)
    return Report(
        date=day.date.isoformat(),
        zone=zone,
        generated_at=now,
        figures=[
            *_figures(chats, alone, asked, now),
            _promises_kept(promised, now),
        ],
        triggers=_triggers(asked),
        spans=SpanTotals(
            bot_seconds=round(totals[Owner.BOT]),
            queue_seconds=round(totals[Owner.QUEUE]),
            human_seconds=round(totals[Owner.AGENT]),
        ),
        hours=_hours(by_chat, chats, asked, now, day),
    )


def _triggers(asked: list[Handoff]) -> list[TriggerCount]:
    """How often each named a handoff, under the label that it was sent with last."""
    labels = {h.trigger: h.labels[h.trigger] for h in asked if h.trigger in h.labels}
    return [
        TriggerCount(trigger=trigger, count=count, labels=labels.get(trigger))
        for trigger, count in Counter(h.trigger for h in asked).most_common()
    ]


def _has_customer(entries: Iterable[LogEvent]) -> bool:
    return any(entry.actor.type == "customer" for entry in entries)


def _only_bot(entries: Iterable[LogEvent]) -> bool:
    return not any(entry.actor.type == "agent" for entry in entries)


def _figures(
    chats: list[str], alone: list[str], asked: list[Handoff], now: datetime
) -> list[Figure]:
    handed = _chats(asked)
    claimed = [handoff for handoff in asked if handoff.claimed_at is not None]
    ended = [handoff for handoff in claimed if handoff.done_at is not None]
    left = [handoff for handoff in asked if handoff.state == "abandoned"]
    waits = [wait_of(handoff) for handoff in claimed]
    others = [handoff for handoff in asked if handoff.claimed_at is None]
    so_far = [(h.ended_at or now) - h.waiting_since for h in others]
    wait = median_wait(waits, [one.total_seconds() for one in so_far])
    told = [handoff for handoff in claimed if handoff.predicted_secs is not None]
    errors = [abs(wait_of(h) - h.predicted_secs) for h in told]  # type: ignore[operator]
    inside = [h for h in told if h.eta_low <= wait_of(h) <= h.eta_high]  # type: ignore[operator]
    talks = [(h.done_at - h.claimed_at).total_seconds() for h in ended]  # type: ignore[operator]
    return [
        _figure("conversations", len(chats), "count", chats),
        _figure("settled_by_bot", _percent(alone, chats), "percent", alone),
        _figure("with_handoff", _percent(handed, chats), "percent", handed),
        _figure("handoffs", len(asked), "count", handed),
        _figure(
            "median_wait",
            round(wait.secs) if wait else None,
            "seconds",
            handed,
            at_least=wait is not None and wait.at_least,
        ),
        _figure("wait_error", _mean(errors), "seconds", _chats(told)),
        _figure("wait_in_range", _percent(inside, told), "percent", _chats(told)),
        _figure("median_human_time", _median(talks), "seconds", _chats(ended)),
        _figure("abandoned", len(left), "count", _chats(left)),
    ]


_WORDS = {
    "conversations": (
        "Conversations",
        "Conversations in which a customer wrote or asked for a person today.",
    ),
    "settled_by_bot": (
        "Settled by the assistant",
        "Share of today's conversations that no human was asked into or wrote in.",
    ),
    "with_handoff": (
        "Conversations with a handoff",
        "Share of today's conversations that were handed to the team at least once.",
    ),
    "handoffs": (
        "Handoffs",
        "Times that the team was asked in today; a conversation may count several "
        "times.",
    ),
    "median_wait": (
        "Median wait",
        "Half of today's handoffs are claimed within this time in line. Who still "
        "waits, or has left, counts with the wait so far as one that would have lasted "
        "longer (Kaplan-Meier).",
    ),
    "wait_error": (
        "Mean error of the expected wait",
        "Between the wait expected on joining the line and the wait until the claim.",
    ),
    "wait_in_range": (
        "Waits inside the range told",
        "Share of claimed handoffs whose wait ended inside the range told at first: "
        "four in five, if the range is right.",
    ),
    "median_human_time": (
        "Median time with a person",
        "From claim to return or close and the end of the wrap-up, for handoffs of "
        "today that have ended.",
    ),
    "promises_kept": (
        "Promises kept",
        "Share of promises due today whose customer had an agent's answer by then.",
    ),
    "abandoned": (
        "Left the line",
        "Handoffs of today whose customer left before a claim.",
    ),
}


def _promises_kept(promised: Sequence[Handoff], now: datetime) -> Figure:
    """Of those that are due, and those that were kept before."""
    by = [(handoff, handoff.answer_by) for handoff in promised if handoff.answer_by]
    due = [one for one, time in by if one.answered_at is not None or time <= now]
    kept = [one for one, time in by if one.answered_at and one.answered_at <= time]
    share = _percent(kept, due)
    return _figure("promises_kept", share, "percent", _chats(due))


def _figure(
    key: str,
    value: float | None,
    unit: Unit,
    chats: list[str],
    *,
    at_least: bool = False,
) -> Figure:
    title, definition = _WORDS[key]
    return Figure(
        key=key,
        title=title,
        definition=definition,
        value=value,
        unit=unit,
        at_least=at_least or None,
        conversations=chats,
    )


def _chats(found: Iterable[Handoff]) -> list[str]:
    return list(dict.fromkeys(handoff.conversation_id for handoff in found))


def wait_of(handoff: Handoff) -> float:
    """Seconds in line of one that was claimed."""
    assert handoff.claimed_at is not None
    return (handoff.claimed_at - handoff.waiting_since).total_seconds()


def _percent(part: Sequence[object], whole: Sequence[object]) -> int | None:
    return round(100 * len(part) / len(whole)) if whole else None


def _mean(values: list[float]) -> int | None:
    return round(fmean(values)) if values else None


def _median(values: list[float]) -> int | None:
    return round(median(values)) if values else None


def _hours(
    by_chat: dict[str, list[LogEvent]],
    chats: list[str],
    asked: list[Handoff],
    now: datetime,
    day: Day,
) -> list[Hour]:
    begun = Counter(day.hour_of(by_chat[key][0].at) for key in chats)
    handed = Counter(day.hour_of(handoff.queued_at) for handoff in asked)
    return [
        Hour(hour=hour, conversations=begun[hour], handoffs=handed[hour])
        for hour in range(day.hour_of(now) + 1)
    ]
