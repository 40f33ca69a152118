"""A platform's approved texts: what there is, and one of them filled in."""

import asyncio
import re
from collections.abc import Mapping, Sequence

from handoff_bridge.errors import (
    InvalidFields,
    MessageTooLong,
    NotAvailable,
    PlatformUnavailable,
    UnknownTemplate,
)
from handoff_bridge.protocol.inbox import TemplateChosen
from handoff_bridge.protocol.parsing import MAX_MESSAGE_CHARS
from handoff_bridge.service.access import own_conversation
from handoff_bridge.service.messaging.channel import Channel, PlatformError, Template
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Database

# An agent may look through them for a while, then choose, then send.
KEPT_SECS = 60.0
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
NONE_HERE = "The customer's channel has no approved texts."


class Templates:
    """Of the channels that have them."""

    def __init__(self, database: Database, channels: Mapping[str, Channel]) -> None:
        """`channels` by name."""
        self._database = database
        self._channels = channels
        # When they were asked for, and what there was, by channel.
        self._kept: dict[str, tuple[float, Sequence[Template]]] = {}

    async def of(self, agent: Agent, conversation_id: str) -> Sequence[Template]:
        """Those that may go to the customer of this agent's chat.

        Raises UnknownConversation, NotOwner, NotAvailable, PlatformUnavailable.
        """
        async with self._database.read() as tx:
            row = await own_conversation(tx, agent, conversation_id)
        channel = self._channels.get(row.channel)
        if channel is None or not channel.limits.has_templates:
            raise NotAvailable(NONE_HERE)
        return await self._ask(channel)

    async def fill_in(
        self, agent: Agent, conversation_id: str, chosen: TemplateChosen
    ) -> str:
        """What the customer will read.

        Raises UnknownTemplate, InvalidFields, MessageTooLong, and what `of` raises.
        """
        found = await self.of(agent, conversation_id)
        ids = {one.template_id: one for one in found}
        template = ids.get(chosen.template_id)
        if template is None:
            raise UnknownTemplate
        missing = set(_VARIABLE.findall(template.body)) - set(chosen.variables)
        if missing:
            raise InvalidFields(f"Fill in {', '.join(sorted(missing))}.")
        text = _VARIABLE.sub(lambda one: chosen.variables[one[1]], template.body)
        if len(text) > MAX_MESSAGE_CHARS:
            raise MessageTooLong
        return text

    async def _ask(self, channel: Channel) -> Sequence[Template]:
        now = asyncio.get_running_loop().time()
        asked_at, kept = self._kept.get(channel.name, (-KEPT_SECS, ()))
        if now - asked_at < KEPT_SECS:
            return kept
        try:
            found = await channel.templates()
        except PlatformError:
            raise PlatformUnavailable from None
        self._kept[channel.name] = now, found
        return found
