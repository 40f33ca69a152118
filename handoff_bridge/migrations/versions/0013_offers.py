"""Chats that are offered to one agent at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = {
    "offered_to": sa.String(length=64),
    "offered_at": sa.DateTime(timezone=True),
    "offer_expires_at": sa.DateTime(timezone=True),
    "last_offered_to": sa.String(length=64),
}


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for name, kind in COLUMNS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        for name in ("offered_to", "offered_at"):
            batch_op.create_index(batch_op.f(f"ix_handoffs_{name}"), [name])


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for name in ("offered_at", "offered_to"):
            batch_op.drop_index(batch_op.f(f"ix_handoffs_{name}"))
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
