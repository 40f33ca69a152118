"""Twilio's API of messages, its content API and its webhooks, made up.

What the real one finds out only after it has taken a message, it tells in a status
callback here too: a closed window, a handset that is off, a file that is not to be had.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from aiohttp import encode_basic_auth, web

from tests.bridge.channels.fake_platform import FakePlatform, Shown

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
WHATSAPP = "+14155238886"
SMS = "+15005550006"
SERVICE = "MG0123456789abcdef0123456789abcdef"
FORM = "application/x-www-form-urlencoded"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


def sign(token: str, url: str, fields: Mapping[str, str | Sequence[str]]) -> str:
    """X-Twilio-Signature, step by step as the documentation describes it."""
    text = url
    for name in sorted(fields):
        values = fields[name]
        for value in sorted({values} if isinstance(values, str) else {*values}):
            text = text + name + value
    mac = hmac.new(token.encode("utf-8"), text.encode("utf-8"), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode("ascii")


def _on_this_machine(url: str) -> str:
    """No other is asked for anything. Raises ValueError."""
    if urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise ValueError(url)
    return url


def _received(form: dict[str, str]) -> dict[str, Any]:
    """A message of a customer's, as the API shows it."""
    now = format_datetime(datetime.now(UTC))
    return {
        "account_sid": ACCOUNT,
        "body": form["Body"],
        "date_created": now,
        "date_sent": now,
        "direction": "inbound",
        "from": form["From"],
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "num_media": form["NumMedia"],
        "sid": form["MessageSid"],
        "status": "received",
        "to": form["To"],
    }


def _is_since(message: dict[str, Any], since: str | None) -> bool:
    created = parsedate_to_datetime(message["date_created"])
    return since is None or created >= datetime.fromisoformat(since)


@dataclass
class Message:
    """One that was created by the API."""

    sid: str
    to: str
    sender: str
    body: str
    media: list[str]
    callback: str
    service: str = ""
    status: str = "queued"
    error: int | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_whatsapp(self) -> bool:
        return self.to.startswith("whatsapp:")

    @property
    def address(self) -> str:
        return self.to.removeprefix("whatsapp:")

    def resource(self) -> dict[str, Any]:
        """As the API shows it."""
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{self.sid}"
        created = format_datetime(self.created_at)
        return {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": created,
            "date_sent": created,
            "date_updated": created,
            "direction": "outbound-api",
            "error_code": self.error,
            "error_message": None,
            "from": self.sender or None,
            "messaging_service_sid": self.service or None,
            "num_media": str(len(self.media)),
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": self.to,
            "uri": f"{path}.json",
        }


class Refusal(Exception):
    """What the API answers with instead."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        self.code, self.message, self.status = code, message, status


class FakeTwilio(FakePlatform):
    """An account with a WhatsApp sender, a number and a messaging service."""

    def __init__(self) -> None:
        super().__init__()
        self.token = TOKEN
        # What the console says: where messages to a sender are sent on to.
        self.webhooks: dict[str, str] = {}
        self.messages: list[Message] = []
        # What customers have sent, whether or not anybody heard of it.
        self.received: list[dict[str, str]] = []
        self.media: dict[str, tuple[str, bytes]] = {}
        # Who may be written to freely, whom STOP has come from.
        self.open_windows: set[str] = set()
        self.opted_out: set[str] = set()
        # What goes wrong next: with the call, and after it.
        self.refuse_with: tuple[int, int] | None = None
        self.fail_with: int | None = None
        # Reports are sent at once, unless they are held back to be sent in any order.
        self.holds_reports = False
        self.held: list[tuple[Message, str]] = []
        self.contents: list[dict[str, Any]] = []
        # What further pages are said to be at, where not here.
        self.pages_at = ""
        self.account_status = "active"
        # What no page of messages is longer than.
        self.page_size = 1000
        # What storage was sent of the token, which is none of its business.
        self.leaked: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()
        account = f"/2010-04-01/Accounts/{ACCOUNT}"
        self.app.add_routes(
            [
                web.post(f"{account}/Messages.json", self._api(self._create)),
                web.get(f"{account}/Messages.json", self._api(self._list)),
                web.get(
                    f"{account}/Messages/{{sid}}/Media/{{medium}}",
                    self._api(self._medium),
                ),
                web.get(
                    f"{account}/Messages/{{sid}}/Media.json", self._api(self._media_of)
                ),
                web.get(f"{account}.json", self._api(self._account)),
                web.get(
                    f"{account}/IncomingPhoneNumbers.json", self._api(self._numbers)
                ),
                web.get("/v1/ContentAndApprovals", self._api(self._approvals)),
                web.get("/storage/{medium}", self._stored),
            ]
        )

    # The customers.

    async def says(
        self,
        channel: str,
        address: str,
        text: str = "",
        *,
        media: Sequence[tuple[str, bytes]] = (),
        name: str = "Ada",
        **more: str,
    ) -> httpx.Response:
        """A customer writes: one webhook, once."""
        form = self.incoming(channel, address, text, media=media, name=name, **more)
        return await self.send_form(self.webhooks[channel], form)

    def incoming(
        self,
        channel: str,
        address: str,
        text: str = "",
        *,
        media: Sequence[tuple[str, bytes]] = (),
        name: str = "Ada",
        **more: str,
    ) -> dict[str, str]:
        """The fields of a message of theirs."""
        sid = f"{'MM' if media else 'SM'}{self.next_number():032x}"
        prefix = "whatsapp:" if channel == "whatsapp" else ""
        form = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "Body": text,
            "From": f"{prefix}{address}",
            "MessageSid": sid,
            "NumMedia": str(len(media)),
            "NumSegments": "1",
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "To": f"{prefix}{WHATSAPP if channel == 'whatsapp' else SMS}",
        }
        if channel == "whatsapp":
            form |= {"ProfileName": name, "WaId": address.removeprefix("+")}
            form["MessageType"] = "text"
            self.open_windows.add(address)
        else:
            form |= {"FromCountry": "US", "FromCity": "", "ToCountry": "US"}
        for index, (content_type, content) in enumerate(media):
            medium = f"ME{self.next_number():032x}"
            self.media[medium] = (content_type, content)
            path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media/{medium}"
            form[f"MediaUrl{index}"] = f"{self.url}{path}"
            form[f"MediaContentType{index}"] = content_type
        form |= more
        self.received.append(form)
        return form

    async def send_form(
        self, url: str, form: dict[str, str], token: str = ""
    ) -> httpx.Response:
        """One webhook, signed."""
        return await self.post(
            url, content=urlencode(form), headers=self.headers(url, form, token)
        )

    def headers(
        self, url: str, form: dict[str, str], token: str = ""
    ) -> dict[str, str]:
        """What a webhook has beside its form."""
        return {
            "Content-Type": f"{FORM}; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": sign(token or self.token, url, form),
        }

    # What becomes of messages.

    async def report(
        self, message: Message, status: str, error: int | None = None
    ) -> httpx.Response:
        """One status callback, once."""
        message.status, message.error = status, error
        form = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "From": message.sender,
            "MessageSid": message.sid,
            "MessageStatus": status,
            "SmsSid": message.sid,
            "SmsStatus": status,
            "To": message.to,
        }
        if message.is_whatsapp:
            form |= {"ChannelPrefix": "whatsapp", "ChannelToAddress": message.address}
        if message.service:
            form["MessagingServiceSid"] = message.service
        if error:
            form["ErrorCode"] = str(error)
        return await self.send_form(message.callback, form)

    async def release(self, *order: int) -> None:
        """Sends the reports that were held back, by their place, in any order."""
        held, self.held = self.held, []
        for index in order or range(len(held)):
            await self.report(*held[index])

    async def settled(self) -> None:
        """Waits until everything has become of what was sent."""
        while under_way := [task for task in self._tasks if not task.done()]:
            await asyncio.wait(under_way)

    def newest(self, address: str) -> Message:
        """What was sent to a customer last."""
        return [one for one in self.messages if one.address == address][-1]

    async def _go(self, message: Message, is_template: bool) -> None:
        """Sends it on, as far as that goes."""
        if message.is_whatsapp:
            is_open = message.address in self.open_windows
            if not (is_open or is_template):
                return await self._tell(message, "failed", 63016)
        content = []
        for url in message.media:
            try:
                response = await self._http.get(_on_this_machine(url))
                response.raise_for_status()
            except (httpx.HTTPError, ValueError):
                return await self._tell(message, "failed", 63019)
            kind = response.headers["Content-Type"].partition(";")[0]
            content.append((kind, response.content))
        error, self.fail_with = self.fail_with, None
        await self._tell(message, "sent")
        if error:
            return await self._tell(message, "undelivered", error)
        shown = Shown(
            message.address,
            message.sid,
            message.body,
            more={"media": content, "template": is_template},
        )
        await self.show(shown)
        await self._tell(message, "delivered")

    async def _tell(
        self, message: Message, status: str, error: int | None = None
    ) -> None:
        message.status, message.error = status, error
        if not message.callback:
            return
        if self.holds_reports:
            self.held.append((message, status))
            return
        try:
            _on_this_machine(message.callback)
            await self.report(message, status, error)
        except (httpx.HTTPError, ValueError):
            pass  # Twilio notes it for the console, and that is all

    # The API.

    def _api(self, handler: Any) -> Any:
        """Checks the credentials, and answers refusals in Twilio's form."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                given = request.headers.get("Authorization", "")
                if given != encode_basic_auth(ACCOUNT, self.token):
                    raise Refusal(20003, "Authenticate", 401)
                answer: web.StreamResponse = await handler(request)
                return answer
            except Refusal as refusal:
                body = {
                    "code": refusal.code,
                    "message": refusal.message,
                    "more_info": f"https://www.twilio.com/docs/errors/{refusal.code}",
                    "status": refusal.status,
                }
                return web.json_response(body, status=refusal.status)

        return handle

    async def _create(self, request: web.Request) -> web.Response:
        if self.refuse_with:
            (code, status), self.refuse_with = self.refuse_with, None
            raise Refusal(code, "As the test wants it.", status)
        form = await request.post()
        fields = {name: str(value) for name, value in form.items()}
        self._check_addresses(fields)
        body, is_template = self._content(fields)
        media = [str(url) for url in form.getall("MediaUrl", [])]
        if not (body or media):
            raise Refusal(21602, "Message body is required.")
        if len(body.encode("utf-16-le")) > 2 * 1600:
            raise Refusal(21617, "The message body exceeds the 1600 character limit.")
        if any(urlsplit(url).scheme not in ("http", "https") for url in media):
            raise Refusal(21620, "Invalid media URL(s).")
        message = Message(
            f"{'MM' if media else 'SM'}{self.next_number():032x}",
            fields["To"],
            fields.get("From", SMS),
            body,
            media,
            fields.get("StatusCallback", ""),
            fields.get("MessagingServiceSid", ""),
        )
        self.messages.append(message)
        answer = message.resource()
        task = asyncio.create_task(self._go(message, is_template))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return web.json_response(answer, status=201)

    def _check_addresses(self, fields: Mapping[str, str]) -> None:
        to, sender = fields.get("To", ""), fields.get("From", "")
        is_whatsapp = to.startswith("whatsapp:")
        if not to:
            raise Refusal(21604, "A 'To' phone number is required.")
        if not re.fullmatch(r"\+[1-9]\d{6,14}", to.removeprefix("whatsapp:")):
            raise Refusal(21211, f"The 'To' number {to} is not a valid phone number.")
        service = fields.get("MessagingServiceSid")
        if not sender and not service:
            raise Refusal(21603, "A 'From' phone number is required.")
        if service and service != SERVICE:
            raise Refusal(21701, "The Messaging Service does not exist.", 404)
        if sender and is_whatsapp and sender != f"whatsapp:{WHATSAPP}":
            raise Refusal(63007, "Twilio could not find a Channel with that address.")
        if sender and not is_whatsapp and sender != SMS:
            raise Refusal(21606, f"The 'From' phone number {sender} is not valid.")
        callback = urlsplit(fields.get("StatusCallback", ""))
        if callback.scheme not in ("http", "https", ""):
            raise Refusal(21609, "The StatusCallback URL is not a valid URL.")
        if to in self.opted_out:
            raise Refusal(21610, "Attempt to send to unsubscribed recipient.")

    def _content(self, fields: Mapping[str, str]) -> tuple[str, bool]:
        """The body, and whether it is of a template."""
        if "ContentSid" not in fields:
            return fields.get("Body", ""), False
        known = {one["sid"]: one for one in self.contents}
        if fields["ContentSid"] not in known:
            raise Refusal(21655, "The ContentSid is invalid.")
        try:
            variables = json.loads(fields.get("ContentVariables", "{}"))
        except ValueError:
            raise Refusal(21656, "The ContentVariables are invalid.") from None
        body = known[fields["ContentSid"]]["types"]["twilio/text"]["body"]
        for name, value in variables.items():
            body = body.replace(f"{{{{{name}}}}}", value)
        return body, True

    async def _list(self, request: web.Request) -> web.Response:
        query = request.query
        listed = [one.resource() for one in self.messages]
        listed += [_received(form) for form in self.received]
        found = [
            one
            for one in reversed(listed)
            if query.get("To", one["to"]) == one["to"]
            and query.get("From", one["from"]) == one["from"]
            and _is_since(one, query.get("DateSent>"))
        ]
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        size = min(size, self.page_size)
        further = {**query, "Page": str(page + 1)}
        has_more = len(found) > (page + 1) * size
        body = {
            "messages": found[page * size : (page + 1) * size],
            "page": page,
            "page_size": size,
            "next_page_uri": f"{request.path}?{urlencode(further)}"
            if has_more
            else None,
            "uri": request.path_qs,
        }
        return web.json_response(body)

    async def _media_of(self, request: web.Request) -> web.Response:
        sid = request.match_info["sid"]
        [form] = [one for one in self.received if one["MessageSid"] == sid]
        urls = [form[f"MediaUrl{n}"] for n in range(int(form["NumMedia"]))]
        media = [
            {
                "content_type": form[f"MediaContentType{n}"],
                "parent_sid": sid,
                "sid": url.rpartition("/")[2],
                "uri": f"{urlsplit(url).path}.json",
            }
            for n, url in enumerate(urls)
        ]
        return web.json_response({"media_list": media, "next_page_uri": None})

    async def _medium(self, request: web.Request) -> web.Response:
        if request.match_info["medium"] not in self.media:
            raise Refusal(20404, "The requested resource was not found.", 404)
        where = f"http://localhost:{self.port}/storage/{request.match_info['medium']}"
        return web.Response(status=307, headers={"Location": where})

    async def _stored(self, request: web.Request) -> web.Response:
        if given := request.headers.get("Authorization"):
            self.leaked.append(given)
            return web.Response(status=400, text="Only one auth mechanism allowed")
        content_type, content = self.media[request.match_info["medium"]]
        return web.Response(body=content, content_type=content_type)

    async def _account(self, request: web.Request) -> web.Response:
        body = {"sid": ACCOUNT, "status": self.account_status, "type": "Full"}
        return web.json_response(body)

    async def _numbers(self, request: web.Request) -> web.Response:
        number = {
            "phone_number": SMS,
            "capabilities": {"sms": True, "mms": True, "voice": True},
            "sms_url": self.webhooks.get("sms", ""),
            "sms_method": "POST",
        }
        is_asked_for = request.query.get("PhoneNumber", SMS) == SMS
        return web.json_response(
            {"incoming_phone_numbers": [number] if is_asked_for else []}
        )

    def approve(self, name: str, body: str, status: str = "approved") -> str:
        """A template, as it is once somebody has looked at it; its sid."""
        sid = f"HX{self.next_number():032x}"
        self.contents.append(
            {
                "sid": sid,
                "friendly_name": name,
                "language": "en",
                "variables": {"1": "name"},
                "types": {"twilio/text": {"body": body}},
                "approval_requests": {"name": name, "status": status},
            }
        )
        return sid

    async def _approvals(self, request: web.Request) -> web.Response:
        """Two on a page, so that there are several pages."""
        page, last = int(request.query.get("Page", 0)), (len(self.contents) - 1) // 2
        further = f"/v1/ContentAndApprovals?PageSize=2&Page={page + 1}"
        further = f"{self.pages_at or self.url}{further}"
        body = {
            "contents": self.contents[2 * page : 2 * page + 2],
            "meta": {
                "key": "contents",
                "next_page_url": further if page < last else None,
                "page": page,
                "page_size": 2,
            },
        }
        return web.json_response(body)
