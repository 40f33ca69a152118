"""A Bot API server that is made up: it checks and refuses as Telegram's does.

Its sentences are those of the server's published source, of `tdlib/telegram-bot-api`.
"""

import asyncio
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from aiohttp import web
from PIL import Image

from tests.bridge.channels.fake_platform import FakePlatform, Shown

TOKEN = "8100200300:AAF-fake_token-of-the-tests_0123456789x"
RENEWED = "8100200300:AAH-made_anew-of-the-tests_0123456789xyz"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_TEXT, MAX_CAPTION, MAX_BUTTON_DATA = 4096, 1024, 64
MAX_PHOTO_BYTES, MAX_URL_PHOTO_BYTES = 10 * 1024 * 1024, 5 * 1024 * 1024
MAX_UPLOAD_BYTES, MAX_DOWNLOAD_BYTES = 50 * 1024 * 1024, 20 * 1024 * 1024
PHOTO_ENDINGS = (".jpg", ".jpeg", ".gif", ".png", ".tif", ".bmp")
ACTIONS = {"typing", "upload_photo", "upload_document", "find_location"}
UPDATES = {"message", "edited_message", "callback_query", "my_chat_member"}
LATE_QUERY = "query is too old and response timeout expired or query ID is invalid"
UNALLOWED_IN_SECRET = "secret token contains unallowed characters"

type Json = dict[str, Any]


class Refused(Exception):
    """An error of the Bot API."""

    def __init__(self, status: int, description: str = "", **parameters: int) -> None:
        words = {
            400: "Bad Request",
            401: "Unauthorized",
            403: "Forbidden",
            404: "Not Found",
            413: "Request Entity Too Large",
            429: "Too Many Requests",
        }[status]
        self.status = status
        self.body = {
            "ok": False,
            "error_code": status,
            "description": f"{words}: {description}" if description else words,
            **({"parameters": parameters} if parameters else {}),
        }


@dataclass
class Webhook:
    """As setWebhook has left it."""

    url: str = ""
    secret: str = ""
    allowed: list[str] = field(default_factory=list)
    max_connections: int = 40
    last_error: str = ""


@dataclass(frozen=True)
class Upload:
    """A file of a request."""

    name: str
    content: bytes
    content_type: str


class FakeTelegram(FakePlatform):
    """One bot and the people who write to it.

    `is_own` lets updates go by HTTP, as a server that a shop runs itself can;
    Telegram's own want HTTPS and one of four ports.
    """

    def __init__(self, token: str = TOKEN, is_own: bool = True) -> None:
        super().__init__()
        self.token = token
        self.is_own = is_own
        self.bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "The shop",
            "username": "the_shop_bot",
        }
        self.webhook = Webhook()
        # Every accepted call, with its parameters.
        self.requests: list[tuple[str, Json]] = []
        self.people: dict[int, Person] = {}
        # Their chats' ids: who has blocked the bot, and who is gone.
        self.blocked: set[int] = set()
        self.deactivated: set[int] = set()
        # Those that were written to too often just now.
        self.flooded: set[int] = set()
        # With `--local` files have names on the server's disk.
        self.is_local = False
        # A proxy answers for it, and names what it was asked for.
        self.is_astray = False
        self.files: dict[str, bytes] = {}
        # By id: whether the press has been answered, so that its spinner ends.
        self.queries: dict[str, bool] = {}
        self.actions: list[tuple[int, str]] = []
        self.pending = 0
        self._update_id = 712_000_000
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        for method in ("GET", "POST"):
            self.app.router.add_route(method, "/bot{token}/{method}", self._method)

    def too_many(self) -> web.Response:
        """As flood control says it."""
        secs = self.retry_after_secs
        return _answer(Refused(429, f"retry after {secs}", retry_after=secs))

    # ---- what people do

    def person(self, first_name: str, language: str | None = None) -> "Person":
        """Somebody who has found the bot."""
        known: Json = {"first_name": first_name, "is_bot": False}
        if language:
            known["language_code"] = language
        person = Person(self, {"id": 5_000_000_000 + self.next_number(), **known})
        self.people[person.chat_id] = person
        return person

    def update(self, kind: str, body: Json) -> Json:
        """The next update; the bot has not been told of it."""
        self._update_id += 1
        return {"update_id": self._update_id, kind: body}

    async def push(self, *updates: Json) -> None:
        """Tells the bot, again and again until it has taken each."""
        for update in updates:
            if not set(self.webhook.allowed or UPDATES) & update.keys():
                continue
            self.pending += 1
            while not (await self.push_once(update)).is_success:
                await asyncio.sleep(0.1)
            self.pending -= 1

    async def push_once(
        self, update: Json | bytes, secret: str | None = None
    ) -> httpx.Response:
        """Tells the bot once; 599 stands for a connection that failed."""
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        headers = {"Content-Type": "application/json"}
        if carried := self.webhook.secret if secret is None else secret:
            headers[SECRET_HEADER] = carried
        try:
            response = await self.post(self.webhook.url, content=body, headers=headers)
        except httpx.HTTPError:
            self.webhook.last_error = "Connection refused"
            return httpx.Response(599)
        if not response.is_success:
            said = f"{response.status_code} {response.reason_phrase}"
            self.webhook.last_error = f"Wrong response from the webhook: {said}"
        return response

    def keep(self, content: bytes) -> Json:
        """A file on Telegram's servers, as messages tell of it."""
        number = self.next_number()
        file_id = f"AgACAgIAAxkBAAI{number}"
        self.files[file_id] = content
        return {
            "file_id": file_id,
            "file_unique_id": f"AQAD{number}",
            "file_size": len(content),
        }

    async def is_answered(self, query_id: str) -> None:
        """Waits until a button's spinner has ended."""
        await self.until(lambda: self.queries[query_id])

    async def is_typing_to(self, chat_id: int) -> None:
        """Waits until somebody is seen to write."""
        await self.until(lambda: (chat_id, "typing") in self.actions)

    # ---- what the bot does

    async def _method(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request.match_info["token"])
            name = request.match_info["method"].lower()
            handler = self._methods().get(name)
            if handler is None or self.is_astray:
                raise Refused(404, request.path if self.is_astray else "no such method")
            parameters = await _parameters(request)
            result = await handler(parameters)
        except Refused as refused:
            return _answer(refused)
        self.requests.append((request.match_info["method"], parameters))
        async with self._changed:
            self._changed.notify_all()
        return web.json_response({"ok": True, "result": result})

    def _methods(self) -> dict[str, Callable[[Json], Any]]:
        return {
            "getme": self._get_me,
            "sendmessage": self._send_message,
            "sendphoto": self._send_photo,
            "senddocument": self._send_document,
            "sendchataction": self._send_chat_action,
            "answercallbackquery": self._answer_callback_query,
            "getfile": self._get_file,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
        }

    def _check_token(self, token: str) -> None:
        if not re.fullmatch(r"\d+:[\w-]{30,}", token):
            raise Refused(404)
        if token != self.token:
            raise Refused(401)

    async def _get_me(self, _: Json) -> Json:
        more = ("can_join_groups", "can_read_all_group_messages")
        return {**self.bot, **dict.fromkeys(more, False)}

    async def _send_message(self, sent: Json) -> Json:
        text = str(sent.get("text", "")).strip()
        if not text:
            raise Refused(400, "message text is empty")
        if _units(text) > MAX_TEXT:
            raise Refused(400, "message is too long")
        return await self._show(sent, {"text": text})

    async def _send_photo(self, sent: Json) -> Json:
        photo = sent.get("photo")
        if isinstance(photo, Upload):
            content = photo.content
            if not photo.name.endswith(PHOTO_ENDINGS):
                words = "photo has unsupported extension. Use one of"
                raise Refused(400, f"{words} .jpg, .jpeg, .gif, .png, .tif or .bmp")
            if len(content) > MAX_PHOTO_BYTES:
                raise Refused(400, "file is too big for a photo")
        elif photo:
            content = await _picture_at(str(photo))
        else:
            raise Refused(400, "there is no photo in the request")
        width, height = _dimensions(content)
        size = {**self.keep(content), "width": width, "height": height}
        small = {**size, "width": width // 2 or 1, "height": height // 2 or 1}
        return await self._show(sent, {"photo": [small, size]})

    async def _send_document(self, sent: Json) -> Json:
        document = sent.get("document")
        if not isinstance(document, Upload):
            raise Refused(400, "there is no document in the request")
        if not document.content:
            raise Refused(400, "file must be non-empty")
        if len(document.content) > MAX_UPLOAD_BYTES:
            raise Refused(413)
        about = {"file_name": document.name, "mime_type": document.content_type}
        return await self._show(
            sent, {"document": {**self.keep(document.content), **about}}
        )

    async def _show(self, sent: Json, content: Json) -> Json:
        """The message, once its receiver sees it."""
        person = self._receiver(sent)
        caption = str(sent.get("caption") or "").strip()
        if _units(caption) > MAX_CAPTION:
            raise Refused(400, "message caption is too long")
        if caption:
            content = {**content, "caption": caption}
        markup = _keyboard(sent.get("reply_markup"))
        message_id = self.next_number()
        message = {
            "message_id": message_id,
            "from": self.bot,
            "chat": person.chat,
            "date": 1_795_000_000 + message_id,
            **content,
            **({"reply_markup": markup} if markup else {}),
        }
        rows = markup.get("inline_keyboard", [])
        buttons = [button for row in rows for button in row]
        shown = Shown(
            str(person.chat_id),
            str(message_id),
            content.get("text") or caption,
            buttons,
            message,
        )
        await self.show(shown)
        return message

    def _receiver(self, sent: Json) -> "Person":
        chat_id = str(sent.get("chat_id", ""))
        if not chat_id:
            raise Refused(400, "chat_id is empty")
        person = self.people.get(int(chat_id) if chat_id.isdecimal() else 0)
        if person is None:
            raise Refused(400, "chat not found")
        if person.chat_id in self.blocked:
            raise Refused(403, "bot was blocked by the user")
        if person.chat_id in self.deactivated:
            raise Refused(403, "user is deactivated")
        if person.chat_id in self.flooded:
            secs = self.retry_after_secs
            raise Refused(429, f"retry after {secs}", retry_after=secs)
        return person

    async def _send_chat_action(self, sent: Json) -> bool:
        person = self._receiver(sent)
        if sent.get("action") not in ACTIONS:
            raise Refused(400, "wrong parameter action in request")
        self.actions.append((person.chat_id, str(sent["action"])))
        return True

    async def _answer_callback_query(self, sent: Json) -> bool:
        query_id = str(sent.get("callback_query_id", ""))
        if query_id not in self.queries:
            raise Refused(400, LATE_QUERY)
        self.queries[query_id] = True
        return True

    async def _get_file(self, sent: Json) -> Json:
        file_id = str(sent.get("file_id", ""))
        content = self.files.get(file_id)
        if content is None:
            raise Refused(400, "invalid file_id")
        if len(content) > MAX_DOWNLOAD_BYTES:
            raise Refused(400, "file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"AQAD{file_id}",
            "file_size": len(content),
            "file_path": f"{'/srv/' if self.is_local else ''}photos/{file_id}.jpg",
        }

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["path"].rpartition("/")[2].removesuffix(".jpg")
        try:
            self._check_token(request.match_info["token"])
            if name not in self.files:
                raise Refused(404)
        except Refused as refused:
            return _answer(refused)
        return web.Response(body=self.files[name])

    async def _set_webhook(self, sent: Json) -> bool:
        url, secret = str(sent.get("url", "")), str(sent.get("secret_token") or "")
        parts = urlsplit(url)
        if url and parts.scheme != "https" and not self.is_own:
            words = "bad webhook: An HTTPS URL must be provided for webhook"
            raise Refused(400, words)
        if url and not self.is_own and parts.port not in (None, 80, 88, 443, 8443):
            words = "bad webhook: Webhook can be set up only on ports 80, 88, 443"
            raise Refused(400, f"{words} or 8443")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Refused(400, UNALLOWED_IN_SECRET)
        allowed = _decoded(sent.get("allowed_updates")) or []
        connections = int(sent.get("max_connections") or 40)
        self.webhook = Webhook(url, secret, allowed, connections)
        return True

    async def _delete_webhook(self, _: Json) -> bool:
        self.webhook = Webhook()
        return True

    async def _get_webhook_info(self, _: Json) -> Json:
        webhook = self.webhook
        info: Json = {
            "url": webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": self.pending,
        }
        if webhook.url:
            info["max_connections"] = webhook.max_connections
        if webhook.allowed:
            info["allowed_updates"] = webhook.allowed
        if webhook.last_error:
            info["last_error_date"] = 1_795_000_000
            info["last_error_message"] = webhook.last_error
        return info


class Person:
    """Somebody with Telegram on their phone."""

    def __init__(self, telegram: FakeTelegram, user: Json) -> None:
        self.telegram = telegram
        self.user = user
        self.chat_id: int = user["id"]
        self.address = str(self.chat_id)
        self.chat = {
            "id": self.chat_id,
            "type": "private",
            "first_name": user["first_name"],
        }

    def message(self, **content: Any) -> Json:
        """A message of theirs, as updates have it."""
        number = self.telegram.next_number()
        return {
            "message_id": number,
            "from": self.user,
            "chat": self.chat,
            "date": 1_795_000_000 + number,
            **content,
        }

    def update(self, **content: Any) -> Json:
        """The update of a message that nobody has been told of."""
        return self.telegram.update("message", self.message(**content))

    async def sends(self, **content: Any) -> Json:
        """Sends a message, and gives the update that the bot has taken."""
        update = self.update(**content)
        await self.telegram.push(update)
        return update

    async def writes(self, text: str) -> Json:
        """Sends a text."""
        return await self.sends(text=text)

    def photo(self, content: bytes) -> list[Json]:
        """What `photo` of a message is: the sizes that Telegram makes of it."""
        width, height = _dimensions(content)
        thumb = self.telegram.keep(b"a thumbnail")
        full = self.telegram.keep(content)
        return [
            {**thumb, "width": max(width // 4, 1), "height": max(height // 4, 1)},
            {**full, "width": width, "height": height},
        ]

    async def presses(self, title: str) -> str:
        """Presses the newest button of that title; gives the query's id."""
        shown, button = next(
            (shown, button)
            for shown in reversed(self.telegram.shown)
            for button in shown.buttons
            if shown.address == self.address and button["text"] == title
        )
        return await self.presses_again(shown, button)

    async def presses_again(self, shown: Shown, button: Json) -> str:
        """Presses a button of any message, however old."""
        query_id = f"43{self.telegram.next_number():017}"
        self.telegram.queries[query_id] = False
        query = {
            "id": query_id,
            "from": self.user,
            "message": shown.more,
            "chat_instance": "-1",
            "data": button["callback_data"],
        }
        await self.telegram.push(self.telegram.update("callback_query", query))
        return query_id

    async def sees(self, text: str) -> Shown:
        """Waits for a message that holds `text`."""
        return await self.telegram.sees(self.address, text)

    @property
    def texts(self) -> list[str]:
        """All that they have read, in order."""
        return self.telegram.texts(self.address)


def _answer(refused: Refused) -> web.Response:
    return web.json_response(refused.body, status=refused.status)


async def _parameters(request: web.Request) -> Json:
    """However they are given; what else is in a form is JSON where it looks so."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.read()
        found |= json.loads(body) if body else {}
    elif request.body_exists:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                content = value.file.read()
                found[name] = Upload(value.filename, content, value.content_type)
            else:
                found[name] = value
    return found


def _decoded(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value else value
    except ValueError:
        raise Refused(400, "can't parse reply keyboard markup JSON object") from None


def _keyboard(given: Any) -> Json:
    """The markup. Raises Refused as Telegram does."""
    markup = _decoded(given) or {}
    if not isinstance(markup, dict):
        raise Refused(400, "object expected as reply markup")
    buttons = _flat(markup.get("inline_keyboard", []))
    if len(buttons) > 100:
        raise Refused(400, "reply markup is too long")
    for button in buttons:
        if not button.get("text") or len(button) < 2:
            where = "can't parse inline keyboard button"
            raise Refused(400, f"{where}: Text buttons are unallowed in it")
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= MAX_BUTTON_DATA:
            raise Refused(400, "BUTTON_DATA_INVALID")
    return markup


def _flat(rows: Iterable[Iterable[Json]]) -> list[Json]:
    return [button for row in rows for button in row]


async def _picture_at(url: str) -> bytes:
    """What Telegram's servers get from an address."""
    if not re.match(r"https?://", url):
        raise Refused(400, "wrong file identifier/HTTP URL specified")
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
            response = await http.get(url)
    except httpx.HTTPError:
        raise Refused(400, "failed to get HTTP URL content") from None
    if not response.is_success or len(response.content) > MAX_URL_PHOTO_BYTES:
        raise Refused(400, "failed to get HTTP URL content")
    try:
        _dimensions(response.content)
    except Refused:
        raise Refused(400, "wrong type of the web page content") from None
    return response.content


def _dimensions(content: bytes) -> tuple[int, int]:
    try:
        width, height = Image.open(io.BytesIO(content)).size
    except OSError:
        raise Refused(400, "IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise Refused(400, "PHOTO_INVALID_DIMENSIONS")
    return width, height


def _units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2
