"""Articles for an agent who is about to answer a customer."""

from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.models import MAX_SEQ
from handoff_bridge.packet.schema import Article
from handoff_bridge.packet.summary import likely
from handoff_bridge.service.access import access_conversation
from handoff_bridge.service.ports import AssistantClient
from handoff_bridge.store import log
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Database

# Enough that the customer's latest message is among them.
RECENT = 50


class Suggestions:
    """Asks the assistant, which keeps the index; nothing is written."""

    def __init__(self, database: Database, assistant: AssistantClient) -> None:
        """`assistant` may be down: then there are no suggestions."""
        self._database = database
        self._assistant = assistant

    async def of(self, agent: Agent, conversation_id: str) -> list[Article]:
        """Articles for the customer's latest message.

        Raises UnknownConversation, Forbidden.
        """
        async with self._database.read() as tx:
            row = await access_conversation(tx, agent, conversation_id)
            entries = await log.read(
                tx, conversation_id, before=MAX_SEQ, limit=RECENT, visible=True
            )
        # Outside of the transaction: the assistant may take its time.
        text = _latest(entries)
        if not text:
            return []
        return likely(await self._assistant.suggest(text, row.language))


def _latest(entries: list[LogEvent]) -> str:
    """The newest text of the customer."""
    for entry in reversed(entries):
        if entry.type == "message" and entry.actor.type == "customer":
            if text := str(entry.data.get("text") or "").strip():
                return text
    return ""
