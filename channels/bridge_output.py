"""Output channel of the bridge's conversations."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping
from typing import Any

import aiohttp
from rasa.core.channels.channel import OutputChannel

from channels.rasa_compat import CHANNEL_NAME

logger = logging.getLogger(__name__)

POST_TIMEOUT_SECS = 5
POST_ATTEMPTS = 3
RETRY_PAUSE_SECS = 0.5

REPLY_KEYS = ("text", "buttons", "image", "attachment", "custom")


def reply_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a Rasa bot message in the bridge's form, without empty fields."""
    reply = {key: message[key] for key in REPLY_KEYS if message.get(key)}
    buttons = message.get("buttons") or message.get("quick_replies")
    if buttons:
        reply["buttons"] = [
            {"title": button.get("title"), "payload": button.get("payload")}
            for button in buttons
        ]
    # What designers wrote beside the sentence.
    if (message.get("metadata") or {}).get("promise") is True:
        reply["promise"] = True
    return reply


class BridgeOutput(OutputChannel):
    """Stays silent during a turn, posts to the bridge afterwards.

    A turn's replies are read from its tracker events, so that a repeated request
    is answered with the very same ones. What comes later has no request to answer:
    a reminder keeps the channel of the turn that scheduled it.
    """

    def __init__(self, bridge_url: str, service_token: str) -> None:
        """Starts within a turn; `answered` ends that."""
        self._url = f"{bridge_url.rstrip('/')}/api/v1/bot/messages"
        self._headers = {"Authorization": f"Bearer {service_token}"}
        self._is_answered = False

    @classmethod
    def name(cls) -> str:
        """The input channel's name, under which conditional responses know it."""
        return CHANNEL_NAME

    def answered(self) -> BridgeOutput:
        """Marks the turn as answered: from now on messages are posted."""
        self._is_answered = True
        return self

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Posts the message unless it belongs to the turn being answered."""
        reply = reply_of(message)
        if self._is_answered and reply:
            await self._post(recipient_id, reply)

    async def _post(self, conversation_id: str, reply: dict[str, Any]) -> None:
        # The same id at each attempt: the bridge shows it once.
        body = {
            "conversation_id": conversation_id,
            "message_id": uuid.uuid4().hex,
            "reply": reply,
        }
        timeout = aiohttp.ClientTimeout(total=POST_TIMEOUT_SECS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for attempt in range(1, POST_ATTEMPTS + 1):
                try:
                    await self._post_once(session, body)
                    return
                except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                    logger.warning(
                        "Bridge did not take a message: sender_id=%s attempt=%s %s",
                        conversation_id,
                        attempt,
                        type(error).__name__,
                    )
                if attempt < POST_ATTEMPTS:
                    await asyncio.sleep(RETRY_PAUSE_SECS)

    async def _post_once(
        self, session: aiohttp.ClientSession, body: dict[str, Any]
    ) -> None:
        async with session.post(
            self._url, json=body, headers=self._headers
        ) as response:
            response.raise_for_status()
