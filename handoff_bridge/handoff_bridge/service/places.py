"""Places in the line of waiting customers, and what a customer's status says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from handoff_bridge.conversation.handoff import Handoff, is_reserved
from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.status import (
    ConversationStatus,
    Estimate,
    Place,
    PromiseMade,
    customer_status,
)
from handoff_bridge.models import JsonObject
from handoff_bridge.routing.estimate import SERVED, Capacity, Left, Pace, Served, Wait
from handoff_bridge.routing.queue import in_order
from handoff_bridge.routing.rules import Rules
from handoff_bridge.store import agents, handoffs, waits
from handoff_bridge.store.conversations import Conversation
from handoff_bridge.store.database import Connection


@dataclass(frozen=True)
class InLine:
    """A place in line, and whose it is."""

    conversation_id: str
    place: Place


async def places_in_line(
    tx: Connection, now: datetime, rules: Rules
) -> dict[str, InLine]:
    """Everybody in line, first come first, by the id of their handoff."""
    waiting = in_order(await handoffs.in_line(tx), rules.head_start)
    if not waiting:
        return {}
    expected = await _waits(tx, len(waiting))
    return {
        item.handoff_id: InLine(
            item.conversation_id,
            Place(
                position,
                # Who waits for somebody in particular waits as long as that takes.
                None if is_reserved(item.waits_until, now) else wait,
                promise_in(item.ticket, item.handoff_id),
                item.overdue_seq is not None,
                item.contact_want,
            ),
        )
        for position, (item, wait) in enumerate(
            zip(waiting, expected, strict=True), start=1
        )
    }


async def _waits(tx: Connection, places: int) -> Sequence[Estimate | None]:
    """What may be said of the wait at each place: nothing while nobody takes chats."""
    lately = await waits.lately(tx, SERVED)
    served = [
        Served(one.waited, one.reaction, one.handled, one.predicted, one.awaited or 0)
        for one in lately.served
    ]
    pace = Pace.of(served, Left(lately.left, lately.left_secs))
    found = pace.waits(Capacity(lately.slots, lately.free), places) if pace else []
    return [_estimate(wait) for wait in found] or [None] * places


def _estimate(wait: Wait) -> Estimate:
    return Estimate(wait.secs, wait.low, wait.high, wait.awaited)


async def place_of(
    tx: Connection, handoff: Handoff, now: datetime, rules: Rules
) -> Place:
    """Its customer's place; empty if not in line."""
    found = (await places_in_line(tx, now, rules)).get(handoff.handoff_id)
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
    rules: Rules,
) -> ConversationStatus:
    """`conversation_status` as it is now; `handoff` is the open one."""
    agent, in_line = None, None
    if conversation.agent_id:
        found = await agents.load(tx, conversation.agent_id)
        agent = AgentRef(found.agent_id, found.name, found.team) if found else None
    if handoff is not None:
        in_line = await place_of(tx, handoff, now, rules)
    return customer_status(
        Owner(conversation.owner), agent, in_line, conversation.language
    )
