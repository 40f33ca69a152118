"""Who may use a session or read a conversation, as the transaction sees it."""

from datetime import datetime

from handoff_bridge.errors import (
    AccountDisabled,
    Forbidden,
    NotOwner,
    TokenExpired,
    UnknownConversation,
    UnknownSession,
)
from handoff_bridge.store import agents, conversations, handoffs
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.conversations import Conversation, Session
from handoff_bridge.store.database import Connection


async def access_conversation(
    tx: Connection, agent: Agent, conversation_id: str
) -> Conversation:
    """Returns a conversation that the agent may read.

    Agents read conversations that were ever handed to humans; supervisors all.

    Raises:
        UnknownConversation: there is none.
        Forbidden: it is not for this agent.
    """
    row = await conversations.load(tx, conversation_id)
    if row is None:
        raise UnknownConversation
    if not agent.is_supervisor:
        if not await handoffs.of_conversation(tx, conversation_id):
            raise Forbidden
    return row


async def own_conversation(
    tx: Connection, agent: Agent, conversation_id: str
) -> Conversation:
    """Returns the conversation of a chat that the agent has.

    Raises UnknownConversation, NotOwner.
    """
    row = await conversations.load(tx, conversation_id)
    if row is None:
        raise UnknownConversation
    if row.agent_id != agent.agent_id:
        raise NotOwner
    return row


async def access_desk(tx: Connection, agent: Agent) -> tuple[Agent, datetime | None]:
    """Returns an agent as they are by now, and since when they could take a chat.

    Their row stays locked until the transaction ends: two claims are counted one after
    the other, and nobody is disabled between the claim and its commit. Raises
    AccountDisabled.
    """
    found = await agents.load_to_take(tx, agent.agent_id)
    if found is None or found[0].disabled_at is not None:
        raise AccountDisabled
    return found


def is_alive(row: Conversation, session: Session, now: datetime) -> bool:
    """Whether nobody has replaced or ended it, nor left it alone for too long."""
    is_newest = session.generation == row.session_generation
    return is_newest and now < session.expires_at


def check_not_ended(row: Conversation, session: Session, now: datetime) -> None:
    """Raises UnknownSession for a token that opens the chat no more."""
    if not is_alive(row, session, now):
        raise UnknownSession


def check_session(row: Conversation, session: Session, now: datetime) -> None:
    """Raises UnknownSession, and TokenExpired once its identity has run out."""
    check_not_ended(row, session, now)
    if session.customer_id is not None and not row.is_signed(now):
        raise TokenExpired
