"""The protocol as one JSON Schema: what OpenAPI shows and the pages' types come from.

`make types` fails where the pages' types are not the ones that follow from it.
"""

from collections.abc import Mapping

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from handoff_bridge.models import JsonObject, Payload, WireSchema
from handoff_bridge.packet.schema import Packet
from handoff_bridge.protocol import customer, http, inbox

REF = "#/components/schemas/{model}"
Models = Mapping[str, type[BaseModel]]
HTTP: tuple[type[BaseModel], ...] = (
    http.Refusal,
    http.Login,
    http.HandoffRequest,
    http.BotMessage,
    http.Me,
    http.LoggedIn,
    http.HandoffAsked,
    http.Delivered,
    http.Handoffs,
    http.Events,
    http.Articles,
    http.Uploaded,
    http.Texts,
    http.Report,
    http.Alive,
    http.Ready,
    Packet,
)
SOCKETS: dict[str, dict[str, Models]] = {
    "/": {
        "calls": customer.CUSTOMER_CALLS,
        "acks": customer.CUSTOMER_ACKS,
        "events": customer.CUSTOMER_EVENTS,
    },
    "/inbox": {
        "calls": inbox.INBOX_CALLS,
        "acks": inbox.INBOX_ACKS,
        "events": inbox.INBOX_EVENTS,
    },
}


def schemas() -> JsonObject:
    """Every model's schema by its name, each part once."""
    models: dict[type[BaseModel], JsonSchemaMode] = dict.fromkeys(HTTP, "serialization")
    for parts in SOCKETS.values():
        for some in parts.values():
            models |= dict.fromkeys(some.values(), "serialization")
    for model in models:
        if issubclass(model, Payload):
            models[model] = "validation"
    _, found = models_json_schema(
        list(models.items()), ref_template=REF, schema_generator=WireSchema
    )
    published: JsonObject = found["$defs"]
    return published


def sockets() -> JsonObject:
    """Which model each call, ack and event of Socket.IO has, by namespace."""
    return {
        namespace: {
            kind: {name: _ref(model) for name, model in models.items()}
            for kind, models in parts.items()
        }
        for namespace, parts in SOCKETS.items()
    }


def _ref(model: type[BaseModel]) -> JsonObject:
    return {"$ref": REF.format(model=model.__name__)}
