"""What every payload is made of: the bases of what comes in and what goes out.

`null` counts as absent: what we read may hold it, what we send leaves it out. JSON that
others shape (slots, evidence, a client's metadata) is `JsonObject`.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    model_validator,
)
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import (
    DataclassField,
    ModelField,
    TypedDictField,
    WithDefaultSchema,
)

type JsonObject = Annotated[
    dict[str, JsonValue], Field(description="JSON that others shape.")
]

MAX_SEQ = 2**31 - 1
# The columns' own width: longer ones name nothing that there is.
MAX_ID = 64
MAX_URL_CHARS = 2_000
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"there is no time zone '{value}'.") from error
    return value


Zone = Annotated[str, AfterValidator(_zone)]
Id = Annotated[str, Field(min_length=1, max_length=MAX_ID)]
MessageId = Annotated[str, Field(min_length=1, max_length=128)]
Seq = Annotated[int, Field(ge=0, le=MAX_SEQ, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
type Sender = Annotated[
    Literal["customer", "bot", "agent", "system"], Field(description="Who says it.")
]


def iso(at: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Time = Annotated[
    datetime,
    PlainSerializer(iso, return_type=str, when_used="json"),
    Field(json_schema_extra={"format": "date-time"}),
]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)

    def as_json(self) -> JsonObject:
        """As it goes over the wire: absent fields left out."""
        wire: JsonObject = self.model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
        return wire


class Payload(_Wire):
    """Base of what comes in. What is not named is ignored: clients may be newer."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: JsonValue) -> JsonValue:
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if value is not None}
        return data


class Sent(_Wire):
    """Base of what goes out. What is not named here is a mistake of ours."""

    model_config = ConfigDict(extra="forbid")


class Written(BaseModel):
    """Base of what people write into files; an unknown name is a mistake of theirs."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, validate_default=True
    )


class WireSchema(GenerateJsonSchema):
    """The JSON Schema of what goes over the wire: an absent field is never null."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """Titles that only repeat a name tell nobody anything."""
        return False

    def field_is_required(
        self, field: ModelField | DataclassField | TypedDictField, total: bool
    ) -> bool:
        """What we send has all its fields but those that may be absent."""
        inner = field["schema"]
        if self.mode == "serialization" and inner["type"] == "default":
            return inner.get("default", ...) is not None
        return super().field_is_required(field, total)

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        """`X | None = None` means that the field may be left out, not be null."""
        inner = schema["schema"]
        if schema.get("default", ...) is None and inner["type"] == "nullable":
            return self.generate_inner(inner["schema"])
        return super().default_schema(schema)
