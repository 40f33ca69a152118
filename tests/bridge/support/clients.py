"""Clients of the public protocol, as a widget and an inbox would speak it."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

import socketio

from tests.bridge.support.published import check_ack, check_event

WAIT_SECS = 10.0
Event = tuple[str, Any]


class Client:
    """A Socket.IO client that keeps everything it is sent."""

    def __init__(self, namespace: str, url: str) -> None:
        self.namespace = namespace
        self.url = url
        self.events: list[Event] = []
        self.mistakes: list[AssertionError] = []
        self._changed = asyncio.Condition()
        self.io = socketio.AsyncClient(reconnection=False)
        self.io.on("*", self._received, namespace=namespace)

    async def connect(self, auth: dict[str, str] | None = None) -> None:
        """The library itself would give up after a second."""
        await self.io.connect(
            self.url,
            namespaces=[self.namespace],
            auth=auth,
            transports=["websocket"],
            wait_timeout=WAIT_SECS,
        )

    async def _received(self, event: str, *data: Any) -> None:
        payload = data[0] if data else None
        try:
            check_event(self.namespace, event, payload)
        except AssertionError as mistake:
            # Raised in a task of the library's it would be seen by nobody.
            self.mistakes.append(mistake)
        async with self._changed:
            self.events.append((event, payload))
            self._changed.notify_all()

    def all(self, event: str) -> list[Any]:
        """Payloads of every event of that name, in order."""
        return [payload for name, payload in self.events if name == event]

    async def until(self, found: Callable[[], Any], what: str = "") -> Any:
        """Waits until `found` gives something true, and gives it."""
        async with self._changed:
            try:
                async with asyncio.timeout(WAIT_SECS):
                    while not (result := found()):
                        await self._changed.wait()
                    return result
            except TimeoutError:
                names = [f"{name} {payload}" for name, payload in self.events[-8:]]
                text = "\n".join(names)
                raise AssertionError(
                    f"waited for {what or found}; got:\n{text}"
                ) from None

    async def next(self, event: str, **having: Any) -> Any:
        """The first payload of that name with these values."""

        def found() -> Any:
            for payload in self.all(event):
                if having.items() <= payload.items():
                    return payload
            return None

        return await self.until(found, f"{event} {having}")

    async def call(self, event: str, data: Any = None) -> Any:
        """Emits and waits for the ack."""
        ack = await self.io.call(
            event, data, namespace=self.namespace, timeout=WAIT_SECS
        )
        check_ack(self.namespace, event, ack)
        return ack

    async def close(self) -> None:
        """Disconnects. Raises AssertionError where an event was not as published."""
        await self.io.disconnect()
        for mistake in self.mistakes:
            raise mistake


class Customer(Client):
    """A widget of protocol 1."""

    def __init__(self, url: str) -> None:
        super().__init__("/", url)
        self.session_id = ""

    async def open(self, **request: Any) -> "Customer":
        """Connects and opens a session."""
        await self.connect()
        await self.call("session_request", {"protocol": 1, **request})
        self.session_id = await self.until(
            lambda: (self.all("session_confirm") or [None])[-1], "session_confirm"
        )
        await self.until(lambda: self.all("history"), "history")
        return self

    async def say(self, text: str, **more: Any) -> Any:
        """Sends a message and gives the ack."""
        return await self.call(
            "user_uttered", {"session_id": self.session_id, "message": text, **more}
        )

    async def ask_for_human(self) -> Any:
        """Presses the button."""
        return await self.call("request_human", {"session_id": self.session_id})

    def texts(self, sender: str | None = None) -> list[str]:
        """Texts of the messages received, from anyone or from one kind of sender."""
        return [
            message["text"]
            for message in self.all("bot_uttered")
            if "text" in message and sender in (None, message["sender"])
        ]

    async def hears(self, text: str, sender: str | None = None) -> str:
        """Waits for a message that contains `text`."""

        def found() -> str | None:
            return next((t for t in self.texts(sender) if text in t), None)

        heard: str = await self.until(found, f"a message with {text!r}")
        return heard

    async def status(self, owner: str) -> dict[str, Any]:
        """Waits for a status with that owner."""
        found: dict[str, Any] = await self.next("conversation_status", owner=owner)
        return found

    async def history(self) -> list[dict[str, Any]]:
        """The whole history, asked for afresh from a second connection."""
        again = await Customer(self.url).open(session_id=self.session_id)
        messages: list[dict[str, Any]] = again.all("history")[0]["messages"]
        await again.close()
        return messages


class BareClient(Client):
    """A client of Rasa's own web channel, as old widgets are."""

    def __init__(self, url: str) -> None:
        super().__init__("/", url)
        self._heard = 0

    async def open(self, session_id: str | None = None) -> str:
        """Connects and opens a session; gives its id."""
        await self.connect()
        await self.io.emit("session_request", {"session_id": session_id})
        confirmed: str = await self.until(
            lambda: (self.all("session_confirm") or [None])[-1], "session_confirm"
        )
        return confirmed

    async def next_message(self) -> dict[str, Any]:
        """The message after the one that was given last."""
        self._heard += 1
        found = await self.until(lambda: self.all("bot_uttered")[self._heard - 1 :])
        message: dict[str, Any] = found[0]
        return message


class AgentClient(Client):
    """An inbox."""

    def __init__(self, url: str, token: str, agent_id: str) -> None:
        super().__init__("/inbox", url)
        self.token = token
        self.agent_id = agent_id

    async def open(self) -> "AgentClient":
        """Connects and waits for the snapshot."""
        await self.connect(auth={"token": self.token})
        await self.until(lambda: self.all("snapshot"), "snapshot")
        return self

    async def act(self, event: str, **data: Any) -> Any:
        """A call with a fresh client_id unless one is given."""
        return await self.call(event, {"client_id": secrets.token_hex(6), **data})

    async def queued(self) -> dict[str, Any]:
        """Waits for the newest handoff in line."""
        await self.until(lambda: self.all("handoff_queued"), "handoff_queued")
        row: dict[str, Any] = self.all("handoff_queued")[-1]["handoff"]
        return row

    async def claim(self, row: dict[str, Any]) -> dict[str, Any]:
        """Claims it and expects to get it."""
        ack = await self.act("handoff_claim", handoff_id=row["handoff_id"])
        assert ack["ok"], ack
        claimed: dict[str, Any] = ack["handoff"]
        return claimed

    async def sees(self, text: str) -> dict[str, Any]:
        """Waits for a log event whose text contains `text`."""

        def found() -> Any:
            for added in self.all("event_added"):
                if text in (added["event"].get("text") or ""):
                    return added["event"]
            return None

        seen: dict[str, Any] = await self.until(found, f"an event with {text!r}")
        return seen
