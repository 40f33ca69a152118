"""A repeated `client_id` gets the first ack again, and serves no other call."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime

from handoff_bridge.errors import (
    AtCapacity,
    BackOfficeUnavailable,
    BotUnavailable,
    BridgeError,
    ClientIdReused,
    OfferedToAnother,
    OfferOver,
    RateLimited,
    WindowClosed,
)
from handoff_bridge.models import JsonObject, Payload
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import calls
from handoff_bridge.store.calls import Bound
from handoff_bridge.store.database import Connection, Database

# What is refused so may be granted a moment later, to the very same call.
MAY_PASS = frozenset(
    error.code
    for error in (
        *(AtCapacity, BackOfficeUnavailable, BotUnavailable),
        *(OfferedToAnother, OfferOver, RateLimited, WindowClosed),
    )
)


def fingerprint(arguments: JsonObject) -> str:
    """What tells calls of other arguments apart; nothing can be read from it."""
    text = json.dumps(arguments, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def arguments_of(payload: Payload) -> JsonObject:
    """What was asked for, beside the `client_id` itself."""
    return payload.model_dump(mode="json", exclude={"client_id"})


async def bind(
    tx: Connection,
    agent_id: str,
    client_id: str,
    call: str,
    arguments: JsonObject,
    now: datetime,
) -> Bound:
    """Takes a `client_id` for this call. Raises ClientIdReused where it was another's.

    Rows from before arguments were kept fit any call.
    """
    wanted = call, fingerprint(arguments)
    bound = await calls.bind(tx, agent_id, client_id, *wanted, now)
    if bound.call is not None and (bound.call, bound.arguments) != wanted:
        raise ClientIdReused
    return bound


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
        call: str,
        arguments: JsonObject,
        perform: Callable[[], Awaitable[JsonObject]],
    ) -> JsonObject:
        """The first answer, or `perform`'s, which is then the first.

        The caller sees to it that one `client_id` is not performed twice at once.
        Should the process die between acting and noting it, the act itself refuses
        to be done twice, or is the same twice. Raises ClientIdReused.
        """
        async with self._database.write() as tx:
            bound = await bind(tx, agent_id, client_id, call, arguments, self._clock())
        if bound.ack is not None:
            return bound.ack
        try:
            ack = await perform()
        except BridgeError as error:
            ack = error.as_dict()
        if ack.get("error") in MAY_PASS:
            return ack
        async with self._database.write() as tx:
            # Another bridge may have been asked the same meanwhile, and been faster.
            return await calls.keep_ack(tx, agent_id, client_id, ack)
