"""What the bot says: its introduction, a turn's replies, and messages unasked."""

import structlog

from handoff_bridge.conversation.commands import BotSpeaks
from handoff_bridge.conversation.events import BOT, Message, Reply
from handoff_bridge.conversation.outcomes import Speak
from handoff_bridge.packet.shown_cards import read_shown
from handoff_bridge.protocol.http import Delivered
from handoff_bridge.service import buttons
from handoff_bridge.service.moving import perform
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import log

logger = structlog.get_logger()


def introduce(unit: UnitOfWork) -> None:
    """Says, once in a conversation, that this is an automated assistant."""
    if unit.conversation.introduced:
        return
    unit.conversation.introduced = True
    text = unit.texts.say("introduction")
    introduction = Message(**unit.stamp(BOT), text=text, key="introduction")
    unit.append(introduction, visible=True)


async def deliver_replies(unit: UnitOfWork, turn_id: str, replies: list[Reply]) -> None:
    """Writes the bot's messages; ids follow from the turn's, so none comes twice.

    Their buttons, if they have any, are the open question from now on.
    """
    offered = await buttons.offer(unit, replies)
    for n, reply in enumerate(replies):
        shown = read_shown(reply.custom, unit.brand.reference_pattern)
        if shown.left_out:
            row = unit.conversation
            logger.warning(
                "cards_left_out",
                conversation_id=row.conversation_id,
                left_out=shown.left_out,
            )
        message = Message(
            **unit.stamp(BOT, f"bot:{turn_id}:{n}"),
            text=reply.text,
            quick_replies=buttons.quick_replies(offered[n]),
            attachment=reply.picture,
            cards=shown.cards or None,
            brief=shown.brief,
            custom=shown.rest,
            promise=reply.promise or None,
        )
        unit.append(message, visible=True)


class BotMessages:
    """What the assistant says unasked: reminders and external events."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` opens conversations."""
        self._held = held

    async def receive(
        self, conversation_id: str, message_id: str, reply: Reply
    ) -> Delivered:
        """Delivers it if the bot owns the chat, else logs it as suppressed."""
        async with self._held.transaction(conversation_id) as unit:
            known = await log.find_message(
                unit.tx, conversation_id, f"bot:{message_id}:0"
            )
            if known is not None:
                return Delivered(delivered=True)
            moved = await perform(unit, BotSpeaks(message_id, reply))
            if not moved.find(Speak):
                return Delivered(delivered=False)
            introduce(unit)
            await deliver_replies(unit, message_id, [reply])
            return Delivered(delivered=True)
