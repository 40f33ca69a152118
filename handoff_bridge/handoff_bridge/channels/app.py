"""A shop's own app, or anything else that takes and sends signed JSON.

Every other channel is made of the same: settings, a way in, a way out, and how to see
that it works. The whole protocol is in `docs/channels/app.md`.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ssl import SSLError
from typing import Annotated, Self, get_args

import aiohttp
from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from handoff_bridge.channels.platform_http import (
    CREDENTIALS,
    MAX_FILE_BYTES,
    SERVER_ERRORS,
    TOO_MANY_REQUESTS,
    UNAVAILABLE,
)
from handoff_bridge.conversation.events import DeliveryFailure
from handoff_bridge.errors import BridgeError, InvalidWebhookUrl, PrivateAddress
from handoff_bridge.models import MAX_URL_CHARS, JsonObject, Sent
from handoff_bridge.protocol.app_channel import (
    AppButton,
    AppCustomer,
    AppEvent,
    AppEvents,
    AppMessage,
    AppPing,
    AppRecipient,
    AppSentFile,
    AppTyping,
)
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.public_http import PublicHttp, retry_after
from handoff_bridge.service.messaging.channel import (
    Arrived,
    Channel,
    Check,
    CustomerMessage,
    Event,
    FileReference,
    Ignored,
    Kind,
    Limits,
    Malformed,
    OutgoingFile,
    Part,
    PlatformError,
    Pressed,
    Reported,
    Request,
    State,
    Unreadable,
    Unverified,
)
from handoff_bridge.service.ports import Clock, utc_now
from handoff_bridge.service.webhook_dispatcher import signature
from handoff_bridge.settings import Settings

# A request is good for so long, before and after: clocks differ.
TOLERANCE_SECS = 300
MAX_ANSWER_BYTES = 1000
FILE_TIMEOUT = aiohttp.ClientTimeout(total=30)
# No answer about the message, but about who may send, or whether anything is there.
NOT_THERE = (404, 405, 408, TOO_MANY_REQUESTS)


def _channel_name(value: str) -> str:
    if value == "web":
        raise ValueError("Customers of the page are called web already.")
    return value


Secret = Annotated[SecretStr, Field(min_length=32)]


class AppSettings(BaseSettings):
    """Both address and secret, or neither."""

    model_config = SettingsConfigDict(
        env_prefix="APP_CHANNEL_",
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    name: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_-]{0,19}$"), AfterValidator(_channel_name)
    ] = "app"
    title: Annotated[str, Field(max_length=40)] = "App"
    url: Annotated[str, Field(max_length=MAX_URL_CHARS)] = ""
    secret: Secret | None = None
    # Good beside the other one while both sides are being changed.
    old_secret: Secret | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if bool(self.url) != bool(self.secret):
            raise ValueError("APP_CHANNEL_URL and APP_CHANNEL_SECRET go together.")
        return self


STATES: dict[str, State] = {
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
}
KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind.__value__)}


@dataclass(frozen=True)
class _Answer:
    """What the app said: `error` if it gave a code of ours."""

    status: int
    retry_after_secs: float | None
    error: str = ""


class AppChannel(Channel):
    """One app."""

    def __init__(
        self, settings: AppSettings, http: PublicHttp, clock: Clock = utc_now
    ) -> None:
        """`http` is for both messages and files. Raises InvalidWebhookUrl, ..."""
        http.check(settings.url)
        self.name = settings.name
        self.title = settings.title
        self.limits = Limits(
            text=4000,
            caption=4000,
            buttons=10,
            button_title=100,
            has_typing=True,
            reports=("sent", "delivered", "read"),
        )
        self._url = settings.url
        self._secrets = [
            one.get_secret_value()
            for one in (settings.secret, settings.old_secret)
            if one is not None
        ]
        self._http = http
        self._clock = clock

    def verify(self, request: Request) -> None:
        """Raises Unverified unless one of our secrets signed it within five minutes."""
        fields = [
            field.strip().partition("=")[::2]
            for field in request.headers.get("tandem-signature", "").split(",")
        ]
        at = next((value for name, value in fields if name == "t"), "")
        if not (at.isascii() and at.isdigit() and len(at) <= 12):
            raise Unverified("no signature")
        if abs(self._clock().timestamp() - int(at)) > TOLERANCE_SECS:
            raise Unverified("old")
        wanted = _signatures(
            self._secrets, datetime.fromtimestamp(int(at), UTC), request
        )
        given = [value.encode() for name, value in fields if name == "v1"]
        if not any(hmac.compare_digest(one, own) for one in given for own in wanted):
            raise Unverified("another signature")

    def unpack(self, request: Request) -> Sequence[Arrived]:
        """Its events, in their order. Raises Malformed, naming the field."""
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            raise Malformed("This is no JSON.") from None
        if isinstance(body, dict) and "events" not in body:
            body = {"events": [body]}
        try:
            events = parse(AppEvents, body).events
        except BridgeError as error:
            raise Malformed(str(error)) from None
        return [
            Arrived(
                event.id,
                event.customer.id,
                event.as_json(),
                sequence=event.sequence,
                counts_by_address=True,
            )
            for event in events
        ]

    def read(self, payload: JsonObject) -> Event:
        """What an event means."""
        event = AppEvent.model_validate(payload)
        if event.type == "message":
            return CustomerMessage(
                event.text,
                tuple(
                    FileReference(one.url, one.name, one.content_type)
                    for one in event.files
                ),
                event.customer.name,
                event.customer.language,
            )
        if event.type == "button":
            return Pressed(event.payload or "")
        if state := STATES.get(event.type):
            failure = (event.reason or "refused") if state == "failed" else None
            message_id = event.message_id or ""
            return Reported(message_id, state, failure, event.detail, message_id)
        if event.type == "typing":
            return Ignored()
        return Unreadable(KINDS.get(event.type, "other"))

    async def send(self, part: Part) -> str:
        """POSTs it; the app knows by the id what it has already taken."""
        customer = AppRecipient(id=part.address)
        buttons = [
            AppButton(title=one.title, payload=one.payload) for one in part.buttons
        ]
        answer = await self._post(
            AppMessage(
                id=part.part_id,
                customer=customer,
                text=part.text or None,
                buttons=buttons or None,
                file=_file(part.file),
                picture_url=part.picture_url,
            )
        )
        _raise_unless_taken(answer)
        return part.part_id

    async def show_typing(self, address: str) -> None:
        """Somebody writes to the customer. Raises PlatformError."""
        _raise_unless_taken(
            await self._post(AppTyping(customer=AppRecipient(id=address)))
        )

    async def fetch(self, file: FileReference) -> bytes:
        """A file from where the app says that it is. Raises PlatformError."""
        # What is packed would be another file.
        headers = {"Accept-Encoding": "identity"}
        try:
            async with self._http.request(
                "GET", file.reference, headers=headers, timeout=FILE_TIMEOUT
            ) as response:
                status = response.status
                if status == TOO_MANY_REQUESTS or status >= SERVER_ERRORS:
                    raise PlatformError(
                        "unreachable", str(status), retry_after_secs=_pause(response)
                    )
                if status != 200:
                    raise PlatformError("file_refused", str(status), is_final=True)
                return await _read(response, MAX_FILE_BYTES)
        except (InvalidWebhookUrl, PrivateAddress) as error:
            raise PlatformError("file_refused", error.code, is_final=True) from None
        except (aiohttp.ClientError, OSError) as error:
            raise PlatformError("unreachable", type(error).__name__) from None

    def sample(self, address: str, text: str, event_id: str) -> Request:
        """A message of a customer's as the app would send it."""
        event = AppEvent(
            id=event_id, type="message", customer=AppCustomer(id=address), text=text
        )
        body = json.dumps(event.as_json()).encode()
        headers = {name.lower(): value for name, value in self._headers(body).items()}
        return Request("POST", "", "events", headers, body)

    async def check(self) -> Sequence[Check]:
        """Whether the app takes what we sign."""
        advice = ""
        try:
            _raise_unless_taken(await self._post(AppPing()))
        except PlatformError as error:
            advice = ADVICE.get(
                error.failure, 'The app has to answer 2xx to {"type": "ping"}.'
            )
            advice = f"{advice} It came to: {error.detail}."
        return [Check("The app takes messages", not advice, advice)]

    async def close(self) -> None:
        """Gives the connections back."""
        await self._http.close()

    def _headers(self, body: bytes) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Tandem-Signature": signature(self._secrets, self._clock(), body),
        }

    async def _post(self, message: Sent) -> _Answer:
        """One POST to the app, whatever it answers. Raises PlatformError."""
        body = json.dumps(message.as_json(), ensure_ascii=False).encode()
        try:
            async with self._http.request(
                "POST", self._url, data=body, headers=self._headers(body)
            ) as response:
                if response.status < 300:  # what it says beside that is of no use
                    return _Answer(response.status, None)
                read = await response.content.read(MAX_ANSWER_BYTES)
                return _Answer(response.status, _pause(response), _error(read))
        except (InvalidWebhookUrl, PrivateAddress) as error:
            raise PlatformError("unreachable", error.code) from None
        except aiohttp.ClientConnectorError as error:
            is_tls = isinstance(error.os_error, SSLError)
            detail = "certificate" if is_tls else type(error).__name__
            raise PlatformError("unreachable", detail) from None
        except (aiohttp.ClientError, OSError) as error:
            # It was asked, and did not answer.
            raise PlatformError(
                "unreachable", type(error).__name__, is_uncertain=True
            ) from None


def _file(file: OutgoingFile | None) -> AppSentFile | None:
    if file is None:
        return None
    return AppSentFile(url=file.link, content_type=file.content_type, name=file.name)


ADVICE: dict[DeliveryFailure, str] = {
    "unreachable": "Look whether the app runs at APP_CHANNEL_URL, and may be reached.",
    "credentials": "Give both sides one APP_CHANNEL_SECRET, and look at the clocks.",
}
# What the app may say of a message, in its own words; it does not help to try again.
FINAL: dict[str, DeliveryFailure] = {
    "unknown_customer": "unknown_address",
    "blocked": "blocked",
    "file_refused": "file_refused",
}


def _raise_unless_taken(answer: _Answer) -> None:
    """Raises PlatformError for anything but 2xx."""
    status = answer.status
    if status < 300:
        return
    detail = f"{status} {answer.error}".strip()
    pause = answer.retry_after_secs
    if status >= SERVER_ERRORS:
        is_uncertain = status != UNAVAILABLE
        raise PlatformError(
            "unreachable", detail, is_uncertain=is_uncertain, retry_after_secs=pause
        )
    if status in CREDENTIALS:
        raise PlatformError("credentials", detail)
    if failure := FINAL.get(answer.error):
        raise PlatformError(failure, detail, is_final=True)
    if status in NOT_THERE or status < 400:
        raise PlatformError("unreachable", detail, retry_after_secs=pause)
    raise PlatformError("refused", detail, is_final=True)


def _error(read: bytes) -> str:
    """The code of a refusal, if it is one that we know."""
    try:
        error = json.loads(read)["error"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return error if isinstance(error, str) and error in FINAL else ""


def _pause(response: aiohttp.ClientResponse) -> float | None:
    return retry_after(response.headers.get("Retry-After"))


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    content = bytearray()
    async for some in response.content.iter_any():
        content += some
        if len(content) > max_bytes:
            response.close()
            raise PlatformError("file_refused", "too large", is_final=True)
    return bytes(content)


def _signatures(secrets: list[str], at: datetime, request: Request) -> list[bytes]:
    """What `v1` may be."""
    each = signature(secrets, at, request.body).split(",")[1:]
    return [one.removeprefix("v1=").encode() for one in each]


def load(settings: Settings) -> list[Channel]:
    """The app, if it is set up. Raises ValidationError, ValueError."""
    own = AppSettings()
    if not own.url:
        return []
    http = PublicHttp(
        allow_http=settings.webhook_allow_http,
        private_networks=settings.webhook_private_networks,
        user_agent="Tandem-Channel/1",
    )
    try:
        return [AppChannel(own, http)]
    except (InvalidWebhookUrl, PrivateAddress) as error:
        raise ValueError(f"APP_CHANNEL_URL: {error}") from None
