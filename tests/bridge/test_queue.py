"""The order of the line: a head start for what must not wait, and nobody starves."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handoff_bridge.conversation.triggers import (
    DeclaredTrigger,
    Trigger,
    priority_of,
    ranked,
)
from handoff_bridge.routing.queue import (
    PRIORITY_HEAD_START,
    in_order,
    positions,
)

NOW = datetime(2025, 3, 4, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    handoff_id: str
    queued_at: datetime
    priority: int = 0
    requeued_at: datetime | None = None


def waiting(name: str, minutes: float, priority: int = 0) -> Item:
    return Item(name, NOW - timedelta(minutes=minutes), priority)


def names(*items: Item) -> str:
    return "".join(item.handoff_id for item in in_order(items))


def test_first_come_first_served_whatever_order_they_are_read_in() -> None:
    items = [waiting("a", 3), waiting("b", 2), waiting("c", 1)]
    for mixed in itertools.permutations(items):
        assert names(*mixed) == "abc"
        assert positions(mixed) == {"a": 1, "b": 2, "c": 3}


def test_same_moment_is_settled_by_id() -> None:
    assert names(waiting("b", 1), waiting("a", 1)) == "ab"


def test_priority_goes_before_who_came_lately() -> None:
    assert names(waiting("a", 5), waiting("z", 0, 1)) == "za"


def test_who_lost_their_agent_comes_before_all_others() -> None:
    came_back = Item("b", NOW - timedelta(minutes=1), requeued_at=NOW)
    assert names(waiting("z", 90, 1), came_back, waiting("a", 240)) == "baz"


def test_priority_does_not_go_before_who_has_waited_long() -> None:
    head_start = PRIORITY_HEAD_START.total_seconds() / 60
    patient = waiting("a", head_start + 1)
    assert names(waiting("z", 0, 1), patient) == "az"


def test_nobody_starves_under_a_stream_of_priority() -> None:
    patient = waiting("p", 0)
    line = [patient]
    served = 0
    for minute in range(24 * 60):
        # Each minute one urgent chat comes and one chat is served.
        line.append(waiting(f"u{minute}", -minute, 1))
        first = in_order(line)[0]
        line.remove(first)
        served += 1
        if first is patient:
            break
    assert patient not in line
    assert served <= PRIORITY_HEAD_START.total_seconds() / 60 + 2


def test_triggers_are_ranked_and_counted_once() -> None:
    names = [*Trigger, "negative_sentiment", "repeated_fallback", "never_heard_of"]
    bare = [DeclaredTrigger(name) for name in names]
    assert [trigger.name for trigger in ranked(bare[::-1] * 2)] == names[::-1]
    restricted = DeclaredTrigger("restricted_topic")
    assert priority_of([restricted]) == 1
    for trigger in bare:
        assert ranked([trigger, restricted])[0].name == "restricted_topic"
        assert priority_of([trigger]) == 0
