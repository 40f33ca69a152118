"""A chat that a human had overnight is not the bot's in the morning's report."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handoff_bridge.service import reports as reports_module
from handoff_bridge.service.reports import Reports
from handoff_bridge.store.database import Database
from tests.bridge.support import House


async def test_time_with_a_human_runs_on_over_midnight(
    each_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, maria, row = await each_house.claimed()
    await customer.say("still there?")
    await maria.sees("still there?")
    database = Database(each_house.settings.database)
    # As if midnight had been between the claim and the customer's last message.
    events = await each_house.events(maria, row["conversation_id"])
    midnight = datetime.fromisoformat(events[-1]["at"]) - timedelta(milliseconds=1)
    between, queued = reports_module.log.between, reports_module.handoffs.queued_between
    owners = reports_module.log.owners_at

    async def since(tx: Any, _start: Any, end: Any, *more: Any) -> Any:
        return await between(tx, midnight, end, *more)

    async def queued_since(tx: Any, _start: Any, end: Any) -> Any:
        return await queued(tx, midnight, end)

    async def owners_then(tx: Any, _start: Any, end: Any) -> Any:
        return await owners(tx, midnight, end)

    monkeypatch.setattr(reports_module.log, "between", since)
    monkeypatch.setattr(reports_module.handoffs, "queued_between", queued_since)
    monkeypatch.setattr(reports_module.log, "owners_at", owners_then)
    later = datetime.now(UTC) + timedelta(seconds=30)
    report = (await Reports(database, lambda: later).today()).as_json()
    await database.close()
    assert report["spans"]["bot_seconds"] == 0
    assert report["spans"]["human_seconds"] >= 25
    settled = next(f for f in report["figures"] if f["key"] == "settled_by_bot")
    assert settled["conversations"] == []
