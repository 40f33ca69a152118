"""A made-up connector: kiosks in a shop that speak JSON, as somebody else wrote it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import requests
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse


class KioskOutput(OutputChannel):
    """Waits for the kiosk without letting anything else run, as many clients do."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    async def send_text_message(
        self, recipient_id: str, text: str, **kwargs: Any
    ) -> None:
        self._show({"terminal": recipient_id, "text": text})

    async def send_image_url(
        self, recipient_id: str, image: str, **kwargs: Any
    ) -> None:
        self._show({"terminal": recipient_id, "picture": image})

    def _show(self, body: dict[str, Any]) -> None:
        self.session.post(f"{self.url}/show", json=body).raise_for_status()


class KioskInput(InputChannel):
    """Neither can it write first, nor does it show buttons."""

    def __init__(self, url: str, greets: bool = False) -> None:
        self.url = url
        self.greets = greets

    @classmethod
    def name(cls) -> str:
        return "shop_kiosk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> KioskInput:
        return cls(**(credentials or {}))

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:
        kiosk = Blueprint("kiosk")

        def read(body: dict[str, Any], text: str | None) -> UserMessage:
            return UserMessage(
                text, KioskOutput(self.url), body["terminal"], metadata=body.get("more")
            )

        @kiosk.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @kiosk.route("/verify", methods=["GET"])
        async def verify(request: Request) -> HTTPResponse:
            return response.html(request.args["challenge"][0])

        @kiosk.route("/say", methods=["POST"])
        async def say(request: Request) -> HTTPResponse:
            for text in request.json["texts"]:
                if text == "crash":
                    raise RuntimeError("the kiosk's connector crashes")
                await on_new_message(read(request.json, text))
            return response.text("shown")

        @kiosk.route("/later", methods=["POST"])
        async def later(request: Request) -> HTTPResponse:
            for text in request.json["texts"]:
                # As Rasa's connector for Slack does: nobody waits for it.
                asyncio.create_task(on_new_message(read(request.json, text)))
            return response.text("taken")

        @kiosk.listener("after_server_start")
        async def greet(*_: Any) -> None:
            # As a connector does that asks its platform by itself.
            if self.greets:
                await on_new_message(read({"terminal": "entrance"}, "switched on"))

        return kiosk
