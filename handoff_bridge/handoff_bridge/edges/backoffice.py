"""The shop's back office: cards and tickets. It may be down: then there are none."""

from typing import Any
from urllib.parse import quote

import httpx
import structlog

from handoff_bridge.conversation.cards import CardHeading
from handoff_bridge.errors import ActionRefused, BackOfficeUnavailable
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.backoffice import Acted, Told, read_acted, read_cards
from handoff_bridge.packet.customer import Person
from handoff_bridge.packet.redaction import clean_text

logger = structlog.get_logger()

# A card is a convenience: the packet must not wait for it.
TIMEOUT_SECS = 1.5
# An agent waits for what they have asked for, and sees that it is under way.
ACTION_TIMEOUT_SECS = 8.0
# What decides that nothing is done. Anything else may have been done all the same.
REFUSALS = frozenset({400, 404, 409, 410, 422})
MAX_SENTENCE = 500


class BackOffice:
    """Reads cards, has something done about them, opens tickets."""

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

    async def act(
        self, card: CardHeading, action: str, body: JsonObject, key: str
    ) -> Acted:
        """Does something about a card, once for `key`.

        Raises ActionRefused with the back office's sentence, BackOfficeUnavailable.
        """
        kind, number, name = (
            quote(one, safe="") for one in (card.kind, card.id, action)
        )
        path = f"/cards/{kind}/{number}/actions/{name}"
        try:
            response = await self._client.post(
                path,
                json=body,
                headers={"Idempotency-Key": key},
                timeout=ACTION_TIMEOUT_SECS,
            )
            told = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            logger.warning("back_office_unavailable", error=type(error).__name__)
            raise BackOfficeUnavailable from error
        if response.status_code in REFUSALS:
            sentence = told.get("message") if isinstance(told, dict) else None
            said = isinstance(sentence, str) and clean_text(sentence)[:MAX_SENTENCE]
            raise ActionRefused(said or None)
        acted = read_acted(told) if isinstance(told, dict) else None
        if not response.is_success or acted is None:
            logger.warning("back_office_unavailable", status=response.status_code)
            raise BackOfficeUnavailable
        return acted

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
