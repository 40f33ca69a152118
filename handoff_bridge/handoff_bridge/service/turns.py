"""The worker: calls the assistant for what is owed, one turn a conversation at a time.

It holds no lock while the assistant thinks, since the turn may itself ask for a
handoff, and looks at the owner when it takes a turn and again when it has the answer.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from handoff_bridge.conversation.log import BOT, SYSTEM, compact
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.triggers import Trigger
from handoff_bridge.service.handback import CatchUp, HandBack
from handoff_bridge.service.handing_off import Ask, open_handoff, write_waiting_line
from handoff_bridge.service.ports import (
    Brain,
    BrainAnswer,
    BrainError,
    SlotRefused,
)
from handoff_bridge.service.profiles import Profiles
from handoff_bridge.service.speaking import deliver_replies, introduce
from handoff_bridge.service.unit import Conversations, Unit
from handoff_bridge.store import conversations, handoffs, log, turns
from handoff_bridge.store.turns import Held, Turn

logger = structlog.get_logger()

# Longer than any call to the assistant may take, so that a lease only ever lapses
# when its holder died.
LEASE = timedelta(seconds=30)
# A tracker is read whole at every turn: start a new Rasa session before it grows long.
TURNS_PER_SESSION = 40
CODE_SLOT = "one_time_code"
# After a failure of our own, such as a database that restarts.
RETRY_SECS = 1.0
# An answer that cannot be committed this often never will be.
MAX_TRIES = 3


@dataclass(frozen=True)
class _Taken:
    """A turn under way, and the epoch under which its answer may be delivered."""

    turn: Turn
    epoch: int
    request: dict[str, Any]
    catch_up: CatchUp | None = None


class TurnWorker:
    """Runs turns; `wake` may be called as often as one likes."""

    def __init__(
        self,
        held: Conversations,
        brain: Brain,
        handback: HandBack,
        profiles: Profiles,
        name: str,
    ) -> None:
        """`handback` ends what agents return; `profiles` learns who customers are.

        `name` is this bridge's own and survives a restart, so that a bridge that
        was killed takes up its own turns at once.
        """
        self._held = held
        self._brain = brain
        self._handback = handback
        self._profiles = profiles
        self._name = name
        self._woken: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        # How often the turn at the head of a conversation's line was tried in vain.
        self._tries: dict[str, int] = {}

    def wake(self, conversation_id: str) -> None:
        """Sees to it that what is owed to this conversation gets done."""
        self._woken.add(conversation_id)
        if conversation_id not in self._tasks:
            task = asyncio.create_task(self._run(conversation_id))
            self._tasks[conversation_id] = task

    async def take_up(self) -> None:
        """At the start: everything that an earlier process left owed."""
        async with self._held.database.read() as tx:
            owed = await turns.conversations_owed(tx)
        for conversation_id in owed:
            self.wake(conversation_id)

    async def stop(self) -> None:
        """Ends running turns; what they owe is taken up at the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for timer in self._timers.values():
            timer.cancel()

    def _wake_later(self, conversation_id: str, secs: float) -> None:
        def wake() -> None:
            del self._timers[conversation_id]
            self.wake(conversation_id)

        if conversation_id not in self._timers:
            loop = asyncio.get_running_loop()
            self._timers[conversation_id] = loop.call_later(secs, wake)

    async def _run(self, conversation_id: str) -> None:
        try:
            while conversation_id in self._woken:
                self._woken.discard(conversation_id)
                while taken := await self._take(conversation_id):
                    await self._try(taken)
        except Exception:
            # Still owed: nobody else may ever wake this conversation again.
            logger.exception("turn_worker_failed", conversation_id=conversation_id)
            self._wake_later(conversation_id, RETRY_SECS)
        finally:
            del self._tasks[conversation_id]

    async def _try(self, taken: _Taken) -> None:
        conversation_id = taken.turn.conversation_id
        tries = self._tries.get(conversation_id, 0)
        self._tries[conversation_id] = tries + 1
        if tries < MAX_TRIES:
            await self._do(taken)
        else:
            await self._give_up(taken)
        del self._tries[conversation_id]

    async def _give_up(self, taken: _Taken) -> None:
        """An answer that we cannot handle is as bad as none."""
        if taken.turn.kind == "handback":
            await self._handback.refused(taken.turn, BrainError("error"))
        else:
            await self._failed(taken, {"reason": "error"})

    async def _take(self, conversation_id: str) -> _Taken | None:
        """The next turn to run; those that a human took over are settled unrun."""
        async with self._held.hold(conversation_id) as unit:
            while turn := await turns.lease_oldest(
                unit.tx, conversation_id, self._name, unit.now, LEASE
            ):
                if isinstance(turn, Held):
                    wait = (turn.until - unit.now).total_seconds()
                    self._wake_later(conversation_id, wait + 1)
                    return None
                if turn.kind == "handback":
                    missed = await self._handback.catch_up(unit)
                    request = self._handback.request(missed, turn.payload)
                    return _Taken(turn, unit.conversation.epoch, request, missed)
                if await _has_asked(unit, turn):
                    return await self._turn(unit, turn, unit.conversation.epoch - 1)
                if unit.conversation.owner == Owner.BOT:
                    return await self._turn(unit, turn, unit.conversation.epoch)
                await turns.settle(unit.tx, turn.turn_id)
        return None

    async def _turn(self, unit: Unit, turn: Turn, epoch: int) -> _Taken:
        row = unit.conversation
        catch_up = None
        if row.needs_catch_up and row.owner == Owner.BOT:
            catch_up = await self._handback.catch_up(unit)
        identity = await _signed_identity(unit)
        request = compact(
            {
                "sender": row.conversation_id,
                "message": turn.payload["text"],
                "message_id": turn.message_id,
                "payload": turn.payload.get("payload"),
                "metadata": turn.payload.get("metadata") or None,
                "identity": identity,
                # Catching up begins a session already.
                "new_session": (row.new_session_due and catch_up is None) or None,
            }
        )
        if row.owner == Owner.BOT:
            unit.tell_customer("typing", {"sender": "bot", "active": True})
        return _Taken(turn, epoch, request, catch_up)

    async def _do(self, taken: _Taken) -> None:
        if taken.turn.kind == "handback":
            await self._hand_back(taken)
            return
        started = asyncio.get_running_loop().time()
        try:
            missed = taken.catch_up.request if taken.catch_up is not None else None
            answer = await self._brain.answer(taken.request, missed)
        except (BrainError, SlotRefused) as error:
            reason = error.reason if isinstance(error, BrainError) else "error"
            await self._failed(taken, {"reason": reason})
            return
        took = round((asyncio.get_running_loop().time() - started) * 1000)
        await self._answered(taken, answer, took)

    async def _hand_back(self, taken: _Taken) -> None:
        try:
            answer = await self._brain.hand_back(taken.request)
        except (BrainError, SlotRefused) as error:
            await self._handback.refused(taken.turn, error)
        else:
            assert taken.catch_up is not None
            await self._handback.done(taken.turn, answer, taken.catch_up.through)

    async def _answered(
        self, taken: _Taken, answer: BrainAnswer, duration_ms: int
    ) -> None:
        failed_action = answer.turn.get("failed_action")
        trigger = answer.turn.get("trigger")
        if failed_action:
            failure = {"reason": "failed_action", "failed_action": failed_action}
            await self._failed(taken, failure, answer)
        elif not answer.replies and not trigger:
            await self._failed(taken, {"reason": "empty"}, answer)
        else:
            await self._deliver(taken, answer, duration_ms)

    async def _deliver(
        self, taken: _Taken, answer: BrainAnswer, duration_ms: int
    ) -> None:
        """Commits the turn, and its replies unless the owner has changed meanwhile."""
        conversation_id = taken.turn.conversation_id
        async with self._held.hold(conversation_id) as unit:
            if not await turns.settle(unit.tx, taken.turn.turn_id):
                return  # another bridge was faster; its commit stands
            _log_turn(unit, taken, answer, duration_ms)
            row = unit.conversation
            if taken.catch_up is not None and row.epoch == taken.epoch:
                row.needs_catch_up = False
            _note_state(unit, answer.turn)
            await self._profiles.meet(unit, answer.turn)
            if await _may_speak(unit, taken):
                introduce(unit)
                await deliver_replies(unit, taken.turn.message_id, answer.replies)
            elif answer.replies:
                _suppress(unit, taken, answer, "owner_changed")
            if row.owner == Owner.BOT and (trigger := answer.turn.get("trigger")):
                await open_handoff(unit, _ask(taken, trigger))
            if row.owner == Owner.QUEUE:
                await write_waiting_line(unit)
            unit.tell_customer("typing", {"sender": "bot", "active": False})

    async def _failed(
        self, taken: _Taken, failure: dict[str, Any], answer: BrainAnswer | None = None
    ) -> None:
        """The assistant is down or broken: the customer is told and handed on."""
        conversation_id = taken.turn.conversation_id
        async with self._held.hold(conversation_id) as unit:
            if not await turns.settle(unit.tx, taken.turn.turn_id):
                return
            logger.warning("turn_failed", conversation_id=conversation_id, **failure)
            unit.append(
                "turn_failed", SYSTEM, failure, message_id=taken.turn.message_id
            )
            if answer is not None:
                _log_turn(unit, taken, answer, None)
                if answer.replies:
                    _suppress(unit, taken, answer, "failed_turn")
            if unit.conversation.owner == Owner.BOT:
                trigger = answer.turn.get("trigger") if answer else None
                ask = _ask(taken, trigger, failure)
                await open_handoff(unit, ask)
                # Not if the handoff of this very message was left meanwhile.
                if unit.conversation.owner == Owner.QUEUE:
                    unit.say("bot_failure")
            if unit.conversation.owner == Owner.QUEUE:
                await write_waiting_line(unit)
            unit.tell_customer("typing", {"sender": "bot", "active": False})


async def _has_asked(unit: Unit, turn: Turn) -> bool:
    """Whether this turn asked for a handoff before an earlier process ended.

    Then the assistant has run it and knows its answer; it counts as begun before the
    handoff, so that it may still say goodbye and the agent sees what it did.
    """
    conversation_id = unit.conversation.conversation_id
    asked = await handoffs.of_message(unit.tx, conversation_id, turn.message_id)
    return asked is not None


async def _signed_identity(unit: Unit) -> dict[str, Any] | None:
    """Whom the shop's own site vouches for. Who passed a code is the bot's to know."""
    row = unit.conversation
    if not row.is_signed:
        return None
    customer = await conversations.load_customer(unit.tx, row.customer_id)
    return customer and compact(
        {name: customer[name] for name in ("customer_id", "name", "email")}
    )


def _ask(
    taken: _Taken, trigger: dict[str, Any] | None, failure: dict[str, Any] | None = None
) -> Ask:
    triggers = [Trigger(name) for name in (trigger or {}).get("triggers", [])]
    evidence = dict((trigger or {}).get("evidence") or {})
    if failure is not None:
        triggers.append(Trigger.BOT_FAILURE)
        evidence["bot_failure"] = failure
    return Ask(triggers, taken.turn.message_id, evidence)


def _log_turn(
    unit: Unit, taken: _Taken, answer: BrainAnswer, duration_ms: int | None
) -> None:
    turn = {name: value for name, value in answer.turn.items() if name != "message_id"}
    unit.append(
        "turn",
        BOT,
        {**turn, "duration_ms": duration_ms, "epoch": taken.epoch},
        message_id=taken.turn.payload.get("message_id", taken.turn.message_id),
    )
    if taken.catch_up is not None:
        # Whoever has the chat by now: the assistant need not hear it again.
        unit.conversation.synced_seq = taken.catch_up.through


def _note_state(unit: Unit, turn: dict[str, Any]) -> None:
    """What the next message needs to know of this turn."""
    row = unit.conversation
    row.expects_code = turn.get("requested_slot") == CODE_SLOT
    long = (turn.get("turns") or 0) >= TURNS_PER_SESSION
    row.new_session_due = long and not turn.get("active_loop")


async def _may_speak(unit: Unit, taken: _Taken) -> bool:
    """Fencing: only under the epoch in which the turn began.

    One exception, the goodbye: the turn that itself asked for the handoff may still
    speak while the customer waits in line.
    """
    row = unit.conversation
    if row.epoch == taken.epoch:
        return row.owner == Owner.BOT
    if row.owner != Owner.QUEUE or row.epoch != taken.epoch + 1:
        return False
    change = await log.last_of(unit.tx, row.conversation_id, "owner_changed")
    return change is not None and change.message_id == taken.turn.message_id


def _suppress(unit: Unit, taken: _Taken, answer: BrainAnswer, reason: str) -> None:
    unit.append(
        "reply_suppressed",
        BOT,
        {"replies": answer.replies, "turn": answer.turn, "reason": reason},
        message_id=taken.turn.message_id,
    )
