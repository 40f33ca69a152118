"""Any other connector of Rasa's, wrapped by the assistant."""

from handoff_bridge.channels.relay.channel import load

__all__ = ["load"]
