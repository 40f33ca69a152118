"""What the channel of a customer of a platform allows right now."""

from collections.abc import Mapping

import phonenumbers

from handoff_bridge.conversation.contact import HIDDEN
from handoff_bridge.protocol.inbox import Reach
from handoff_bridge.service.messaging.channel import Channel
from handoff_bridge.service.ports import Clock
from handoff_bridge.store.conversations import Conversation


class Reaching:
    """For all conversations, from the channels that are set up."""

    def __init__(self, channels: Mapping[str, Channel], clock: Clock) -> None:
        """`channels` by name."""
        self._channels = channels
        self._clock = clock

    def of(self, row: Conversation) -> Reach | None:
        """None for our own web chat, and for a channel that is not set up any more."""
        channel = self._channels.get(row.channel)
        if channel is None:
            return None
        limits = channel.limits
        heard_at = row.heard_at
        ends_at = heard_at + limits.window if limits.window and heard_at else None
        return Reach(
            title=channel.title,
            address=_hint(row.address),
            window_ends_at=ends_at,
            is_open=ends_at is None or self._clock() < ends_at,
            has_templates=limits.has_templates,
            has_typing=limits.has_typing,
            reports=[one for one in limits.reports if one != "failed"],
        )


def phone_of(address: str) -> str | None:
    """The number, if that is what the address is."""
    number = _number(address)
    return (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if number
        else None
    )


def _hint(address: str) -> str | None:
    """Enough of a number to tell which one it is; other addresses say nothing."""
    number = _number(address)
    return f"+{number.country_code} {HIDDEN} {address[-2:]}" if number else None


def _number(address: str) -> phonenumbers.PhoneNumber | None:
    if not address.startswith("+"):
        return None
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None
