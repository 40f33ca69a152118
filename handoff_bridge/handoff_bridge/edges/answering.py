"""Answers over HTTP: written from their models, and described by them."""

from collections.abc import Mapping
from typing import Any, TypedDict

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from handoff_bridge.errors import BadRequest, BridgeError
from handoff_bridge.models import JsonObject, Sent
from handoff_bridge.protocol.http import Refusal
from handoff_bridge.protocol.published import schemas, sockets, webhook_events

JsonAnswer = JSONResponse
BINARY: JsonObject = {"type": "string", "format": "binary"}


class Described(TypedDict):
    """What a route is declared with."""

    response_model: None
    openapi_extra: dict[str, Any]


def sent(answer: Sent | Mapping[str, Any], status: int = 200) -> JsonAnswer:
    """An answer, absent fields left out."""
    body = answer.as_json() if isinstance(answer, Sent) else dict(answer)
    return JSONResponse(body, status_code=status)


def answers(
    model: type[BaseModel] | str,
    *errors: type[BridgeError],
    takes: type[BaseModel] | str | None = None,
) -> Described:
    """Describes a route: its answer (or its media type), its body, its refusals.

    `takes` is the body's model, or the field of a multipart form. We read bodies
    ourselves, so that they are bounded and refused like all else.
    """
    described: dict[str, Any] = {"responses": {"200": _good(model)}}
    refused = {*errors, BadRequest} if takes else {*errors}
    for status in sorted({error.status for error in refused}):
        described["responses"][str(status)] = _refusal(status, refused)
    # Else FastAPI adds an answer of its own that we never give.
    described["responses"]["default"] = _content("Any other refusal.", Refusal)
    if isinstance(takes, str):
        form = {"type": "object", "properties": {takes: BINARY}, "required": [takes]}
        described["requestBody"] = {
            "content": {"multipart/form-data": {"schema": form}}
        }
    elif takes is not None:
        described["requestBody"] = {"required": True, **_content("", takes)}
    return {"response_model": None, "openapi_extra": described}


def _good(model: type[BaseModel] | str) -> dict[str, Any]:
    if isinstance(model, str):
        return {"description": "The file.", "content": {model: {"schema": BINARY}}}
    return _content(model.__doc__ or "", model)


def _refusal(status: int, errors: set[type[BridgeError]]) -> dict[str, Any]:
    told = sorted(f"`{e.code}`: {e.sentence}" for e in errors if e.status == status)
    return _content("  \n".join(told), Refusal)


def _content(description: str, model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {"application/json": {"schema": schema}}
    return {"description": description, "content": content}


def describe(app: FastAPI) -> None:
    """Adds the models to the app's OpenAPI, those of Socket.IO too."""
    without = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = without()
            for path in found["paths"].values():
                for operation in path.values():
                    _refuse_malformed(operation["responses"])
            found.setdefault("components", {})["schemas"] = schemas()
            found["x-socketio"] = sockets()
            found["webhooks"] = webhook_events()
        return app.openapi_schema or without()

    app.openapi = openapi  # type: ignore[method-assign]


def _refuse_malformed(responses: dict[str, Any]) -> None:
    """What FastAPI checks itself is refused like all else."""
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
        responses["400"] = _refusal(400, {BadRequest})
