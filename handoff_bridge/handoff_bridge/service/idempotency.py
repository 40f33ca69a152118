"""A repeated `client_id` gets the first ack again."""

from collections.abc import Awaitable, Callable

from handoff_bridge.errors import BridgeError
from handoff_bridge.models import JsonObject
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import agents
from handoff_bridge.store.database import Database


class Calls:
    """First answers, by agent and `client_id`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keeps them in the database, so that they outlive a restart."""
        self._database = database
        self._clock = clock

    async def once(
        self,
        agent_id: str,
        client_id: str,
        perform: Callable[[], Awaitable[JsonObject]],
    ) -> JsonObject:
        """The first answer, or `perform`'s, which is then the first.

        The caller sees to it that one `client_id` is not performed twice at once.
        Should the process die between acting and noting it, the act itself refuses
        to be done twice, or is the same twice.
        """
        async with self._database.read() as tx:
            first = await agents.first_ack(tx, agent_id, client_id)
        if first is not None:
            return first
        try:
            ack = await perform()
        except BridgeError as error:
            ack = error.as_dict()
        async with self._database.write() as tx:
            await agents.keep_ack(tx, agent_id, client_id, ack, self._clock())
            # Another bridge may have been asked the same meanwhile, and been faster.
            return await agents.first_ack(tx, agent_id, client_id) or ack
