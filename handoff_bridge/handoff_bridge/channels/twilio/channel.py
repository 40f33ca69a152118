"""WhatsApp and SMS through Twilio's API of messages, see `docs/channels/whatsapp.md`.

Twilio has no key that makes a send idempotent. So each status callback carries the part
that it is about, and an attempt whose answer was lost is looked for in Twilio's list.
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handoff_bridge.channels.platform_http import PlatformHttp
from handoff_bridge.channels.twilio.failures import PASSING, failure_of
from handoff_bridge.channels.twilio.incoming import (
    FORM,
    form_of,
    is_signed,
    meaning_of_message,
    meaning_of_report,
    signature,
)
from handoff_bridge.models import JsonObject
from handoff_bridge.service.messaging.channel import (
    Answer,
    Arrived,
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
    Template,
    TemplateMessage,
    Unverified,
)
from handoff_bridge.settings import Http, Settings

MAX_TEXT = 1600
# What is left of it beside a link.
MAX_TEXT_BESIDE_LINK = 1300
MAX_MEDIA_BYTES = 16 * 1024 * 1024
# WhatsApp's of pictures, and that of an MMS.
MAX_SENT_BYTES = 5 * 1024 * 1024
# More than one customer is written to while an answer is waited for.
NEWEST = 50
# As long as a part is tried.
TRIED_FOR = timedelta(days=1)
TEMPLATES_SECS = 300.0
TEMPLATE_PAGES = 20
MISSED_PAGES = 20
E164 = r"\+[1-9]\d{6,14}"


class TwilioSettings(BaseSettings):
    """What Twilio's console shows of an account and its senders."""

    model_config = SettingsConfigDict(
        extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    twilio_api: Http = "https://api.twilio.com"
    twilio_content_api: Http = "https://content.twilio.com"
    # Only numbers of the USA and of Canada send pictures.
    twilio_sms_media: bool = False
    twilio_account_sid: Annotated[str, Field(pattern=r"^(AC[0-9a-fA-F]{32})?$")] = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_whatsapp_from: Annotated[str, Field(pattern=rf"^({E164})?$")] = ""
    # A number, a short code or a messaging service.
    twilio_sms_from: Annotated[
        str,
        Field(
            pattern=rf"^({E164}|\d{{3,8}}|MG[0-9a-fA-F]{{32}})?$", validate_default=True
        ),
    ] = ""

    @field_validator("twilio_sms_from")
    @classmethod
    def _whole(cls, sms_from: str, info: ValidationInfo) -> str:
        """An account and at least one sender, or nothing at all."""
        token = info.data.get("twilio_auth_token", SecretStr(""))
        account = (info.data.get("twilio_account_sid"), token.get_secret_value())
        senders = (info.data.get("twilio_whatsapp_from"), sms_from)
        if any((*account, *senders)) and not (all(account) and any(senders)):
            raise PydanticCustomError(
                "incomplete",
                "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and at least one of "
                "TWILIO_WHATSAPP_FROM and TWILIO_SMS_FROM go together.",
            )
        return sms_from


def load(settings: Settings) -> Sequence[Channel]:
    """One for each sender. Raises ValidationError."""
    twilio = TwilioSettings()
    channels: list[Channel] = []
    if twilio.twilio_whatsapp_from:
        channels.append(WhatsApp(twilio, settings.public))
    if twilio.twilio_sms_from:
        channels.append(Sms(twilio, settings.public))
    return channels


class _TwilioChannel(Channel):
    """Everything but how senders and addresses are written."""

    # Before every number.
    prefix = ""
    sender: str

    def __init__(self, settings: TwilioSettings, public: str) -> None:
        self._account_sid = settings.twilio_account_sid
        self._token = settings.twilio_auth_token.get_secret_value()
        self._api = settings.twilio_api
        self._address = f"{public}/channels/{self.name}"
        self._account = f"/2010-04-01/Accounts/{self._account_sid}"
        self._auth = httpx.BasicAuth(self._account_sid, self._token)
        self._http = PlatformHttp(self._api, auth=self._auth)

    def verify(self, request: Request) -> None:
        """Twilio signs the address that it calls and the form that it sends."""
        if not is_signed(self._token, request):
            raise Unverified(
                "X-Twilio-Signature does not fit TWILIO_AUTH_TOKEN and the address "
                f"{request.url.partition('?')[0]}; Twilio has to be told the same one."
            )

    def unpack(self, request: Request) -> Sequence[Arrived]:
        """A message, or at `status` what became of one of ours."""
        form = dict(form_of(request))
        if not form:
            raise Malformed(f"It has no {FORM}; webhooks have to be set to POST.")
        sid = form.get("MessageSid") or form.get("SmsSid")
        if not sid:
            raise Malformed("It has no MessageSid.")
        if form.get("AccountSid") != self._account_sid:
            raise Malformed("It is of another account.")
        fields: JsonObject = {**form}
        if request.path.strip("/") == "status":
            if not form.get("MessageStatus"):
                raise Malformed("It has no MessageStatus.")
            part = parse_qs(urlsplit(request.url).query).get("part", [None])[0]
            report: JsonObject = {"report": fields, "part": part}
            return [Arrived(f"{sid}:{form['MessageStatus']}", "", report)]
        if not self._is_ours(form, "To"):
            raise Malformed("It is to another number.")
        address = form.get("From", "").removeprefix(self.prefix)
        if not address:
            raise Malformed("It is from nobody.")
        return [Arrived(sid, address, {"message": fields})]

    def answer(self, request: Request) -> Answer:
        """Nothing to reply with: plain text would be sent to the customer."""
        return Answer(b"<Response/>", "text/xml; charset=utf-8")

    def read(self, payload: JsonObject) -> Event:
        """What a message says, and what a report means."""
        report, message = payload.get("report"), payload.get("message")
        if isinstance(report, dict):
            part = payload.get("part")
            return meaning_of_report(report, str(part) if part else None)
        return meaning_of_message(message if isinstance(message, dict) else {})

    async def send(self, part: Part) -> str:
        """One message; its status callbacks tell which part it was."""
        if part.is_repeated and (sent := await self._sent_before(part)):
            return sent
        form = {
            "To": f"{self.prefix}{part.address}",
            self._sender_field: f"{self.prefix}{self.sender}",
            "StatusCallback": (
                f"{self._address}/status?{urlencode({'part': part.part_id})}"
            ),
            **self._content(part),
        }
        path = f"{self._account}/Messages.json"
        answer = await self._call("POST", path, data=form)
        if not isinstance(answer.get("sid"), str):
            raise PlatformError("unreachable", "no sid", is_uncertain=True)
        return str(answer["sid"])

    async def missed(self, since: datetime) -> Sequence[Arrived]:
        """Messages to us in Twilio's list: it calls a webhook once, or a few times."""
        query = {"DateSent>": f"{since:%Y-%m-%dT%H:%M:%SZ}", "PageSize": "100"}
        if not self._is_service:
            query["To"] = f"{self.prefix}{self.sender}"
        path = f"{self._account}/Messages.json?{urlencode(query)}"
        found: list[Arrived] = []
        for _ in range(MISSED_PAGES):
            page = await self._call("GET", path)
            for message in page.get("messages", []):
                if message.get("direction") == "inbound" and self._is(message, "to"):
                    form = await self._as_form(message)
                    address = form["From"].removeprefix(self.prefix)
                    fields: JsonObject = {**form}
                    found.append(
                        Arrived(form["MessageSid"], address, {"message": fields})
                    )
            if not page.get("next_page_uri"):
                break
            path = httpx.URL(page["next_page_uri"]).raw_path.decode()
        return found[::-1]

    async def _as_form(self, message: Mapping[str, Any]) -> dict[str, str]:
        """A listed message as its webhook had it, as far as that is known."""
        form = {
            "AccountSid": self._account_sid,
            "Body": str(message.get("body") or ""),
            "From": str(message.get("from") or ""),
            "MessageSid": str(message["sid"]),
            "MessagingServiceSid": str(message.get("messaging_service_sid") or ""),
            "NumMedia": "0",
            "To": str(message.get("to") or ""),
        }
        if str(message.get("num_media") or "0") != "0":
            path = f"{self._account}/Messages/{message['sid']}/Media.json"
            media = (await self._call("GET", path)).get("media_list", [])
            form["NumMedia"] = str(len(media))
            for index, medium in enumerate(media):
                where = str(medium["uri"]).removesuffix(".json")
                form[f"MediaUrl{index}"] = f"{self._api}{where}"
                form[f"MediaContentType{index}"] = str(medium.get("content_type"))
        return form

    async def fetch(self, file: FileReference) -> bytes:
        """A medium; Twilio sends on to its storage, which the token is not told."""
        parts = urlsplit(file.reference)
        own = urlsplit(self._api)
        is_twilio = parts.scheme == "https" and parts.netloc.endswith(".twilio.com")
        is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        if not (is_twilio or is_own):
            raise PlatformError("file_refused", "not at Twilio", is_final=True)
        return await self._http.fetch(file.reference, max_bytes=MAX_MEDIA_BYTES)

    def length(self, text: str) -> int:
        """As Twilio counts: an emoji is two."""
        return len(text.encode("utf-16-le", "surrogatepass")) // 2

    def sample(self, address: str, text: str, event_id: str) -> Request:
        """A message to us, signed for the public address."""
        form = {
            "AccountSid": self._account_sid,
            "Body": text,
            "From": f"{self.prefix}{address}",
            "MessageSid": event_id,
            "NumMedia": "0",
            "To": f"{self.prefix}{self.sender}",
        }
        if self._is_service:
            form["MessagingServiceSid"] = self.sender
        url = f"{self._address}/message"
        headers = {
            "content-type": FORM,
            "x-twilio-signature": signature(self._token, url, [*form.items()]),
        }
        return Request("POST", url, "message", headers, urlencode(form).encode())

    async def check(self) -> Sequence[Check]:
        """The account, our own address, and what Twilio knows of the sender."""
        checks = [self._public_check()]
        try:
            account = await self._call("GET", f"{self._account}.json")
        except PlatformError as error:
            advice = (
                "Compare TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN with the console "
                f"({error.failure}, {error.detail})."
            )
            return [*checks, Check("account", False, advice)]
        is_active = account.get("status") == "active"
        advice = "" if is_active else f"The account is {account.get('status')}."
        checks.append(Check("account", is_active, advice))
        try:
            return [*checks, *await self._sender_checks()]
        except PlatformError as error:
            return [*checks, Check("sender", False, f"{error.failure}, {error.detail}")]

    async def close(self) -> None:
        """Gives connections back."""
        await self._http.close()

    async def _sender_checks(self) -> Sequence[Check]:
        raise NotImplementedError

    def _takes(self, file: OutgoingFile) -> bool:
        """Whether it goes as a file; else its link is written."""
        raise NotImplementedError

    @property
    def _sends_pictures(self) -> bool:
        return True

    @property
    def _is_service(self) -> bool:
        return self.sender.startswith("MG")

    @property
    def _sender_field(self) -> str:
        return "MessagingServiceSid" if self._is_service else "From"

    def _is_ours(self, form: Mapping[str, str], field: str) -> bool:
        if self._is_service:
            return form.get("MessagingServiceSid") == self.sender
        return form.get(field) == f"{self.prefix}{self.sender}"

    def _content(self, part: Part) -> dict[str, str]:
        """The fields that are what the customer gets."""
        if part.template is not None:
            variables = json.dumps({**part.template.variables})
            return {
                "ContentSid": part.template.template_id,
                "ContentVariables": variables,
            }
        text, media = part.text, ""
        if part.file is not None and self._takes(part.file):
            media = part.file.link
        elif part.file is not None:
            text = f"{text}\n{part.file.link}".strip()
        if part.picture_url and self._sends_pictures:
            media = part.picture_url
        elif part.picture_url:
            text = f"{text}\n{part.picture_url}".strip()
        fields = {"Body": text, "MediaUrl": media}
        return {name: value for name, value in fields.items() if value}

    async def _sent_before(self, part: Part) -> str | None:
        """The id under which an earlier attempt did get there.

        Within a conversation one part is sent after the other, so that whatever Twilio
        has after the last one that we know of is an attempt of this one.
        """
        content = self._content(part)
        body = content.get("Body", "")
        if part.template is not None:
            body = await self._filled_in(part.template)
        media = 1 if "MediaUrl" in content else 0
        query = {"To": f"{self.prefix}{part.address}", "PageSize": str(NEWEST)}
        path = f"{self._account}/Messages.json"
        answer = await self._call("GET", path, params=query)
        for message in answer.get("messages", []):
            if message["sid"] == part.after_message_id or _is_old(message):
                return None
            if (
                message.get("direction") == "outbound-api"
                and self._is(message, "from")
                and str(message.get("body") or "").strip() == body.strip()
                and int(message.get("num_media") or 0) == media
            ):
                return str(message["sid"])
        return None

    def _is(self, message: Mapping[str, Any], field: str) -> bool:
        """Whether a listed message is from, or to, our sender."""
        if self._is_service:
            return message.get("messaging_service_sid") == self.sender
        return message.get(field) == f"{self.prefix}{self.sender}"

    async def _filled_in(self, message: TemplateMessage) -> str:
        for template in await self.templates():
            if template.template_id == message.template_id:
                return re.sub(
                    r"\{\{\s*(\w+)\s*\}\}",
                    lambda found: message.variables.get(found[1], found[0]),
                    template.body,
                )
        return ""

    async def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        return _answer(await self._http.request(method, path, **options))

    def _public_check(self) -> Check:
        parts = urlsplit(self._address)
        is_public = parts.scheme == "https" and parts.hostname not in (
            *("127.0.0.1", "localhost", "::1"),
        )
        advice = (
            "PUBLIC_URL has to be the https address under which Twilio reaches the "
            "bridge, exactly as it is written in the console: it is part of what is "
            "signed."
        )
        return Check("public address", is_public, "" if is_public else advice)


class WhatsApp(_TwilioChannel):
    """A WhatsApp sender of Twilio's."""

    name = "whatsapp"
    title = "WhatsApp"
    prefix = "whatsapp:"
    # Documents have no caption there, and one that is ready-made for three buttons
    # would have to be made at Twilio for each question: they are a numbered list.
    limits = Limits(
        text=MAX_TEXT,
        window=timedelta(hours=24),
        has_templates=True,
        reports=("sent", "delivered", "read"),
    )

    def __init__(self, settings: TwilioSettings, public: str) -> None:
        """`public` is where Twilio reaches the bridge."""
        super().__init__(settings, public)
        self.sender = settings.twilio_whatsapp_from
        self._content_http = PlatformHttp(settings.twilio_content_api, auth=self._auth)
        self._templates: tuple[float, Sequence[Template]] | None = None

    async def templates(self) -> Sequence[Template]:
        """The approved ones, for some minutes."""
        now = time.monotonic()
        if self._templates is None or now - self._templates[0] > TEMPLATES_SECS:
            self._templates = (now, await self._ask_for_templates())
        return self._templates[1]

    async def close(self) -> None:
        """Gives connections back."""
        await super().close()
        await self._content_http.close()

    async def _ask_for_templates(self) -> Sequence[Template]:
        found: list[Template] = []
        path = "/v1/ContentAndApprovals?PageSize=100"
        for _ in range(TEMPLATE_PAGES):
            page = _answer(await self._content_http.request("GET", path))
            found += [t for one in page.get("contents", []) if (t := _template(one))]
            further = (page.get("meta") or {}).get("next_page_url")
            if not further:
                break
            # Only of the server that was asked.
            path = httpx.URL(further).raw_path.decode()
        return found

    async def _sender_checks(self) -> Sequence[Check]:
        """WhatsApp's senders are not among the account's numbers."""
        approved = await self.templates()
        return [
            Check(
                "webhook",
                True,
                "Compare in the console under Messaging, Senders, WhatsApp senders, "
                f"{self.sender}: the webhook for incoming messages is "
                f"{self._address}/message, with POST.",
            ),
            Check(
                "templates",
                bool(approved),
                ""
                if approved
                else "None is approved: after 24 hours without a message of theirs, "
                "customers cannot be written to.",
            ),
        ]

    def _takes(self, file: OutgoingFile) -> bool:
        is_picture = file.content_type.startswith("image/")
        limit = MAX_SENT_BYTES if is_picture else MAX_MEDIA_BYTES
        return file.path.stat().st_size <= limit


class Sms(_TwilioChannel):
    """A number, a short code or a messaging service that sends texts."""

    name = "sms"
    title = "SMS"

    def __init__(self, settings: TwilioSettings, public: str) -> None:
        """`public` is where Twilio reaches the bridge."""
        super().__init__(settings, public)
        self.sender = settings.twilio_sms_from
        self._has_media = settings.twilio_sms_media
        self.limits = Limits(
            text=MAX_TEXT,
            caption=MAX_TEXT_BESIDE_LINK,
            sends_files=settings.twilio_sms_media,
            reports=("sent", "delivered"),
        )

    async def _sender_checks(self) -> Sequence[Check]:
        if self._is_service:
            advice = (
                "Compare in the console under Messaging, Services, Integration: "
                f"the request URL for incoming messages is {self._address}/message."
            )
            return [Check("webhook", True, advice)]
        path = f"{self._account}/IncomingPhoneNumbers.json"
        query = {"PhoneNumber": self.sender}
        numbers = (await self._call("GET", path, params=query)).get(
            "incoming_phone_numbers", []
        )
        if not numbers:
            advice = f"{self.sender} is no number of this account."
            return [Check("sender", False, advice)]
        is_able = bool((numbers[0].get("capabilities") or {}).get("sms"))
        advice = "" if is_able else f"{self.sender} cannot send texts."
        # What is behind # is for Twilio: how often it tries.
        url = str(numbers[0].get("sms_url") or "").partition("#")[0]
        method = numbers[0].get("sms_method", "POST")
        is_set = (url, method) == (f"{self._address}/message", "POST")
        to_do = (
            "In the console under Phone Numbers, the number, Messaging: a message "
            f"comes in, Webhook, {self._address}/message, HTTP POST. It is "
            f"{url or 'empty'}, {method}."
        )
        return [
            Check("sender", is_able, advice),
            Check("webhook", is_set, "" if is_set else to_do),
        ]

    def _takes(self, file: OutgoingFile) -> bool:
        return self._sends_pictures and file.path.stat().st_size <= MAX_SENT_BYTES

    @property
    def _sends_pictures(self) -> bool:
        return self._has_media


def _answer(response: httpx.Response) -> dict[str, Any]:
    """What was asked for, or Twilio's refusal as PlatformError."""
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise PlatformError("unreachable", "no JSON", is_uncertain=True)
    if response.is_success:
        return answer
    code = str(answer.get("code") or response.status_code)
    failure = failure_of(code)
    raise PlatformError(failure, code, is_final=failure not in PASSING)


def _template(content: Mapping[str, Any]) -> Template | None:
    """None for what is not approved, or has no text."""
    approval = content.get("approval_requests") or {}
    bodies = [
        kind["body"]
        for kind in (content.get("types") or {}).values()
        if isinstance(kind, dict) and isinstance(kind.get("body"), str)
    ]
    if approval.get("status") != "approved" or not bodies:
        return None
    name = str(approval.get("name") or content.get("friendly_name") or content["sid"])
    return Template(content["sid"], name, str(content.get("language", "")), bodies[0])


def _is_old(message: Mapping[str, Any]) -> bool:
    created = message.get("date_created")
    return bool(created) and (
        datetime.now(UTC) - parsedate_to_datetime(str(created)) > TRIED_FOR
    )
