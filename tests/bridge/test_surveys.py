"""The customer is asked whether somebody settled it, with the line that ends it."""

from typing import Any

import pytest

from tests.bridge.support.clients import Customer
from tests.bridge.support.house import House


async def asked(customer: Customer) -> list[tuple[Any, Any]]:
    """Of each line that asks: what it says, and about whom."""
    shown = await customer.history()
    return [(one["text"], one["survey"]) for one in shown if one.get("survey")]


@pytest.mark.parametrize("ending", ["handoff_return", "handoff_close"])
async def test_the_line_that_ends_it_asks_about_the_agent(
    each_house: House, ending: str
) -> None:
    customer, maria, row = await each_house.claimed()
    await maria.act("message_send", conversation_id=row["conversation_id"], text="Hi")
    await customer.hears("Hi", "agent")
    done = await maria.act(ending, handoff_id=row["handoff_id"], disposition="resolved")
    assert done["ok"], done
    line = await customer.hears("Maria has", "system")
    told = [m for m in customer.all("bot_uttered") if m.get("survey")]
    assert [(m["text"], m["survey"]) for m in told] == [(line, {"name": "Maria"})]
    assert await asked(customer) == [(line, {"name": "Maria"})]


async def test_nobody_is_asked_about_an_agent_who_said_nothing(house: House) -> None:
    customer, maria, row = await house.claimed()
    closed = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **closed))["ok"]
    await customer.hears("Maria has closed", "system")
    assert await asked(customer) == []
