"""The published description is whole: OpenAPI, and Socket.IO under `x-socketio`."""

from collections.abc import Iterator
from functools import reduce
from typing import Any

from handoff_bridge.errors import all_codes
from handoff_bridge.protocol.published import SOCKETS
from tests.bridge.support.published import description


def refs(node: Any) -> Iterator[str]:
    """Every reference in a part of the description."""
    if isinstance(node, dict):
        if isinstance(ref := node.get("$ref"), str):
            yield ref
        node = [*node.values()]
    if isinstance(node, list):
        for item in node:
            yield from refs(item)


def test_every_reference_resolves() -> None:
    found = description()
    for ref in refs(found):
        root, *steps = ref.split("/")
        assert root == "#"
        assert isinstance(reduce(lambda node, step: node[step], steps, found), dict)


def test_every_model_is_used() -> None:
    found = description()
    named = {ref.rpartition("/")[2] for ref in refs(found)}
    assert set(found["components"]["schemas"]) == named


def test_every_model_says_what_it_is() -> None:
    for name, schema in description()["components"]["schemas"].items():
        assert schema.get("description") or name == "JsonValue", name


def test_malformed_parameters_are_refused_as_they_are_described() -> None:
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            # FastAPI's own; one of ours is a refusal like all others.
            assert "HTTPValidationError" not in str(operation["responses"]), path
            if "parameters" in operation or "requestBody" in operation:
                told = operation["responses"]["400"]["description"]
                assert "`bad_request`" in told, (method, path)


def test_every_call_says_how_it_may_be_refused() -> None:
    for namespace, parts in SOCKETS.items():
        errors = description()["x-socketio"][namespace]["errors"]
        assert set(errors) == set(parts["calls"])
        for codes in errors.values():
            assert {"bad_request", "internal"} <= set(codes) <= set(all_codes())
