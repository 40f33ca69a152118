"""What comes in, checked: its shape, its size, and that every database can hold it."""

from math import isfinite

from pydantic import JsonValue, ValidationError

from handoff_bridge.errors import BadRequest, MessageTooLong
from handoff_bridge.models import Payload
from handoff_bridge.packet.redaction import clean_text

MAX_MESSAGE_CHARS = 5_000
MAX_WIRE_BYTES = 4 * 1024 * 1024
# Deeper than any client's metadata; far from where Python itself gives up.
MAX_DEPTH = 32


def parse[P: Payload](
    model: type[P], data: object, *, max_chars: int = MAX_MESSAGE_CHARS
) -> P:
    """`data` as a `model`. Raises BadRequest or MessageTooLong, naming the field.

    `max_chars` is for models whose text is no message.
    """
    if not isinstance(data, dict):
        raise BadRequest("The payload has to be an object.")
    text = data.get("message", data.get("text"))
    if isinstance(text, str) and len(text) > max_chars:
        what = "message" if max_chars == MAX_MESSAGE_CHARS else "document"
        raise MessageTooLong(f"A {what} has at most {max_chars:,} characters.")
    try:
        return model.model_validate(_storable(data))
    except ValidationError as error:
        raise BadRequest(first_mistake(error)) from error


def first_mistake(error: ValidationError) -> str:
    """The first field that is wrong, and why, in one sentence without its value."""
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "payload"
    return f"{field}: {first['msg']}."


def _storable(value: object, depth: int = 0) -> JsonValue:
    """`value` as every database and every JSON parser can hold it.

    NUL and lone surrogates are replaced wherever they stand. Raises BadRequest for
    what has no such form.
    """
    if depth > MAX_DEPTH:
        raise BadRequest("The payload is nested too deeply.")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {
            clean_text(name): _storable(item, depth + 1) for name, item in value.items()
        }
    if isinstance(value, list):
        return [_storable(item, depth + 1) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        if not isfinite(value):
            raise BadRequest("Numbers have to be finite.")
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise BadRequest("Numbers have to fit into 64 bits.")
        return value
    raise BadRequest("Binary data has no place here.")
