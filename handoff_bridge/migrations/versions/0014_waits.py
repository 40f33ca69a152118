"""What was thought of a wait, what came of it, and since when agents take chats."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = {
    "predicted_secs": sa.Float(),
    "eta_low": sa.Float(),
    "eta_high": sa.Float(),
    "slots_awaited": sa.Integer(),
    "slot_free_at": sa.DateTime(timezone=True),
    "overdue_seq": sa.Integer(),
    "answer_by": sa.DateTime(timezone=True),
    "answered_at": sa.DateTime(timezone=True),
    "contact_want": sa.String(length=10),
    "contact_email": sa.String(length=320),
    "contact_phone": sa.String(length=20),
}


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for name, kind in COLUMNS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.create_index("ix_handoffs_ended_at", ["ended_at"])
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("available_since", sa.DateTime(timezone=True), nullable=True)
        )
    op.create_table(
        "mails",
        sa.Column("mail_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_mails_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_mails")),
    )
    op.create_index("ix_mails_conversation_id", "mails", ["conversation_id"])
    op.create_index("ix_mails_due_at", "mails", ["due_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("mails")
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.drop_column("available_since")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index("ix_handoffs_ended_at")
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
