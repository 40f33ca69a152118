"""Every state with every command: what changes, what is logged, who is told.

`transition_table.txt` has it all: `!code` is a refusal, `-` is that nothing happens;
else, as far as they change: the new owner and by how much the epoch rises, the
handoff's record, the log's entries, and what is told.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
DANA = AgentRef("dana", "Dana")
USUAL = Reasons.of([DeclaredTrigger("no_progress")], {})
TAKEN = Reasons.of([DeclaredTrigger("agent_takeover")], {})
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


def _reserved(secs: float = 1, **more: object) -> Ownership:
    until = NOW + timedelta(seconds=secs)
    return _state(Owner.QUEUE, handoff=_handoff(waits_until=until, **more))


def _with_agent(**more: object) -> Ownership:
    handoff = _handoff(state="claimed", agent_id="maria", **more)
    return _state(Owner.AGENT, agent_id="maria", handoff=handoff)


STATES = {
    "bot": _state(Owner.BOT),
    "queued": _state(Owner.QUEUE, handoff=_handoff()),
    "offered": _state(
        Owner.QUEUE,
        handoff=_handoff(
            state="offered",
            offered_to="maria",
            offered_at=NOW - timedelta(seconds=29),
            offer_expires_at=NOW + timedelta(seconds=1),
        ),
    ),
    "raised": _state(Owner.QUEUE, handoff=_handoff(), raised_by="m2"),
    "for sam": _reserved(for_agent="sam"),
    "to be called": _state(
        Owner.QUEUE,
        handoff=_handoff(contact_want="callback", contact_phone="+43 1 234567"),
    ),
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
    "leaves the line": commands.CustomerLeaves(owner=Owner.QUEUE),
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
    "start turn that was asked": commands.StartTurn(asked_epoch=EPOCH),
    "start turn that was asked before": commands.StartTurn(asked_epoch=EPOCH - 2),
    "start turn that an agent has read": commands.StartTurn(is_read=True),
    "start turn that an agent has read and was asked": commands.StartTurn(
        asked_epoch=EPOCH - 2, is_read=True
    ),
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
    "claim by a supervisor": commands.Claim(
        "h1", DANA, load=0, capacity=1, is_supervisor=True
    ),
    "claim that the rules forbid": commands.Claim(
        "h1", MARIA, load=0, capacity=1, may_take=False
    ),
    "claim of what is too heavy": commands.Claim(
        "h1", MARIA, load=1, capacity=2, weight=1.5
    ),
    "offer": commands.Offer("h1", SAM, NOW + timedelta(seconds=30), load=1, capacity=2),
    "offer when full": commands.Offer("h1", SAM, NOW, load=2, capacity=2),
    "offer of the past": commands.Offer("h0", SAM, NOW, load=0, capacity=2),
    "decline": commands.EndOffer("h1", MARIA, "declined", "busy"),
    "decline by another": commands.EndOffer("h1", SAM, "declined", "busy"),
    "offer runs out": commands.EndOffer("h1", MARIA, "timed_out"),
    "withdraw offer": commands.EndOffer("h1", MARIA, "withdrawn"),
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
    "requeue": commands.Requeue("h1", MARIA),
    "requeue from another": commands.Requeue("h1", SAM),
    "requeue of the past": commands.Requeue("h0", MARIA),
    "unreserve": commands.Unreserve("h1", "sam"),
    "unreserve of another": commands.Unreserve("h1", "maria"),
    "unreserve of the past": commands.Unreserve("h0", "sam"),
    "release": commands.Release("h1", MARIA, seen_seq=18),
    "release with a note": commands.Release("h1", MARIA, note="rude"),
    "release unseen": commands.Release("h1", MARIA, seen_seq=17),
    "release by another": commands.Release("h1", SAM),
    "release of the past": commands.Release("h0", MARIA),
    "transfer": commands.Transfer("h1", MARIA, commands.Recipient(SAM)),
    "transfer to a team": commands.Transfer(
        "h1", MARIA, commands.Recipient(team="returns"), "rude"
    ),
    "transfer by another": commands.Transfer("h1", DANA, commands.Recipient(SAM)),
    "transfer by a supervisor": commands.Transfer(
        "h1", DANA, commands.Recipient(SAM), is_supervisor=True
    ),
    "transfer of the past": commands.Transfer(
        "h0", DANA, commands.Recipient(SAM), is_supervisor=True
    ),
    "take over": commands.TakeOver("h2", TAKEN, agent=DANA, load=0, capacity=1),
    "take over from another": commands.TakeOver(
        "h2", TAKEN, agent=DANA, load=0, capacity=1, previous=MARIA
    ),
    "take over one's own": commands.TakeOver(
        "h2", TAKEN, agent=MARIA, load=1, capacity=1, previous=MARIA
    ),
    "take over when full": commands.TakeOver(
        "h2", TAKEN, agent=DANA, load=1, capacity=1
    ),
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
    meant = ""
    if record.waits_until is not None:
        secs = (record.waits_until - NOW).total_seconds()
        meant = f" for {record.for_agent or record.for_team} {secs:.0f}s"
    if record.offered_to is not None:
        meant += f" to {record.offered_to}"
    return f"{record.handoff_id}={record.state}{returning}{meant}"


def _event(event: outcomes.Event) -> str:
    match event:
        case outcomes.SystemLine():
            return f"'{event.key}'"
        case events.OwnerChanged():
            return f"owner_changed({event.reason})"
        case events.ReplySuppressed():
            return f"reply_suppressed({event.reason})"
        case events.OfferEntry():
            return f"offer({event.state})"
        case _:
            return event.type


def _notification(told: outcomes.Notification) -> str:
    match told:
        case outcomes.StatusChanged():
            return f"status:{told.owner}" + (
                f":{told.agent.name}" if told.agent else ""
            )
        case outcomes.HandoffTold():
            to = f":{told.to_agent}" if told.to_agent else ""
            return f"{told.event}:{told.handoff.state}{to}"
        case outcomes.Routed():
            return f"read by:{told.to}"
        case outcomes.RunTurn():
            line = ":line" if told.fence.in_line else ""
            known = ":only known" if told.only_known else ""
            return f"run:{told.fence.epoch - EPOCH}{line}{known}"
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


def test_chat_whose_agent_is_gone_waits_anew() -> None:
    result = transition(STATES["maria"], COMMANDS["requeue"], NOW)
    assert isinstance(result, Transition) and result.handoff is not None
    waits = result.handoff
    assert (waits.requeued_at, waits.requeued_from) == (NOW, "maria")
    assert (waits.agent_id, waits.claimed_at, waits.waiting_seq) == (None, None, None)
    assert waits.waiting_since == NOW
    assert not waits.is_promised


def _answer(state: Ownership, command: str) -> str:
    result = transition(state, COMMANDS[command], NOW)
    return result.error.code if isinstance(result, Refused) else "ok"


def test_chat_that_waits_for_a_team_is_that_teams_until_its_time_is_up() -> None:
    by_all = ("claim", "claim by another", "claim by a supervisor")
    kept, free = _reserved(for_team="returns"), _reserved(0, for_team="returns")
    assert [_answer(kept, one) for one in by_all] == ["ok", "offered_to_another", "ok"]
    assert [_answer(free, one) for one in by_all] == ["ok"] * 3
    assert _answer(_reserved(0, for_agent="sam"), "claim") == "ok"


def test_chat_that_is_passed_on_waits_longer_for_who_is_not_there() -> None:
    for is_there, wait in ((True, 60), (False, 1800)):
        to = commands.Recipient(SAM, is_there=is_there)
        result = transition(STATES["maria"], commands.Transfer("h1", MARIA, to), NOW)
        assert isinstance(result, Transition) and result.handoff is not None
        assert result.handoff.waits_until == NOW + timedelta(seconds=wait)
        assert result.handoff.requeued_from == "maria"
        told = [e for e in result.events if isinstance(e, events.HandoffUpdated)]
        assert told[0].waits_until == result.handoff.waits_until
        assert told[0].for_agent == SAM.named


def test_chat_from_the_line_that_is_passed_on_has_waited_all_along() -> None:
    asked = NOW - timedelta(minutes=5)
    handoff = _handoff(queued_at=asked, waiting_seq=9, is_promised=True)
    state = _state(Owner.QUEUE, handoff=handoff, raised_by="m2")
    result = transition(state, COMMANDS["transfer by a supervisor"], NOW)
    assert isinstance(result, Transition) and result.handoff is not None
    waits = result.handoff
    assert (waits.requeued_at, waits.waiting_since) == (asked, asked)
    assert (waits.waiting_seq, waits.is_promised) == (9, True)
    # The log's last word on it names no message, so the state does not either.
    assert result.state.raised_by is None
    # What was written in line no agent has read.
    [told] = [e for e in result.events if isinstance(e, events.HandoffUpdated)]
    assert told.requeued_from is None


def test_wait_of_a_chat_that_is_taken_over_ended_with_its_claim() -> None:
    state = _with_agent(claimed_at=NOW - timedelta(minutes=5))
    result = transition(state, COMMANDS["take over from another"], NOW)
    assert isinstance(result, Transition) and result.handoff is not None
    assert result.handoff.claimed_at == NOW - timedelta(minutes=5)


def test_handoff_starts_at_its_own_entry_of_the_log() -> None:
    for label, seq in (("bot", 21), ("closed", 22)):
        result = transition(STATES[label], COMMANDS["customer asks"], NOW)
        assert isinstance(result, Transition) and result.handoff is not None
        assert result.handoff.queued_seq == seq, label
