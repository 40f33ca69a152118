"""A made-up channel: requests that are lists of events, and a platform in memory."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handoff_bridge.models import JsonObject
from handoff_bridge.service.messaging.channel import (
    Arrived,
    Channel,
    Check,
    CustomerMessage,
    Event,
    FileReference,
    Ignored,
    Limits,
    Malformed,
    Part,
    PlatformError,
    Pressed,
    Reported,
    Request,
    Template,
    Unreadable,
    Unverified,
)

SECRET = "a secret of the tests"


class MadeUp(Channel):
    """`sent` is what reached customers, in order; `fails` is raised first."""

    name = "made_up"
    title = "Made up"
    limits = Limits(
        text=300,
        caption=100,
        buttons=8,
        button_title=20,
        has_typing=True,
        reports=("sent", "delivered", "read"),
    )

    def __init__(self, **limits: Any) -> None:
        self.limits = replace(self.limits, **limits)
        self.sent: list[Part] = []
        self.fails: list[PlatformError] = []
        self.files: dict[str, bytes] = {}
        self.acknowledged = 0
        self.typed: list[str] = []
        self.approved: list[Template] | PlatformError = []
        self.asked_for_templates = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self._changed = asyncio.Condition()

    def verify(self, request: Request) -> None:
        if request.headers.get("x-secret") != SECRET:
            raise Unverified("no secret")

    def unpack(self, request: Request) -> Sequence[Arrived]:
        try:
            events = json.loads(request.body)
            return [
                Arrived(
                    str(one["id"]),
                    one.get("address", ""),
                    one,
                    one.get("sequence"),
                    counts_by_address=True,
                )
                for one in events
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise Malformed("no list of events") from error

    def read(self, payload: JsonObject) -> Event:
        what: dict[str, Any] = dict(payload)
        if "explodes" in what:
            raise KeyError("explodes")
        if "payload" in what:
            return Pressed(what["payload"])
        if "kind" in what:
            return Unreadable(what["kind"])
        if "state" in what:
            return Reported(what["message_id"], what["state"], what.get("failure"))
        if "text" in what or "files" in what:
            files = [FileReference(name, name) for name in what.get("files", [])]
            return CustomerMessage(
                what.get("text", ""), files, what.get("name"), what.get("language")
            )
        return Ignored()

    async def fetch(self, file: FileReference) -> bytes:
        if file.reference not in self.files:
            raise PlatformError("unreachable")
        return self.files[file.reference]

    async def send(self, part: Part) -> str:
        await self.gate.wait()
        if self.fails:
            raise self.fails.pop(0)
        async with self._changed:
            self.sent.append(part)
            self._changed.notify_all()
        return f"m{len(self.sent)}"

    async def acknowledge(self, payload: JsonObject) -> None:
        self.acknowledged += 1

    async def show_typing(self, address: str) -> None:
        async with self._changed:
            self.typed.append(address)
            self._changed.notify_all()

    async def templates(self) -> Sequence[Template]:
        self.asked_for_templates += 1
        if isinstance(self.approved, PlatformError):
            raise self.approved
        return self.approved

    async def check(self) -> Sequence[Check]:
        return []

    def sample(self, address: str, text: str, event_id: str) -> Request:
        event = {"id": event_id, "address": address, "text": text}
        body = json.dumps([event]).encode()
        return Request("POST", "", "webhook", {"x-secret": SECRET}, body)

    def texts(self, address: str = "ann") -> list[str]:
        return [one.text for one in self.sent if one.address == address]

    async def until_typed(self) -> None:
        async with asyncio.timeout(15), self._changed:
            await self._changed.wait_for(lambda: bool(self.typed))

    async def sees(self, text: str, address: str = "ann") -> Part:
        """The newest part to a customer that holds `text`, once there is one."""

        def found() -> list[Part]:
            return [
                one for one in self.sent if one.address == address and text in one.text
            ]

        try:
            async with asyncio.timeout(15), self._changed:
                await self._changed.wait_for(found)
        except TimeoutError:
            raise AssertionError(f"{text!r} not in {self.texts(address)}") from None
        return found()[-1]
