"""Canned replies: read by agents, saved by supervisors, a version each time."""

from handoff_bridge.conversation.canned_replies import (
    VARIABLES,
    read_canned_replies,
)
from handoff_bridge.protocol.http import (
    CannedRepliesDocument,
    DocumentText,
    DocumentVersions,
)
from handoff_bridge.service.document_versions import (
    Kept,
    begin_save,
    list_versions,
)
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import documents
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Database

CANNED_REPLIES = "canned_replies"


class CannedReplyService:
    """Use cases of agents and supervisors."""

    def __init__(self, database: Database, clock: Clock, first_text: str) -> None:
        """`first_text` is the project's own file. Raises InvalidDocument."""
        self._database = database
        self._clock = clock
        self._kept = Kept(CANNED_REPLIES, first_text, read_canned_replies)

    async def read(self, version: int | None = None) -> CannedRepliesDocument:
        """The newest version, or another. Raises UnknownVersion."""
        async with self._database.read() as tx:
            told, text = await self._kept.told(tx, version)
        return CannedRepliesDocument(
            **dict(told),
            text=text,
            document=self._kept.parsed(text),
            warnings=[],
            variables=[*VARIABLES],
        )

    async def versions(self, before: int | None, limit: int) -> DocumentVersions:
        """Newest first; the last of all is the project's file."""
        async with self._database.read() as tx:
            return await list_versions(tx, CANNED_REPLIES, before, limit)

    async def save(self, agent: Agent, call: DocumentText) -> CannedRepliesDocument:
        """Raises OldVersion, InvalidDocument."""
        async with self._database.write() as tx:
            await begin_save(tx, CANNED_REPLIES, call.version)
            read_canned_replies(call.text)
            saved = CANNED_REPLIES, call.version + 1, call.text
            await documents.save(tx, *saved, self._clock(), agent.agent_id)
        return await self.read()
