"""The assistant's running chats, for supervisors: those that go badly first."""

from datetime import timedelta

from handoff_bridge.packet.concerns import standing
from handoff_bridge.protocol.conversations import LiveConversation, LiveConversations
from handoff_bridge.service.listing import fields_of, newest_rows
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import live, search

# A chat in which the assistant has answered nothing for longer is not running.
WINDOW = timedelta(minutes=15)
MAX_TURNS = 1_000
MAX_SHOWN = 50


class LiveView:
    """Reads only."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` gives the database, which is never written here, and the rules."""
        self._held = held

    async def look(self) -> LiveConversations:
        """What runs now. Bounded, as pages ask every few seconds."""
        async with self._held.database.read() as tx:
            since = self._held.clock() - WINDOW
            turns = await live.turns_since(tx, since, MAX_TURNS)
            # The latest come first, and stay so within the same number of concerns.
            found = {key: standing(some) for key, some in turns.items()}
            ids = sorted(found, key=lambda key: -len(found[key].concerns))[:MAX_SHOWN]
            listed = await search.of_ids(tx, ids) if ids else {}
            context = await self._held.row_context(tx)
            rows = await newest_rows(tx, ids, context)
        return LiveConversations(
            conversations=[
                LiveConversation(
                    **fields_of(listed[key], rows.get(key)),
                    score=found[key].score,
                    trend=found[key].trend,
                    failures=found[key].failures,
                    concerns=list(found[key].concerns),
                )
                for key in ids
            ]
        )
