"""Customers who write to a bot in Telegram."""

from handoff_bridge.channels.telegram.channel import load

__all__ = ["load"]
