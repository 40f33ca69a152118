"""Did this settle it? The customer's answer, in the log."""

from handoff_bridge.conversation.events import CUSTOMER, Surveyed
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.packet.redaction import clean_text, redact
from handoff_bridge.protocol.customer import Numbered
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork


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
            return Numbered(seq=log_survey(unit, score, comment).seq)


def log_survey(unit: UnitOfWork, score: int, comment: str | None = None) -> LogEvent:
    """Logs an answer, without what must not be kept of its comment."""
    said = redact(
        clean_text(comment or ""),
        expects_code=unit.conversation.expects_code,
        reference=unit.brand.reference_pattern,
    )
    survey = Surveyed(
        **unit.stamp(CUSTOMER), score=score, comment=said.log_text or None
    )
    return unit.append(survey)
