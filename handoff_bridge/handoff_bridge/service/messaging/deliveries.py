"""What became of messages on a customer's channel, and what agents do about it."""

from handoff_bridge.conversation.contact import Contact
from handoff_bridge.conversation.events import Message, SentAgain
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import agent_event
from handoff_bridge.errors import (
    NotAvailable,
    NotFailed,
    NotOwner,
    WindowClosed,
)
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.http import Ways
from handoff_bridge.protocol.inbox import DeliveryMail, DeliveryRetry, DeliveryState
from handoff_bridge.service.access import access_conversation, own_conversation
from handoff_bridge.service.handoff_return import ref_of
from handoff_bridge.service.mails import mail_to
from handoff_bridge.service.messaging.reach import phone_of
from handoff_bridge.service.messaging.telling import delivery_state, tell_delivery
from handoff_bridge.service.ports import ChannelDue
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import channel_outbox as outbox
from handoff_bridge.store import conversations, handoffs
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.channel_outbox import Delivery
from handoff_bridge.store.conversations import Conversation
from handoff_bridge.store.database import Connection

NO_MAIL = "No email address of the customer is known here, or no mail server."


class Deliveries:
    """Use cases of agents."""

    def __init__(self, held: ConversationRepository, *, sends_mail: bool) -> None:
        """`sends_mail` if there is a mail server."""
        self._held = held
        self._sends_mail = sends_mail

    async def of(self, agent: Agent, conversation_id: str) -> list[DeliveryState]:
        """Of each message that went out. Raises UnknownConversation, Forbidden."""
        async with self._held.database.read() as tx:
            await access_conversation(tx, agent, conversation_id)
            found = await outbox.of_conversation(tx, conversation_id)
        return [delivery_state(one) for one in found]

    async def retry(self, agent: Agent, call: DeliveryRetry) -> Done:
        """Sends a message that has failed once more.

        Raises UnknownConversation, NotOwner, NotFailed, WindowClosed.
        """
        async with self._held.transaction(call.conversation_id) as unit:
            failed = await _failed(unit, agent, call.seq)
            reach = unit.reach_of(unit.conversation)
            if failed.failure == "window_closed" and reach and not reach.is_open:
                raise WindowClosed
            again = await outbox.send_again(
                unit.tx, call.conversation_id, call.seq, unit.now
            )
            if again is None:
                raise NotFailed
            _note(unit, agent, call.seq, is_mail=False)
            tell_delivery(unit, again)
            unit.follow_up(ChannelDue())
        return Done()

    async def mail(self, agent: Agent, call: DeliveryMail) -> Done:
        """Sends a message that has failed by mail.

        Raises UnknownConversation, NotOwner, NotFailed, NotAvailable.
        """
        async with self._held.transaction(call.conversation_id) as unit:
            await _failed(unit, agent, call.seq)
            email = await self._email(unit.tx, unit.conversation, unit.handoff)
            if email is None:
                raise NotAvailable(NO_MAIL)
            [entry] = (await unit.read_log(after=call.seq - 1))[:1]
            await mail_to(unit, email, Message.model_validate(agent_event(entry)))
            _note(unit, agent, call.seq, is_mail=True)
        return Done()

    async def ways(self, agent: Agent, conversation_id: str) -> Ways:
        """How else to reach the customer of this agent's chat.

        Raises UnknownConversation, NotOwner.
        """
        async with self._held.database.read() as tx:
            row = await own_conversation(tx, agent, conversation_id)
            handoff, _ = await handoffs.open_of(tx, conversation_id)
            email = await self._email(tx, row, handoff)
        contact = handoff.contact if handoff else None
        number = (contact and contact.phone) or phone_of(row.address)
        hint = Contact(want="mail", email=email).hidden().email
        return Ways(phone=number, email=hint)

    async def _email(
        self, tx: Connection, row: Conversation, handoff: Handoff | None
    ) -> str | None:
        """The address that the customer left, or has proved to be theirs."""
        if not self._sends_mail:
            return None
        if handoff and handoff.contact and handoff.contact.email:
            return handoff.contact.email
        if not row.is_verified:
            return None
        customer = await conversations.load_customer(tx, row.customer_id)
        return customer.email if customer else None


async def _failed(unit: UnitOfWork, agent: Agent, seq: int) -> Delivery:
    """A message of this agent's chat that did not get there."""
    row = unit.conversation
    if row.agent_id != agent.agent_id:
        raise NotOwner
    found = await outbox.of_conversation(unit.tx, row.conversation_id, seq)
    if not found or found[0].state != "failed":
        raise NotFailed
    return found[0]


def _note(unit: UnitOfWork, agent: Agent, seq: int, *, is_mail: bool) -> None:
    unit.append(
        SentAgain(
            **unit.stamp(ref_of(agent).actor),
            of_seq=seq,
            by="mail" if is_mail else "channel",
        )
    )
