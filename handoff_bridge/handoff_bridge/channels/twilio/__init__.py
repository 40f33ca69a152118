"""WhatsApp and SMS, through Twilio."""

from handoff_bridge.channels.twilio.channel import load

__all__ = ["load"]
