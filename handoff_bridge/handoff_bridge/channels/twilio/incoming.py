"""What Twilio sends: forms, their signature, and what messages and reports mean."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from handoff_bridge.channels.twilio.failures import failure_of
from handoff_bridge.service.messaging.channel import (
    CustomerMessage,
    Event,
    FileReference,
    Ignored,
    Kind,
    Reported,
    Request,
    State,
    Unreadable,
)

FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 300
MAX_MEDIA = 20
STATES: dict[str, State] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
KINDS: dict[str, Kind] = {
    "audio": "audio",
    "video": "video",
    # Photos come as JPEG.
    "image/webp": "sticker",
    "text/vcard": "contact",
    "text/x-vcard": "contact",
    "text/directory": "contact",
}


def form_of(request: Request) -> list[tuple[str, str]]:
    """The fields of a form, nothing of any other body."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method != "POST" or content_type.lower() != FORM:
        return []
    text = request.body.decode("utf-8", "replace")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return []


def signature(token: str, url: str, form: Sequence[tuple[str, str]]) -> str:
    """As Twilio makes it: a value that comes twice under a name counts once."""
    text = url + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()


def is_signed(token: str, request: Request) -> bool:
    """Whether its signature fits.

    Twilio signs the address now with and now without the port, says its own library.
    """
    form = form_of(request)
    given = request.headers.get("x-twilio-signature", "").encode()
    parts = urlsplit(request.url)
    if parts.port is not None:
        other = parts.netloc.removesuffix(f":{parts.port}")
    else:
        other = f"{parts.netloc}:{443 if parts.scheme == 'https' else 80}"
    urls = (request.url, parts._replace(netloc=other).geturl())
    return any(
        hmac.compare_digest(signature(token, url, form).encode(), given) for url in urls
    )


def meaning_of_message(fields: Mapping[str, Any]) -> Event:
    """What a customer's message says."""
    # Twilio has answered it itself, and sends them nothing more after STOP.
    if fields.get("OptOutType"):
        return Ignored()
    files, unreadable = _media(fields)
    if fields.get("Latitude"):
        unreadable = unreadable or "location"
    # Who presses a template's button has written what is on it.
    text = str(fields.get("Body") or fields.get("ButtonText") or "")
    if not text and not files:
        return Unreadable(unreadable or "other")
    name = str(fields.get("ProfileName") or "") or None
    return CustomerMessage(text, files, name=name, unreadable=unreadable)


def meaning_of_report(fields: Mapping[str, Any], part_id: str | None) -> Event:
    """What became of a message of ours."""
    state = STATES.get(str(fields["MessageStatus"]))
    if state is None:
        # On its way: queued, sending.
        return Ignored()
    sid = str(fields.get("MessageSid") or fields.get("SmsSid"))
    if state != "failed":
        return Reported(sid, state, part_id=part_id)
    code = str(fields.get("ErrorCode") or "")
    return Reported(sid, state, failure_of(code), code or None, part_id)


def _media(fields: Mapping[str, Any]) -> tuple[list[FileReference], Kind | None]:
    """Pictures and PDFs, and what the first of all others is."""
    files: list[FileReference] = []
    unreadable: Kind | None = None
    count = str(fields.get("NumMedia") or "0")
    for index in range(min(int(count) if count.isdecimal() else 0, MAX_MEDIA)):
        url = str(fields.get(f"MediaUrl{index}") or "")
        described = str(fields.get(f"MediaContentType{index}") or "")
        content_type = described.partition(";")[0].strip().lower()
        family = content_type.partition("/")[0]
        kind = KINDS.get(content_type) or KINDS.get(family)
        if kind is None and (family == "image" or content_type == "application/pdf"):
            files.append(FileReference(url, content_type=content_type))
        else:
            unreadable = unreadable or kind or "other"
    return files, unreadable
