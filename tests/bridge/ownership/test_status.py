"""What a customer is told of who has the chat, for every owner."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.status import (
    Estimate,
    Place,
    PromiseMade,
    customer_status,
)

SOON = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
MARIA = AgentRef("maria", "Maria", "returns")
PROMISE = {"answer_by": "2026-05-04T09:30:00.000Z", "ticket": "TK-1"}
IN_LINE: list[tuple[Place | None, dict[str, Any]]] = [
    (None, {}),
    (Place(), {}),
    (
        Place(2, Estimate(60.4, 29.6, 120.0)),
        {"position": 2, "eta_seconds": 60, "eta_range": [30, 120]},
    ),
    (
        Place(2, Estimate(60, 30, 120), PromiseMade(answer_by=SOON, ticket="TK-1")),
        {"position": 2, "promise": PROMISE},
    ),
]


@pytest.mark.parametrize(("place", "in_line"), IN_LINE)
@pytest.mark.parametrize("owner", Owner)
def test_status_names_the_agent_or_the_place_in_line(
    owner: Owner, place: Place | None, in_line: dict[str, Any]
) -> None:
    told = customer_status(owner, MARIA, place).as_json()
    agent = {"agent": {"name": "Maria", "team": "returns"}}
    wanted = {Owner.AGENT: agent, Owner.QUEUE: in_line}
    assert told == {"owner": owner.value, **wanted.get(owner, {})}
