"""Calls to a Bot API server, and what its refusals mean. The token stays in here."""

from typing import Any
from urllib.parse import quote

import httpx

from handoff_bridge.channels import platform_http
from handoff_bridge.channels.platform_http import PlatformHttp
from handoff_bridge.conversation.events import DeliveryFailure
from handoff_bridge.service.messaging.channel import PlatformError

NO_SUCH_CHAT = ("chat not found", "PEER_ID_INVALID")
# A code that is not here may go away: the message waits.
FINAL: dict[int, DeliveryFailure] = {
    400: "refused",
    403: "blocked",
    413: "file_refused",
}


class BotApi:
    """One bot at a Bot API server: Telegram's own or another."""

    def __init__(self, base_url: str, token: str) -> None:
        """`base_url` has no slash at its end."""
        self._http = PlatformHttp(base_url, wait=_retry_after)
        self._token = token

    async def call(self, method: str, **options: Any) -> Any:
        """Its `result`. `options` are httpx's: `json`, or `data` and `files`.

        Raises PlatformError.
        """
        response = await self._http.request(
            "POST", f"/bot{self._token}/{method}", **options
        )
        answer = _json(response)
        if "ok" not in answer:
            # A proxy, or nothing that has a Bot API.
            raise PlatformError(
                "unreachable", f"no answer of a Bot API ({response.status_code})"
            )
        if answer["ok"] is not True:
            raise self._refusal(response.status_code, str(answer.get("description")))
        return answer.get("result")

    async def download(self, file_id: str) -> bytes:
        """A file that somebody sent to the bot, up to 20 MB. Raises PlatformError."""
        try:
            file = await self.call("getFile", json={"file_id": file_id})
        except PlatformError as error:
            if error.failure == "refused":
                error.failure = "file_refused"
            raise
        path = str(file.get("file_path", ""))
        if path.startswith("/"):
            raise PlatformError(
                "file_refused", "the Bot API server runs with --local", is_final=True
            )
        return await self._http.fetch(f"/file/bot{self._token}/{quote(path)}")

    async def close(self) -> None:
        """Gives the connections back."""
        await self._http.close()

    def _refusal(self, status: int, description: str) -> PlatformError:
        detail = description.replace(self._token, "...")
        if status == 404:  # of a token that has no bot's form any more
            return PlatformError("credentials", detail)
        if status not in FINAL:
            return PlatformError("unreachable", detail)
        failure = FINAL[status]
        if status == 400 and any(words in description for words in NO_SUCH_CHAT):
            failure = "unknown_address"
        return PlatformError(failure, detail, is_final=True)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except (ValueError, RecursionError, httpx.StreamError):  # of a file not read yet
        return {}
    return answer if isinstance(answer, dict) else {}


def _retry_after(response: httpx.Response) -> float | None:
    parameters = _json(response).get("parameters")
    secs = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(secs) if isinstance(secs, int) else platform_http.retry_after(response)
