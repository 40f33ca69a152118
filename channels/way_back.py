"""Writes down how a customer is answered: an output channel, without its secrets.

The bridge keeps it with the conversation, so that a customer can be answered after a
restart of Rasa, and by another Rasa. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.common import class_from_module_path

MAX_CHARS = 2000
# A setting that is shorter occurs in other values by chance.
SECRET_CHARS = 8


def way_back(connector: InputChannel, output: OutputChannel) -> dict[str, Any] | None:
    """Returns what `restored` takes; None of an output that cannot be written down.

    Whatever the connector has too, such as its token, is only named.
    """
    kind = type(output)
    if "." in kind.__qualname__ or not hasattr(output, "__dict__"):
        return None
    settings = vars(connector)
    own: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, value in vars(output).items():
        source = _source(settings, value)
        if source is None:
            values[name] = value
        else:
            own[name] = source
    written = _written(values)
    if written is None or len(written) > MAX_CHARS or _tells_secret(settings, written):
        return None
    path = f"{kind.__module__}.{kind.__qualname__}"
    return {"class": path, "own": own, "values": json.loads(written)}


def restored(connector: InputChannel, found: Mapping[str, Any]) -> OutputChannel:
    """Returns the output channel as it was, with the connector's settings of today.

    Raises:
        ValueError: it is nothing that `way_back` wrote, or the class has changed.
    """
    try:
        kind = class_from_module_path(str(found["class"]))
        if not issubclass(kind, OutputChannel):
            raise TypeError("It is no output channel.")
        settings = vars(connector)
        output: OutputChannel = object.__new__(kind)
        own = {name: settings[source] for name, source in found["own"].items()}
        vars(output).update(own | found["values"])
    except (
        AttributeError,
        ImportError,
        LookupError,
        RasaException,
        TypeError,
    ) as error:
        raise ValueError(f"No way back: {error}") from error
    return output


def _source(settings: Mapping[str, Any], value: Any) -> str | None:
    """The connector's attribute that it is, unless any value might be it."""
    if value in (None, "", 0):
        return None
    for name, setting in settings.items():
        if setting is value or (isinstance(value, str) and setting == value):
            return name
    return None


def _written(values: Mapping[str, Any]) -> str | None:
    try:
        written = json.dumps(values)
    except (TypeError, ValueError):
        return None
    # Tuples, and keys that are no texts, would come back as something else.
    return written if json.loads(written) == values else None


def _tells_secret(settings: Mapping[str, Any], written: str) -> bool:
    return any(
        isinstance(setting, str) and len(setting) >= SECRET_CHARS and setting in written
        for setting in settings.values()
    )
