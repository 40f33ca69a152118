"""Presence from connections, chats that came back to the line, calls by arguments."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "bridges",
        sa.Column("bridge_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bridge_id", name=op.f("pk_bridges")),
    )
    op.create_table(
        "agent_connections",
        sa.Column("connection_id", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("bridge_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_agent_connections")),
    )
    for column in ("agent_id", "bridge_id"):
        op.create_index(f"ix_agent_connections_{column}", "agent_connections", [column])
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True)
        )
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_epoch", sa.Integer(), nullable=True))
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("requeued_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("requeued_from", sa.String(length=64), nullable=True)
        )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("call", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("arguments", sa.String(length=64), nullable=True))
        batch_op.alter_column("ack", existing_type=sa.JSON(), nullable=True)


def downgrade() -> None:
    """Back."""
    op.execute("DELETE FROM calls WHERE ack IS NULL")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.alter_column("ack", existing_type=sa.JSON(), nullable=False)
        batch_op.drop_column("arguments")
        batch_op.drop_column("call")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_column("requeued_from")
        batch_op.drop_column("requeued_at")
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_column("asked_epoch")
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.drop_column("gone_at")
    op.drop_table("agent_connections")
    op.drop_table("bridges")
