"""The assistant, over the connector's routes, with one deadline for each call."""

import asyncio

import httpx
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


class RasaAssistant:
    """Calls one assistant."""

    def __init__(self, url: str, token: str, deadline_secs: float) -> None:
        """`deadline_secs` covers a turn: its catching up, its call, all retries."""
        self._deadline = deadline_secs
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(deadline_secs),
            limits=httpx.Limits(max_connections=200),
            trust_env=False,
        )

    async def answer(
        self, request: JsonObject, catch_up: JsonObject | None = None
    ) -> AssistantAnswer:
        """One turn, idempotent in `message_id`, after `catch_up` where there is one."""
        turn = ("/webhooks/bridge/webhook", request)
        if catch_up is None:
            return await self._call(turn)
        return await self._call(("/webhooks/bridge/handback", catch_up), turn)

    async def hear_waiting(self, request: JsonObject) -> AssistantAnswer:
        """A message of a customer in line, idempotent in `message_id`."""
        return await self._call(("/webhooks/bridge/waiting", request))

    async def hand_back(self, request: JsonObject) -> AssistantAnswer:
        """A hand-back, idempotent in `handoff_id`."""
        return await self._call(("/webhooks/bridge/handback", request))

    async def suggest(self, text: str, language: str | None) -> list[Article]:
        """Articles for a text; none where it does not answer quickly and well."""
        request = {"text": text, **({"language": language} if language else {})}
        try:
            async with asyncio.timeout(SUGGEST_SECS):
                response = await self._client.post(
                    "/webhooks/bridge/suggest", json=request
                )
            response.raise_for_status()
            found = _Suggested.model_validate(response.json()).articles
            return [Article(**article.model_dump()) for article in found]
        except (TimeoutError, httpx.HTTPError, ValueError) as error:
            logger.warning("no_suggestions", reason=type(error).__name__)
            return []

    async def is_up(self) -> bool:
        """Whether it answers and has a model loaded."""
        try:
            response = await self._client.get("/webhooks/bridge/", timeout=2)
        except httpx.HTTPError:
            return False
        return response.is_success

    async def close(self) -> None:
        """Gives the connections back."""
        await self._client.aclose()

    async def _call(self, *calls: tuple[str, JsonObject]) -> AssistantAnswer:
        """Calls in order under one deadline; the last one's answer."""
        seen: list[FailureReason] = []
        answer = AssistantAnswer()
        try:
            async with asyncio.timeout(self._deadline):
                for path, request in calls:
                    answer = await self._retrying(path, request, seen)
        except TimeoutError as error:
            # What an earlier try met says more than that time ran out.
            raise AssistantError(seen[-1] if seen else "timeout") from error
        except _Retriable as error:
            raise AssistantError(error.reason) from error
        return answer

    async def _retrying(
        self, path: str, request: JsonObject, seen: list[FailureReason]
    ) -> AssistantAnswer:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(_Retriable),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=0.2, max=1.0, jitter=0.2),
            reraise=True,
        ):
            with attempt:
                try:
                    return await self._once(path, request)
                except _Retriable as error:
                    seen.append(error.reason)
                    raise
        raise AssistantError("unreachable")

    async def _once(self, path: str, request: JsonObject) -> AssistantAnswer:
        try:
            response = await self._client.post(path, json=request)
        except httpx.TransportError as error:
            raise _Retriable("unreachable") from error
        if response.status_code == 422:
            raise SlotRefused(_message(response))
        if response.status_code >= 500:
            raise _Retriable("error")
        if not response.is_success:
            logger.error("assistant_refused", status=response.status_code)
            raise AssistantError("error")
        return _answer(response)


def _answer(response: httpx.Response) -> AssistantAnswer:
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


def _message(response: httpx.Response) -> str:
    try:
        return str(response.json().get("message", ""))
    except ValueError:
        return ""
