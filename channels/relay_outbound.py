"""Sends what the bridge says through a wrapped connector's output channel."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import re
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage

from channels.bridge_requests import BadRequest, Fields
from channels.in_flight import InFlight
from channels.platform_calls import watched
from channels.way_back import restored, way_back

logger = logging.getLogger(__name__)

THREADS = 16
# Of senders whose output channel is only known here, and of messages that are sent.
REMEMBERED = 10_000


class NoWayBack(Exception):
    """Nobody can be written to there before they write again."""


@dataclass(frozen=True)
class Outgoing:
    """One message of the bridge's to a customer of a connector."""

    connector: str
    recipient: str
    message_id: str
    text: str = ""
    buttons: tuple[dict[str, str], ...] = ()
    image: str | None = None
    reply_to: Mapping[str, Any] | None = None

    def as_response(self) -> dict[str, Any]:
        """As Rasa's output channels take it."""
        found: dict[str, Any] = {"text": one_message(self.text)}
        if self.buttons:
            found["buttons"] = [dict(button) for button in self.buttons]
        if self.image:
            found["image"] = self.image
        return found


def one_message(text: str) -> str:
    """Has no empty lines, at which connectors cut a text into several messages.

    Each would be sent again if the last one failed.
    """
    return re.sub(r"\n(?=\n)", "\n ", text)


def read_outgoing(body: Any) -> Outgoing:
    """Reads the body of `/send`. Raises BadRequest."""
    fields = Fields(body)
    buttons = fields.optional("buttons", list) or []
    outgoing = Outgoing(
        connector=fields.identifier("connector"),
        recipient=fields.identifier("recipient"),
        message_id=fields.identifier("message_id"),
        text=fields.optional("text", str) or "",
        buttons=tuple(map(_button, buttons)),
        image=fields.optional("image", str),
        reply_to=fields.optional("reply_to", dict),
    )
    if not outgoing.text.strip() and not outgoing.image:
        raise BadRequest("text or image must be there.")
    return outgoing


def _button(value: Any) -> dict[str, str]:
    fields = Fields(value, "buttons[].")
    return {name: fields.identifier(name) for name in ("title", "payload")}


class Sender:
    """Sends through one connector, each message once while this process lives."""

    def __init__(self, connector: InputChannel, *, in_loop: bool) -> None:
        """Its client belongs to Rasa's event loop if it says `in_loop`."""
        self._connector = connector
        self._in_loop = in_loop
        # Their clients wait for the platform without letting anything else run.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="relay")
        self._in_flight: InFlight[None] = InFlight()
        self._sent: OrderedDict[str, None] = OrderedDict()
        self._outputs: OrderedDict[str, OutputChannel] = OrderedDict()

    @property
    def shows_buttons(self) -> bool | None:
        """Whether they are more than a list of payloads; None if it cannot be told."""
        output = next(reversed(self._outputs.values()), None)
        if output is None:
            return None
        own = type(output).send_text_with_buttons
        return own is not OutputChannel.send_text_with_buttons

    def remember(self, message: UserMessage) -> dict[str, Any] | None:
        """Keeps how to answer the sender; gives it too, if it can be written down."""
        _put(self._outputs, message.sender_id, message.output_channel)
        return way_back(self._connector, message.output_channel)

    async def send(self, outgoing: Outgoing) -> None:
        """Sends it unless it was sent, and goes on if the caller leaves.

        Raises:
            NoWayBack: the connector cannot write first, and nobody wrote to it.
            CallFailed: the platform did not take it.
        """
        if outgoing.message_id in self._sent:
            return
        await self._in_flight.run(outgoing.message_id, lambda: self._send(outgoing))

    async def _send(self, outgoing: Outgoing) -> None:
        sending = self._sending(outgoing)
        if self._in_loop:
            await sending
        else:
            loop, context = asyncio.get_running_loop(), contextvars.copy_context()
            await loop.run_in_executor(self._threads, context.run, asyncio.run, sending)
        _put(self._sent, outgoing.message_id, None)

    async def _sending(self, outgoing: Outgoing) -> None:
        # Some, such as Rocket.Chat's, log in as soon as there is an output.
        with watched():
            output = self._output(outgoing)
            await output.send_response(outgoing.recipient, outgoing.as_response())

    def _output(self, outgoing: Outgoing) -> OutputChannel:
        """The one that the customer's latest message came with."""
        if outgoing.reply_to is not None:
            try:
                return restored(self._connector, outgoing.reply_to)
            except ValueError:
                logger.warning("%s has changed its output.", outgoing.connector)
        known = self._outputs.get(outgoing.recipient)
        found = known or self._connector.get_output_channel()
        if found is None:
            raise NoWayBack(f"{outgoing.connector} cannot write to them first.")
        return found


def _put(kept: OrderedDict[str, Any], key: str, value: Any) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)
