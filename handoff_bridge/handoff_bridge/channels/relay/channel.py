"""Any other connector of Rasa's, wrapped by the assistant's `channels/relay.py`.

A request is kept as it came and forwarded to the connector's own route. What the
connector reads of it comes in by the service API, and what is said to the customer
goes out through the connector: see `docs/channels/relay.md`.
"""

import hmac
import re
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx

from handoff_bridge.channels.platform_http import PlatformHttp
from handoff_bridge.channels.relay.requests import event_id_of, kept, options_of
from handoff_bridge.channels.relay.settings import RelaySettings
from handoff_bridge.channels.relay.verdicts import not_forwarded, not_sent
from handoff_bridge.models import JsonObject
from handoff_bridge.service.messaging.channel import (
    Answer,
    Arrived,
    Channel,
    Check,
    CustomerMessage,
    Event,
    Forwarded,
    Limits,
    Part,
    PlatformError,
    Pressed,
    Request,
    Unverified,
)
from handoff_bridge.settings import Settings

ROUTE = "/webhooks/relay"
TOKEN_HEADER = "x-relay-token"
EVENT_HEADER = "x-relay-event"
# No customer's: requests of one channel are forwarded one after another.
LINE = "requests"
# Connectors give both as texts.
BUTTON = re.compile(r"button:(\S{1,40})")
MAX_ANSWER_BYTES = 65_536
# Short enough for every platform that Rasa has a connector for.
MAX_TEXT = 2000
MAX_BUTTONS = 5


def load(settings: Settings) -> Sequence[Channel]:
    """Each of the wrapped connectors. Raises ValidationError, ValueError."""
    own = RelaySettings()
    for name in {*own.id_fields, *own.buttons} - set(own.channels):
        raise ValueError(f"RELAY_CHANNELS has no {name}.")
    return [Relay(name, own, settings) for name in own.channels]


class Relay(Channel):
    """One connector. Whoever knows the key of its address is the platform."""

    def __init__(self, name: str, own: RelaySettings, settings: Settings) -> None:
        """`name` is the connector's own, by which Rasa knows it."""
        self.name = name
        self.title = name.replace("_", " ").replace("-", " ").capitalize()
        self.limits = Limits(
            text=MAX_TEXT,
            buttons=MAX_BUTTONS if name in own.buttons else 0,
            button_title=40,
            sends_files=False,
        )
        self._key = own.channels[name]
        self._id_fields = own.id_fields.get(name, [])
        self._shows_buttons = name in own.buttons
        self._token = settings.service_token
        self._bearer = {"Authorization": f"Bearer {self._token}"}
        self._http = PlatformHttp(own.url or settings.rasa)

    def verify(self, request: Request) -> None:
        """Most connectors prove nothing: the key in the address does."""
        key, _, _ = request.path.partition("/")
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            raise Unverified("Its address has another key.")

    async def ask(self, request: Request) -> Answer | None:
        """A GET is a platform's question, such as whether the address is ours."""
        if request.method != "GET":
            return None
        found = kept(request, _rest(request))
        event_id = f"question:{uuid.uuid4().hex}"
        response = await self._hand_on(found, event_id)
        if response.headers.get(EVENT_HEADER) != event_id:
            raise not_forwarded(response)
        kind = response.headers.get("content-type", "")
        # Nothing that a browser would take for a page of ours.
        is_json = kind.startswith("application/json")
        return Answer(
            response.content[:MAX_ANSWER_BYTES],
            "application/json" if is_json else Answer.content_type,
            response.status_code,
        )

    def unpack(self, request: Request) -> Sequence[Arrived]:
        """The request itself: what is in it only its connector knows."""
        event_id = event_id_of(request, self._id_fields)
        payload: JsonObject = {"request": kept(request, _rest(request))}
        return [Arrived(event_id, LINE, payload)]

    def answer(self, request: Request) -> Answer:
        """An empty object: Mattermost takes no button's answer that is no JSON."""
        return Answer(b"{}", "application/json")

    async def forward(self, payload: JsonObject, event_id: str) -> None:
        """To the connector's own route, whose answer nobody waits for."""
        found: Any = payload["request"]
        response = await self._hand_on(found, event_id)
        if response.headers.get(EVENT_HEADER) == event_id:
            status = response.status_code
            if status >= httpx.codes.BAD_REQUEST:
                is_final = status < httpx.codes.INTERNAL_SERVER_ERROR
                detail = f"its connector answered {status}"
                raise PlatformError("refused", detail, is_final=is_final)
        elif response.status_code == httpx.codes.NOT_FOUND and await self._is_there():
            raise PlatformError("refused", "no such route", is_final=True)
        else:
            raise not_forwarded(response)

    def hand_in(self, body: JsonObject) -> Arrived:
        """A message that the connector has read, the `n`th of its event."""
        # A request's own id begins with a letter.
        event_id = f"{body['n']}:{body['event_id']}"
        names = ("text", "metadata", "reply_to")
        payload = {name: body[name] for name in names if name in body}
        return Arrived(event_id, str(body["sender_id"]), payload)

    def read(self, payload: JsonObject) -> Event:
        """What an event means."""
        if "request" in payload:
            return Forwarded()
        message: dict[str, Any] = payload
        text = str(message.get("text", "")).strip()
        if pressed := BUTTON.fullmatch(text):
            return Pressed(pressed[1])
        return CustomerMessage(
            text,
            metadata=message.get("metadata", {}),
            # Connectors leave out of a message whatever is no text.
            unreadable=None if text else "other",
            reply_to=message.get("reply_to"),
        )

    async def send(self, part: Part) -> str:
        """Through the connector, which gives no id; what was sent is known to it."""
        body = {
            "connector": self.name,
            "recipient": part.address,
            "message_id": part.part_id,
            "text": part.text,
            "buttons": [
                {"title": button.title, "payload": f"button:{button.payload}"}
                for button in part.buttons
            ],
            "image": part.picture_url,
            "reply_to": part.reply_to,
        }
        response = await self._http.call(
            "POST", f"{ROUTE}/send", json=body, headers=self._bearer
        )
        if not response.is_success:
            raise not_sent(response)
        return part.part_id

    def sample(self, address: str, text: str, event_id: str) -> Request:
        """A question to the connector: what messages look like only it knows."""
        return Request("GET", "", f"{self._key}/", {}, b"")

    def forged(self, sample: Request) -> Request:
        """With another key in its address."""
        return replace(sample, path=f"{self._key[::-1]}0/")

    def entrance(self) -> str:
        """The key is as good as a password."""
        return "<key>/webhook"

    async def check(self) -> Sequence[Check]:
        """Whether Rasa runs the connector, and how it shows buttons."""
        try:
            connectors = await self._connectors()
        except PlatformError as error:
            advice = f"{error}. Is channels.relay.RelayInput in credentials.yml?"
            return [Check("relay", False, advice)]
        found = connectors.get(self.name)
        if found is None:
            there = ", ".join(connectors) or "none"
            advice = f"Its connectors are {there}: add {self.name} in credentials.yml."
            return [Check("connector", False, advice)]
        shows = found.get("buttons")
        fits = shows is None or bool(shows) == self._shows_buttons
        word = "Add it to" if shows else "Take it out of"
        return [
            Check("connector", True),
            Check("buttons", fits, "" if fits else f"{word} RELAY_BUTTONS."),
        ]

    async def close(self) -> None:
        """Gives connections back."""
        await self._http.close()

    async def _hand_on(self, found: JsonObject, event_id: str) -> httpx.Response:
        method, path, options = options_of(found)
        options["headers"] |= {TOKEN_HEADER: self._token, EVENT_HEADER: event_id}
        return await self._http.call(method, f"{ROUTE}/{self.name}/{path}", **options)

    async def _is_there(self) -> bool:
        return self.name in await self._connectors()

    async def _connectors(self) -> dict[str, Any]:
        response = await self._http.call("GET", f"{ROUTE}/", headers=self._bearer)
        try:
            found: dict[str, Any] = response.raise_for_status().json()["connectors"]
            return {**found}
        except (httpx.HTTPStatusError, ValueError, LookupError, TypeError):
            raise not_forwarded(response) from None


def _rest(request: Request) -> str:
    """The path behind the key."""
    return request.path.partition("/")[2]
