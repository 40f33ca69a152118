"""Telegram, by the HTTP calls of its Bot API: see `docs/channels/telegram.md`."""

import asyncio
import hmac
import json
import re
import zlib
from collections.abc import Sequence
from mimetypes import guess_extension
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handoff_bridge.channels.telegram.api import BotApi
from handoff_bridge.channels.telegram.checks import (
    OFFICIAL,
    token_check,
    webhook_checks,
)
from handoff_bridge.channels.telegram.updates import (
    USED_UPDATES,
    customer_of,
    query_id_of,
    read_update,
)
from handoff_bridge.models import JsonObject
from handoff_bridge.service.messaging.channel import (
    Arrived,
    Button,
    Channel,
    Check,
    Event,
    FileReference,
    Limits,
    Malformed,
    OutgoingFile,
    Part,
    PlatformError,
    Request,
    Unverified,
)
from handoff_bridge.settings import Http, Settings

SECRET_HEADER = "x-telegram-bot-api-secret-token"
WEBHOOK_PATH = "webhook"
# Telegram sends one chat's updates one after another, however many these are.
MAX_CONNECTIONS = 40
# A message's width on a phone, in letters, and what Telegram puts side by side.
ROW_WIDTH = 30
ROW_BUTTONS = 8
PHOTOS = ("image/jpeg", "image/png")
MAX_UPDATE_ID = 2**63 - 1


class TelegramSettings(BaseSettings):
    """The bot's token from @BotFather and the secret that updates carry: both or none.

    Neither is ever shown: not in an error, not in a log.
    """

    model_config = SettingsConfigDict(
        extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    # Of a Bot API server of one's own.
    telegram_api: Http = OFFICIAL
    telegram_token: SecretStr = SecretStr("")
    telegram_secret: Annotated[SecretStr, Field(validate_default=True)] = SecretStr("")

    @field_validator("telegram_token")
    @classmethod
    def _is_token(cls, token: SecretStr) -> SecretStr:
        value = token.get_secret_value()
        if value and not re.fullmatch(r"\d{1,20}:[A-Za-z0-9_-]{1,100}", value):
            raise PydanticCustomError(
                "token", "This is not a token like 123456789:AAE... of @BotFather."
            )
        return token

    @field_validator("telegram_secret")
    @classmethod
    def _goes_with_the_token(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        value, token = secret.get_secret_value(), info.data.get("telegram_token")
        if token is not None and bool(value) != bool(token.get_secret_value()):
            raise PydanticCustomError(
                "incomplete", "TELEGRAM_TOKEN and TELEGRAM_SECRET need each other."
            )
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
            raise PydanticCustomError(
                "secret", "It has 1 to 256 of the letters A-Z, a-z, 0-9, _ and -."
            )
        return secret


def load(settings: Settings) -> Sequence[Channel]:
    """The bot, if there is a token. Raises ValidationError."""
    own = TelegramSettings()
    return [Telegram(own, settings.public)] if own.telegram_token else []


class Telegram(Channel):
    """A bot that people write to in a chat of their own; groups get nothing."""

    name = "telegram"
    title = "Telegram"
    sets_up = True
    limits = Limits(
        text=4096, caption=1024, buttons=100, button_title=40, has_typing=True
    )

    def __init__(self, own: TelegramSettings, public: str) -> None:
        """`public` is the bridge's address as others reach it."""
        self._secret = own.telegram_secret.get_secret_value()
        self._api_url = own.telegram_api
        self._api = BotApi(own.telegram_api, own.telegram_token.get_secret_value())
        self._webhook = f"{public}/channels/{self.name}/{WEBHOOK_PATH}"

    def verify(self, request: Request) -> None:
        """The secret that the webhook was set with comes with every update."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise Unverified("It does not carry TELEGRAM_SECRET.")

    def unpack(self, request: Request) -> Sequence[Arrived]:
        """One update a request. Telegram counts them for the bot as a whole."""
        if request.method != "POST" or request.path != WEBHOOK_PATH:
            raise Malformed("Updates are posted to the webhook's address.")
        update = _parsed(request.body)
        number = update.get("update_id")
        if type(number) is not int or not 0 <= number <= MAX_UPDATE_ID:
            raise Malformed("It has no update_id.")
        return [Arrived(str(number), customer_of(update), update, sequence=number)]

    def read(self, payload: JsonObject) -> Event:
        """What an update means."""
        return read_update(payload)

    def length(self, text: str) -> int:
        """In UTF-16 units, as Telegram counts texts and what is marked in them."""
        return len(text.encode("utf-16-le", "surrogatepass")) // 2

    async def send(self, part: Part) -> str:
        """Sends it as plain text: nothing that anybody writes becomes markup.

        Telegram cannot tell whether it has a message already.
        """
        to: dict[str, Any] = {"chat_id": part.address}
        if part.buttons:
            to["reply_markup"] = {"inline_keyboard": _keyboard(part.buttons)}
        if part.file is not None:
            sent = await self._send_file(part.file, part.text, to)
        elif part.picture_url:
            sent = await self._send_picture(part.picture_url, part.text, to)
        else:
            sent = await self._send_text(part.text, to)
        return str(sent["message_id"])

    async def fetch(self, file: FileReference) -> bytes:
        """A photo or document, up to 20 MB."""
        return await self._api.download(file.reference)

    async def acknowledge(self, payload: JsonObject) -> None:
        """Ends the button's spinner, if it still turns."""
        asked = {"callback_query_id": query_id_of(payload)}
        try:
            await self._api.call("answerCallbackQuery", json=asked)
        except PlatformError as error:
            if "query is too old" not in error.detail:
                raise

    async def show_typing(self, address: str) -> None:
        """Telegram shows it for five seconds, or until the next message."""
        await self._api.call(
            "sendChatAction", json={"chat_id": address, "action": "typing"}
        )

    async def set_up(self) -> None:
        """Tells Telegram where updates go, and the secret. Raises PlatformError."""
        await self._api.call(
            "setWebhook",
            json={
                "url": self._webhook,
                "secret_token": self._secret,
                "allowed_updates": USED_UPDATES,
                "max_connections": MAX_CONNECTIONS,
            },
        )

    async def check(self) -> Sequence[Check]:
        """Whether Telegram knows the bot, and sends updates here."""
        try:
            bot = await self._api.call("getMe")
            webhook = await self._api.call("getWebhookInfo")
        except PlatformError as error:
            return [token_check(error, self._api_url)]
        known = Check(f"token of @{bot.get('username')}", True)
        return [known, *webhook_checks(webhook, self._webhook, self._api_url)]

    def sample(self, address: str, text: str, event_id: str) -> Request:
        """An update of a text, with the secret."""
        number = (
            int(event_id) if event_id.isdecimal() else zlib.crc32(event_id.encode())
        )
        chat = int(address)
        update = {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": 0,
                "chat": {"id": chat, "type": "private", "first_name": "Sample"},
                "from": {"id": chat, "is_bot": False, "first_name": "Sample"},
                "text": text,
            },
        }
        headers = {SECRET_HEADER: self._secret, "content-type": "application/json"}
        return Request("POST", "", WEBHOOK_PATH, headers, json.dumps(update).encode())

    async def close(self) -> None:
        """Gives connections back."""
        await self._api.close()

    async def _send_text(self, text: str, to: dict[str, Any]) -> dict[str, Any]:
        """Without a preview: Telegram's servers would open every link."""
        preview = {"is_disabled": True}
        message = {**to, "text": text, "link_preview_options": preview}
        return await self._api.call("sendMessage", json=message)

    async def _send_picture(
        self, url: str, text: str, to: dict[str, Any]
    ) -> dict[str, Any]:
        """By its address; a link where Telegram cannot get it or take it."""
        try:
            message = {**to, "photo": url, "caption": text}
            return await self._api.call("sendPhoto", json=message)
        except PlatformError as error:
            if error.failure != "refused":
                raise
        return await self._send_text(f"{text}\n{url}".strip(), to)

    async def _send_file(
        self, file: OutgoingFile, text: str, to: dict[str, Any]
    ) -> dict[str, Any]:
        try:
            content = await asyncio.to_thread(file.path.read_bytes)
        except OSError as error:
            raise PlatformError(
                "file_refused", type(error).__name__, is_final=True
            ) from None
        if file.content_type in PHOTOS:
            try:
                return await self._upload("photo", file, content, text, to)
            except PlatformError as error:
                # A picture may be too long and narrow for a photo, and a fine file.
                if error.failure != "refused":
                    raise
        return await self._upload("document", file, content, text, to)

    async def _upload(
        self,
        kind: str,
        file: OutgoingFile,
        content: bytes,
        text: str,
        to: dict[str, Any],
    ) -> dict[str, Any]:
        fields = {**to, "caption": text}
        if "reply_markup" in to:
            fields["reply_markup"] = json.dumps(to["reply_markup"])
        ending = guess_extension(file.content_type) or ""
        # Of a photo nobody sees the name, and some endings make it none.
        name = file.name if kind == "document" else None
        upload = (name or f"{kind}{ending}", content, file.content_type)
        method = f"send{kind.capitalize()}"
        return await self._api.call(method, data=fields, files={kind: upload})


def _parsed(body: bytes) -> JsonObject:
    """Raises Malformed."""
    try:
        update = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("It is no JSON.") from None
    if not isinstance(update, dict):
        raise Malformed("It is no update.")
    return update


def _no_number(name: str) -> None:
    """JSON has no Infinity, and databases take none."""
    raise ValueError(name)


def _keyboard(buttons: Sequence[Button]) -> list[list[dict[str, str]]]:
    """Rows of buttons of the same width, each wide enough for the longest."""
    rows: list[list[Button]] = []
    for button in buttons:
        row = [*rows[-1], button] if rows else [button]
        width = max(len(one.title) for one in row) * len(row)
        if len(row) > 1 and width <= ROW_WIDTH and len(row) <= ROW_BUTTONS:
            rows[-1] = row
        else:
            rows.append([button])
    return [
        [{"text": one.title, "callback_data": one.payload} for one in row]
        for row in rows
    ]
