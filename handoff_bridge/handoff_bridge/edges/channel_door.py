"""A channel's public address, called as a platform calls it."""

import httpx

from handoff_bridge.service.messaging.channel import Request
from handoff_bridge.service.messaging.sampling import DoorClosed, Via

TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class HttpDoor:
    """Over HTTP; whoever answers has to be a bridge."""

    def __init__(self, via: Via, address: str) -> None:
        """`address` is the bridge's own, up to the path."""
        self.via = via
        self._address = address

    async def post(self, channel: str, request: Request) -> str | None:
        """The code of the refusal, None once it is taken. Raises DoorClosed."""
        url = f"{self._address}/channels/{channel}/{request.path}"
        try:
            # An address of our own: no proxy knows more of it than we do.
            async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
                answer = await client.request(
                    request.method, url, headers=request.headers, content=request.body
                )
        except httpx.HTTPError as error:
            why = str(error) or type(error).__name__
            raise DoorClosed(
                f"{self._address} does not answer from here ({why})."
            ) from None
        if answer.is_success:
            return None
        if code := _code(answer):
            return code
        raise DoorClosed(
            f"{self._address} answers {answer.status_code}, which is not the bridge's."
        )


def _code(answer: httpx.Response) -> str | None:
    """Of a refusal as we write it."""
    try:
        body = answer.json()
    except ValueError:
        return None
    code = body.get("error") if isinstance(body, dict) else None
    return code if isinstance(code, str) else None
