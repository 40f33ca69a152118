"""The protocol as one JSON Schema: what OpenAPI shows and the pages' types come from.

`make types` fails where the pages rely on what is not in it.
"""

import json
from collections.abc import Mapping

from pydantic import BaseModel, JsonValue
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from handoff_bridge.models import DIALECT, JsonObject, Payload, WireSchema
from handoff_bridge.packet.schema import Packet
from handoff_bridge.protocol import (
    channels,
    conversations,
    customer,
    help,
    http,
    inbox,
    people,
    webhooks,
)
from handoff_bridge.protocol.webhook_events import WEBHOOK_EVENTS
from handoff_bridge.texts import PAGES, read_texts

REF = "#/components/schemas/{model}"
Models = Mapping[str, type[BaseModel]]
HTTP: tuple[type[BaseModel], ...] = (
    http.Refusal,
    http.Login,
    http.HandoffRequest,
    http.BotMessage,
    http.ReadMessage,
    http.Me,
    http.LoggedIn,
    http.HandoffAsked,
    http.Delivered,
    http.Handoffs,
    http.Events,
    conversations.FoundConversations,
    conversations.LiveConversations,
    http.Deliveries,
    http.Ways,
    http.ChannelTemplates,
    http.Articles,
    http.Uploaded,
    http.PreviewRequest,
    http.Preview,
    http.Texts,
    http.PageWords,
    http.PublicBrand,
    http.Embedding,
    http.Report,
    help.FoundArticles,
    help.HelpArticle,
    help.ArticleRead,
    help.ReadCounted,
    help.ArticleHelped,
    help.SelfService,
    http.DocumentText,
    http.DocumentVersions,
    http.TeamsDocument,
    http.RoutingDocument,
    http.CannedRepliesDocument,
    http.SimulateRequest,
    http.Simulated,
    http.Alive,
    http.Ready,
    people.PersonAdd,
    people.PersonChange,
    people.PersonReset,
    people.Person,
    people.People,
    people.LinkMade,
    people.LoginSessions,
    people.InvitationLook,
    people.InvitationAccept,
    people.Invited,
    people.InvitationAccepted,
    people.PasswordChange,
    people.SecondFactorState,
    people.SecondFactorBegin,
    people.SecondFactorBegun,
    people.SecondFactorConfirm,
    people.RecoveryCodes,
    people.SecondFactorRemove,
    people.SignInOptions,
    webhooks.WebhookAdd,
    webhooks.WebhookChange,
    webhooks.Webhook,
    webhooks.WebhookMade,
    webhooks.Webhooks,
    webhooks.WebhookDelivery,
    webhooks.WebhookDeliveries,
    channels.Channels,
    channels.ChannelChecks,
    channels.ChannelSample,
    channels.ChannelErase,
    channels.ChannelErased,
    *WEBHOOK_EVENTS.values(),
    Packet,
    inbox.Connect,
)
REFUSALS = {"/": customer.CUSTOMER_REFUSALS, "/inbox": inbox.INBOX_REFUSALS}
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
    """Of Socket.IO by namespace: the models of calls, acks and events, and `errors`.

    `errors` has the codes that a call may be refused with; `auth` is what `/inbox` is
    connected with.
    """
    published: dict[str, JsonObject] = {
        namespace: {
            kind: {name: _ref(model) for name, model in models.items()}
            for kind, models in parts.items()
        }
        for namespace, parts in SOCKETS.items()
    }
    for namespace, calls in REFUSALS.items():
        published[namespace]["errors"] = {
            name: [*sorted({error.code for error in errors})]
            for name, errors in calls.items()
        }
    published["/inbox"]["auth"] = _ref(inbox.Connect)
    return {**published}


def webhook_events() -> JsonObject:
    """What is sent to webhooks, as OpenAPI describes requests of ours to others."""
    return {
        name: {
            "post": {
                "description": model.__doc__,
                "requestBody": {
                    "content": {"application/json": {"schema": _ref(model)}}
                },
                "responses": {
                    "2XX": {"description": "Delivered; anything else is a failure."}
                },
            }
        }
        for name, model in WEBHOOK_EVENTS.items()
    }


def _ref(model: type[BaseModel]) -> JsonObject:
    return {"$ref": REF.format(model=model.__name__)}


def document() -> JsonObject:
    """The models alone, as a JSON Schema that the pages' types are made of."""
    return {
        "$schema": DIALECT,
        "title": "Contract",
        "additionalProperties": False,
        "$defs": _plain(schemas() | _by_name() | _words()),
    }


def _by_name() -> JsonObject:
    """An object for each kind of each namespace: what goes under which name."""
    sides = {"/": "Customer", "/inbox": "Inbox"}
    return {
        f"{sides[namespace]}{kind.capitalize()}": {
            "type": "object",
            "additionalProperties": False,
            "required": [*models],
            "properties": {name: _ref(model) for name, model in models.items()},
        }
        for namespace, parts in SOCKETS.items()
        for kind, models in parts.items()
    }


def _words() -> JsonObject:
    """The keys of the pages' words, of which every language has the same."""
    english = read_texts("en")
    return {
        f"{page.capitalize()}Word": {"type": "string", "enum": [*english[page]]}
        for page in PAGES
    }


def _plain(node: JsonValue) -> JsonValue:
    """With references of this document's own, and nothing beside one: that confuses."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(ref := node.get("$ref"), str):
        return {"$ref": ref.replace("#/components/schemas/", "#/$defs/")}
    return {key: _plain(value) for key, value in node.items()}


if __name__ == "__main__":
    print(json.dumps(document()))
