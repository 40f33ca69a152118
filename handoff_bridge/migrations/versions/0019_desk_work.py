"""Reminders, mentions of colleagues, and the time after a chat that is still work."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "reminders",
        sa.Column("reminder_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_reminders_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.agent_id"], name=op.f("fk_reminders_agent_id")
        ),
        sa.PrimaryKeyConstraint("reminder_id", name=op.f("pk_reminders")),
    )
    op.create_index("ix_reminders_conversation_id", "reminders", ["conversation_id"])
    op.create_index("ix_reminders_agent_id", "reminders", ["agent_id"])
    op.create_index("ix_reminders_due_at", "reminders", ["due_at"])
    op.create_table(
        "mentions",
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.agent_id"], name=op.f("fk_mentions_agent_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_mentions_conversation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agent_id", "conversation_id", "seq", name=op.f("pk_mentions")
        ),
    )
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for name in ("wrap_up_until", "wrapped_up_at"):
            batch_op.add_column(
                sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            )
        batch_op.create_index("ix_handoffs_wrap_up_until", ["wrap_up_until"])


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index("ix_handoffs_wrap_up_until")
        batch_op.drop_column("wrapped_up_at")
        batch_op.drop_column("wrap_up_until")
    op.drop_table("mentions")
    op.drop_table("reminders")
