"""The relay's settings: which connectors are wrapped, and what is known of each."""

import re
from collections.abc import Callable, Iterator
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from handoff_bridge.settings import Http

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
KEY = re.compile(r"[A-Za-z0-9_-]{20,200}")
FIELD = re.compile(r"[A-Za-z0-9_.-]+(\|[A-Za-z0-9_.-]+)*")
KEY_ADVICE = "20 to 200 of the letters A-Z, a-z, 0-9, _ and -"


def _pairs(value: str) -> Iterator[tuple[str, str]]:
    """`name=value,name=value`, each name once. Raises ValueError."""
    known = set()
    for one in value.split(","):
        if not one.strip():
            continue
        name, _, rest = one.strip().partition("=")
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no channel's name.")
        if name in known:
            raise ValueError(f"{name} is there twice.")
        known.add(name)
        yield name, rest


def _keys(value: str) -> dict[str, str]:
    found = dict(_pairs(value))
    for name, key in found.items():
        if not KEY.fullmatch(key):
            raise ValueError(f"{name} needs a key, {name}=<key>: {KEY_ADVICE}.")
    return found


def _fields(value: str) -> dict[str, list[str]]:
    found = dict(_pairs(value))
    for name, fields in found.items():
        if not FIELD.fullmatch(fields):
            raise ValueError(f"{name} needs fields, such as {name}=post_id|message.id.")
    return {name: fields.split("|") for name, fields in found.items()}


def _names(value: str) -> list[str]:
    return [name for name, _ in _pairs(value)]


def _written(read: Callable[[str], object]) -> BeforeValidator:
    """As it stands in the environment; what is no text is a default."""
    return BeforeValidator(
        lambda found: read(found) if isinstance(found, str) else found
    )


class RelaySettings(BaseSettings):
    """The wrapped connectors by name, each with the key of its public address."""

    model_config = SettingsConfigDict(
        extra="ignore",
        env_ignore_empty=True,
        env_prefix="relay_",
        hide_input_in_errors=True,
    )

    channels: Annotated[dict[str, str], NoDecode, _written(_keys)] = {}
    # Where the platform's own id is in a request: the first of these that there is.
    id_fields: Annotated[dict[str, list[str]], NoDecode, _written(_fields)] = {}
    # Those whose connectors show buttons as such.
    buttons: Annotated[list[str], NoDecode, _written(_names)] = []
    # The Rasa that runs the connectors, where it is not the one that answers.
    url: Http = ""
