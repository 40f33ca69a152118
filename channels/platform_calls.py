"""Notices calls to platforms that failed and that a connector only logs.

Rasa's connectors for Mattermost, Rocket.Chat, the Bot Framework and callbacks write a
refused message into the log and go on, as if it had been sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import aiohttp
import requests

BAD_REQUEST = 400


class CallFailed(Exception):
    """The platform did not do what it was asked.

    `status` is its answer's, None where there was none; `retry_after` what it says of
    when to ask again.
    """

    def __init__(self, status: int | None, detail: str, retry_after: str | None):
        super().__init__(detail)
        self.status = status
        self.retry_after = retry_after

    def as_dict(self) -> dict[str, Any]:
        """As the bridge reads it, without what is not known."""
        found = {"platform_status": self.status, "retry_after": self.retry_after}
        return {key: value for key, value in found.items() if value is not None}


@dataclass
class Calls:
    """One message's calls, by what was asked: each replaces the attempt before it."""

    failures: dict[Any, CallFailed] = field(default_factory=dict)

    @property
    def failure(self) -> CallFailed | None:
        """The first of them."""
        return next(iter(self.failures.values()), None)

    def answered(self, asked: Any, status: int, headers: Any) -> None:
        self.failures.pop(asked, None)
        if status >= BAD_REQUEST:
            again = headers.get("Retry-After")
            self.failures[asked] = CallFailed(status, f"answered {status}", again)

    def failed(self, asked: Any, error: Exception) -> None:
        self.failures[asked] = CallFailed(None, type(error).__name__, None)


_calls: ContextVar[Calls | None] = ContextVar("calls", default=None)


@contextmanager
def watched() -> Iterator[None]:
    """Raises CallFailed, at the end or instead, if a call within it has failed."""
    calls = Calls()
    token = _calls.set(calls)
    try:
        yield
    except Exception as error:
        # What the platform answered says more than what a client made of it.
        raise (calls.failure or error) from None
    finally:
        _calls.reset(token)
    if calls.failure is not None:
        raise calls.failure


def watch_calls() -> None:
    """Has the clients that connectors use tell of their calls, where one is watched."""
    if hasattr(requests.Session.send, "__wrapped__"):
        return
    for client, name, watching in (
        (requests.Session, "send", _watching_send),
        (aiohttp.ClientSession, "_request", _watching_request),
    ):
        setattr(client, name, watching(getattr(client, name)))


def _watching_send(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def watching(self: Any, request: Any, **kwargs: Any) -> Any:
        calls = _calls.get()
        if calls is None:
            return send(self, request, **kwargs)
        asked = (request.method, request.url, request.body)
        try:
            response = send(self, request, **kwargs)
        except Exception as error:
            calls.failed(asked, error)
            raise
        calls.answered(asked, response.status_code, response.headers)
        return response

    return watching


def _watching_request(request: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(request)
    async def watching(self: Any, method: str, url: Any, **kwargs: Any) -> Any:
        calls = _calls.get()
        if calls is None:
            return await request(self, method, url, **kwargs)
        asked = (method, str(url), repr((kwargs.get("json"), kwargs.get("data"))))
        try:
            response = await request(self, method, url, **kwargs)
        except aiohttp.ClientResponseError as error:
            calls.answered(asked, error.status, error.headers or {})
            raise
        except Exception as error:
            calls.failed(asked, error)
            raise
        calls.answered(asked, response.status, response.headers)
        return response

    return watching
