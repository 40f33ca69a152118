"""Whom a chat in line waits for, once an agent has passed it on."""

from datetime import datetime

from handoff_bridge.packet.events import Event
from handoff_bridge.packet.reading import Reading
from handoff_bridge.packet.schema import Kept

WAITING = "queued"


def kept_for(reading: Reading, handoff_id: str) -> Kept | None:
    """As the log has it last; None where anybody may take it, or somebody has."""
    last: Event | None = None
    for event in reading.events:
        if event.type == "handoff_updated" and event.handoff_id == handoff_id:
            # A more urgent reason moves a chat forward and says no more of it.
            if event.waits_until or event.state != WAITING:
                last = event
    if last is None or not _is_time(last.waits_until):
        return None
    return Kept(
        for_agent=(last.for_agent.name if last.for_agent else None) or None,
        for_team=last.for_team or None,
        waits_until=last.waits_until or "",
        passed_on_by=(last.actor.name if last.actor else None) or None,
    )


def _is_time(told: str | None) -> bool:
    try:
        return datetime.fromisoformat(told or "").tzinfo is not None
    except ValueError:
        return False
