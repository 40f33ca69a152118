"""Every state with every command: what changes, what is logged, who is told.

`transition_table.txt` has it all: `!code` is a refusal, `-` is that nothing happens;
else, as far as they change: the new owner and by how much the epoch rises, the
handoff's record, the log's entries, and what is told.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from handoff_bridge.conversation import commands, events, outcomes
from handoff_bridge.conversation.commands import Command
from handoff_bridge.conversation.events import Reply
from handoff_bridge.conversation.handoff import Handoff, Reasons
from handoff_bridge.conversation.outcomes import Refused, Transition
from handoff_bridge.conversation.ownership import AgentRef, Fence, Ownership
from handoff_bridge.conversation.states import (
    OPEN_STATES,
    Disposition,
    HandoffState,
    Owner,
)
from handoff_bridge.conversation.transition import transition
from handoff_bridge.conversation.triggers import DeclaredTrigger
from tests.bridge.ownership.moves import check_move

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
EPOCH = 7
MARIA = AgentRef("maria", "Maria", "returns")
SAM = AgentRef("sam", "Sam")
USUAL = Reasons.of([DeclaredTrigger("no_progress")], {})
URGENT = Reasons.of([DeclaredTrigger("restricted_topic")], {"words": "lawyer"})


def _handoff(**more: object) -> Handoff:
    known = Handoff(
        handoff_id="h1",
        conversation_id="c1",
        state="queued",
        queued_seq=3,
        queued_at=NOW,
        message_id="m1",
        **USUAL.fields(),
    )
    return replace(known, **more)  # type: ignore[arg-type]


def _state(owner: Owner, **more: object) -> Ownership:
    known = Ownership("c1", owner, EPOCH, last_seq=20, last_customer_seq=18)
    return replace(known, **more)  # type: ignore[arg-type]


def _with_agent(**more: object) -> Ownership:
    handoff = _handoff(state="claimed", agent_id="maria", **more)
    return _state(Owner.AGENT, agent_id="maria", handoff=handoff)


STATES = {
    "bot": _state(Owner.BOT),
    "queued": _state(Owner.QUEUE, handoff=_handoff()),
    "offered": _state(Owner.QUEUE, handoff=_handoff(state="offered")),
    "raised": _state(Owner.QUEUE, handoff=_handoff(), raised_by="m2"),
    "maria": _with_agent(),
    "returning": _with_agent(is_returning=True),
    "closed": _state(Owner.CLOSED),
}

_NOW, _BEFORE, _LONG_AGO = Fence(EPOCH), Fence(EPOCH - 1), Fence(EPOCH - 2)
_IN_LINE = Fence(EPOCH, in_line=True)
_SPAM = Disposition.SPAM
COMMANDS: dict[str, Command] = {
    "writes": commands.CustomerWrites("m9"),
    "presses late": commands.CustomerWrites("m9", is_late_press=True),
    "leaves": commands.CustomerLeaves(),
    "ends": commands.CustomerLeaves(ends=True),
    "leave line": commands.LeaveLine(),
    "customer asks": commands.CustomerAsks("h2", USUAL),
    "request": commands.RequestHandoff("h2", USUAL, "m9"),
    "request, urgent": commands.RequestHandoff("h2", URGENT, "m9"),
    "turn asks": commands.TurnAsks("h2", URGENT, "m9", fence=_NOW),
    "turn asks in line": commands.TurnAsks("h2", URGENT, "m9", fence=_IN_LINE),
    "turn fails": commands.TurnFails("h2", URGENT, "m9"),
    "start turn": commands.StartTurn(),
    "start turn that asked": commands.StartTurn(has_asked=True),
    "replies": commands.BotReplies("m9", _NOW, [Reply(text="Hi")]),
    "replies in line": commands.BotReplies("m9", _IN_LINE, [Reply(text="Hi")]),
    "replies late": commands.BotReplies("m9", _BEFORE, [Reply(text="Hi")]),
    "replies late, empty": commands.BotReplies("m9", _BEFORE),
    "goodbye": commands.BotReplies("m1", _BEFORE, [Reply(text="Bye")]),
    "goodbye of the raiser": commands.BotReplies("m2", _BEFORE, [Reply(text="Bye")]),
    "goodbye too late": commands.BotReplies("m1", _LONG_AGO, [Reply(text="Bye")]),
    "replies, failed": commands.BotReplies(
        "m9", _NOW, [Reply(text="Hi")], has_failed=True
    ),
    "replies, failed and empty": commands.BotReplies("m9", _NOW, has_failed=True),
    "language changes": commands.LanguageChanges(),
    "bot speaks": commands.BotSpeaks("r1", Reply(text="Still there?")),
    "claim": commands.Claim("h1", MARIA, load=1, capacity=2),
    "claim by another": commands.Claim("h1", SAM, load=0, capacity=1),
    "claim when full": commands.Claim("h1", MARIA, load=2, capacity=2),
    "claim of the past": commands.Claim("h0", MARIA, load=0, capacity=2),
    "agent writes": commands.AgentWrites(MARIA),
    "another writes": commands.AgentWrites(SAM),
    "close": commands.Close("h1", MARIA, _SPAM, seen_seq=18),
    "close with a note": commands.Close("h1", MARIA, _SPAM, note="rude"),
    "close unseen": commands.Close("h1", MARIA, _SPAM, seen_seq=17),
    "close by another": commands.Close("h1", SAM, _SPAM),
    "close of the past": commands.Close("h0", MARIA, _SPAM),
    "begin return": commands.BeginReturn("h1", MARIA, seen_seq=18),
    "begin return unseen": commands.BeginReturn("h1", MARIA, seen_seq=17),
    "begin return by another": commands.BeginReturn("h1", SAM),
    "begin return of the past": commands.BeginReturn("h0", MARIA),
    "finish return": commands.FinishReturn("h1", MARIA, _SPAM, "ok", "Sent."),
    "finish return by another": commands.FinishReturn("h1", SAM, _SPAM),
    "finish return of the past": commands.FinishReturn("h0", MARIA, _SPAM),
    "abort return": commands.AbortReturn("h1"),
    "abort return of the past": commands.AbortReturn("h0"),
}

TABLE = Path(__file__).with_name("transition_table.txt")


def _cell(state: Ownership, result: Transition | Refused) -> str:
    if isinstance(result, Refused):
        return f"!{result.error.code}"
    new = result.state
    owner = (
        f"{new.owner} +{new.epoch - state.epoch}" if new.epoch != state.epoch else ""
    )
    logged = " ".join(map(_event, result.events))
    told = " ".join(map(_notification, result.notifications))
    kept = _kept(state, result)
    parts = (owner, kept, logged, told)
    return " | ".join(part for part in parts if part) or "-"


def _kept(state: Ownership, result: Transition) -> str:
    """What becomes of the handoff's record."""
    record = result.handoff
    if record is None:
        return ""
    returning = " returning" if record.is_returning else ""
    return f"{record.handoff_id}={record.state}{returning}"


def _event(event: outcomes.Event) -> str:
    match event:
        case outcomes.SystemLine():
            return f"'{event.key}'"
        case events.OwnerChanged():
            return f"owner_changed({event.reason})"
        case events.ReplySuppressed():
            return f"reply_suppressed({event.reason})"
        case _:
            return event.type


def _notification(told: outcomes.Notification) -> str:
    match told:
        case outcomes.StatusChanged():
            return f"status:{told.owner}" + (
                f":{told.agent.name}" if told.agent else ""
            )
        case outcomes.HandoffTold():
            return f"{told.event}:{told.handoff.state}"
        case outcomes.Routed():
            return f"read by:{told.to}"
        case outcomes.RunTurn():
            line = ":line" if told.fence.in_line else ""
            return f"run:{told.fence.epoch - EPOCH}{line}"
        case outcomes.LoadChanged():
            return f"load:{told.agent_id}"
        case _:
            return type(told).__name__


def _table() -> dict[tuple[str, str], str]:
    """The cells by command and state."""
    cells: dict[tuple[str, str], str] = {}
    command = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            command = line
            continue
        states, _, cell = line.strip().partition(": ")
        for state in states.split(", "):
            assert (command, state) not in cells, f"twice: {command}, {state}"
            cells[command, state] = cell
    return cells


@pytest.mark.parametrize("command", COMMANDS)
def test_table_says_what_every_command_does_in_every_state(command: str) -> None:
    cells = _table()
    for label, state in STATES.items():
        result = transition(state, COMMANDS[command], NOW)
        assert _cell(state, result) == cells[command, label], label


def test_table_has_every_pair_and_no_other() -> None:
    assert set(_table()) == {(c, s) for c in COMMANDS for s in STATES}


def test_every_command_and_every_kind_of_state_is_in_the_table() -> None:
    assert {type(command) for command in COMMANDS.values()} == set(get_args(Command))
    assert {state.owner for state in STATES.values()} == set(Owner)
    found = {state.handoff.state for state in STATES.values() if state.handoff}
    # Nobody enters wrap_up yet.
    assert found == {*OPEN_STATES} - {HandoffState.WRAP_UP}


@pytest.mark.parametrize("label", STATES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_move_keeps_owner_handoff_and_log_together(
    command: str, label: str
) -> None:
    state = STATES[label]
    result = transition(state, COMMANDS[command], NOW)
    assert result == transition(state, COMMANDS[command], NOW)
    if isinstance(result, Transition):
        check_move(state, result)


def test_reasons_of_a_handoff_that_is_asked_for_again_are_merged() -> None:
    result = transition(STATES["queued"], COMMANDS["request, urgent"], NOW)
    assert isinstance(result, Transition) and result.handoff is not None
    raised = result.handoff
    assert raised.triggers == ["restricted_topic", "no_progress"]
    assert (raised.trigger, raised.priority) == ("restricted_topic", 1)
    assert raised.evidence == {"words": "lawyer"}
    assert result.state.raised_by == "m9"
    again = transition(result.state, COMMANDS["request, urgent"], NOW)
    assert isinstance(again, Transition) and again.events == ()


def test_handoff_starts_at_its_own_entry_of_the_log() -> None:
    for label, seq in (("bot", 21), ("closed", 22)):
        result = transition(STATES[label], COMMANDS["customer asks"], NOW)
        assert isinstance(result, Transition) and result.handoff is not None
        assert result.handoff.queued_seq == seq, label
