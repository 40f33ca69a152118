"""Every move of ownership, in one pure function.

`transition(state, command, now)` gives the new state with its log entries and
notifications, or the refusal. Owner, epoch, fencing, the handoff's state, what the
customer's status says and what agents are told are decided here and nowhere else.
"""

from datetime import datetime
from typing import assert_never

from handoff_bridge.conversation.agent_moves import (
    abort_return,
    agent_writes,
    begin_return,
    claim,
    close,
    finish_return,
)
from handoff_bridge.conversation.commands import (
    AbortReturn,
    AgentWrites,
    BeginReturn,
    BotReplies,
    BotSpeaks,
    Claim,
    Close,
    Command,
    CustomerAsks,
    CustomerLeaves,
    CustomerWrites,
    EndOffer,
    FinishReturn,
    LanguageChanges,
    LeaveLine,
    Offer,
    Release,
    RequestHandoff,
    Requeue,
    StartTurn,
    TakeOver,
    Transfer,
    TurnAsks,
    TurnFails,
    Unreserve,
)
from handoff_bridge.conversation.customer_moves import (
    ask,
    customer_leaves,
    customer_writes,
    language_changes,
    leave_line,
)
from handoff_bridge.conversation.fencing import bot_replies, bot_speaks, start_turn
from handoff_bridge.conversation.offers import end_offer, offer
from handoff_bridge.conversation.outcomes import (
    Refused,
    Transition,
)
from handoff_bridge.conversation.ownership import Ownership
from handoff_bridge.conversation.passing_on import (
    release,
    requeue,
    take_over,
    transfer,
    unreserve,
)


def transition(
    state: Ownership, command: Command, now: datetime
) -> Transition | Refused:
    """What a command does to a conversation in this state."""
    match command:
        case CustomerWrites():
            return customer_writes(state, command, now)
        case CustomerLeaves():
            return customer_leaves(state, command, now)
        case LeaveLine():
            return leave_line(state, now)
        case CustomerAsks() | RequestHandoff() | TurnAsks() | TurnFails():
            return ask(state, command, now)
        case StartTurn():
            return start_turn(state, command, now)
        case BotReplies():
            return bot_replies(state, command, now)
        case LanguageChanges():
            return language_changes(state, now)
        case BotSpeaks():
            return bot_speaks(state, command, now)
        case Claim():
            return claim(state, command, now)
        case Offer():
            return offer(state, command, now)
        case EndOffer():
            return end_offer(state, command, now)
        case AgentWrites():
            return agent_writes(state, command)
        case Close():
            return close(state, command, now)
        case BeginReturn():
            return begin_return(state, command, now)
        case FinishReturn():
            return finish_return(state, command, now)
        case AbortReturn():
            return abort_return(state, command, now)
        case Requeue():
            return requeue(state, command, now)
        case Unreserve():
            return unreserve(state, command, now)
        case Release():
            return release(state, command, now)
        case Transfer():
            return transfer(state, command, now)
        case TakeOver():
            return take_over(state, command, now)
    assert_never(command)
