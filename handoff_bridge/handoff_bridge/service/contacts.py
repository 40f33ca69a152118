"""A customer who does not stay says where to reach them."""

from handoff_bridge.conversation.commands import CustomerAsks
from handoff_bridge.conversation.contact import Contact, read_email, read_phone
from handoff_bridge.conversation.events import CUSTOMER, ContactLeft
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.triggers import DeclaredTrigger, Trigger
from handoff_bridge.errors import InvalidEmail, InvalidPhone, NotAvailable
from handoff_bridge.protocol.customer import ContactLeave, HumanAsked
from handoff_bridge.service.handoff_requests import (
    NewHandoff,
    open_handoff,
    write_waiting_line,
)
from handoff_bridge.service.moving import note_contact
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store.conversations import Session

NO_MAIL = "Answers by mail are not set up here; leave a phone number, or write here."


class Contacts:
    """Use case of leaving an address."""

    def __init__(self, held: ConversationRepository, *, sends_mail: bool) -> None:
        """An answer by mail is promised only where there is a mail server."""
        self._held = held
        self._sends_mail = sends_mail

    async def leave(self, session: Session, call: ContactLeave) -> HumanAsked:
        """Keeps it on the handoff, which it opens where there is none.

        A later one takes the place of an earlier one, and the same again changes
        nothing. Raises NotAvailable, InvalidEmail, InvalidPhone, UnknownSession,
        TokenExpired.
        """
        if call.want == "mail" and not self._sends_mail:
            raise NotAvailable(NO_MAIL)
        async with self._held.transaction_for(session) as unit:
            contact = _read(call, unit.conversation.locale)
            handoff = unit.handoff or await _open(unit)
            if handoff.contact != contact:
                await _keep(unit, handoff, contact)
            status = await unit.status()
            return HumanAsked(**dict(status))


def _read(call: ContactLeave, locale: str | None) -> Contact:
    if call.want == "mail" and not call.email:
        raise InvalidEmail("Please leave the email address to write to.")
    if call.want == "callback" and not call.phone:
        raise InvalidPhone("Please leave the phone number to call.")
    return Contact(
        want=call.want,
        email=read_email(call.email) if call.email else None,
        phone=read_phone(call.phone, locale) if call.phone else None,
    )


async def _open(unit: UnitOfWork) -> Handoff:
    asked = NewHandoff(
        [DeclaredTrigger(Trigger.CUSTOMER_REQUEST)], evidence={"source": "contact"}
    )
    await open_handoff(unit, CustomerAsks, asked)
    await write_waiting_line(unit)
    assert unit.handoff is not None  # it was just opened
    return unit.handoff


async def _keep(unit: UnitOfWork, handoff: Handoff, contact: Contact) -> None:
    await note_contact(unit, contact)
    left = ContactLeft(
        **unit.stamp(CUSTOMER), handoff_id=handoff.handoff_id, want=contact.want
    )
    unit.append(left)
    if contact.want == "mail":
        unit.say("contact_mail")
    else:
        unit.say("contact_callback")
    await unit.write_entries()
    unit.tell_customer("conversation_status", await unit.status())
