"""One HTTP session to the back office: token, timeouts, retries, errors.

It refuses to send a write without an idempotency key; with the key every call may be
repeated, so one lost answer is asked for again before anybody hears of it.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.util.retry import Retry

from actions.shop.errors import (
    REFUSALS,
    BackofficeTimedOut,
    BackofficeUnavailable,
    UnexpectedAnswer,
)

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# The bridge gives a whole turn 10 s and an action may need two calls, so a call has
# about 4 s: two tries of at most 0.4 + 1.5 s and a pause between them.
CONNECT_TIMEOUT_SECS = 0.4
READ_TIMEOUT_SECS = 1.5
RETRIES = 1
PAUSE_SECS = 0.1
TOTAL_SECS = 4.0
MAX_ANSWER_BYTES = 1_000_000
READ_BYTES = 65_536

NOT_OF_AN_ID = re.compile(r"[^A-Za-z0-9_-]")


def path(*parts: str) -> str:
    """Joins path segments; whatever a customer typed stays within its segment.

    No id of ours holds anything but letters, digits and dashes. Quoting is not
    enough: `..` is resolved away before sending, a quoted slash on arrival.
    """
    return "".join("/" + (NOT_OF_AN_ID.sub("_", part) or "_") for part in parts)


def _retries() -> Retry:
    return Retry(
        total=RETRIES,
        connect=RETRIES,
        read=RETRIES,
        status=RETRIES,
        other=0,
        redirect=0,
        # POST and PUT are safe to repeat because `Transport.write` asks for a key
        allowed_methods={"GET", "POST", "PUT"},
        status_forcelist={500, 502, 503, 504},
        backoff_factor=PAUSE_SECS,
        raise_on_redirect=False,
        raise_on_status=False,
        respect_retry_after_header=False,
    )


class Transport:
    """Shared by all threads of the process; only its connection pool has state."""

    def __init__(self, base_url: str, service_token: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = requests.Session()
        # else a proxy variable or a .netrc entry would replace address or token
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {service_token}"
        self._session.headers["Accept"] = "application/json"
        adapter = HTTPAdapter(pool_maxsize=32, max_retries=_retries())
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def read(
        self,
        path: str,
        into: Callable[[dict[str, Any]], Result],
        query: dict[str, str] | None = None,
    ) -> Result:
        """GETs `path`.

        Raises:
            Refused: the subclass that belongs to the answer's code.
            BackofficeUnavailable: no usable answer, retry included.
        """
        return self._call("GET", path, into, params=query)

    def write(
        self,
        path: str,
        into: Callable[[dict[str, Any]], Result],
        *,
        key: str,
        body: dict[str, Any] | None = None,
        method: str = "POST",
    ) -> Result:
        """Changes something; the same `key` again changes nothing more.

        Raises:
            ValueError: the key is empty.
            Refused: the subclass that belongs to the answer's code.
            BackofficeUnavailable: no usable answer; it may have happened or not.
        """
        if not key:
            raise ValueError("a write needs an idempotency key")
        headers = {"Idempotency-Key": key}
        fields = {
            name: value for name, value in (body or {}).items() if value is not None
        }
        return self._call(method, path, into, headers=headers, json=fields)

    def close(self) -> None:
        self._session.close()

    def _call(
        self,
        method: str,
        path: str,
        into: Callable[[dict[str, Any]], Result],
        **request: Any,
    ) -> Result:
        status, content = self._exchange(method, path, request)
        answer = _parse(status, content)
        if status >= 400:
            raise _failure(status, answer)
        try:
            return into(answer)
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            raise UnexpectedAnswer(f"fields missing or wrong: {error!r}") from error

    def _exchange(
        self, method: str, path: str, request: dict[str, Any]
    ) -> tuple[int, bytes]:
        deadline = monotonic() + TOTAL_SECS
        try:
            with self._session.request(
                method,
                self._base_url + path,
                timeout=(CONNECT_TIMEOUT_SECS, READ_TIMEOUT_SECS),
                allow_redirects=False,
                stream=True,
                **request,
            ) as response:
                return response.status_code, _body(response, deadline)
        except (requests.Timeout, ReadTimeoutError) as error:
            raise BackofficeTimedOut("no answer in time") from error
        # of urllib3 while the body is read, of requests before that
        except (requests.RequestException, HTTPError) as error:
            if _timed_out(error):
                raise BackofficeTimedOut("no answer in time") from error
            # the class only: the text repeats the address, order number included
            raise BackofficeUnavailable(type(error).__name__) from error


def _timed_out(error: Exception) -> bool:
    # requests reports a read that timed out on the last retry as ConnectionError
    return "timed out" in str(error).lower()


def _body(response: requests.Response, deadline: float) -> bytes:
    """Reads the answer piece by piece, since each piece alone may be in time.

    `iter_content` would not do: it waits until a whole block is there.
    """
    content = b""
    while piece := response.raw.read1(READ_BYTES, decode_content=True):
        content += piece
        if len(content) > MAX_ANSWER_BYTES:
            raise UnexpectedAnswer("answer too long")
        if monotonic() > deadline:
            raise BackofficeTimedOut("answer came too slowly")
    return content


def _parse(status: int, content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        if status >= 500:
            raise BackofficeUnavailable(f"status {status}") from error
        raise UnexpectedAnswer(f"status {status}, not JSON") from error
    if not isinstance(answer, dict):
        raise UnexpectedAnswer(f"status {status}, not an object")
    return answer


def _failure(status: int, answer: dict[str, Any]) -> Exception:
    if status >= 500:
        return BackofficeUnavailable(f"status {status}")
    code = answer.get("error")
    refusal = REFUSALS.get(code) if isinstance(code, str) else None
    if refusal is None:
        logger.error("The back office answered %s with an unknown error.", status)
        return UnexpectedAnswer(f"status {status}")
    return refusal(str(answer.get("message", "")))
