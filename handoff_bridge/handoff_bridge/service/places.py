"""Places in the line of waiting customers, and what a customer's status says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue

from handoff_bridge.conversation.handoff import Handoff, is_reserved
from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.status import (
    ConversationStatus,
    Place,
    PromiseMade,
    customer_status,
)
from handoff_bridge.models import JsonObject
from handoff_bridge.routing.queue import estimate_secs, in_order
from handoff_bridge.store import agents, handoffs
from handoff_bridge.store.conversations import Conversation
from handoff_bridge.store.database import Connection

RECENT = timedelta(hours=4)


@dataclass(frozen=True)
class InLine:
    """A place in line, and whose it is."""

    conversation_id: str
    place: Place


async def places_in_line(tx: Connection, now: datetime) -> dict[str, InLine]:
    """Everybody in line, first come first, by the id of their handoff."""
    waiting = await handoffs.in_line(tx)
    waits = await handoffs.recent_waits(tx, now - RECENT)
    return {
        item.handoff_id: InLine(
            item.conversation_id,
            Place(
                position,
                # Who waits for somebody in particular waits as long as that takes.
                None
                if is_reserved(item.waits_until, now)
                else estimate_secs(position, waits),
                promise_in(item.ticket, item.handoff_id),
            ),
        )
        for position, item in enumerate(in_order(waiting), start=1)
    }


async def place_of(tx: Connection, handoff: Handoff, now: datetime) -> Place:
    """Its customer's place; empty if not in line."""
    found = (await places_in_line(tx, now)).get(handoff.handoff_id)
    return found.place if found else Place()


def promise_in(ticket: JsonObject | None, handoff_id: str) -> PromiseMade | None:
    """By when its customer hears, as a ticket's entry has it; None if not promised."""
    if ticket is None or ticket.get("handoff_id") != handoff_id:
        return None
    answer_by = moment(ticket.get("answer_by"))
    if answer_by is None:
        return None
    number = ticket.get("ticket_number")
    return PromiseMade(
        answer_by=answer_by, ticket=number if isinstance(number, str) else None
    )


def moment(told: JsonValue) -> datetime | None:
    """The time that somebody told, with its zone; None where it is none."""
    try:
        found = datetime.fromisoformat(told if isinstance(told, str) else "")
    except ValueError:
        return None
    return found if found.tzinfo else None


async def status_of(
    tx: Connection,
    conversation: Conversation,
    handoff: Handoff | None,
    now: datetime,
) -> ConversationStatus:
    """`conversation_status` as it is now; `handoff` is the open one."""
    agent, in_line = None, None
    if conversation.agent_id:
        found = await agents.load(tx, conversation.agent_id)
        agent = AgentRef(found.agent_id, found.name, found.team) if found else None
    if handoff is not None:
        in_line = await place_of(tx, handoff, now)
    return customer_status(Owner(conversation.owner), agent, in_line)
