"""Holds what pages are sent against the bridge's published description."""

import json
import re

from playwright.sync_api import Page, WebSocket

from tests.bridge.support.published import check_ack, check_event

# An event (2) or an ack (3), its namespace, the number of the call, and the payload.
FRAME = re.compile(r"4([23])(?:(/[^,]*),)?(\d*)(\[.*\])", re.DOTALL)


class SocketWatch:
    """What went over the pages' sockets and is not as published."""

    def __init__(self) -> None:
        self.mistakes: list[AssertionError] = []

    def follow(self, page: Page) -> None:
        """Watches the sockets that a page will open."""
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        calls: dict[tuple[str, str], str] = {}

        def sent(frame: str | bytes) -> None:
            if found := FRAME.fullmatch(str(frame)):
                _, namespace, number, payload = found.groups()
                calls[namespace or "/", number] = json.loads(payload)[0]

        def received(frame: str | bytes) -> None:
            if found := FRAME.fullmatch(str(frame)):
                kind, namespace, number, payload = found.groups()
                self._check(kind, namespace or "/", number, json.loads(payload), calls)

        socket.on("framesent", sent)
        socket.on("framereceived", received)

    def _check(
        self,
        kind: str,
        namespace: str,
        number: str,
        payload: list[object],
        calls: dict[tuple[str, str], str],
    ) -> None:
        try:
            if kind == "2":
                check_event(namespace, str(payload[0]), *payload[1:])
            else:
                check_ack(namespace, calls[namespace, number], *payload)
        except AssertionError as mistake:
            self.mistakes.append(mistake)
