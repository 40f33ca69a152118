"""What may have been committed without a confirmation is told all the same."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from handoff_bridge.store.tables import events
from tests.bridge.support import House
from tests.bridge.support.clients import BareClient


def unconfirmed(house: House, message_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit of that message ends like one whose database stops meanwhile."""
    assert house.bridge is not None
    database = house.bridge.database
    write, has_failed = database.write, []
    written = sa.select(events.c.seq).where(events.c.message_id == message_id)

    @asynccontextmanager
    async def write_unconfirmed() -> AsyncIterator[Any]:
        async with write() as tx:
            yield tx
        if has_failed:
            return
        async with database.read() as tx:
            has_failed.extend((await tx.execute(written)).all())
        if has_failed:
            gone = ConnectionResetError("The server has ended.")
            raise DBAPIError("COMMIT", None, gone, connection_invalidated=True)

    monkeypatch.setattr(database, "write", write_unconfirmed)


async def test_message_whose_commit_was_not_confirmed_reaches_the_agent(
    each_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, maria, _ = await each_house.claimed()
    tab = await each_house.customer(session_id=customer.session_id)
    unconfirmed(each_house, "m-1", monkeypatch)
    ack = await customer.say("are you there?", message_id="m-1")
    assert ack["error"] == "internal"
    await maria.sees("are you there?")
    await tab.next("user_echo", text="are you there?")


async def test_clients_of_the_bare_form_are_told_nothing_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, maria, row = await house.claimed()
    bare = BareClient(house.url)
    await bare.open(customer.session_id)
    conversation = {"conversation_id": row["conversation_id"]}
    await maria.act("message_send", **conversation, text="One moment")
    await bare.until(lambda: {"text": "Maria: One moment"} in bare.all("bot_uttered"))
    seen = len(maria.all("handoff_claimed"))
    # It writes the message that the customer's clients have already.
    note = {**conversation, "text": "for colleagues", "client_id": "n-1"}
    unconfirmed(house, f"agent:{maria.agent_id}:n-1", monkeypatch)
    await maria.call("note_add", note)
    await maria.until(lambda: len(maria.all("handoff_claimed")) > seen)
    await maria.act("message_send", **conversation, text="Here it is")
    await bare.until(lambda: {"text": "Maria: Here it is"} in bare.all("bot_uttered"))
    texts = [told["text"] for told in bare.all("bot_uttered")]
    assert texts.count("Maria: One moment") == 1
    await bare.close()
