"""Telling again what may have been committed and told to nobody.

A bridge that dies between its commit and the telling leaves everybody at the other
bridges without it, and so does a database that ends before it has confirmed a commit.
The newest of a conversation is enough: clients that see a gap before it ask for it.
"""

import asyncio
from datetime import datetime

import structlog

from handoff_bridge.conversation.events import CUSTOMER
from handoff_bridge.conversation.log import agent_event, history_item
from handoff_bridge.conversation.outcomes import HandoffTold, QueueMoved
from handoff_bridge.conversation.states import OPEN_STATES, HandoffState
from handoff_bridge.protocol.customer import ChatMessage
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import handoffs, log

logger = structlog.get_logger()

# The database may be about to restart.
RETRY_SECS = 1.0


class Retelling:
    """One task does, which nobody waits for."""

    def __init__(self, held: ConversationRepository, *, is_alone: bool = True) -> None:
        """`is_alone`: the clients of a bridge that has died are nobody else's."""
        self._held = held
        self._is_alone = is_alone
        self._due: set[str] = set()
        self._since: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def conversation(self, conversation_id: str) -> None:
        """What was written there last may not have been told."""
        self._due.add(conversation_id)
        self._start()

    def all_since(self, moment: datetime) -> None:
        """A bridge has died that told of what it wrote until then at least."""
        if not self._is_alone:
            self._since = min(moment, self._since or moment)
            self._start()

    async def stop(self) -> None:
        """Ends what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._due or self._since is not None:
                try:
                    await self._tell_due()
                except Exception:
                    logger.exception("not_told_again")
                    await asyncio.sleep(RETRY_SECS)
        finally:
            self._task = None

    async def _tell_due(self) -> None:
        if (since := self._since) is not None:
            async with self._held.database.read() as tx:
                self._due |= await log.written_since(tx, since)
            self._since = None
        while self._due:
            conversation_id = next(iter(self._due))
            async with self._held.transaction(conversation_id) as unit:
                await _tell_newest(unit)
            self._due.discard(conversation_id)


async def _tell_newest(unit: UnitOfWork) -> None:
    """The last entry to agents, the last message and the status to the customer."""
    row, tx = unit.conversation, unit.tx
    end = row.last_seq + 1
    for entry in await log.read(
        tx, row.conversation_id, before=end, limit=1, visible=True
    ):
        is_own = entry.actor.type == CUSTOMER.type
        message = ChatMessage.model_validate(history_item(entry))
        unit.tell_customer("user_echo" if is_own else "bot_uttered", message)
    unit.tell_customer("conversation_status", await unit.status())
    for handoff in (await handoffs.of_conversation(tx, row.conversation_id))[-1:]:
        unit.tell_handoff(HandoffTold(_event_of(handoff.state), handoff))
        unit.follow_up(QueueMoved())
    for entry in await log.read(tx, row.conversation_id, before=end, limit=1):
        unit.tell_watchers(agent_event(entry))


def _event_of(state: str) -> str:
    if state not in OPEN_STATES:
        return "handoff_updated"
    is_claimed = state == HandoffState.CLAIMED
    return "handoff_claimed" if is_claimed else "handoff_queued"
