"""What JSON can hold, for what passes through without being looked into."""

from collections.abc import Mapping, Sequence

type Json = str | int | float | bool | None | Sequence[Json] | Mapping[str, Json]
type JsonObject = dict[str, Json]
