"""Bind buttons to their question.

What was offered before is not carried over: those questions are not open any more.
"""

import sqlalchemy as sa
from alembic import op

from handoff_bridge.store.tables import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.drop_table("offers")
    op.create_table(
        "offers",
        sa.Column("question", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_offers_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("question", "position", name=op.f("pk_offers")),
    )
    op.create_index(op.f("ix_offers_conversation_id"), "offers", ["conversation_id"])
    op.create_index(op.f("ix_offers_created_at"), "offers", ["created_at"])
    op.add_column(
        "conversations", sa.Column("open_question", sa.String(length=24), nullable=True)
    )


def downgrade() -> None:
    """Back."""
    op.drop_column("conversations", "open_question")
    op.drop_table("offers")
    op.create_table(
        "offers",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_offers_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", "payload", name=op.f("pk_offers")),
    )
