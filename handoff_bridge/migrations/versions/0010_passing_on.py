"""Chats that wait for somebody in particular, and why a chat came back to the line."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = {
    "requeued_reason": sa.String(length=20),
    "for_agent": sa.String(length=64),
    "for_team": sa.String(length=100),
    "waits_until": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for name, kind in COLUMNS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    # Until now there was one reason.
    op.execute(
        "UPDATE handoffs SET requeued_reason = 'agent_gone' "
        "WHERE requeued_at IS NOT NULL"
    )


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
