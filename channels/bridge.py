"""Rasa connector of the handoff bridge: HTTP in, one answered turn out."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from channels.bridge_output import BridgeOutput
from channels.bridge_requests import (
    BadRequest,
    read_handback,
    read_message,
    read_suggest,
)
from channels.handback import UnknownSlot
from channels.in_flight import InFlight
from channels.rasa_compat import CHANNEL_NAME, NoModel, cache_event_types
from channels.reload import BadModel, Reloader
from channels.suggestions import suggest
from channels.turn_report import Answer
from channels.turns import run_handback, run_message
from channels.waiting import run_waiting

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]
# Takes the agent, what is asked, and the output.
TurnRunner = Callable[[Any, Any, BridgeOutput], Awaitable[Answer]]


class BridgeInput(InputChannel):
    """Routes under `/webhooks/bridge`; only the bridge may call them."""

    def __init__(self, service_token: str, bridge_url: str) -> None:
        """Takes the secret shared with the bridge, and the bridge's address."""
        self._service_token = service_token
        self._bridge_url = bridge_url
        self._in_flight: InFlight[Answer] = InFlight()
        self._reloads: InFlight[dict[str, Any]] = InFlight()
        self._reloader = Reloader()
        cache_event_types()

    @classmethod
    def name(cls) -> str:
        """Names the channel in URLs and in tracker events."""
        return CHANNEL_NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> BridgeInput:
        """Reads `credentials.yml`, and stops the start if something is missing."""
        values = credentials or {}
        for name in ("service_token", "bridge_url"):
            if not values.get(name):
                raise RasaException(f"credentials.yml: {cls.__name__} needs {name}.")
        return cls(str(values["service_token"]), str(values["bridge_url"]))

    def get_output_channel(self) -> OutputChannel:
        """Serves reminders and external events, which no request waits for."""
        return self._output().answered()

    def _output(self) -> BridgeOutput:
        return BridgeOutput(self._bridge_url, self._service_token)

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:
        """Defines the routes. Turns run here, not through `on_new_message`."""
        blueprint = Blueprint("bridge_webhook")
        blueprint.add_route(_health, "/", methods=["GET"])
        for handler, path in (
            (self._message, "/webhook"),
            (self._waiting, "/waiting"),
            (self._handback, "/handback"),
            (self._suggest, "/suggest"),
            (self._reload, "/reload"),
        ):
            blueprint.add_route(
                self._guarded(handler), path, methods=["POST"], name=path[1:]
            )
        return blueprint

    async def _message(self, request: Request) -> HTTPResponse:
        message = read_message(request.json)
        how = message.may_wait, message.only_known
        key = ("message", message.sender, message.message_ids, how)
        return await self._answer(request, key, run_message, message)

    async def _waiting(self, request: Request) -> HTTPResponse:
        message = read_message(request.json)
        key = ("waiting", message.sender, message.message_id)
        return await self._answer(request, key, run_waiting, message)

    async def _handback(self, request: Request) -> HTTPResponse:
        handback = read_handback(request.json)
        key: Hashable = ("handback", handback.sender, handback.handoff_id)
        if handback.preview:
            key = object()  # each is another: the agent is still writing
        return await self._answer(request, key, run_handback, handback)

    async def _answer(
        self, request: Request, key: Hashable, run: TurnRunner, asked: Any
    ) -> HTTPResponse:
        """Runs the turn once, however often it is asked for meanwhile."""
        agent = request.app.ctx.agent
        answer = await self._in_flight.run(
            key, lambda: run(agent, asked, self._output())
        )
        return json(answer.as_dict())

    async def _suggest(self, request: Request) -> HTTPResponse:
        wanted = read_suggest(request.json)
        return json(await suggest(request.app.ctx.agent, wanted))

    async def _reload(self, request: Request) -> HTTPResponse:
        """Takes the model's file anew; what the file is was said at the start."""
        agent, turns = request.app.ctx.agent, self._in_flight.under_way()
        # A key of its own for each: who asks again has a newer file.
        done = await self._reloads.run(
            object(), lambda: self._reloader.reload(agent, turns)
        )
        return json(done)

    def _guarded(self, handler: Handler) -> Handler:
        """Checks the caller and turns each failure into its stable code."""

        async def guarded(request: Request) -> HTTPResponse:
            if not self._is_bridge(request):
                return _error(401, "unauthorized", "The service token is wrong.")
            try:
                return await handler(request)
            except (BadRequest, InvalidUsage) as error:
                return _error(400, "bad_request", str(error))
            except UnknownSlot as error:
                return _error(422, "unknown_slot", str(error))
            except BadModel as error:
                return _error(422, "bad_model", str(error))
            except NoModel as error:
                return _error(500, "turn_failed", str(error))
            except Exception:
                logger.exception("Turn failed: path=%s", request.path)
                return _error(500, "turn_failed", "The turn could not be completed.")

        return guarded

    def _is_bridge(self, request: Request) -> bool:
        given = request.headers.get("Authorization", "")
        expected = f"Bearer {self._service_token}"
        return hmac.compare_digest(given.encode(), expected.encode())


async def _health(request: Request) -> HTTPResponse:
    """Tells whether the assistant can answer, which takes a model."""
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or agent.processor is None:
        return json({"status": "no_model", "model": None}, status=503)
    return json({"status": "ok", "model": agent.model_name, "model_id": agent.model_id})


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return json({"ok": False, "error": code, "message": message}, status=status)
