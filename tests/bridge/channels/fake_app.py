"""A shop's own app: its server, its customers, and its own idea of signatures."""

import hmac
import json
from time import time
from typing import Any

import httpx
from aiohttp import web

from tests.bridge.channels.fake_platform import FakePlatform, Shown

SECRET = "a-secret-of-the-tests-that-is-long-enough"
# What a message has at most, by docs/channels/app.md.
TEXT_CHARS = 4000
BUTTONS = 10
TITLE_CHARS = 100
PAYLOAD_CHARS = 40


def environment(url: str, **more: str) -> dict[str, str]:
    """The settings of a bridge that an app at `url` is connected to."""
    return {
        "APP_CHANNEL_URL": url,
        "APP_CHANNEL_SECRET": SECRET,
        "WEBHOOK_ALLOW_HTTP": "true",
        "WEBHOOK_PRIVATE_NETWORKS": "127.0.0.0/8",
        **more,
    }


def v1(secret: str, at: int, body: bytes) -> str:
    """The signature of one secret, as docs/channels/app.md tells it."""
    digest = hmac.new(secret.encode("utf-8"), digestmod="sha256")
    digest.update(b"%d." % at)
    digest.update(body)
    return digest.hexdigest()


def signed(body: bytes, *secrets: str, at: float | None = None) -> dict[str, str]:
    """The headers of a request, by each secret, now or at another time."""
    t = int(time() if at is None else at)
    each = [f"v1={v1(secret, t, body)}" for secret in secrets or (SECRET,)]
    return {
        "Content-Type": "application/json",
        "Tandem-Signature": ",".join([f"t={t}", *each]),
    }


class FakeApp(FakePlatform):
    """Takes messages once each, and gives its customers' to the bridge.

    `bridge` is where it posts to; `unknown` and `blocked` are customers whom it does
    not write to; `error` is what it answers to all.
    """

    def __init__(self, secret: str = SECRET) -> None:
        super().__init__()
        self.secret = secret
        self.bridge = ""
        self.received: list[dict[str, Any]] = []
        self.pings = 0
        self.typing: list[str] = []
        self.unknown: set[str] = set()
        self.blocked: set[str] = set()
        self.error: web.Response | None = None
        self.files: dict[str, tuple[str, bytes]] = {}
        self._taken: set[str] = set()
        self._sequences: dict[str, int] = {}
        self.app.router.add_post("/tandem", self._take)
        self.app.router.add_get("/files/{name}", self._give)

    @property
    def address(self) -> str:
        """What APP_CHANNEL_URL is set to."""
        return f"{self.url}/tandem"

    def keep(self, name: str, content_type: str, content: bytes) -> dict[str, str]:
        """A file of a customer's, as an event names it."""
        self.files[name] = (content_type, content)
        return {
            "url": f"{self.url}/files/{name}",
            "name": name,
            "content_type": content_type,
        }

    def event(self, address: str, **more: Any) -> dict[str, Any]:
        """An event of a customer's, the next of theirs."""
        number = self._sequences[address] = self._sequences.get(address, 0) + 1
        return {
            "id": f"evt-{address}-{number}",
            "type": "message",
            "customer": {"id": address},
            "sequence": number,
            **more,
        }

    def state(self, address: str, message_id: str, state: str, **more: Any) -> Any:
        """What became of a message, as the app tells it."""
        return {
            "id": f"state-{message_id}-{state}",
            "type": state,
            "customer": {"id": address},
            "message_id": message_id,
            **more,
        }

    async def gives(self, *events: dict[str, Any], **more: Any) -> httpx.Response:
        """One request to the bridge, which may be refused."""
        body = json.dumps({"events": events}).encode()
        return await self.post(
            self.bridge, content=body, headers=signed(body, self.secret, **more)
        )

    async def says(self, address: str, text: str, **more: Any) -> dict[str, Any]:
        """A customer writes; the app tells it until it is taken."""
        event = self.event(address, text=text, **more)
        await self.hands_over(event)
        return event

    async def presses(self, address: str, title: str) -> dict[str, Any]:
        """A customer presses the newest button of that name."""
        [*_, payload] = [
            button["payload"]
            for shown in self.shown
            for button in shown.buttons
            if shown.address == address and button["title"] == title
        ]
        event = self.event(address, type="button", payload=payload)
        await self.hands_over(event)
        return event

    async def hands_over(self, *events: dict[str, Any]) -> None:
        """One request to the bridge, until it is taken."""
        body = json.dumps({"events": events}).encode()
        await self.deliver(self.bridge, content=body, headers=signed(body, self.secret))

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self._is_genuine(request.headers.get("Tandem-Signature", ""), body):
            return web.Response(status=401)
        if self.error is not None:
            return self.error
        message = json.loads(body)
        if message["type"] == "ping":
            self.pings += 1
            return web.Response(status=204)
        address = message["customer"]["id"]
        for refused, error in (
            (self.unknown, "unknown_customer"),
            (self.blocked, "blocked"),
        ):
            if address in refused:
                return web.json_response({"error": error}, status=410)
        if message["type"] == "typing":
            self.typing.append(address)
            return web.Response(status=204)
        if message["type"] != "message":
            return web.Response(status=202)
        if wrong := _wrong(message):
            return web.json_response({"error": wrong}, status=422)
        self.received.append(message)
        if message["id"] not in self._taken:
            self._taken.add(message["id"])
            await self._show(message)
        return web.Response(status=204)

    async def _show(self, message: dict[str, Any]) -> None:
        known = {"id", "type", "customer", "text", "buttons"}
        await self.show(
            Shown(
                message["customer"]["id"],
                message["id"],
                message.get("text", ""),
                message.get("buttons", []),
                {name: value for name, value in message.items() if name not in known},
            )
        )

    def _is_genuine(self, header: str, body: bytes) -> bool:
        parts = [part.split("=", 1) for part in header.split(",")]
        at = [value for name, value in parts if name == "t"]
        if len(at) != 1 or abs(time() - int(at[0])) > 300:
            return False
        own = v1(self.secret, int(at[0]), body)
        return any(name == "v1" and value == own for name, value in parts)

    async def _give(self, request: web.Request) -> web.Response:
        content_type, content = self.files[request.match_info["name"]]
        return web.Response(body=content, content_type=content_type)


def _wrong(message: dict[str, Any]) -> str:
    """What is not as docs/channels/app.md says."""
    buttons = message.get("buttons", [])
    if unknown := set(message) - {
        *("id", "type", "customer", "text", "buttons", "file", "picture_url"),
    }:
        return f"unknown {unknown}"
    if not message["id"] or None in message.values():
        return "null"
    if not any(message.get(name) for name in ("text", "file", "picture_url")):
        return "empty"
    if len(message.get("text", "")) > TEXT_CHARS or len(buttons) > BUTTONS:
        return "too long"
    for button in buttons:
        if not 0 < len(button["title"]) <= TITLE_CHARS:
            return "title"
        if not 0 < len(button["payload"]) <= PAYLOAD_CHARS:
            return "payload"
    return ""
