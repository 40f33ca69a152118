"""What the back office knows of a chat: asked in the background, and for packets.

A reference that somebody typed proves nothing: a customer is known once the shop's own
site signs for them or a one-time code has come back. Only then are their cards asked
for; what a reference alone names is masked.
"""

import asyncio
from typing import Any

from handoff_bridge.conversation.cards import CardHeading
from handoff_bridge.conversation.outcomes import HandoffTold, QueueMoved
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.backoffice import Told, references_of
from handoff_bridge.service.moving import note_cards
from handoff_bridge.service.ports import BackOffice, CardsDue
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import conversations, log


class Cards:
    """Learns who customers are, and which cards the rows of their handoffs show."""

    def __init__(self, held: ConversationRepository, back_office: BackOffice) -> None:
        """`back_office` may be down: then what is known stays as it was."""
        self._held = held
        self._back_office = back_office
        self._tasks: set[asyncio.Task[None]] = set()

    async def meet(self, unit: UnitOfWork, turn: dict[str, Any]) -> None:
        """After a turn: who is verified by now is this chat's customer, if anybody.

        Whom the shop's own site has signed for stays.
        """
        row, customer_id = unit.conversation, verified_customer(turn)
        if row.signed_until is None and customer_id != row.customer_id:
            if customer_id is not None:
                await conversations.put_customer(unit.tx, customer_id)
            row.customer_id = customer_id
            unit.follow_up(CardsDue())
        elif unit.handoff is not None:
            unit.follow_up(CardsDue())

    async def ask(self, customer_id: str | None, references: list[str]) -> Told | None:
        """The cards that the references name, then the customer's others.

        None where the back office does not answer.
        """
        asked: list[tuple[str | None, str | None]] = [(None, one) for one in references]
        if customer_id is not None:
            own = [(customer_id, one) for one in references]
            asked += own or [(customer_id, None)]
        answers = await asyncio.gather(
            *(self._back_office.cards(*one) for one in asked)
        )
        told = [answer for answer in answers if answer is not None]
        if asked and not told:
            return None
        # The customer's own come last, and take the places of the masked ones.
        cards = {(card.kind, card.id): card for one in told for card in one.cards}
        customer = next((one.customer for one in told if one.customer), None)
        return Told([*cards.values()], customer)

    def learn(self, conversation_id: str) -> None:
        """Asks about a chat; nobody waits for it."""
        task = asyncio.create_task(self._learn(conversation_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Ends what is under way; whoever opens a packet asks again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _learn(self, conversation_id: str) -> None:
        async with self._held.database.read() as tx:
            row = await conversations.load(tx, conversation_id)
            turn = await log.last_of(tx, conversation_id, "turn")
        if row is None:
            return
        references = references_of(turn.data if turn else {})
        told = await self.ask(row.customer_id, references)
        if told is None:
            return
        async with self._held.transaction(conversation_id) as unit:
            # Else somebody has signed in or out meanwhile, and is asked about as well.
            if unit.conversation.customer_id == row.customer_id:
                await _note(unit, told)


async def _note(unit: UnitOfWork, told: Told) -> None:
    """Keeps who the customer is and the open handoff's cards, and tells what is new."""
    customer_id = unit.conversation.customer_id
    known = await conversations.load_customer(unit.tx, customer_id)
    if customer_id is not None and told.customer is not None:
        person = told.customer.model_dump(exclude={"customer_id"})
        await conversations.put_customer(unit.tx, customer_id, **person)
    if unit.handoff is None:
        return
    headings = [heading_of(card) for card in told.cards]
    is_news = known != await conversations.load_customer(unit.tx, customer_id)
    if headings == (unit.handoff.cards or []) and not is_news:
        return
    await note_cards(unit, headings)
    unit.tell_handoff(HandoffTold("handoff_updated", unit.handoff))
    if unit.handoff.is_waiting:
        unit.follow_up(QueueMoved())  # rows carry no place: it would be forgotten


def heading_of(card: CardHeading) -> JsonObject:
    """What a handoff's row keeps of a card."""
    return card.model_dump(include={*CardHeading.model_fields}, exclude_none=True)


def verified_customer(turn: dict[str, Any]) -> str | None:
    """The customer whom the assistant has verified, as its slots say."""
    authentication = (turn.get("slots") or {}).get("authentication")
    if not isinstance(authentication, dict):
        return None
    customer_id = authentication.get("customer_id")
    return customer_id if isinstance(customer_id, str) and customer_id else None
