"""An assistant that waits to be told what it answers."""

import asyncio
from typing import Any

from tests.bridge.support import ScriptedAssistant
from tests.bridge.support.assistant import says

WAIT_SECS = 10


class Prompter:
    """Holds every call to the assistant until the sequence says what it answers."""

    def __init__(self, assistant: ScriptedAssistant) -> None:
        self._calls: dict[str, tuple[str, asyncio.Future[Any]]] = {}
        self._changed = asyncio.Condition()
        assistant.script = self._message
        assistant.waiting_script = self._message
        assistant.handback_script = self._handback

    @property
    def senders(self) -> set[str]:
        """Conversations of which the assistant has a call."""
        return set(self._calls)

    async def until(self, sender: str, name: str) -> None:
        """Waits until it is asked for this."""
        async with self._changed, asyncio.timeout(WAIT_SECS):
            await self._changed.wait_for(
                lambda: self._calls.get(sender, ("",))[0] == name
            )

    async def until_new(self, known: set[str]) -> str:
        """Waits for a conversation that is not among the known ones; its id."""
        async with self._changed, asyncio.timeout(WAIT_SECS):
            await self._changed.wait_for(lambda: set(self._calls) - known)
        [sender] = set(self._calls) - known
        return sender

    def asked(self, sender: str) -> str:
        """What the call of this conversation is for."""
        return self._calls[sender][0]

    def answer(self, sender: str, answer: Any) -> None:
        """What it says to the call of this conversation."""
        self._calls.pop(sender)[1].set_result(answer)

    async def _message(self, body: dict[str, Any]) -> Any:
        return await self._held(body["sender"], body["message_id"])

    async def _handback(self, body: dict[str, Any]) -> Any:
        if not body["greet"]:
            return says()
        return await self._held(body["sender"], body["handoff_id"])

    async def _held(self, sender: str, name: str) -> Any:
        future = asyncio.get_running_loop().create_future()
        async with self._changed:
            assert sender not in self._calls, "one call a conversation at a time"
            self._calls[sender] = (name, future)
            self._changed.notify_all()
        return await future
