"""What the shop's own site signs of its customer."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from handoff_bridge.models import Payload

# Controls, line separators, marks that change the direction of writing, surrogates.
_UNCLEAN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]"
)


def _is_clean(text: str) -> str:
    """Refuses what could hide, reorder or break what agents read."""
    if _UNCLEAN.search(text):
        raise PydanticCustomError("unclean", "must not hold control characters")
    if text != text.strip():
        raise PydanticCustomError("blanks", "must not begin or end with a blank")
    return text


CleanText = Annotated[str, Field(strict=True, min_length=1), AfterValidator(_is_clean)]
# Whole seconds or parts of them, up to the year 9999.
NumericDate = Annotated[
    float, Field(strict=True, ge=0, le=253_402_300_000, allow_inf_nan=False)
]


class IdentityClaims(Payload):
    """What the shop's own site signs of its customer. Empty counts as absent."""

    customer_id: Annotated[CleanText, Field(max_length=64)]
    name: Annotated[CleanText, Field(max_length=200)] | None = None
    email: Annotated[CleanText, Field(max_length=320)] | None = None
    exp: NumericDate
    # Of a drill: agents train, and reports leave it out.
    channel: Literal["drill"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, data: JsonValue) -> JsonValue:
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if value != ""}
        return data
