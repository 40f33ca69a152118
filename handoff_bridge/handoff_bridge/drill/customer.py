"""One made-up customer, who speaks the customers' protocol as a widget would."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import socketio
from socketio.exceptions import SocketIOError

from handoff_bridge.drill.scores import Chat
from handoff_bridge.drill.stories import Story

CALL_SECS = 15.0
# After their thanks they wait so long for the agent to end the chat.
END_SECS = 60.0


@dataclass(frozen=True)
class Pace:
    """How long a customer takes to read and write, and how soon they lose patience."""

    think_secs: Callable[[], float]
    # 1: as their stories say.
    patience: float = 1.0


class Refused(Exception):
    """The bridge has refused a call."""


class Actor:
    """Plays a story into a chat."""

    def __init__(
        self, url: str, story: Story, chat: Chat, pace: Pace, identity: str | None
    ) -> None:
        """`identity` is a signed one of a drill; without it their messages say so."""
        self._url, self._story, self.chat, self._pace = url, story, chat, pace
        self._identity = identity
        # Its own handler of Ctrl-C would disconnect without taking leave.
        self._io = socketio.AsyncClient(handle_sigint=False)
        self._io.on("session_confirm", self._confirmed)
        self._io.on("conversation_status", self._status)
        self._io.on("bot_uttered", self._heard)
        self._session = ""
        self._owner = "bot"
        self._said: list[str] = []
        self._news = asyncio.Event()
        self._lines = list(story.lines)
        self._answers = list(story.answers)

    async def play(self) -> None:
        """Until the chat is over; whatever happens, nothing of it is left open."""
        try:
            await self._open()
            await self._ask()
            if await self._wait():
                await self._talk()
        except (SocketIOError, Refused, TimeoutError):
            self.chat.state = "failed"
        finally:
            await asyncio.shield(self._leave())

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _open(self) -> None:
        await self._io.connect(self._url, transports=["websocket"])
        request = {"protocol": 1, "locale": self._story.language}
        if self._identity is not None:
            request |= {"identity": self._identity}
        ack = await self._call("session_request", **request)
        self._session = ack["session_id"]

    async def _ask(self) -> None:
        opens = self._story.opens
        await self._say(opens if self._identity else f"Drill: {opens}")
        await self._pause()
        await self._call("request_human")

    async def _wait(self) -> bool:
        """Whether an agent came in time."""
        patience = self._story.patience_secs * self._pace.patience
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._owner != "agent":
                    await self._hear()
                return True
        self.chat.state = "gave up"
        return False

    async def _talk(self) -> None:
        """Answers what the agent writes; says so where nothing comes; thanks."""
        self.chat.state = "talking"
        while self._owner == "agent":
            if not await self._hear_within(self._story.impatient_secs):
                self.chat.impatience += 1
                await self._say(self._story.impatient)
                if self.chat.impatience >= 3:
                    self.chat.state = "left"
                    break
            elif self._said:
                line = self._next_line(" ".join(self._said))
                self._said.clear()
                await self._pause()
                await self._say(line or self._story.thanks)
                if line is None:
                    await self._until_ended()
                    break
        if self.chat.state == "talking":
            self.chat.state = "served"
        self.chat.rating = self.chat.rate()
        await self._call("survey", score=self.chat.rating)

    async def _until_ended(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(END_SECS * self._pace.patience):
                while self._owner == "agent":
                    await self._hear()

    def _next_line(self, heard: str) -> str | None:
        """What fits, once, or else what is next; None where there is no more."""
        for answer in self._answers:
            if any(word.lower() in heard.lower() for word in answer.when):
                self._answers.remove(answer)
                return answer.say
        return self._lines.pop(0) if self._lines else None

    async def _hear(self) -> None:
        await self._news.wait()
        self._news.clear()

    async def _hear_within(self, secs: float) -> bool:
        try:
            await asyncio.wait_for(self._hear(), secs * self._pace.patience)
        except TimeoutError:
            return False
        return True

    async def _pause(self) -> None:
        await asyncio.sleep(self._pace.think_secs())

    async def _say(self, text: str) -> None:
        await self._call("user_uttered", message=text)

    async def _call(self, event: str, **data: Any) -> Any:
        payload = {"session_id": self._session, **data} if self._session else data
        ack = await self._io.call(event, payload, timeout=CALL_SECS)
        if not ack.get("ok"):
            raise Refused(f"{event}: {ack.get('error')}")
        return ack

    async def _leave(self) -> None:
        self.chat.ended = self._now()
        with suppress(SocketIOError, Refused, TimeoutError):
            if self._session:
                await self._call("leave", end=True)
        await self._io.disconnect()

    # What the bridge tells.

    async def _confirmed(self, session: str) -> None:
        self._session = session

    async def _status(self, status: dict[str, Any]) -> None:
        self._owner = status["owner"]
        if self._owner == "agent":
            self.chat.agent = (status.get("agent") or {}).get("name")
            if self.chat.claimed is None:
                self.chat.claimed = self._now()
        self._news.set()

    async def _heard(self, message: dict[str, Any]) -> None:
        if message.get("sender") != "agent" or not message.get("text"):
            return
        if self.chat.answered is None:
            self.chat.answered = self._now()
        self._said.append(message["text"])
        self._news.set()
