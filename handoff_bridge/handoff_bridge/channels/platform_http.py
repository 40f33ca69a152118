"""Calls to a platform's servers: what can go wrong with them, in the bridge's words."""

import logging
from collections.abc import Callable
from typing import Any

import httpx

from handoff_bridge.service.messaging.channel import PlatformError

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
TOO_MANY_REQUESTS = 429
SERVER_ERRORS = 500
UNAVAILABLE = 503
MAX_FILE_BYTES = 25 * 1024 * 1024
# Refusals of who we are, not of what we want.
CREDENTIALS = (401, 403)
# It would write down each address, and some have a secret in them.
logging.getLogger("httpx").setLevel(logging.WARNING)


def retry_after(response: httpx.Response) -> float | None:
    """The seconds that it asks for, where it does so in seconds."""
    value = response.headers.get("Retry-After", "")
    return float(value[:9]) if value.isascii() and value.isdigit() else None


class PlatformHttp:
    """A client of one platform. It follows redirects only where files are fetched."""

    def __init__(
        self,
        base_url: str,
        *,
        wait: Callable[[httpx.Response], float | None] = retry_after,
        **options: Any,
    ) -> None:
        """`wait` finds the seconds to wait; `options` are httpx's: `auth`, ..."""
        self._base_url = base_url
        self._wait = wait
        self._options = options
        self._client: httpx.AsyncClient | None = None

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any answer at all. Raises PlatformError where there is none."""
        try:
            return await self._open().request(method, path, **options)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise PlatformError("unreachable", type(error).__name__) from None
        except httpx.HTTPError as error:
            # It was asked, and did not answer.
            raise PlatformError(
                "unreachable", type(error).__name__, is_uncertain=True
            ) from None

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any answer below 500 other than 429 and 401. Raises PlatformError."""
        response = await self.call(method, path, **options)
        if response.status_code == TOO_MANY_REQUESTS:
            raise PlatformError(
                "unreachable", "429", retry_after_secs=self._wait(response)
            )
        if response.status_code >= SERVER_ERRORS:
            raise PlatformError(
                "unreachable",
                str(response.status_code),
                retry_after_secs=self._wait(response),
                is_uncertain=response.status_code != UNAVAILABLE,
            )
        if response.status_code == 401:
            raise PlatformError("credentials", "401")
        return response

    async def fetch(
        self, url: str, *, max_bytes: int = MAX_FILE_BYTES, **options: Any
    ) -> bytes:
        """A file of so many bytes at most. Raises PlatformError."""
        try:
            async with self._open().stream(
                "GET", url, follow_redirects=True, **options
            ) as response:
                if response.status_code >= SERVER_ERRORS or (
                    response.status_code == TOO_MANY_REQUESTS
                ):
                    raise PlatformError(
                        "unreachable",
                        str(response.status_code),
                        retry_after_secs=self._wait(response),
                    )
                if response.status_code != httpx.codes.OK:
                    raise PlatformError(
                        "file_refused", str(response.status_code), is_final=True
                    )
                return await _read(response, max_bytes)
        except httpx.HTTPError as error:
            raise PlatformError("unreachable", type(error).__name__) from None

    async def close(self) -> None:
        """Gives the connections back."""
        if self._client is not None:
            await self._client.aclose()

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:  # it has to be made in the loop that runs it
            self._client = httpx.AsyncClient(
                base_url=self._base_url,
                timeout=TIMEOUT,
                trust_env=False,
                **self._options,
            )
        return self._client


async def _read(response: httpx.Response, max_bytes: int) -> bytes:
    content = bytearray()
    async for some in response.aiter_bytes():
        content += some
        if len(content) > max_bytes:
            raise PlatformError("file_refused", "too large", is_final=True)
    return bytes(content)
