"""Customers who write from elsewhere: what came in, what goes out, and counts."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _time(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Forward."""
    op.add_column("conversations", sa.Column("profile_name", sa.String(200)))
    op.add_column("conversations", _time("heard_at"))
    op.add_column("conversations", sa.Column("reply_to", sa.JSON()))
    op.create_table(
        "channel_inbox",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("line", sa.String(length=200), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=True),
        _time("received_at", nullable=False),
        _time("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=True),
        _time("leased_until"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_channel_inbox")),
        sa.UniqueConstraint(
            "channel", "event_id", name=op.f("uq_channel_inbox_channel_event_id")
        ),
    )
    op.create_index("ix_channel_inbox_received_at", "channel_inbox", ["received_at"])
    _index_due("channel_inbox", ["channel", "address", "number"])
    op.create_index(
        "ix_channel_inbox_line", "channel_inbox", ["channel", "line", "sequence"]
    )
    op.create_table(
        "channel_outbox",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("part_id", sa.String(length=100), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        _time("state_at", nullable=False),
        sa.Column("platform_id", sa.String(length=200), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=True),
        _time("created_at", nullable=False),
        _time("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("is_uncertain", sa.Boolean(), nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=True),
        _time("leased_until"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_channel_outbox_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_channel_outbox")),
        sa.UniqueConstraint("part_id", name=op.f("uq_channel_outbox_part_id")),
    )
    op.create_index("ix_channel_outbox_created_at", "channel_outbox", ["created_at"])
    _index_due("channel_outbox", ["conversation_id", "number"])
    op.create_index(
        "ix_channel_outbox_conversation_id_seq",
        "channel_outbox",
        ["conversation_id", "seq"],
    )
    op.create_index(
        "ix_channel_outbox_platform_id", "channel_outbox", ["channel", "platform_id"]
    )
    op.create_table(
        "channel_counts",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "channel", "day", "name", name=op.f("pk_channel_counts")
        ),
    )


def _index_due(table: str, columns: list[str]) -> None:
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        f"ix_{table}_due", table, columns, sqlite_where=due, postgresql_where=due
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("channel_counts")
    op.drop_table("channel_outbox")
    op.drop_table("channel_inbox")
    op.drop_column("conversations", "reply_to")
    op.drop_column("conversations", "heard_at")
    op.drop_column("conversations", "profile_name")
