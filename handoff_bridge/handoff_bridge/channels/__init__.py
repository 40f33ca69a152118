"""A module or folder for each platform that customers write from: `docs/channels.md`.

Each one in here whose settings are given is a channel: it has a function `load`,
which takes the bridge's settings and gives its channels, none where it is not set up.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from handoff_bridge.service.messaging.channel import Channel
from handoff_bridge.settings import Settings


def platforms() -> Iterator[ModuleType]:
    """The modules that may have channels."""
    for found in iter_modules(__path__, f"{__name__}."):
        module = import_module(found.name)
        if hasattr(module, "load"):
            yield module


def load_channels(settings: Settings) -> dict[str, Channel]:
    """The channels that are set up, by name. Raises ValidationError, ValueError."""
    found: dict[str, Channel] = {}
    for module in platforms():
        channels: Sequence[Channel] = module.load(settings)
        for channel in channels:
            if channel.name in found:
                raise ValueError(f"There are two channels called {channel.name}.")
            found[channel.name] = channel
    return found
