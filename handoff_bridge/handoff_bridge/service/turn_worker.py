"""The worker: calls the assistant for what is pending, one turn at a time in a chat.

It holds no lock while the assistant thinks, since the turn may itself ask for a
handoff, and looks at the owner when it takes a turn and again when it has the answer.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace

import structlog
from pydantic import JsonValue

from handoff_bridge.conversation.commands import StartTurn
from handoff_bridge.conversation.log import compact
from handoff_bridge.conversation.outcomes import RunTurn
from handoff_bridge.conversation.ownership import Fence
from handoff_bridge.conversation.states import Owner
from handoff_bridge.protocol.customer import BotTyping
from handoff_bridge.service.answers import Answers, LeasedTurn
from handoff_bridge.service.fragments import PATIENCE, join
from handoff_bridge.service.handoff_return import HandBack
from handoff_bridge.service.leaving import reasons_of_wait
from handoff_bridge.service.moving import perform
from handoff_bridge.service.ports import (
    AssistantAnswer,
    AssistantClient,
    AssistantError,
    ErasureDue,
    SlotRefused,
    TypingDue,
)
from handoff_bridge.service.presence import BridgeIdentity
from handoff_bridge.service.turn_requests import (
    has_asked,
    message_of,
    request_of,
    resolve,
)
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import jobs, log
from handoff_bridge.store.jobs import Job, LeasedElsewhere

logger = structlog.get_logger()

# After a failure of our own, such as a database that restarts.
RETRY_SECS = 1.0
# An answer that cannot be committed this often never will be.
MAX_TRIES = 3


class TurnWorker:
    """Runs turns; `wake` may be called as often as one likes."""

    def __init__(
        self,
        held: ConversationRepository,
        assistant: AssistantClient,
        handback: HandBack,
        answers: Answers,
        bridge: BridgeIdentity,
    ) -> None:
        """`handback` ends what agents return; `answers` what the assistant says.

        `bridge` is this process. Its lease is longer than any call to the assistant
        may take: it lapses only where the process stands still or is dead.
        """
        self._held = held
        self._assistant = assistant
        self._handback = handback
        self._answers = answers
        self._bridge = bridge
        self._woken: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        # How often the turn at the head of a conversation's line was tried in vain.
        self._tries: dict[str, int] = {}
        # The turn whose first so many messages are no whole thought.
        self._fragments: dict[str, tuple[int, int]] = {}
        # Tells of a message that may be the rest of it.
        self._arrivals: dict[str, asyncio.Event] = {}

    def wake(self, conversation_id: str) -> None:
        """Sees to it that what is pending in this conversation gets done."""
        self._woken.add(conversation_id)
        if arrival := self._arrivals.get(conversation_id):
            arrival.set()
        if conversation_id not in self._tasks:
            task = asyncio.create_task(self._run(conversation_id))
            self._tasks[conversation_id] = task

    async def resume_pending(self) -> None:
        """At the start: everything that an earlier process left pending."""
        async with self._held.database.read() as tx:
            waiting = await jobs.conversations_pending(tx)
        for conversation_id in waiting:
            self.wake(conversation_id)

    async def resume_abandoned(self) -> None:
        """Takes up what no bridge is at, whoever began it."""
        async with self._held.database.read() as tx:
            abandoned = await jobs.conversations_abandoned(tx)
        for conversation_id in abandoned:
            self.wake(conversation_id)

    async def stop(self) -> None:
        """Ends running turns; their leases are given back as the bridge leaves."""
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
                    if not taken.job.following:
                        break
        except Exception:
            # Still pending: nobody else may ever wake this conversation again.
            logger.exception("turn_worker_failed", conversation_id=conversation_id)
            self._wake_later(conversation_id, RETRY_SECS)
        finally:
            del self._tasks[conversation_id]
            self._arrivals.pop(conversation_id, None)
            self._fragments.pop(conversation_id, None)

    async def _try(self, taken: LeasedTurn) -> None:
        conversation_id = taken.job.conversation_id
        tries = self._tries.get(conversation_id, 0)
        self._tries[conversation_id] = tries + 1
        if tries < MAX_TRIES:
            await self._do(taken)
        else:
            await self._give_up(taken)
        del self._tries[conversation_id]

    async def _give_up(self, taken: LeasedTurn) -> None:
        """An answer that we cannot handle is as bad as none."""
        if taken.job.kind == "handback":
            await self._handback.refused(taken.job, AssistantError("error"))
        else:
            await self._answers.fail(taken, "error")

    async def _take(self, conversation_id: str) -> LeasedTurn | None:
        """The next turn to run; those that a human took over are settled unrun."""
        async with self._held.transaction(conversation_id) as unit:
            while job := await jobs.lease_next(
                unit.tx,
                conversation_id,
                self._bridge.bridge_id,
                self._bridge.lease_secs,
                unit.conversation.epoch,
            ):
                if isinstance(job, LeasedElsewhere):
                    # What came in here meanwhile waits behind it.
                    self._wake_later(conversation_id, RETRY_SECS)
                    return None
                if job.kind == "handback":
                    return await self._return(unit, job)
                if taken := await self._start(unit, job):
                    return taken
                await jobs.complete(unit.tx, job)
                if job.has_code:
                    unit.follow_up(ErasureDue())
        return None

    async def _return(self, unit: UnitOfWork, job: Job) -> LeasedTurn:
        """A hand-back, which no change of owner can overtake."""
        missed = await self._handback.catch_up(unit)
        request = self._handback.request(missed, job.payload)
        return LeasedTurn(job, Fence(unit.conversation.epoch), request, missed)

    async def _start(self, unit: UnitOfWork, job: Job) -> LeasedTurn | None:
        """A message's turn; None where a person reads it, or it pressed too late."""
        start = StartTurn(
            await has_asked(unit, job), job.asked_epoch, await _is_read(unit, job)
        )
        run = (await perform(unit, start)).find(RunTurn)
        if run is None:
            return None
        if start.has_asked:
            return await self._turn(unit, job, run.fence)
        if run.only_known:
            request = await request_of(unit, job) | {"only_known": True}
            return LeasedTurn(job, run.fence, request)
        resolved = await resolve(unit, job)
        if resolved is None:
            return None
        if run.fence.in_line:
            request = await request_of(unit, resolved)
            waiting = {"waiting": reasons_of_wait(unit)}
            return LeasedTurn(resolved, run.fence, request | waiting)
        return self._joined(unit, await self._turn(unit, resolved, run.fence))

    def _joined(self, unit: UnitOfWork, taken: LeasedTurn) -> LeasedTurn:
        """The turn with what is one thought with it, as far as that is known."""
        known = self._fragments.get(taken.job.conversation_id)
        fragments = known[1] if known and known[0] == taken.job.turn_id else 0
        joined = join(taken.job, fragments, unit.now)
        more: list[JsonValue] = [message_of(job) for job in joined.jobs]
        asked = compact({"joined": more or None, "may_wait": joined.may_wait or None})
        return replace(taken, request=taken.request | asked, joined=joined.jobs)

    async def _turn(self, unit: UnitOfWork, job: Job, fence: Fence) -> LeasedTurn:
        row = unit.conversation
        catch_up = None
        if row.needs_catch_up and row.owner == Owner.BOT:
            catch_up = await self._handback.catch_up(unit)
        request = await request_of(unit, job) | compact(
            {
                # Catching up begins a session already.
                "new_session": (row.new_session_due and catch_up is None) or None,
                "forget": row.forget_due or None,
            }
        )
        if row.owner == Owner.BOT:
            unit.tell_customer("typing", BotTyping(sender="bot", active=True))
            unit.follow_up(TypingDue(row.channel, row.address))
        return LeasedTurn(job, fence, request, catch_up)

    async def _do(self, taken: LeasedTurn) -> None:
        if taken.job.kind == "handback":
            await self._hand_back(taken)
            return
        started = asyncio.get_running_loop().time()
        try:
            answer = await self._ask(taken)
        except (AssistantError, SlotRefused) as error:
            reason = error.reason if isinstance(error, AssistantError) else "error"
            await self._answers.fail(taken, reason)
            return
        took = round((asyncio.get_running_loop().time() - started) * 1000)
        await self._answered(taken, answer, took)

    async def _ask(self, taken: LeasedTurn) -> AssistantAnswer:
        if taken.is_waiting:
            return await self._assistant.hear_waiting(taken.request)
        missed = taken.catch_up.request if taken.catch_up is not None else None
        return await self._assistant.answer(taken.request, missed)

    async def _hear_on(self, taken: LeasedTurn) -> None:
        """Waits for the rest of a thought, until the next message or a moment later."""
        job = taken.job
        conversation_id = job.conversation_id
        self._fragments[conversation_id] = (job.turn_id, 1 + len(taken.joined))
        left = job.created_at + PATIENCE - self._held.clock()
        if conversation_id not in self._woken and len(job.following) == len(
            taken.joined
        ):
            arrival = self._arrivals[conversation_id] = asyncio.Event()
            with suppress(TimeoutError):
                async with asyncio.timeout(left.total_seconds()):
                    await arrival.wait()
        # It is taken again, with what has come by now.
        self._woken.add(conversation_id)

    async def _begin_anew(self, taken: LeasedTurn) -> None:
        """What the assistant has never heard is for whoever has the chat by now."""
        conversation_id = taken.job.conversation_id
        async with self._held.transaction(conversation_id) as unit:
            await jobs.forget_asking(unit.tx, taken.job)
        self._woken.add(conversation_id)

    async def _hand_back(self, taken: LeasedTurn) -> None:
        try:
            answer = await self._assistant.hand_back(taken.request)
        except (AssistantError, SlotRefused) as error:
            await self._handback.refused(taken.job, error)
        else:
            assert taken.catch_up is not None
            await self._handback.done(taken.job, answer, taken.catch_up.through)

    async def _answered(
        self, taken: LeasedTurn, answer: AssistantAnswer, duration_ms: int
    ) -> None:
        if taken.is_waiting:
            await self._answers.deliver_waiting(taken, answer, duration_ms)
            return
        if taken.may_wait and answer.turn.get("recorded") is False:
            await self._hear_on(taken)
            return
        if taken.is_lookup and answer.turn.get("recorded") is False:
            await self._begin_anew(taken)
            return
        trigger = answer.turn.get("trigger")
        if answer.turn.get("failed_action"):
            await self._answers.fail(taken, "failed_action", answer)
        elif not answer.replies and not trigger:
            await self._answers.fail(taken, "empty", answer)
        else:
            await self._answers.deliver(taken, answer, duration_ms)


async def _is_read(unit: UnitOfWork, job: Job) -> bool:
    """Whether an agent, who has the chat no more, had it after the message."""
    row = unit.conversation
    if row.owner != Owner.BOT or not row.needs_catch_up:
        return False
    return await log.had_agent_since(unit.tx, row.conversation_id, job.message_id)
