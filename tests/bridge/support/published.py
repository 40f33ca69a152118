"""Holds whatever a test sees of the bridge against its published description."""

import re
from functools import cache
from typing import Any

import httpx
import jsonschema
from fastapi import FastAPI
from jsonschema.protocols import Validator

from handoff_bridge.edges.answering import describe
from handoff_bridge.edges.api import router
from handoff_bridge.edges.pages import add_health

# What a bridge refuses before it knows which call it is, or that is no call at all.
REFUSAL = {"$ref": "#/components/schemas/Refusal"}


@cache
def description() -> dict[str, Any]:
    """The bridge's OpenAPI, as `/openapi.json` gives it."""
    app = FastAPI(title="Tandem bridge")
    app.include_router(router)
    add_health(app)
    describe(app)
    return app.openapi()


@cache
def validator(ref: str) -> Validator:
    """Of one of the published models, by its reference."""
    schema = {"$ref": ref, "components": description()["components"]}
    checks = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, format_checker=checks)


def check(ref: str, value: Any, what: str) -> None:
    """Raises AssertionError where `value` is not what the model says."""
    error = jsonschema.exceptions.best_match(validator(ref).iter_errors(value))
    if error is not None:
        place = "/".join(map(str, error.absolute_path))
        raise AssertionError(f"{what} at {place!r}: {error.message}\n{value}")


def check_event(namespace: str, event: str, payload: Any) -> None:
    """An event that was received."""
    events = description()["x-socketio"][namespace]["events"]
    assert event in events, f"{event} on {namespace} is not published"
    check(events[event]["$ref"], payload, f"{event} on {namespace}")


def check_ack(namespace: str, call: Any, ack: Any) -> None:
    """An ack: the call's own, or a refusal."""
    acks = description()["x-socketio"][namespace]["acks"]
    if isinstance(ack, dict) and ack.get("ok") is True:
        check(acks[call]["$ref"], ack, f"ack of {call} on {namespace}")
    else:
        check(REFUSAL["$ref"], ack, f"refusal of {call} on {namespace}")
        known = description()["x-socketio"][namespace]["errors"].get(call, [])
        code = ack["error"]
        assert code in [*known, "not_available"], f"{call} is refused: {code}"


async def check_answer(response: httpx.Response) -> None:
    """An answer over HTTP, as a hook of the client that got it."""
    await response.aread()
    _check_body(response)


def check_response(response: httpx.Response) -> None:
    """The same for a client that waits."""
    response.read()
    _check_body(response)


def _check_body(response: httpx.Response) -> None:
    operation = _operation(response.request)
    if operation is None:
        return
    answers = operation["responses"]
    described = answers.get(str(response.status_code), answers["default"])
    schema = described["content"].get("application/json", {}).get("schema")
    if schema is not None:
        ref = schema["$ref"]
        if response.status_code == 503 and "degraded" in response.json():
            ref = answers["200"]["content"]["application/json"]["schema"]["$ref"]
        what = f"{response.request.method} {response.url.path}"
        check(ref, response.json(), what)
        if described is not answers["default"] and response.is_client_error:
            code = response.json()["error"]
            assert f"`{code}`" in described["description"], f"{what} is refused: {code}"


def _operation(request: httpx.Request) -> dict[str, Any] | None:
    for path, methods in description()["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        found: dict[str, Any] | None = methods.get(request.method.lower())
        if found is not None and re.fullmatch(pattern, request.url.path):
            return found
    return None
