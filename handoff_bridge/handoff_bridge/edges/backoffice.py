"""The shop's back office: cards and tickets. It may be down: then there are none."""

from typing import Any

import httpx
import structlog

from handoff_bridge.models import JsonObject
from handoff_bridge.packet.backoffice import Told, read_cards
from handoff_bridge.packet.customer import Person

logger = structlog.get_logger()

# A card is a convenience: the packet must not wait for it.
TIMEOUT_SECS = 1.5


class BackOffice:
    """Reads cards, opens tickets."""

    def __init__(self, url: str, token: str) -> None:
        """`url` is the back office's address, `token` the service token."""
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECS,
            trust_env=False,
        )

    async def cards(
        self, customer_id: str | None, reference: str | None
    ) -> Told | None:
        """Cards and who the customer is; masked unless asked for a customer."""
        asked = {"customer_id": customer_id, "reference": reference}
        params = {name: value for name, value in asked.items() if value is not None}
        body = await self._ask("GET", "/cards", params=params)
        if body is None:
            return None
        cards, left_out = read_cards(body.get("cards"), masked=customer_id is None)
        if left_out:
            logger.warning("cards_left_out", places=left_out)
        person = body.get("customer")
        return Told(cards, Person.model_validate(person) if person else None)

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
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            logger.warning("back_office_unavailable", error=type(error).__name__)
            return None
        return body if isinstance(body, dict) else None
