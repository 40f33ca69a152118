"""Let sessions end: with their identity, at sign-in, and when a customer leaves.

Whoever was signed in is asked for a fresh identity by the next page they load.
"""

import sqlalchemy as sa
from alembic import op

from handoff_bridge.store.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ADDED = {
    "conversations": {
        "session_generation": sa.Integer(),
        "forget_due": sa.Boolean(),
    },
    "sessions": {"generation": sa.Integer()},
}


def upgrade() -> None:
    """Forward."""
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name, kind in columns.items():
                default = sa.false() if isinstance(kind, sa.Boolean) else "0"
                batch.add_column(
                    sa.Column(name, kind, nullable=False, server_default=default)
                )
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.alter_column(name, server_default=None)
    with op.batch_alter_table("conversations") as batch:
        batch.add_column(sa.Column("signed_until", UtcDateTime(), nullable=True))
        batch.drop_column("is_signed")


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("conversations") as batch:
        batch.add_column(
            sa.Column(
                "is_signed", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
        batch.drop_column("signed_until")
    with op.batch_alter_table("conversations") as batch:
        batch.alter_column("is_signed", server_default=None)
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
