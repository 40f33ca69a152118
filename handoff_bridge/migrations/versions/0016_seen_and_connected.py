"""What an agent has seen of a chat, and which customers have it open."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_seq", sa.Integer(), nullable=True))
    op.create_table(
        "customer_connections",
        sa.Column("connection_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("bridge_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_customer_connections")),
    )
    with op.batch_alter_table("customer_connections", schema=None) as batch_op:
        for column in ("conversation_id", "bridge_id"):
            batch_op.create_index(
                batch_op.f(f"ix_customer_connections_{column}"), [column]
            )


def downgrade() -> None:
    """Back."""
    op.drop_table("customer_connections")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_column("seen_seq")
