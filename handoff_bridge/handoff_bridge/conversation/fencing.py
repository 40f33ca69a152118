"""When the bot may speak: never while a human owns the conversation."""

from datetime import datetime

from handoff_bridge.conversation.commands import (
    BotReplies,
    BotSpeaks,
    StartTurn,
)
from handoff_bridge.conversation.draft import Draft
from handoff_bridge.conversation.events import BOT, ReplySuppressed, TurnReport
from handoff_bridge.conversation.outcomes import (
    RunTurn,
    Speak,
    Transition,
)
from handoff_bridge.conversation.ownership import Fence, Ownership
from handoff_bridge.conversation.states import Owner


def start_turn(state: Ownership, command: StartTurn, now: datetime) -> Transition:
    """Under which epoch the assistant is asked; what a person reads it is not."""
    draft = Draft(state, now)
    is_persons = state.owner != Owner.BOT or command.is_read
    if command.has_asked:
        # The assistant has run it and knows its answer. It counts as begun before the
        # handoff, so that it may still say goodbye and the agent sees what it did.
        draft.tell(RunTurn(Fence(state.epoch - 1)))
    elif is_persons and command.asked_epoch not in (None, state.epoch):
        # What it did then, the next reader has to know; what it said then is too late.
        draft.tell(RunTurn(Fence(command.asked_epoch), only_known=True))
    elif state.owner in (Owner.BOT, Owner.QUEUE) and not command.is_read:
        draft.tell(RunTurn(Fence(state.epoch, in_line=state.owner == Owner.QUEUE)))
    return draft.done()


def bot_replies(state: Ownership, command: BotReplies, now: datetime) -> Transition:
    """Replies of an older epoch, or of a turn that failed, are logged, not delivered.

    The latter are nobody's to hear, whoever has the chat.
    """
    draft = Draft(state, now)
    if not command.has_failed and _may_speak(state, command):
        draft.tell(Speak())
    elif command.replies:
        draft.log(
            ReplySuppressed(
                **draft.stamp(BOT, command.message_id),
                replies=command.replies,
                turn=TurnReport.model_validate(command.turn),
                reason="failed_turn" if command.has_failed else "owner_changed",
            )
        )
    return draft.done()


def _may_speak(state: Ownership, command: BotReplies) -> bool:
    """Fencing: only under the epoch in which the turn began.

    One exception, the goodbye: the turn that itself asked for the handoff, or moved it
    forward, may still speak while the customer waits in line.
    """
    fence = command.fence
    if state.epoch == fence.epoch:
        return state.owner == (Owner.QUEUE if fence.in_line else Owner.BOT)
    if state.owner != Owner.QUEUE or state.epoch != fence.epoch + 1:
        return False
    asked_by = state.handoff.message_id if state.handoff else None
    return command.message_id in (asked_by, state.raised_by)


def bot_speaks(state: Ownership, command: BotSpeaks, now: datetime) -> Transition:
    """Unasked the bot speaks only where it owns the conversation."""
    draft = Draft(state, now)
    if state.owner == Owner.BOT:
        draft.tell(Speak())
    else:
        draft.log(
            ReplySuppressed(
                **draft.stamp(BOT, command.message_id),
                replies=[command.reply],
                turn=TurnReport(),
                reason="not_the_owner",
            )
        )
    return draft.done()
