"""Files that were sent in before, taken into a message."""

from collections.abc import Sequence

from handoff_bridge.errors import UnknownAttachment
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.store import attachments
from handoff_bridge.store.attachments import Attachment


async def take_files(
    unit: UnitOfWork, ids: Sequence[str], agent_id: str | None = None
) -> list[Attachment]:
    """The agent's uploads for this chat, or the customer's, in the order named.

    From now on they are kept. Raises UnknownAttachment.
    """
    if not ids:
        return []
    conversation_id = unit.conversation.conversation_id
    found = await attachments.attach(unit.tx, conversation_id, ids, agent_id)
    if len(found) != len(set(ids)):
        raise UnknownAttachment
    return found
