"""Did this settle it? The customer's answer, in the log."""

from handoff_bridge.conversation.events import CUSTOMER, Surveyed
from handoff_bridge.packet.redaction import clean_text, redact
from handoff_bridge.protocol.customer import Numbered
from handoff_bridge.service.unit_of_work import ConversationRepository


class Surveys:
    """Use case of one answer."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` opens conversations."""
        self._held = held

    async def answer(
        self, conversation_id: str, score: int, comment: str | None
    ) -> Numbered:
        """Logs a score from 1 to 5 and what the customer adds."""
        async with self._held.transaction(conversation_id) as unit:
            expects = unit.conversation.expects_code
            said = redact(
                clean_text(comment or ""),
                expects_code=expects,
                reference=unit.brand.reference_pattern,
            )
            survey = Surveyed(
                **unit.stamp(CUSTOMER), score=score, comment=said.log_text or None
            )
            entry = unit.append(survey)
            return Numbered(seq=entry.seq)
