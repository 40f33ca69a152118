"""How each channel is doing is asked for by its name and by time."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_channel_outbox_channel_created_at_state",
        "channel_outbox",
        ["channel", "created_at", "state"],
    )
    op.create_index(
        "ix_channel_outbox_failed",
        "channel_outbox",
        ["channel", "created_at"],
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_channel_outbox_failed", "channel_outbox")
    op.drop_index("ix_channel_outbox_channel_created_at_state", "channel_outbox")
