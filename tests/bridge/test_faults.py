"""`make faults`: each of its checks can fail, and a short run finds nothing."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks.faults import programs
from benchmarks.faults.comparison import (
    CHECKS,
    STARVED_SECS,
    Claim,
    Conversation,
    Sent,
    compare,
)
from benchmarks.faults.run import measure, show
from tests.bridge.support.databases import no_server

CAPACITY = 1
SECONDS, CUSTOMERS, SEED = 8.0, 10, 20261128


def entry(seq: int, kind: str, actor: str = "system", **more: Any) -> dict[str, Any]:
    return {"seq": seq, "type": kind, "actor": {"type": actor, "id": None}, **more}


def message(seq: int, prev: int, by: str, text: str, message_id: str) -> dict[str, Any]:
    said = entry(seq, "message", by, prev=prev, text=text, message_id=message_id)
    if by == "agent":
        said["actor"]["id"] = "maria"
    return said


def owner(seq: int, change: str, epoch: int, **more: Any) -> dict[str, Any]:
    before, after = change.split("-")
    changed = {"from": before, "to": after, "epoch": epoch, "handoff_id": "h-1"}
    return entry(seq, "owner_changed", **changed, **more)


def usual() -> Conversation:
    """A question, an answer, a person who says something, and the bot again."""
    log = [
        message(1, 0, "customer", "hello", "m-1"),
        entry(2, "turn", "bot", message_id="m-1"),
        message(3, 1, "bot", "Hi", "bot:m-1:0"),
        owner(4, "bot-queue", 1),
        message(5, 3, "customer", "somebody?", "m-2"),
        message(6, 5, "customer", "anybody?", "m-3"),
        owner(7, "queue-agent", 2, agent={"id": "maria"}),
        message(8, 6, "agent", "I am here", "agent:maria:1"),
        message(9, 8, "agent", "Done", "agent:maria:2"),
        entry(10, "handoff_updated", handoff_id="h-1", state="returned"),
        owner(11, "agent-bot", 3),
        message(12, 9, "bot", "Back", "bot:handback:h-1:0"),
    ]
    said = [one for one in log if one["type"] == "message"]
    people = [one for one in said if one["actor"]["type"] != "bot"]
    return Conversation(
        "c-1",
        log,
        [float(one["seq"]) for one in log],
        [
            Sent("m-1", "hello", 1, (1,)),
            Sent("m-2", "somebody?", 2, (5, 5)),
            Sent("m-3", "anybody?", 3, (6,)),
        ],
        {
            "maria": [
                Sent("agent:maria:1", "I am here", 1, (8,)),
                Sent("agent:maria:2", "Done", 2, (9,)),
            ]
        },
        [Claim("maria", "h-1")],
        [dict(one) for one in said],
        {"maria": [dict(one) for one in log]},
        [{"message_id": one["message_id"], "text": one["text"]} for one in people],
    )


def kinds(*conversations: Conversation) -> set[str]:
    found = compare(conversations, CAPACITY)
    assert {*found} == {*CHECKS}
    return {kind for kind, findings in found.items() if findings}


def without(entries: list[Any], message_id: str) -> None:
    entries[:] = [one for one in entries if one.get("message_id") != message_id]


def swap(entries: list[Any], one: int, other: int) -> None:
    entries[one], entries[other] = entries[other], entries[one]


def numbered_anew(one: Conversation, at: int) -> None:
    """The entries from `at` on are one further."""
    for later in one.log[at:]:
        later["seq"] += 1


def insert(one: Conversation, at: int, added: dict[str, Any]) -> None:
    """Puts an entry into the log, where every client has it as well."""
    numbered_anew(one, at)
    one.log.insert(at, {**added, "seq": at + 1})
    one.committed_at.insert(at, float(at))
    one.sent, one.sent_by_agents = [], {}
    one.held, one.heard = {}, [{"message_id": "m-1"}, {"message_id": "m-2"}]
    said, prev = [dict(e) for e in one.log if e["type"] == "message"], 0
    for shown in said:
        shown["prev"], prev = prev, shown["seq"]
    one.shown = said
    one.heard = [
        {"message_id": e["message_id"]} for e in said if e["actor"]["type"] != "bot"
    ]


def repeated(one: Conversation) -> None:
    one.sent[1] = dataclasses.replace(one.sent[1], seqs=(5, 6))


def in_other_order(one: Conversation) -> None:
    """As if the second message in line had been sent first."""
    swap(one.sent, 1, 2)


def log_in_other_order(one: Conversation) -> None:
    swap(one.log, 4, 5)


def lost_number(one: Conversation) -> None:
    del one.log[1], one.committed_at[1]
    one.held = {}


def unacknowledged(one: Conversation) -> None:
    one.sent.append(Sent("m-9", "still there?", 4, ()))


def unknown_to_log(one: Conversation) -> None:
    one.sent.append(Sent("m-9", "still there?", 4, (13,)))


def unanswered(one: Conversation) -> None:
    insert(one, 12, message(0, 0, "customer", "thanks", "m-4"))


def unanswered_though_out_of_line(one: Conversation) -> None:
    """Its writer has left the line, and nobody took it up."""
    one.log[6:] = [owner(7, "queue-bot", 2)]
    del one.committed_at[7:]
    one.claims, one.sent_by_agents, one.held = [], {}, {}
    del one.shown[4:], one.heard[3:]


def not_greeted(one: Conversation) -> None:
    one.log[11] = entry(12, "note")


def doubled_in_log(one: Conversation) -> None:
    insert(one, 5, message(0, 0, "customer", "somebody?", "m-2"))
    one.heard = one.heard[:2] + one.heard[3:]


def doubled_under_other_id(one: Conversation) -> None:
    insert(one, 5, message(0, 0, "customer", "somebody?", "m-8"))


def doubled_turn(one: Conversation) -> None:
    insert(one, 2, entry(0, "turn", "bot", message_id="m-1"))


def doubled_at_client(one: Conversation) -> None:
    one.shown.append(dict(one.shown[-1], seq=13, prev=12))


def doubled_with_assistant(one: Conversation) -> None:
    one.heard.append(one.heard[-1])


def second_agent_writes(one: Conversation) -> None:
    one.log[7]["actor"]["id"] = "sam"


def claimed_twice(one: Conversation) -> None:
    one.claims.append(Claim("sam", "h-1"))


def owner_out_of_nowhere(one: Conversation) -> None:
    one.log[6]["from"] = "bot"


def epoch_twice(one: Conversation) -> None:
    one.log[6]["epoch"] = 1


def bot_beside_agent(one: Conversation) -> None:
    insert(one, 8, message(0, 0, "bot", "Let me help", "bot:m-2:0"))


def bot_in_line(one: Conversation) -> None:
    insert(one, 5, message(0, 0, "bot", "Let me help", "bot:m-2:0"))


def waited_long(one: Conversation) -> None:
    one.committed_at[6:] = [at + STARVED_SECS for at in one.committed_at[6:]]


def still_waits(one: Conversation) -> None:
    del one.log[6:], one.committed_at[6:]
    one.claims, one.sent_by_agents, one.held = [], {}, {}
    del one.shown[4:], one.heard[3:]


def test_conversation_as_it_should_be_passes() -> None:
    assert kinds(usual()) == set()


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("lost", lost_number),
        ("lost", unacknowledged),
        ("lost", unknown_to_log),
        ("lost", lambda one: without(one.shown, "bot:handback:h-1:0")),
        ("lost", lambda one: one.held["maria"].pop()),
        ("lost", lambda one: without(one.heard, "agent:maria:2")),
        ("lost", unanswered),
        ("lost", unanswered_though_out_of_line),
        ("lost", not_greeted),
        ("doubled", doubled_in_log),
        ("doubled", doubled_under_other_id),
        ("doubled", doubled_turn),
        ("doubled", doubled_at_client),
        ("doubled", lambda one: one.held["maria"].append(one.held["maria"][-1])),
        ("doubled", doubled_with_assistant),
        ("doubled", repeated),
        ("reordered", in_other_order),
        ("reordered", log_in_other_order),
        ("reordered", lambda one: swap(one.sent_by_agents["maria"], 0, 1)),
        ("reordered", lambda one: swap(one.shown, 2, 3)),
        ("reordered", lambda one: swap(one.held["maria"], 2, 3)),
        ("reordered", lambda one: swap(one.heard, 1, 2)),
        ("two owners", second_agent_writes),
        ("two owners", claimed_twice),
        ("two owners", owner_out_of_nowhere),
        ("two owners", epoch_twice),
        ("bot over human", bot_beside_agent),
        ("bot over human", bot_in_line),
        ("starved", waited_long),
        ("starved", still_waits),
    ],
)
def test_each_fault_is_found_as_what_it_is(
    kind: str, spoil: Callable[[Conversation], object]
) -> None:
    one = usual()
    spoil(one)
    assert kind in kinds(one)


def test_more_chats_than_an_agent_may_have_are_found() -> None:
    one, other = usual(), usual()
    other.name = "c-2"
    assert kinds(one, other) == {"capacity exceeded"}
    # The second is claimed once the first has been given back.
    other.committed_at = [at + 4.0 for at in other.committed_at]
    assert kinds(one, other) == set()


def test_goodbye_of_the_turn_that_asked_is_no_fault() -> None:
    one = usual()
    one.log[3]["message_id"] = "m-1"
    insert(one, 4, message(0, 0, "bot", "A colleague comes", "bot:m-1:1"))
    assert kinds(one) == set()


def test_order_is_not_asked_of_what_was_sent_at_once_and_repeated() -> None:
    one = usual()
    one.sent[1:] = [
        Sent("m-3", "anybody?", 2, (6,)),
        Sent("m-2", "somebody?", 2, (5,), is_repeated=True),
    ]
    assert kinds(one) == set()


async def test_nothing_is_lost_in_a_short_run_of_faults(tmp_path: Path) -> None:
    if lack := programs.missing():
        no_server(lack)
    with programs.folder() as work:
        result = await measure(work, SEED, SECONDS, CUSTOMERS, lambda *_: None)
    with (tmp_path / "found.txt").open("w+") as file:
        show(result, Console(file=file, width=500))
        file.seek(0)
        assert result.is_clean, file.read()
    assert result.faults.keys() >= {"bridge killed", "PostgreSQL restarted"}
    # Some have to have been in flight, or nothing was tried.
    assert result.counts["calls repeated after a fault"] > 0
    assert result.counts["messages of customers"] > 2 * CUSTOMERS
    assert result.counts["handoffs ended by agents"] > 0
