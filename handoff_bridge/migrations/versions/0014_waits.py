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


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.drop_column("available_since")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index("ix_handoffs_ended_at")
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
