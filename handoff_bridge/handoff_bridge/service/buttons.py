"""Buttons under the bot's messages: offering them, and what becomes of a press.

A press counts while its question is the open one: offered by the bot's newest turn, in
this conversation, and not yet answered by a press. All else changes nothing, and the
customer is told so.
"""

from handoff_bridge.conversation.events import BOT, Message, QuickReply, Reply
from handoff_bridge.service.unit_of_work import UnitOfWork
from handoff_bridge.store import offers
from handoff_bridge.store.offers import Offer


async def offer(unit: UnitOfWork, replies: list[Reply]) -> list[list[Offer]]:
    """Makes the buttons of these replies the open question; gives them by reply."""
    row = unit.conversation
    question = offers.new_question()
    by_reply: list[list[Offer]] = []
    position = 0
    for reply in replies:
        buttons = reply.buttons or []
        by_reply.append(
            [
                Offer(
                    question,
                    position + n,
                    row.conversation_id,
                    button.title,
                    button.payload,
                )
                for n, button in enumerate(buttons)
            ]
        )
        position += len(buttons)
    if position:
        row.open_question = question
        await offers.add(unit.tx, [one for some in by_reply for one in some], unit.now)
    return by_reply


def quick_replies(buttons: list[Offer]) -> list[QuickReply] | None:
    """Buttons as customers get them; None where there are none."""
    return [
        QuickReply(content_type="text", title=button.title, payload=button.payload)
        for button in buttons
    ] or None


def is_open(unit: UnitOfWork, button: Offer | None) -> bool:
    """Whether a press on it counts now; no two conversations share a question."""
    return button is not None and button.question == unit.conversation.open_question


def title_of(unit: UnitOfWork, button: Offer | None) -> str:
    """What stood on a pressed button, as far as that is still known."""
    return button.title if button is not None else unit.texts.say("unknown_button")


def request_of(button: Offer) -> dict[str, str]:
    """What the assistant gets: an intent, or the words of a button without one."""
    if button.command.startswith("/"):
        return {"text": button.title, "payload": button.command}
    return {"text": button.command}


async def refuse(unit: UnitOfWork, message_id: str) -> None:
    """Says that a press came too late, and offers again what is open now."""
    question = unit.conversation.open_question
    still_open = await offers.of_question(unit.tx, question) if question else []
    line = Message(
        **unit.stamp(BOT),
        text=unit.texts.say("late_button"),
        key="late_button",
        quick_replies=quick_replies(still_open),
        answers=message_id,
    )
    unit.append(line, visible=True)
