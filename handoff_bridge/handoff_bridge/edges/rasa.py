"""The assistant, over the connector's routes, with one deadline for each call."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from pydantic import BaseModel, ValidationError
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from handoff_bridge.conversation.events import (
    FailureReason,
    PictureAttachment,
    Reply,
    TurnReport,
)
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.events import Fitting, Maybe, SuggestedArticle
from handoff_bridge.packet.schema import Article
from handoff_bridge.service.ports import AssistantAnswer, AssistantError, SlotRefused

logger = structlog.get_logger()

# A refused connection means that nothing is listening: a few quick tries bridge a
# hiccup, and a customer should not wait out the whole deadline for more.
ATTEMPTS = 4
# Suggestions are a help: an agent should not wait for them.
SUGGEST_SECS = 0.8
UP_SECS = 2.0
MAX_CONNECTIONS = 200


class _Reply(Reply):
    """The words count: they are said without a picture that is none."""

    image: Maybe[str] = None
    attachment: Maybe[PictureAttachment | str] = None


class _Asked(BaseModel):
    evidence: JsonObject | None = None


class _Turn(BaseModel):
    trigger: _Asked | None = None
    turns: int | None = None


class _Answer(BaseModel):
    """What must hold of an answer for it to be written down.

    One that could not be would be asked for again and again.
    """

    replies: list[_Reply]
    turn: _Turn


class _Suggested(BaseModel):
    articles: Fitting[SuggestedArticle]


class _Retriable(Exception):
    """Worth another try: the call is idempotent in its id."""

    def __init__(self, reason: FailureReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class _Response:
    """What came back."""

    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Raises ValueError for what is none."""
        return json.loads(self.body)


class RasaAssistant:
    """Calls one assistant.

    With aiohttp, which takes .2 ms of the processor where httpx takes 1.2: each of a
    customer's messages makes this call.
    """

    def __init__(self, url: str, token: str, deadline_secs: float) -> None:
        """`deadline_secs` covers a turn: its catching up, its call, all retries."""
        self._deadline = deadline_secs
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: aiohttp.ClientSession | None = None

    async def answer(
        self, request: JsonObject, catch_up: JsonObject | None = None
    ) -> AssistantAnswer:
        """One turn, idempotent in `message_id`, after `catch_up` where there is one."""
        turn = ("webhook", request)
        if catch_up is None:
            return await self._call(turn)
        return await self._call(("handback", catch_up), turn)

    async def hear_waiting(self, request: JsonObject) -> AssistantAnswer:
        """A message of a customer in line, idempotent in `message_id`."""
        return await self._call(("waiting", request))

    async def hand_back(self, request: JsonObject) -> AssistantAnswer:
        """A hand-back, idempotent in `handoff_id`."""
        return await self._call(("handback", request))

    async def suggest(self, text: str, language: str | None) -> list[Article]:
        """Articles for a text; none where it does not answer quickly and well."""
        request: JsonObject = {"text": text}
        if language:
            request["language"] = language
        try:
            async with asyncio.timeout(SUGGEST_SECS):
                response = await self._request("POST", "suggest", request)
            if not response.is_success:
                raise ValueError(response.status)
            found = _Suggested.model_validate(response.json()).articles
            return [Article(**article.model_dump()) for article in found]
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            logger.warning("no_suggestions", reason=type(error).__name__)
            return []

    async def is_up(self) -> bool:
        """Whether it answers and has a model loaded."""
        try:
            async with asyncio.timeout(UP_SECS):
                return (await self._request("GET", "")).is_success
        except (TimeoutError, aiohttp.ClientError):
            return False

    async def close(self) -> None:
        """Gives the connections back."""
        if self._session is not None:
            await self._session.close()

    async def _request(
        self, method: str, route: str, request: JsonObject | None = None
    ) -> _Response:
        """Raises aiohttp.ClientError."""
        if self._session is None:  # it has to be made in the loop that runs it
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS),
                timeout=aiohttp.ClientTimeout(total=None),
            )
        url = f"{self._url}/webhooks/bridge/{route}"
        async with self._session.request(method, url, json=request) as response:
            return _Response(response.status, await response.read())

    async def _call(self, *calls: tuple[str, JsonObject]) -> AssistantAnswer:
        """Calls in order under one deadline; the last one's answer."""
        seen: list[FailureReason] = []
        answer = AssistantAnswer()
        try:
            async with asyncio.timeout(self._deadline):
                for route, request in calls:
                    answer = await self._retrying(route, request, seen)
        except TimeoutError as error:
            # What an earlier try met says more than that time ran out.
            raise AssistantError(seen[-1] if seen else "timeout") from error
        except _Retriable as error:
            raise AssistantError(error.reason) from error
        return answer

    async def _retrying(
        self, route: str, request: JsonObject, seen: list[FailureReason]
    ) -> AssistantAnswer:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(_Retriable),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=0.2, max=1.0, jitter=0.2),
            reraise=True,
        ):
            with attempt:
                try:
                    return await self._once(route, request)
                except _Retriable as error:
                    seen.append(error.reason)
                    raise
        raise AssistantError("unreachable")

    async def _once(self, route: str, request: JsonObject) -> AssistantAnswer:
        try:
            response = await self._request("POST", route, request)
        except aiohttp.ClientError as error:
            raise _Retriable("unreachable") from error
        if response.status == 422:
            raise SlotRefused(_message(response))
        if response.status >= 500:
            raise _Retriable("error")
        if not response.is_success:
            logger.error("assistant_refused", status=response.status)
            raise AssistantError("error")
        return _answer(response)


def _answer(response: _Response) -> AssistantAnswer:
    try:
        body = response.json()
        found = _Answer.model_validate(body)
    except ValueError as error:
        raise AssistantError("error") from error
    said: list[Reply] = [reply for reply in found.replies if not reply.is_empty]
    return AssistantAnswer(said, _fitting(body["turn"]))


def _fitting(turn: JsonObject) -> JsonObject:
    """The report as the log holds it: what does not fit a field is left out."""
    known = {name: value for name, value in turn.items() if value is not None}
    try:
        TurnReport.model_validate(known)
    except ValidationError as error:
        odd = {str(mistake["loc"][0]) for mistake in error.errors()}
        logger.warning("turn_report_is_odd", fields=sorted(odd))
        return {name: value for name, value in known.items() if name not in odd}
    return turn


def _message(response: _Response) -> str:
    try:
        return str(response.json().get("message", ""))
    except ValueError:
        return ""
