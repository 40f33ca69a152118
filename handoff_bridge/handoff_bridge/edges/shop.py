"""The shop's back office: cards and tickets. It may be down: then there are none."""

from typing import Any
from urllib.parse import quote

import httpx
import structlog

from handoff_bridge.models import JsonObject

logger = structlog.get_logger()

# A card is a convenience: the packet must not wait for it.
TIMEOUT_SECS = 1.5


class BackOffice:
    """Reads profiles and orders, opens tickets."""

    def __init__(self, url: str, token: str) -> None:
        """`url` is the back office's address, `token` the service token."""
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECS,
            trust_env=False,
        )

    async def profile(self, customer_id: str) -> JsonObject | None:
        """The customer's card."""
        return await self._ask("GET", f"/customers/{quote(customer_id, safe='')}")

    async def order(self, number: str) -> JsonObject | None:
        """The order's card."""
        return await self._ask("GET", f"/orders/{quote(number, safe='')}")

    async def open_ticket(self, ticket: JsonObject, key: str) -> JsonObject | None:
        """A ticket and the time by which it is answered, once for `key`."""
        return await self._ask(
            "POST", "/tickets", json=ticket, headers={"Idempotency-Key": key}
        )

    async def is_up(self) -> bool:
        """Whether it answers."""
        try:
            return (await self._client.get("/healthz")).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Gives the connections back."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, **request: Any) -> JsonObject | None:
        try:
            response = await self._client.request(method, path, **request)
            if not response.is_success:
                return None
            body = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            logger.warning("back_office_unavailable", error=type(error).__name__)
            return None
        return body if isinstance(body, dict) else None
