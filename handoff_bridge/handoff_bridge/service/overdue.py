"""Once a wait has outlasted what was told: sorry, once, and other ways to hear."""

from handoff_bridge.service.moving import note_overdue
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import agents, handoffs


class Overdue:
    """Looks for such waits; several bridges may, and one of them says it."""

    def __init__(self, held: ConversationRepository, *, sends_mail: bool) -> None:
        """An answer by mail is offered where there is a mail server."""
        self._held = held
        self._sends_mail = sends_mail

    async def look(self) -> None:
        """Says it to each who has not been told yet."""
        now = self._held.clock()
        async with self._held.database.read() as tx:
            waiting = await handoffs.told_and_waiting(tx)
        for handoff in waiting:
            if handoff.is_overdue(now):
                await self._say(handoff.conversation_id)

    async def _say(self, conversation_id: str) -> None:
        async with self._held.transaction(conversation_id) as unit:
            handoff = unit.handoff
            if handoff is None or not handoff.is_overdue(unit.now):
                return
            if handoff.overdue_seq is not None or handoff.contact is not None:
                return
            if not await agents.is_anyone_there(unit.tx):
                return  # a promise is on its way
            mail = self._sends_mail
            line = unit.say("overdue_mail") if mail else unit.say("overdue")
            await note_overdue(unit, line.seq)
            unit.tell_customer("conversation_status", await unit.status())
