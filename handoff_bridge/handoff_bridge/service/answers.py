"""What becomes of an answer: delivered, held back, or the reason for a human."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from handoff_bridge.conversation import events
from handoff_bridge.conversation.commands import (
    BotReplies,
    LanguageChanges,
    LeaveLine,
    TurnAsks,
    TurnFails,
)
from handoff_bridge.conversation.events import BOT, FailureReason
from handoff_bridge.conversation.log import compact
from handoff_bridge.conversation.outcomes import Speak
from handoff_bridge.conversation.ownership import Fence
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.triggers import (
    DeclaredTrigger,
    Trigger,
    read_triggers,
)
from handoff_bridge.models import JsonObject
from handoff_bridge.protocol.customer import BotTyping
from handoff_bridge.service.bot_messages import deliver_replies, introduce
from handoff_bridge.service.cards import Cards
from handoff_bridge.service.handoff_requests import (
    NewHandoff,
    open_handoff,
    write_waiting_line,
)
from handoff_bridge.service.handoff_return import CatchUp
from handoff_bridge.service.leaving import leave
from handoff_bridge.service.moving import perform
from handoff_bridge.service.ports import AssistantAnswer, ErasureDue
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import jobs
from handoff_bridge.store.jobs import Job

logger = structlog.get_logger()

# A tracker is read whole at every turn: start a new Rasa session before it grows long.
TURNS_PER_SESSION = 40
LANGUAGE_SLOT = "language"
MAX_LANGUAGE = 20  # the column's


@dataclass(frozen=True)
class LeasedTurn:
    """A turn under way, and the fence that its answer has to pass."""

    job: Job
    fence: Fence
    request: JsonObject
    catch_up: CatchUp | None = None
    # The messages behind the turn's own that are one thought with it.
    joined: tuple[Job, ...] = ()

    @property
    def is_lookup(self) -> bool:
        """Whether the assistant may only tell what it did when it was asked before."""
        return bool(self.request.get("only_known"))

    @property
    def may_wait(self) -> bool:
        """Whether the assistant may rather hear on than answer."""
        return bool(self.request.get("may_wait"))

    @property
    def is_waiting(self) -> bool:
        """Whether it was written in line: heard, and mostly not answered."""
        return self.fence.in_line


class Answers:
    """Commits what came of a turn."""

    def __init__(self, held: ConversationRepository, cards: Cards) -> None:
        """`cards` learns who customers are."""
        self._held = held
        self._cards = cards

    async def deliver(
        self, taken: LeasedTurn, answer: AssistantAnswer, duration_ms: int
    ) -> None:
        """Commits the turn, and its replies unless the owner has changed meanwhile."""
        conversation_id = taken.job.conversation_id
        async with self._held.transaction(conversation_id) as unit:
            if not await jobs.complete(unit.tx, taken.job):
                return  # another bridge was faster; its commit stands
            await _complete_joined(unit, taken, answer)
            _erase(unit, taken)
            _log_turn(unit, taken, answer, duration_ms)
            row = unit.conversation
            # Whatever was asked before: the assistant is past it.
            row.open_question = None
            if taken.catch_up is not None and row.epoch == taken.fence.epoch:
                row.needs_catch_up = False
            if taken.request.get("forget"):
                row.forget_due = False
            if not taken.is_waiting:
                _note_state(unit, answer.turn)
            await _note_language(unit, answer.turn)
            await self._cards.meet(unit, answer.turn)
            await _speak(unit, taken, answer)
            if trigger := answer.turn.get("trigger"):
                asks = partial(TurnAsks, fence=taken.fence)
                await open_handoff(unit, asks, _ask(taken, trigger))
            await write_waiting_line(unit)
            if taken.is_waiting and row.owner == Owner.QUEUE:
                if answer.turn.get("leaves_line"):
                    await leave(unit, LeaveLine())
            unit.tell_customer("typing", BotTyping(sender="bot", active=False))

    async def deliver_waiting(
        self, taken: LeasedTurn, answer: AssistantAnswer, duration_ms: int
    ) -> None:
        """As `deliver`; of what was heard in silence nothing is kept."""
        if answer.turn.get("recorded", True):
            await self.deliver(taken, answer, duration_ms)
        else:
            await self._drop(taken)

    async def _drop(self, taken: LeasedTurn) -> None:
        async with self._held.transaction(taken.job.conversation_id) as unit:
            await jobs.complete(unit.tx, taken.job)
            _erase(unit, taken)

    async def fail(
        self,
        taken: LeasedTurn,
        reason: FailureReason,
        answer: AssistantAnswer | None = None,
    ) -> None:
        """The assistant is down or broken: the customer is told and handed on.

        Who waits in line has nothing to be told: a person reads the message anyway.
        """
        failed_action = (answer and answer.turn.get("failed_action")) or None
        what = _noun_of(failed_action, answer)
        failure = compact(
            {"reason": reason, "failed_action": failed_action, "what": what}
        )
        if taken.is_waiting:
            logger.warning("waiting_message_not_heard", **failure)
            await self._drop(taken)
            return
        conversation_id = taken.job.conversation_id
        async with self._held.transaction(conversation_id) as unit:
            if not await jobs.complete(unit.tx, taken.job):
                return
            await _complete_joined(unit, taken, answer)
            _erase(unit, taken)
            logger.warning("turn_failed", conversation_id=conversation_id, **failure)
            failed = events.TurnFailed(
                **unit.stamp(message_id=taken.job.message_id),
                reason=reason,
                failed_action=failed_action,
                what=what,
            )
            unit.append(failed)
            if answer is not None:
                _log_turn(unit, taken, answer, None)
                await perform(unit, _replies(taken, answer, has_failed=True))
            trigger = answer.turn.get("trigger") if answer else None
            await open_handoff(unit, TurnFails, _ask(taken, trigger, failure))
            await write_waiting_line(unit)
            unit.tell_customer("typing", BotTyping(sender="bot", active=False))


def _erase(unit: UnitOfWork, taken: LeasedTurn) -> None:
    if taken.job.has_code:
        unit.follow_up(ErasureDue())


async def _complete_joined(
    unit: UnitOfWork, taken: LeasedTurn, answer: AssistantAnswer | None
) -> None:
    """What was answered together, as the assistant tells: it may be known to it."""
    asked = [job.message_id for job in taken.joined]
    told = answer.turn.get("message_ids") if answer is not None else None
    ids = asked if told is None else [str(one) for one in told]
    if others := [one for one in ids if one != taken.job.message_id]:
        conversation_id = taken.job.conversation_id
        await jobs.complete_messages(unit.tx, conversation_id, others)


def _ask(
    taken: LeasedTurn, trigger: dict[str, Any] | None, failure: JsonObject | None = None
) -> NewHandoff:
    triggers = read_triggers((trigger or {}).get("triggers") or [])
    evidence = dict((trigger or {}).get("evidence") or {})
    if failure is not None:
        triggers.append(DeclaredTrigger(Trigger.BOT_FAILURE))
        evidence["bot_failure"] = failure
    return NewHandoff(triggers, taken.job.message_id, evidence)


def _log_turn(
    unit: UnitOfWork,
    taken: LeasedTurn,
    answer: AssistantAnswer,
    duration_ms: int | None,
) -> None:
    message_id = taken.job.payload.get("message_id", taken.job.message_id)
    entry = {
        **answer.turn,
        **unit.stamp(BOT, message_id),
        "type": "turn",
        "duration_ms": duration_ms,
        "epoch": taken.fence.epoch,
    }
    unit.append(events.Turn.model_validate(entry))
    if taken.catch_up is not None:
        # Whoever has the chat by now: the assistant need not hear it again.
        unit.conversation.synced_seq = taken.catch_up.through


def _note_state(unit: UnitOfWork, turn: dict[str, Any]) -> None:
    """What the next message needs to know of this turn."""
    row = unit.conversation
    row.expects_code = turn.get("asks_secret") is True
    long = (turn.get("turns") or 0) >= TURNS_PER_SESSION
    row.new_session_due = long and not turn.get("active_loop")


async def _note_language(unit: UnitOfWork, turn: dict[str, Any]) -> None:
    """What the customer writes says more than what their browser is set to."""
    row = unit.conversation
    language = str((turn.get("slots") or {}).get(LANGUAGE_SLOT) or "")[:MAX_LANGUAGE]
    if not language or language == row.language:
        return
    row.language = language
    await perform(unit, LanguageChanges())
    unit.tell_customer("conversation_status", await unit.status())


async def _speak(unit: UnitOfWork, taken: LeasedTurn, answer: AssistantAnswer) -> None:
    """Delivers the replies, unless the owner has changed since the turn began."""
    if (await perform(unit, _replies(taken, answer))).find(Speak):
        introduce(unit)
        await deliver_replies(unit, taken.job.message_id, answer.replies)


def _replies(
    taken: LeasedTurn, answer: AssistantAnswer, *, has_failed: bool = False
) -> BotReplies:
    return BotReplies(
        taken.job.message_id, taken.fence, answer.replies, answer.turn, has_failed
    )


def _noun_of(action: str | None, answer: AssistantAnswer | None) -> str | None:
    """What agents call an action, if the assistant says so."""
    ran = (answer.turn.get("actions") if answer else None) or []
    return next((did.get("noun") for did in ran if did.get("name") == action), None)
