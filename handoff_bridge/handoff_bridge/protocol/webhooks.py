"""HTTP under `/api/v1/webhooks`: endpoints, and what was delivered to them."""

from typing import Annotated, Literal

from pydantic import Field

from handoff_bridge.models import JsonObject, Payload, Sent, Time

# Its kind and length are refused by codes of their own.
Url = Annotated[str, Field(min_length=1, max_length=10_000)]
EventNames = Annotated[
    list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=100)
]
Description = Annotated[str, Field(max_length=200)]
DeliveryError = Literal["timeout", "unreachable", "certificate", "private_address"]


class WebhookAdd(Payload):
    """A new endpoint and the events that it wants."""

    url: Url
    events: EventNames
    description: Description | None = None


class WebhookChange(Payload):
    """What is to be another; what is absent stays. An empty description is none."""

    url: Url | None = None
    events: EventNames | None = None
    description: Description | None = None
    status: Literal["active", "disabled"] | None = None


class WebhookAttempt(Sent):
    """One request to an endpoint: what it answered, or why it did not."""

    at: Time
    duration_ms: int
    status: int | None = Field(None, description="HTTP's.")
    error: DeliveryError | None = None
    response: str | None = Field(None, description="Of the body the first 1,000 bytes.")


class Webhook(Sent):
    """An endpoint and how it is doing."""

    webhook_id: str
    url: str
    events: list[str]
    description: str | None = None
    status: Literal["active", "disabled"]
    disabled_at: Time | None = None
    disabled_reason: Literal["by_hand", "failing", "gone"] | None = Field(
        None, description="`gone`: it answered 410."
    )
    created_at: Time
    delivered_at: Time | None = Field(
        None, description="The last one that got through."
    )
    failing_since: Time | None = Field(
        None, description="Since when none has got through."
    )
    last_attempt: WebhookAttempt | None = None
    old_secret_until: Time | None = Field(
        None, description="Until when deliveries are signed with the old secret too."
    )


class WebhookMade(Webhook):
    """The same with its secret, which is shown this once."""

    secret: str


class Webhooks(Sent):
    """All endpoints, the oldest first; `event_types` are what they may ask for."""

    webhooks: list[Webhook]
    event_types: list[str]


class WebhookDelivery(Sent):
    """One event on its way to one endpoint, or what became of it."""

    delivery_id: str
    event: str
    conversation_id: str | None = None
    created_at: Time
    state: Literal["pending", "delivered", "failed"]
    attempts: list[WebhookAttempt] = Field(description="The newest 20, oldest first.")
    next_attempt_at: Time | None = None
    payload: JsonObject = Field(description="The body that is sent.")


class WebhookDeliveries(Sent):
    """Of one endpoint, newest first."""

    deliveries: list[WebhookDelivery]
