"""Rasa connector that puts any other connector, unchanged, behind the bridge.

The bridge takes a platform's requests and forwards them here. What the wrapped
connector reads of them goes to the bridge instead of to Rasa, and the bridge's answers
go out through its output channel.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.run import _create_single_channel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from channels.bridge_requests import BadRequest
from channels.platform_calls import CallFailed, watch_calls
from channels.relay_inbound import (
    Bridge,
    BridgeRefused,
    BridgeUnreachable,
    Relayed,
    relayed,
)
from channels.relay_outbound import NoWayBack, Outgoing, Sender, read_outgoing

logger = logging.getLogger(__name__)

CHANNEL_NAME = "relay"
TOKEN_HEADER = "X-Relay-Token"
EVENT_HEADER = "X-Relay-Event"
# The platform may take so long; the bridge waits for 20 seconds.
SEND_SECS = 15


class RelayInput(InputChannel):
    """Routes under `/webhooks/relay`, those of each connector below its name."""

    def __init__(
        self,
        service_token: str,
        bridge_url: str,
        connectors: Mapping[str, InputChannel],
        in_loop: tuple[str, ...] = (),
    ) -> None:
        """Takes the secret shared with the bridge, its address, and the connectors.

        Those named in `in_loop` have clients that belong to Rasa's event loop.
        """
        self._service_token = service_token
        self._connectors = connectors
        self._bridge = Bridge(bridge_url, service_token)
        self._senders = {
            name: Sender(connector, in_loop=name in in_loop)
            for name, connector in connectors.items()
        }
        watch_calls()

    @classmethod
    def name(cls) -> str:
        """Names the channel in URLs."""
        return CHANNEL_NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RelayInput:
        """Reads `credentials.yml`, and stops the start if something is missing."""
        values = credentials or {}
        for name in ("service_token", "bridge_url", "connectors"):
            if not values.get(name):
                raise RasaException(f"credentials.yml: {cls.__name__} needs {name}.")
        made = [_create_single_channel(*one) for one in values["connectors"].items()]
        connectors = {connector.name(): connector for connector in made}
        in_loop = tuple(values.get("in_loop") or ())
        if unknown := set(in_loop) - set(connectors):
            raise RasaException(f"credentials.yml: in_loop has unknown {unknown}.")
        return cls(
            str(values["service_token"]), str(values["bridge_url"]), connectors, in_loop
        )

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> list[Any]:
        """Defines the routes. Turns are the bridge's to ask for, elsewhere."""
        own = Blueprint("relay_webhook")
        own.add_route(self._guarded(self._health), "/", methods=["GET"], name="health")
        own.add_route(self._guarded(self._send), "/send", methods=["POST"], name="send")
        # Sanic takes a list where Rasa expects one; a group has a prefix of its own.
        wrapped = [self._wrapped(*one) for one in self._connectors.items()]
        return [own, *wrapped]

    def _wrapped(self, name: str, connector: InputChannel) -> Any:
        """The connector's own routes, open to the bridge alone."""

        def on_new_message(message: UserMessage) -> Awaitable[None]:
            found = relayed.get() or Relayed()
            way_back = self._senders[name].remember(message)
            return found.hand_in(self._bridge, name, message, way_back)

        async def admit(request: Request) -> HTTPResponse | None:
            return await self._admit(request)

        blueprint = connector.blueprint(on_new_message)
        # Functions: Sanic takes no notice of a bound method here.
        blueprint.middleware(admit, "request")
        blueprint.middleware(_settle, "response")
        # Rasa's connectors give their module's name for it, and Rasa overrides it too.
        blueprint.url_prefix = ""
        return Blueprint.group(blueprint, url_prefix=f"/{name}")

    async def _admit(self, request: Request) -> HTTPResponse | None:
        event_id = request.headers.get(EVENT_HEADER)
        token = request.headers.get(TOKEN_HEADER, "")
        if not event_id or not self._is_token(token):
            return _error(401, "unauthorized", "Only the bridge may call this.")
        request.ctx.relayed = Relayed(event_id)
        relayed.set(request.ctx.relayed)
        return None

    async def _health(self, request: Request) -> HTTPResponse:
        """Names the connectors, and whether each shows buttons as buttons."""
        found = {
            name: {"buttons": sender.shows_buttons}
            for name, sender in self._senders.items()
        }
        return json({"ok": True, "connectors": found})

    async def _send(self, request: Request) -> HTTPResponse:
        outgoing: Outgoing = read_outgoing(request.json)
        sender = self._senders.get(outgoing.connector)
        if sender is None:
            return _error(404, "unknown_connector", f"No {outgoing.connector} here.")
        await asyncio.wait_for(sender.send(outgoing), SEND_SECS)
        return json({"ok": True})

    def _guarded(self, handler: Any) -> Any:
        """Checks the caller and turns each failure into its stable code."""

        async def guarded(request: Request) -> HTTPResponse:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if not self._is_token(given):
                return _error(401, "unauthorized", "The service token is wrong.")
            try:
                done: HTTPResponse = await handler(request)
                return done
            except (BadRequest, InvalidUsage) as error:
                return _error(400, "bad_request", str(error))
            except NoWayBack as error:
                return _error(422, "unknown_recipient", str(error))
            except CallFailed as error:
                return _error(502, "platform_failed", str(error), **error.as_dict())
            except asyncio.TimeoutError:
                return _error(504, "timeout", "The platform has not answered yet.")
            except Exception as error:  # whatever the connector's client raises
                logger.exception("A relayed connector could not send.")
                return _error(502, "platform_failed", type(error).__name__)

        return guarded

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._service_token.encode())


async def _settle(request: Request, response: HTTPResponse) -> HTTPResponse | None:
    """Answers once the bridge has all that was read, or with that it has not."""
    found: Relayed | None = getattr(request.ctx, "relayed", None)
    if found is None:
        return None  # it was not let in
    try:
        await found.settled()
    except BridgeUnreachable as error:
        return _error(503, "bridge_unreachable", str(error))
    except BridgeRefused as error:
        response = _error(422, "bridge_refused", str(error))
    # Shows the bridge that it was this connector that answered.
    response.headers[EVENT_HEADER] = found.event_id
    return response


def _error(status: int, code: str, message: str, **more: Any) -> HTTPResponse:
    body = {"ok": False, "error": code, "message": message, **more}
    return json(body, status=status)
