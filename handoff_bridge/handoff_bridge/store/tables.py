"""The tables. Customer, conversation and session are three different things.

A conversation is a channel and an outside address; a session is the hash of a token;
a customer is somebody the shop knows. The event log is append-only with its own
gapless `seq` in each conversation; everything else could be rebuilt from it.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Aware UTC in and out; SQLite keeps no zone, so it is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | None:
        """Refuses naive times: they are always a mistake here."""
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime")
        return value if value is None else value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | None:
        """Gives UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value


Column = sa.Column

customers = sa.Table(
    "customers",
    metadata,
    Column("customer_id", sa.String(64), primary_key=True),
    Column("name", sa.String(200)),
    Column("email", sa.String(320)),
    Column("tier", sa.String(40)),
    Column("language", sa.String(20)),
)

conversations = sa.Table(
    "conversations",
    metadata,
    Column("conversation_id", sa.String(64), primary_key=True),
    Column("channel", sa.String(40), nullable=False),
    Column("address", sa.String(200), nullable=False),
    Column("customer_id", sa.ForeignKey("customers.customer_id"), index=True),
    # Until when the shop's own site has vouched for the customer, with a signature.
    Column("signed_until", UtcDateTime),
    # Only tokens of this generation open it: it rises when they are to end.
    Column("session_generation", sa.Integer, nullable=False),
    Column("owner", sa.String(10), nullable=False),
    Column("agent_id", sa.String(64)),
    Column("epoch", sa.Integer, nullable=False),
    Column("last_seq", sa.Integer, nullable=False),
    Column("last_visible_seq", sa.Integer, nullable=False),
    Column("last_customer_seq", sa.Integer, nullable=False),
    # The bot's newest message: what a customer who answers should have seen.
    Column("last_bot_seq", sa.Integer),
    Column("last_bot_at", UtcDateTime),
    Column("synced_seq", sa.Integer, nullable=False),
    Column("introduced", sa.Boolean, nullable=False),
    Column("expects_code", sa.Boolean, nullable=False),
    Column("needs_catch_up", sa.Boolean, nullable=False),
    Column("new_session_due", sa.Boolean, nullable=False),
    # The question whose buttons work; null once one is pressed or it is overtaken.
    Column("open_question", sa.String(24)),
    # The assistant is to forget who the customer was before it hears any more.
    Column("forget_due", sa.Boolean, nullable=False),
    Column("language", sa.String(20)),
    Column("timezone", sa.String(60)),
    # What the client was set to at first: its region outlives the language.
    Column("locale", sa.String(40)),
    # What the customer asked for last, as the assistant names it; null once settled.
    Column("topic", sa.String(100)),
    # On a platform: what the customer is called there, which proves nothing, and when
    # something last came from them.
    Column("profile_name", sa.String(200)),
    Column("heard_at", UtcDateTime),
    # What it takes there to answer, beside the address.
    Column("reply_to", sa.JSON(none_as_null=True)),
    Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("channel", "address"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    Column("token_hash", sa.String(64), primary_key=True),
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        nullable=False,
        index=True,
    ),
    # Who has signed in with it; it is of use to nobody else.
    Column("customer_id", sa.String(64)),
    Column("generation", sa.Integer, nullable=False),
    # How far a client of Rasa's bare form, which cannot say so itself, was sent.
    Column("bare_seq", sa.Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # Moved on by whoever comes with it; what nobody uses for long is over.
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

events = sa.Table(
    "events",
    metadata,
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        primary_key=True,
    ),
    Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    Column("type", sa.String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("actor_type", sa.String(10), nullable=False),
    Column("actor_id", sa.String(64)),
    Column("actor_name", sa.String(200)),
    Column("message_id", sa.String(200)),
    # The customer-visible event before this one; null on what customers don't see.
    Column("prev", sa.Integer),
    Column("data", sa.JSON, nullable=False),
)
sa.Index(
    "uq_events_message",
    events.c.conversation_id,
    events.c.message_id,
    unique=True,
    sqlite_where=events.c.type == "message",
    postgresql_where=events.c.type == "message",
)
sa.Index("ix_events_type_at", events.c.type, events.c.at)

handoffs = sa.Table(
    "handoffs",
    metadata,
    Column("handoff_id", sa.String(64), primary_key=True),
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        nullable=False,
        index=True,
    ),
    Column("state", sa.String(10), nullable=False, index=True),
    Column("trigger", sa.String(40), nullable=False),
    Column("triggers", sa.JSON, nullable=False),
    # Null on handoffs from before triggers were declared.
    Column("declared", sa.JSON(none_as_null=True)),
    Column("evidence", sa.JSON, nullable=False),
    Column("priority", sa.Integer, nullable=False),
    # The customer's message that led here: asking twice for it is asking once.
    Column("message_id", sa.String(200)),
    Column("agent_id", sa.String(64), index=True),
    Column("is_returning", sa.Boolean, nullable=False),
    # The line that told the customer their place, or by when they hear.
    Column("waiting_seq", sa.Integer),
    Column("is_promised", sa.Boolean, nullable=False),
    Column("queued_seq", sa.Integer, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    # Since when it waits again, whose doing or absence that was, and why.
    Column("requeued_at", UtcDateTime),
    Column("requeued_from", sa.String(64)),
    Column("requeued_reason", sa.String(20)),
    # Whom it waits for in line, alone until then: an agent, or a team.
    Column("for_agent", sa.String(64)),
    Column("for_team", sa.String(100)),
    Column("waits_until", UtcDateTime),
    # Who is offered it, since when and until when; and who was before.
    Column("offered_to", sa.String(64), index=True),
    Column("offered_at", UtcDateTime, index=True),
    Column("offer_expires_at", UtcDateTime),
    Column("last_offered_to", sa.String(64)),
    Column("claimed_at", UtcDateTime, index=True),
    Column("ended_at", UtcDateTime, index=True),
    # Until when its agent wraps up, which holds their place; and when that was over.
    Column("wrap_up_until", UtcDateTime, index=True),
    Column("wrapped_up_at", UtcDateTime),
    Column("disposition", sa.String(40)),
    Column("outcome", sa.Text),
    # Headings of the cards it is about; null until the back office has answered.
    Column("cards", sa.JSON(none_as_null=True)),
    # What was thought of the wait when it began, and how many slots had to become free
    # first; null where nothing true could be said.
    Column("predicted_secs", sa.Float),
    Column("eta_low", sa.Float),
    Column("eta_high", sa.Float),
    Column("slots_awaited", sa.Integer),
    # Since when the slot that it took was free and it waited for one.
    Column("slot_free_at", UtcDateTime),
    # The line that said sorry once the wait had outlasted what was told.
    Column("overdue_seq", sa.Integer),
    # By when its customer was promised to hear, and when an agent wrote first.
    Column("answer_by", UtcDateTime),
    Column("answered_at", UtcDateTime),
    # How its customer wants to hear who does not stay, and where.
    Column("contact_want", sa.String(10)),
    Column("contact_email", sa.String(320)),
    Column("contact_phone", sa.String(20)),
    # The newest entry that an agent who had the chat has seen of it.
    Column("seen_seq", sa.Integer),
)
# In the words of the index, so that a query finds it.
IS_OPEN = sa.text("state IN ('queued', 'offered', 'claimed', 'wrap_up')")
sa.Index(
    "uq_handoffs_open",
    handoffs.c.conversation_id,
    unique=True,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)

# Whoever has it has a place less: until it has ended, and been wrapped up.
HOLDS_PLACE = sa.or_(IS_OPEN, handoffs.c.wrap_up_until.is_not(None))
# Since when its place was free again.
FREE_AT = sa.func.coalesce(handoffs.c.wrapped_up_at, handoffs.c.ended_at)

# The queue of the assistant's work: written with the message, deleted once done, so
# that a one-time code, which goes to the assistant but not to the log, is not kept.
turns = sa.Table(
    "turns",
    metadata,
    Column("turn_id", sa.Integer, primary_key=True, autoincrement=True),
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        nullable=False,
        index=True,
    ),
    Column("message_id", sa.String(200), nullable=False),
    Column("kind", sa.String(10), nullable=False),
    Column("payload", sa.JSON, nullable=False),
    Column("leased_by", sa.String(64)),
    Column("leased_until", UtcDateTime),
    # The owner's when the assistant was asked first; null if it never was.
    Column("asked_epoch", sa.Integer),
    Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("conversation_id", "message_id"),
)

# What is to reach customers by mail: written with the message, deleted once it is sent,
# so that the address stays with the handoff alone.
mails = sa.Table(
    "mails",
    metadata,
    Column("mail_id", sa.Integer, primary_key=True, autoincrement=True),
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        nullable=False,
        index=True,
    ),
    Column("handoff_id", sa.String(64), nullable=False),
    # The number of the message in the conversation's log.
    Column("seq", sa.Integer, nullable=False),
    Column("recipient", sa.String(320), nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("text", sa.Text, nullable=False),
    Column("attempts", sa.Integer, nullable=False),
    # By the database's clock, as its lease is.
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("leased_by", sa.String(64)),
    Column("leased_until", UtcDateTime),
)

offers = sa.Table(
    "offers",
    metadata,
    Column("question", sa.String(24), primary_key=True),
    Column("position", sa.Integer, primary_key=True, autoincrement=False),
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        nullable=False,
        index=True,
    ),
    Column("title", sa.Text, nullable=False),
    # What the assistant gets if the button is pressed while its question is open.
    Column("command", sa.Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

attachments = sa.Table(
    "attachments",
    metadata,
    Column("attachment_id", sa.String(64), primary_key=True),
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        nullable=False,
        index=True,
    ),
    # The agent who sent it in; without one it was the customer.
    Column("agent_id", sa.ForeignKey("agents.agent_id")),
    Column("content_type", sa.String(40), nullable=False),
    Column("name", sa.String(100)),
    Column("size", sa.Integer, nullable=False),
    # Of pictures.
    Column("width", sa.Integer),
    Column("height", sa.Integer),
    # Sent with a message; what is not is removed after a while.
    Column("is_attached", sa.Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

agents = sa.Table(
    "agents",
    metadata,
    Column("agent_id", sa.String(64), primary_key=True),
    Column("email", sa.String(320), nullable=False, unique=True),
    Column("name", sa.String(200), nullable=False),
    Column("team", sa.String(100)),
    Column("role", sa.String(20), nullable=False),
    # Empty until they have set one.
    Column("password_hash", sa.String(300), nullable=False),
    Column("status", sa.String(20), nullable=False),
    Column("capacity", sa.Integer, nullable=False),
    # Since when no connection of theirs is there.
    Column("gone_at", UtcDateTime),
    # Since when they take chats, by the database's clock.
    Column("available_since", UtcDateTime),
    # Since when they may not sign in, nor have chats.
    Column("disabled_at", UtcDateTime),
    # What is left of somebody who was deleted is an id and a name, for the log.
    Column("deleted_at", UtcDateTime),
    # Levels from 1 to 5 by skill, and codes of languages; null: none.
    Column("skills", sa.JSON(none_as_null=True)),
    Column("languages", sa.JSON(none_as_null=True)),
    # Of the second factor: the secret, the one that is being enrolled, the time step
    # of the newest code that was used, and hashes of the recovery codes that are left.
    Column("totp_secret", sa.String(64)),
    Column("totp_pending", sa.String(64)),
    Column("totp_used_step", sa.Integer),
    Column("recovery_hashes", sa.JSON(none_as_null=True)),
    # Issuer and subject, once they have signed in by OpenID Connect.
    Column("oidc_subject", sa.String(512)),
)
sa.Index("uq_agents_oidc_subject", agents.c.oidc_subject, unique=True)

# Links by which somebody sets their own password: the newest of each is good, once.
invitations = sa.Table(
    "invitations",
    metadata,
    Column("token_hash", sa.String(64), primary_key=True),
    Column(
        "agent_id",
        sa.ForeignKey("agents.agent_id"),
        nullable=False,
        index=True,
        unique=True,
    ),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

# The running processes, each by an id that no later one has again.
bridges = sa.Table(
    "bridges",
    metadata,
    Column("bridge_id", sa.String(64), primary_key=True),
    Column("name", sa.String(200), nullable=False),
    # By the database's clock, as its last sign of life is.
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

agent_connections = sa.Table(
    "agent_connections",
    metadata,
    Column("connection_id", sa.String(64), primary_key=True),
    Column("agent_id", sa.String(64), nullable=False, index=True),
    Column("bridge_id", sa.String(64), nullable=False, index=True),
)

# Which customers have their chat open, and at which bridge.
customer_connections = sa.Table(
    "customer_connections",
    metadata,
    Column("connection_id", sa.String(64), primary_key=True),
    Column("conversation_id", sa.String(64), nullable=False, index=True),
    Column("bridge_id", sa.String(64), nullable=False, index=True),
)

# One for each time an agent signs in; without its row a token opens nothing.
logins = sa.Table(
    "logins",
    metadata,
    Column("login_id", sa.String(64), primary_key=True),
    Column("agent_id", sa.ForeignKey("agents.agent_id"), nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False),
    # Null in rows from before these were kept.
    Column("created_at", UtcDateTime),
    Column("last_seen_at", UtcDateTime),
    Column("address", sa.String(64)),
    Column("user_agent", sa.String(100)),
    # How they signed in: by password, or at the provider of OpenID Connect.
    Column("via", sa.String(10)),
)

calls = sa.Table(
    "calls",
    metadata,
    Column("agent_id", sa.String(64), primary_key=True),
    Column("client_id", sa.String(100), primary_key=True),
    # What it was used for; null in rows from before that was kept.
    Column("call", sa.String(40)),
    Column("arguments", sa.String(64)),
    # Null until it is answered, and where the log holds the answer.
    Column("ack", sa.JSON(none_as_null=True)),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

# What agents want to be reminded of: deleted once it is done.
reminders = sa.Table(
    "reminders",
    metadata,
    Column("reminder_id", sa.String(64), primary_key=True),
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        nullable=False,
        index=True,
    ),
    Column("agent_id", sa.ForeignKey("agents.agent_id"), nullable=False, index=True),
    Column("text", sa.Text, nullable=False),
    # By the database's clock, as is when it came back.
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("told_at", UtcDateTime),
)

# Whom a note names, until they have seen it.
mentions = sa.Table(
    "mentions",
    metadata,
    Column("agent_id", sa.ForeignKey("agents.agent_id"), primary_key=True),
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        primary_key=True,
    ),
    # The note's number in the conversation's log.
    Column("seq", sa.Integer, primary_key=True, autoincrement=False),
)

# What supervisors edit, append-only: a version for each time somebody saved it.
documents = sa.Table(
    "documents",
    metadata,
    Column("name", sa.String(20), primary_key=True),
    Column("version", sa.Integer, primary_key=True, autoincrement=False),
    Column("text", sa.Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    # The agent's id.
    Column("saved_by", sa.String(64), nullable=False),
)

# Addresses of the shop's own programs, and the events that each wants to hear of.
webhooks = sa.Table(
    "webhooks",
    metadata,
    Column("webhook_id", sa.String(64), primary_key=True),
    Column("url", sa.Text, nullable=False),
    Column("events", sa.JSON, nullable=False),
    Column("description", sa.Text),
    # What deliveries are signed with; for a while after a change the old one too.
    Column("secret", sa.String(100), nullable=False),
    Column("old_secret", sa.String(100)),
    Column("old_secret_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("disabled_reason", sa.String(20)),
    # Since when no delivery has got through; null while they do.
    Column("failing_since", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("last_attempt", sa.JSON(none_as_null=True)),
    # Until when it has asked not to be called.
    Column("paused_until", UtcDateTime),
    # The bridge that delivers to it at the moment.
    Column("leased_by", sa.String(64)),
    Column("leased_until", UtcDateTime),
)

# Written with the event itself. No foreign key: a bridge that has not heard yet that a
# webhook is gone must not fail at a customer's message for it.
webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    Column("number", sa.Integer, primary_key=True, autoincrement=True),
    Column("delivery_id", sa.String(64), nullable=False, unique=True),
    Column("webhook_id", sa.String(64), nullable=False),
    Column("event", sa.String(40), nullable=False),
    Column("conversation_id", sa.String(64)),
    # The bytes that are signed.
    Column("body", sa.Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("state", sa.String(10), nullable=False),
    # Null once it is delivered or given up; by the database's clock.
    Column("due_at", UtcDateTime),
    # Since it was made, or asked for again.
    Column("tries", sa.Integer, nullable=False),
    Column("attempts", sa.JSON, nullable=False),
)
sa.Index(
    "ix_webhook_deliveries_webhook_id_number",
    webhook_deliveries.c.webhook_id,
    webhook_deliveries.c.number,
)
sa.Index(
    "ix_webhook_deliveries_webhook_id_due_at",
    webhook_deliveries.c.webhook_id,
    webhook_deliveries.c.due_at,
    sqlite_where=webhook_deliveries.c.due_at.is_not(None),
    postgresql_where=webhook_deliveries.c.due_at.is_not(None),
)

# What chats are found by: an entry for each message, note or report of the assistant's
# (`seq`), handoff and customer that says something. Triggers write it and remove it, so
# that it never differs from what it is made of; see the migration that begins it.
search_entries = sa.Table(
    "search_entries",
    metadata,
    Column("entry_id", sa.Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", sa.String(64)),
    Column("seq", sa.Integer),
    Column("handoff_id", sa.String(64)),
    Column("customer_id", sa.String(64)),
    # On SQLite the text itself, which its `search_index` is an index of.
    Column("words", sa.Text().with_variant(TSVECTOR, "postgresql"), nullable=False),
)
sa.Index(
    "ix_search_entries_conversation_id_seq",
    search_entries.c.conversation_id,
    search_entries.c.seq,
)
for _key in (search_entries.c.handoff_id, search_entries.c.customer_id):
    sa.Index(
        f"ix_search_entries_{_key.name}",
        _key,
        sqlite_where=_key.is_not(None),
        postgresql_where=_key.is_not(None),
    )
sa.Index(
    "ix_search_entries_words", search_entries.c.words, postgresql_using="gin"
).ddl_if(dialect="postgresql")

# Readings of help articles. The chat is that of the reader's browser, if it has one.
help_reads = sa.Table(
    "help_reads",
    metadata,
    Column("read_id", sa.String(64), primary_key=True),
    Column("article_id", sa.String(100), nullable=False),
    Column("language", sa.String(10), nullable=False),
    Column("place", sa.String(10), nullable=False),
    Column("conversation_id", sa.String(64)),
    Column("read_at", UtcDateTime, nullable=False, index=True),
    Column("helped", sa.Boolean),
)

# What was searched for in help articles and not found, secrets taken out.
help_searches = sa.Table(
    "help_searches",
    metadata,
    Column("language", sa.String(10), primary_key=True),
    Column("text", sa.String(200), primary_key=True),
    Column("count", sa.Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
)

# What platforms have sent, an event each, under the platform's own id: kept after it
# was worked on, without its `payload`, so that the same again is known.
channel_inbox = sa.Table(
    "channel_inbox",
    metadata,
    Column("number", sa.Integer, primary_key=True, autoincrement=True),
    Column("channel", sa.String(40), nullable=False),
    Column("event_id", sa.String(200), nullable=False),
    # Of the customer: events of one are worked on in order, those of nobody at once.
    Column("address", sa.String(200), nullable=False),
    # Of whom the platform counts events, and its count, if it has one.
    Column("line", sa.String(200)),
    Column("sequence", sa.BigInteger),
    # Null once it is worked on.
    Column("payload", sa.JSON(none_as_null=True)),
    # These by the database's clock; `due_at` is null once nothing is left to do.
    Column("received_at", UtcDateTime, nullable=False, index=True),
    Column("due_at", UtcDateTime),
    Column("attempts", sa.Integer, nullable=False),
    Column("leased_by", sa.String(64)),
    Column("leased_until", UtcDateTime),
    sa.UniqueConstraint("channel", "event_id"),
)
sa.Index(
    "ix_channel_inbox_due",
    channel_inbox.c.channel,
    channel_inbox.c.address,
    channel_inbox.c.number,
    sqlite_where=channel_inbox.c.due_at.is_not(None),
    postgresql_where=channel_inbox.c.due_at.is_not(None),
)
sa.Index(
    "ix_channel_inbox_line",
    channel_inbox.c.channel,
    channel_inbox.c.line,
    channel_inbox.c.sequence,
)

# What goes out to platforms, a row for each of their messages, and what became of it.
channel_outbox = sa.Table(
    "channel_outbox",
    metadata,
    Column("number", sa.Integer, primary_key=True, autoincrement=True),
    Column("part_id", sa.String(100), nullable=False, unique=True),
    Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id"),
        nullable=False,
    ),
    # The message of the log that it is a part of.
    Column("seq", sa.Integer, nullable=False),
    Column("channel", sa.String(40), nullable=False),
    # Null a week after it was written.
    Column("content", sa.JSON(none_as_null=True)),
    Column("state", sa.String(10), nullable=False),
    # When it came into that state, and the platform's id of it.
    Column("state_at", UtcDateTime, nullable=False),
    Column("platform_id", sa.String(200)),
    Column("failure", sa.String(40)),
    Column("detail", sa.String(200)),
    # These by the database's clock; `due_at` is null once it is sent or has failed.
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("due_at", UtcDateTime),
    Column("attempts", sa.Integer, nullable=False),
    # Whether an attempt may have reached the platform without our knowing.
    Column("is_uncertain", sa.Boolean, nullable=False),
    Column("leased_by", sa.String(64)),
    Column("leased_until", UtcDateTime),
)
sa.Index(
    "ix_channel_outbox_due",
    channel_outbox.c.conversation_id,
    channel_outbox.c.number,
    sqlite_where=channel_outbox.c.due_at.is_not(None),
    postgresql_where=channel_outbox.c.due_at.is_not(None),
)
sa.Index(
    "ix_channel_outbox_conversation_id_seq",
    channel_outbox.c.conversation_id,
    channel_outbox.c.seq,
)
sa.Index(
    "ix_channel_outbox_platform_id",
    channel_outbox.c.channel,
    channel_outbox.c.platform_id,
)

sa.Index(
    "ix_channel_outbox_channel_created_at_state",
    channel_outbox.c.channel,
    channel_outbox.c.created_at,
    channel_outbox.c.state,
)
# In the words of the index, so that a query finds it.
HAS_FAILED = sa.text("state = 'failed'")
sa.Index(
    "ix_channel_outbox_failed",
    channel_outbox.c.channel,
    channel_outbox.c.created_at,
    sqlite_where=HAS_FAILED,
    postgresql_where=HAS_FAILED,
)

# What came in at each channel's public address, by day.
channel_counts = sa.Table(
    "channel_counts",
    metadata,
    Column("channel", sa.String(40), primary_key=True),
    Column("day", sa.Date, primary_key=True),
    Column("name", sa.String(20), primary_key=True),
    Column("count", sa.Integer, nullable=False),
)
