"""Erases what is stored about one customer of a channel."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handoff_bridge.conversation.commands import CustomerLeaves
from handoff_bridge.conversation.states import Owner
from handoff_bridge.errors import UnknownCustomer
from handoff_bridge.service.leaving import leave
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import conversations, personal_data

GONE = "erased:"


@dataclass(frozen=True)
class Found:
    """How many rows of each table are about a customer, and the chats by id."""

    rows: dict[str, int] = field(default_factory=dict)
    conversation_ids: Sequence[str] = ()


class CustomerErasure:
    """By address; a later message from there begins a new chat."""

    def __init__(self, held: ConversationRepository, files: Path) -> None:
        """`files` is the folder of uploads."""
        self._held = held
        self._files = files

    async def find(self, channel: str, address: str) -> Found:
        """What there is. Raises UnknownCustomer where there is nothing."""
        async with self._held.database.read() as tx:
            ids = await personal_data.conversations_at(tx, channel, address)
            rows = await personal_data.count(tx, channel, address, ids)
        if not ids and not rows:
            raise UnknownCustomer
        return Found(rows, ids)

    async def erase(self, channel: str, address: str) -> Found:
        """Erases all of it, an open chat closed first. Raises UnknownCustomer."""
        found = await self.find(channel, address)
        for conversation_id in found.conversation_ids:
            names = await self._erase_conversation(conversation_id)
            await asyncio.to_thread(self._unlink, names)
        async with self._held.database.write() as tx:
            await personal_data.erase_inbox(tx, channel, address)
        return found

    async def _erase_conversation(self, conversation_id: str) -> list[str]:
        async with self._held.transaction(conversation_id) as unit:
            if unit.conversation.owner != Owner.CLOSED:
                await leave(unit, CustomerLeaves(ends=True))
        async with self._held.lock(conversation_id), self._held.database.write() as tx:
            await conversations.load(tx, conversation_id, lock=True)
            names = await personal_data.erase_conversation(
                tx, conversation_id, f"{GONE}{secrets.token_hex(16)}"
            )
            await personal_data.empty_index(tx)
        return names

    def _unlink(self, names: Sequence[str]) -> None:
        for name in names:
            (self._files / name).unlink(missing_ok=True)
